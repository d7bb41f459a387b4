"""What Overpass' JSON (`out body geom`) says, as the same table of features that an extract gives.

Ways and members of relations come with positions instead of node ids. Equal positions stand for the same node: rings
close and parts join there as they do by id, and everything after that is shared with the other door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.errors import FormatError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceAnswerError, SourceBusyError
from meetingplaces.sources.http import Answer
from meetingplaces.sources.http_address import shown
from meetingplaces.sources.http_answer import parsed_json
from meetingplaces.sources.http_pages import named_pages_of
from meetingplaces.sources.osm_nodes import NodePositions
from meetingplaces.sources.osm_selection import AREA_RELATIONS, OsmExtract, Selection, draw, empty_selection
from meetingplaces.sources.overpass_query import Bounds, OverpassQuestion

_TOO_MUCH = re.compile(r"timed out|out of memory", re.IGNORECASE)
_CROWDED = {b"request_read_and_idx::rate_limited": 429, b"request_read_and_idx::timeout": 504}
_REST_S = 30.0
_GONE = {"lat": float("nan"), "lon": float("nan")}
_UNITS = 10_000_000  # OSM keeps seven decimals
_WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


class TooMuchError(SourceAnswerError):
    """The server ran out of time or memory over this question; a smaller one may do."""


def check_answer(answer: Answer, question: OverpassQuestion, tile: Bounds) -> str | None:
    """The moment of the data in an answer about `tile`, or why it is none: `remark`, HTML, wrong place, empty.

    Part of a box may be empty; the whole box never is.
    """
    for sign, status in _CROWDED.items():  # whatever the status said
        if sign in answer.content():
            raise SourceBusyError(answer.request.origin.title, shown(answer.url), sign.decode(), status, _REST_S)
    content = answer.json()
    if not isinstance(content, dict) or not isinstance(content.get("elements"), list):
        raise answer.wrong("a list of elements", answer.kind())
    if remark := content.get("remark"):
        kind = TooMuchError if _TOO_MUCH.search(str(remark)) else SourceAnswerError
        facts = (answer.request.origin.title, shown(answer.url), str(remark)[:300])
        raise kind(*facts, "an answer without a remark")
    if not content["elements"] and tile == question.bounds:
        raise answer.wrong("anything at all", "an empty list")
    try:
        _Collected().add(content["elements"], question)
        outside = next((element for element in content["elements"] if not _inside(element, tile)), None)
    except _WRONG as error:
        raise answer.wrong("elements as Overpass writes them", repr(error)) from error
    if outside:
        raise answer.wrong(f"elements within {tile_name(tile)}", f"{outside['type']} {outside['id']} outside it")
    return _moment(content)


def read_overpass(snapshot: Snapshot, question: OverpassQuestion) -> OsmExtract:
    """The features that were asked for, as `read_extract` gives them; `last_edit_at` is unknown.

    Parameters
    ----------
    snapshot
        Made by `Overpass.fetch`.
    question
        The one that was asked; what an answer holds besides is left out.

    Raises
    ------
    FormatError
        The file is not such a snapshot.
    """
    collected, boxes, moments = _Collected(), list[shapely.Polygon](), list[str | None]()
    for name, body in named_pages_of(snapshot):
        try:
            boxes.append(shapely.box(*map(float, name.split(","))))
            content = parsed_json(body)
            collected.add(content["elements"], question)
            moments.append(_moment(content))
        except _WRONG as error:
            found = f"{type(error).__name__}: {error}"
            raise FormatError(str(snapshot.path), f"page {name}", "an answer of Overpass", found) from error
    stated = moments[0] if moments else None
    drawn = draw(*collected.finished())
    return OsmExtract(
        features=drawn.features,
        extent=shapely.union_all(boxes),
        data_as_of=datetime.fromisoformat(stated) if stated else None,
        repairs=+drawn.repairs,
        lost=drawn.lost,
    )


def tile_name(tile: Bounds) -> str:
    """West, south, east and north of a tile as the name of its page."""
    return ",".join(f"{value:.7f}" for value in tile)


@dataclass
class _Collected:
    """Elements of several answers, each object once; ways as stretches of one long list of positions."""

    selection: Selection = field(default_factory=empty_selection)
    _seen: set[tuple[str, int]] = field(default_factory=set)
    _lon: list[float] = field(default_factory=list)
    _lat: list[float] = field(default_factory=list)
    _ways: list[tuple[int, dict[str, str], slice]] = field(default_factory=list)
    _members: dict[int, slice] = field(default_factory=dict)

    def add(self, elements: Iterable[dict[str, Any]], question: OverpassQuestion) -> None:
        """Take in the elements of one answer; an object on the edge of two tiles comes twice."""
        for element in elements:
            kind, number, tags = element["type"], int(element["id"]), element.get("tags", {})
            if (kind, number) in self._seen or not question.wants(kind, tags):
                continue
            self._seen.add((kind, number))
            if kind == "node":
                self.selection["n"].add(number, tags, (float(element["lon"]), float(element["lat"])), 0)
            elif kind == "way":
                self._ways.append((number, tags, self._stretch(element.get("geometry", [None]))))
            else:
                self._add_relation(number, tags, element.get("members", []))

    def _add_relation(self, number: int, tags: dict[str, str], members: list[dict[str, Any]]) -> None:
        ways = [member for member in members if member["type"] == "way"]
        for member in ways:
            if member["ref"] not in self._members and "geometry" in member:
                self._members[member["ref"]] = self._stretch(member["geometry"])
        loss = None if tags.get("type") in AREA_RELATIONS else "relation_without_area"
        self.selection["r"].add(number, tags, [(member["ref"], member["role"]) for member in ways], 0, loss)

    def _stretch(self, geometry: list[dict[str, float] | None]) -> slice:
        """Add positions to the list. `null` is a position that the server left out."""
        begin = len(self._lon)
        there: list[Any] = [vertex or _GONE for vertex in geometry] if None in geometry else geometry
        self._lon += [vertex["lon"] for vertex in there]
        self._lat += [vertex["lat"] for vertex in there]
        return slice(begin, len(self._lon))

    def finished(self) -> tuple[Selection, dict[int, list[int]], NodePositions]:
        """What `draw` wants: selection, ways of relations, and positions by number."""
        numbers, positions = _numbered(np.array(self._lon, dtype=float), np.array(self._lat, dtype=float))
        for number, tags, stretch in self._ways:
            self.selection["w"].add(number, tags, numbers[stretch], 0)
        return self.selection, {way: numbers[stretch] for way, stretch in self._members.items()}, positions


def _numbered(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[list[int], NodePositions]:
    """A number for every position, equal for equal ones, and the positions by number; NaN is a position too."""
    known = np.isfinite(lon) & np.isfinite(lat)
    whole = np.rint(np.where(known, [lon, lat], 0.0) * _UNITS).astype(np.int64)
    # Longitude and latitude side by side in 64 bits; -1 cannot occur.
    packed = np.where(known, (whole[1] + 90 * _UNITS) << 32 | (whole[0] + 180 * _UNITS), -1)
    ids, first = np.unique(packed, return_index=True)
    return packed.tolist(), NodePositions(ids, lon[first], lat[first])


def _inside(element: dict[str, Any], tile: Bounds) -> bool:
    """Whether an element touches the tile by the positions it states; one that states none is not judged."""
    if element["type"] == "node":
        box = {"minlon": element["lon"], "maxlon": element["lon"], "minlat": element["lat"], "maxlat": element["lat"]}
    else:
        box = element.get("bounds") or {}
    if not box:
        return True
    west, south, east, north = tile
    across = box["minlon"] <= east + 1e-6 and box["maxlon"] >= west - 1e-6
    return bool(across and box["minlat"] <= north + 1e-6 and box["maxlat"] >= south - 1e-6)


def _moment(content: dict[str, Any]) -> str | None:
    """When the data was current, if the answer says so in a way we understand."""
    stated = (content.get("osm3s") or {}).get("timestamp_osm_base")
    try:
        return datetime.fromisoformat(stated).isoformat() if stated else None
    except (ValueError, TypeError):
        return None
