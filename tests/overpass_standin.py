"""An Overpass server on this machine that answers from an extract: the questions that we ask, in the form we read.

`test_overpass_kampen` holds it against recorded answers of the real engine.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import osmium
from fault_server import Asked, Reply

_BOX = re.compile(r"\[bbox:([-\d.]+),([-\d.]+),([-\d.]+),([-\d.]+)\]")
_STATEMENT = re.compile(r'(nwr|node|way|rel)((?:\["(?:[^"\\]|\\.)*"(?:[~=]"(?:[^"\\]|\\.)*")?\])+);')
_CONDITION = re.compile(r'\["((?:[^"\\]|\\.)*)"(?:([~=])"((?:[^"\\]|\\.)*)")?\]')
_KINDS = {"nwr": ("node", "way", "relation"), "node": ("node",), "way": ("way",), "rel": ("relation",)}
_HEAD = {"version": 0.6, "generator": "Overpass API stand-in", "osm3s": {"timestamp_osm_base": "2023-01-30T01:00:12Z"}}


class OverpassStandIn:
    """What `path` holds, ready to be asked. `reply` is the answer of `/api/interpreter` for a `FaultServer`."""

    def __init__(self, path: Path) -> None:
        self._places: dict[int, dict[str, float]] = {}
        self._ways: dict[int, list[int]] = {}
        self._tagged: list[dict[str, Any]] = []
        for thing in osmium.FileProcessor(str(path)):
            self._take(thing)

    def _take(self, thing: Any) -> None:
        element: dict[str, Any] = {"id": thing.id}
        if thing.is_node():
            place = {"lat": round(thing.lat, 7), "lon": round(thing.lon, 7)}
            self._places[thing.id] = place
            element = {"type": "node", **element, **place}
        elif thing.is_way():
            self._ways[thing.id] = [node.ref for node in thing.nodes]
            element = {"type": "way", **element, "nodes": self._ways[thing.id]}
        else:
            kinds = {"n": "node", "w": "way", "r": "relation"}
            members = [{"type": kinds[one.type], "ref": one.ref, "role": one.role} for one in thing.members]
            element = {"type": "relation", **element, "members": members}
        if len(thing.tags):
            self._tagged.append({**element, "tags": {tag.k: tag.v for tag in thing.tags}})

    def reply(self, asked: Asked) -> Reply:
        return Reply(body=self.answer(parse_qs(asked.body.decode())["data"][0]))

    def answer(self, question: str) -> bytes:
        """The JSON for a question in a box with `out body geom`."""
        south, west, north, east = map(float, _BOX.search(question).groups())
        statements = [(_KINDS[kind], _CONDITION.findall(those)) for kind, those in _STATEMENT.findall(question)]
        assert statements, question
        assert "out body geom" in question
        found = []
        for element in self._tagged:
            if any(element["type"] in kinds and _holds(element["tags"], those) for kinds, those in statements):
                drawn, places = self._drawn(element)
                if any(south <= at["lat"] <= north and west <= at["lon"] <= east for at in places):
                    found.append(drawn)
        return json.dumps({**_HEAD, "elements": found}).encode()

    def _drawn(self, element: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, float]]]:
        """The element with its geometry, and all its positions."""
        if element["type"] == "node":
            return element, [element]
        if element["type"] == "way":
            line = self._line(element["id"])
            drawn = {**element, "geometry": line}
        else:
            members = [self._member(member) for member in element["members"]]
            line = [at for member in members for at in member.get("geometry", [member] if "lat" in member else [])]
            drawn = {**element, "members": members}
        places = [at for at in line if at]
        if not places:
            return drawn, []
        lats, lons = [at["lat"] for at in places], [at["lon"] for at in places]
        box = {"minlat": min(lats), "minlon": min(lons), "maxlat": max(lats), "maxlon": max(lons)}
        return {**drawn, "bounds": box}, places

    def _member(self, member: dict[str, Any]) -> dict[str, Any]:
        if member["type"] == "way" and member["ref"] in self._ways:
            return {**member, "geometry": self._line(member["ref"])}
        if member["type"] == "node":
            return {**member, **self._places.get(member["ref"], {})}
        return member

    def _line(self, way: int) -> list[dict[str, float] | None]:
        return [self._places.get(node) for node in self._ways[way]]


def _holds(tags: dict[str, str], conditions: list[tuple[str, str, str]]) -> bool:
    return all(_one_holds(tags.get(_plain(key)), sign, _plain(value)) for key, sign, value in conditions)


def _one_holds(found: str | None, sign: str, value: str) -> bool:
    if found is None:
        return False
    return not sign or (found == value if sign == "=" else re.search(value, found) is not None)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
