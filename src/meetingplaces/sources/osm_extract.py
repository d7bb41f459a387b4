"""Features of an OpenStreetMap extract: what carries a wanted tag, as shapes, with a count of what was lost.

Three passes, each of which keeps only what it needs: the tagged objects that libosmium lets through, the member ways of
the relations among them, and the positions of the nodes that all these ways use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import osmium
import pandas as pd
import shapely

from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.osm_header import data_as_of, open_extract, reading, stated_extent
from meetingplaces.sources.osm_nodes import NodePositions, NodeQuestion, find_nodes
from meetingplaces.sources.osm_shapes import Shapes, relation_shapes, way_shapes
from meetingplaces.sources.osm_wishes import TagWishes, is_wanted

__all__ = ["OsmExtract", "TagWishes", "read_extract"]

_AREA_RELATIONS = frozenset({"multipolygon", "boundary"})
# Half the resolution of OSM coordinates on every side, so that the outermost nodes lie inside their own bounds.
_RIM = 5e-8
_FIRST_EDIT = np.datetime64("1971-01-01", "s")


@dataclass(frozen=True)
class OsmExtract:
    """The features asked for and what is known of the extract they come from.

    `features` has the columns `osm_id` ("n123", "w45", "r6"), `tags` (dict), `geometry` (shapely, EPSG:4326) and
    `last_edit_at` (UTC or NaT). Every object with a wanted tag is there, or in `lost` with its `tags` and the `reason`.
    """

    features: pd.DataFrame
    extent: shapely.Polygon | shapely.MultiPolygon
    data_as_of: datetime | None
    repairs: Counter[str]
    lost: pd.DataFrame

    @property
    def dropped(self) -> Counter[str]:
        """The lost objects counted by reason."""
        return Counter(self.lost["reason"])


@dataclass
class _Wanted:
    """Objects of one type in the order of the file; `parts` is a position, node ids or (way id, role) pairs."""

    ids: dict[int, None] = field(default_factory=dict)
    tags: list[dict[str, str]] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    refused: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def add(self, number: int, tags: dict[str, str], parts: Any, edited: int, loss: str | None = None) -> None:
        """Keep an object, or note why not."""
        loss = "repeated_object" if number in self.ids else loss
        if loss:
            self.refused.append((tags, loss))
            return
        self.ids[number] = None
        self.tags.append(tags)
        self.edited.append(edited)
        self.parts.append(parts)


_Selection = dict[str, _Wanted]


def read_extract(snapshot: Snapshot, wishes: TagWishes) -> OsmExtract:
    """Every feature of the extract with a wanted tag, all its tags with it.

    Parameters
    ----------
    snapshot
        A file in one of the formats of `osm_header.FORMATS`.
    wishes
        OSM keys with the values wanted; a tag value that is a list ("boules;petanque") counts by any of its members.

    Raises
    ------
    MissingFileError
        The file is gone or may not be read.
    FormatError
        It is not OpenStreetMap data in the format its name says, or breaks off.
    """
    path = snapshot.path
    source = open_extract(path)
    with reading(path):
        selection, header = _select(source, wishes)
        members = _member_ways(source, selection["r"])
    extent = stated_extent(path, header)
    ids = np.unique(np.fromiter(chain(*selection["w"].parts, *members.values()), dtype=np.int64))
    question = NodeQuestion(wishes, ids, extent is None, header.get("sorting") == "Type_then_ID")
    with reading(path):
        nodes = find_nodes(path, source, question)
    shapes = _draw(selection, members, nodes)
    repairs = sum((drawn.repairs for drawn in shapes.values()), Counter[str]())
    repairs["extent_from_nodes"] += extent is None
    return OsmExtract(
        features=_table(selection, shapes),
        extent=_bounds_area(nodes) if extent is None else extent,
        data_as_of=data_as_of(path, header),
        repairs=+repairs,
        lost=_losses(selection, shapes),
    )


def _draw(selection: _Selection, members: dict[int, list[int]], nodes: NodePositions) -> dict[str, Shapes]:
    """The shapes of everything selected; adds the tagged nodes to the selection."""
    for number, tags, place, edited in nodes.tagged:
        selection["n"].add(number, tags, place, edited, None if np.isfinite(place).all() else "missing_location")
    ways = selection["w"]
    return {
        "n": _point_shapes(selection["n"]),
        "w": way_shapes(list(zip(ways.tags, ways.parts, strict=True)), nodes),
        "r": relation_shapes(selection["r"].parts, members, nodes),
    }


def _losses(selection: _Selection, shapes: Mapping[str, Shapes]) -> pd.DataFrame:
    """Columns `tags` and `reason`: what was refused while reading, and what could not be drawn."""
    lost = [one for wanted in selection.values() for one in wanted.refused]
    for kind, wanted in selection.items():
        lost += [(tags, why) for tags, why in zip(wanted.tags, shapes[kind].lost, strict=True) if why]
    return pd.DataFrame(lost, columns=["tags", "reason"]).astype({"tags": object, "reason": "str"})


def _select(source: osmium.io.File, wishes: TagWishes) -> tuple[_Selection, osmium.io.Header]:
    """First pass: the ways and relations with a wanted tag, and the header of the file."""
    selection = {"n": _Wanted(), "w": _Wanted(), "r": _Wanted()}
    # The filter runs in C++, so that Python sees a fraction of the objects. It knows no lists of values, so those are
    # for us, and it wants at least one key, hence the empty one.
    wanted_keys = osmium.filter.KeyFilter("", *wishes)
    processor = osmium.FileProcessor(source, osmium.osm.WAY | osmium.osm.RELATION).with_filter(wanted_keys)
    things: Iterable[Any] = processor
    items = list(wishes.items())
    # The one loop that runs over more than what is wanted, so written out: a generator costs half as much again.
    for thing in things:
        look_up = thing.tags.get
        for key, values in items:
            value = look_up(key)
            if value is not None and is_wanted(value, values):
                _add(selection, thing)
                break
    return selection, processor.header


def _add(selection: _Selection, thing: Any) -> None:
    tags = {tag.k: tag.v for tag in thing.tags}
    edited = int(thing.timestamp.timestamp())
    if thing.is_way():
        selection["w"].add(thing.id, tags, [node.ref for node in thing.nodes], edited)
        return
    members = [(member.ref, member.role) for member in thing.members if member.type == "w"]
    loss = None if tags.get("type") in _AREA_RELATIONS else "relation_without_area"
    selection["r"].add(thing.id, tags, members, edited, loss)


def _member_ways(source: osmium.io.File, relations: _Wanted) -> dict[int, list[int]]:
    """Second pass: node ids of the ways that the wanted relations are made of."""
    needed = {way for members in relations.parts for way, _ in members}
    if not needed:
        return {}
    ways: Iterable[Any] = osmium.FileProcessor(source, osmium.osm.WAY).with_filter(osmium.filter.IdFilter(needed))
    return {way.id: [node.ref for node in way.nodes] for way in ways}


def _point_shapes(nodes: _Wanted) -> Shapes:
    positions = np.array(nodes.parts, dtype=np.float64).reshape(-1, 2)
    return Shapes(np.asarray(shapely.points(positions), dtype=object), [None] * len(nodes.ids), Counter())


def _bounds_area(nodes: NodePositions) -> shapely.Polygon:
    if nodes.bounds is None:
        return shapely.Polygon()
    west, south, east, north = nodes.bounds
    return shapely.box(west - _RIM, south - _RIM, east + _RIM, north + _RIM)


def _table(selection: _Selection, shapes: Mapping[str, Shapes]) -> pd.DataFrame:
    ids = [f"{kind}{number}" for kind, wanted in selection.items() for number in wanted.ids]
    edited = np.array([moment for wanted in selection.values() for moment in wanted.edited], dtype="datetime64[s]")
    # Extracts without metadata say 1970, long before there was a map to edit.
    edited[edited < _FIRST_EDIT] = np.datetime64("NaT")
    tags = [tags for wanted in selection.values() for tags in wanted.tags]
    geometry = np.concatenate([shapes[kind].geometry for kind in selection])
    features = pd.DataFrame(
        {
            "osm_id": pd.Series(ids, dtype="str"),
            "tags": pd.Series(tags, dtype=object),
            "geometry": pd.Series(geometry, dtype=object),
            "last_edit_at": pd.Series(pd.DatetimeIndex(edited).tz_localize("UTC")),
        }
    )
    return features[shapely.is_geometry(geometry)].reset_index(drop=True)
