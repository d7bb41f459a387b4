"""Features of an OpenStreetMap extract: what carries a wanted tag, as shapes, with a count of what was lost.

Three passes, each of which keeps only what it needs: the tagged objects that libosmium lets through, the member ways of
the relations among them, and the positions of the nodes that all these ways use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import osmium
import pandas as pd
import shapely

from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.osm_header import data_as_of, open_extract, reading, stated_extent
from meetingplaces.sources.osm_nodes import NodePositions, node_positions
from meetingplaces.sources.osm_shapes import Shapes, relation_shapes, way_shapes

TagWishes = Mapping[str, frozenset[str] | None]
"""OSM key to wanted values, None for any value."""

_AREA_RELATIONS = frozenset({"multipolygon", "boundary"})
# Half the resolution of OSM coordinates on every side, so that the outermost nodes lie inside their own bounds.
_RIM = 5e-8
_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class OsmExtract:
    """The features asked for and what is known of the extract they come from.

    `features` has the columns `osm_id` ("n123", "w45", "r6"), `tags` (dict), `geometry` (shapely, EPSG:4326) and
    `last_edit_at` (UTC or NaT). Every object with a wanted tag is in `features` or counted in `dropped`.
    """

    features: pd.DataFrame
    extent: shapely.Polygon | shapely.MultiPolygon
    data_as_of: datetime | None
    repairs: Counter[str]
    dropped: Counter[str]


@dataclass
class _Wanted:
    """Objects of one type in the order of the file; `parts` is a position, node ids or (way id, role) pairs."""

    ids: list[int] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    edited: list[np.datetime64] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)


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
    source, dropped = open_extract(path), Counter[str]()
    with reading(path):
        selection, header = _select(source, wishes, dropped)
        members = _member_ways(source, selection["r"])
    extent = stated_extent(path, header)
    used = [refs for _, refs in _drawn_ways(selection["w"])] + list(members.values())
    with reading(path):
        in_order = header.get("sorting") == "Type_then_ID"
        nodes = node_positions(path, source, _flat(used), with_bounds=extent is None, nodes_first=in_order)
    shapes = {
        "n": _point_shapes(selection["n"]),
        "w": way_shapes(_drawn_ways(selection["w"]), nodes),
        "r": relation_shapes(selection["r"].parts, members, nodes),
    }
    repairs = sum((part.repairs for part in shapes.values()), Counter[str]())
    dropped.update(reason for part in shapes.values() for reason in part.lost if reason)
    if extent is None:
        extent = _bounds_area(nodes)
        repairs["extent_from_nodes"] += 1
    return OsmExtract(_table(selection, shapes), extent, data_as_of(path, header), repairs, dropped)


def _select(source: osmium.io.File, wishes: TagWishes, dropped: Counter[str]) -> tuple[_Selection, osmium.io.Header]:
    """First pass: the objects with a wanted tag, and the header of the file."""
    selection: _Selection = {"n": _Wanted(), "w": _Wanted(), "r": _Wanted()}
    seen: dict[str, set[int]] = {"n": set(), "w": set(), "r": set()}
    entities = osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION
    # The filter runs in C++: Python sees some 3 per cent of the objects. It knows no lists of values, so those are
    # for us, and it wants at least one key, hence the empty one.
    processor = osmium.FileProcessor(source, entities).with_filter(osmium.filter.KeyFilter("", *wishes))
    things: Iterable[Any] = processor
    for thing in things:
        if not _matches(thing.tags, wishes):
            continue
        kind = thing.type_str()
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.id in seen[kind]:
            dropped["repeated_object"] += 1
        elif kind == "r" and tags.get("type") not in _AREA_RELATIONS:
            dropped["relation_without_area"] += 1
        elif kind == "n" and not thing.location.valid():
            dropped["missing_location"] += 1
        else:
            _keep(selection[kind], thing, tags)
        seen[kind].add(thing.id)
    return selection, processor.header


def _keep(wanted: _Wanted, thing: Any, tags: dict[str, str]) -> None:
    wanted.ids.append(thing.id)
    wanted.tags.append(tags)
    wanted.edited.append(_edit_moment(thing.timestamp))
    if thing.is_node():
        wanted.parts.append((thing.location.lon, thing.location.lat))
    elif thing.is_way():
        wanted.parts.append([node.ref for node in thing.nodes])
    else:
        wanted.parts.append([(member.ref, member.role) for member in thing.members if member.type == "w"])


def _matches(tags: osmium.osm.TagList, wishes: TagWishes) -> bool:
    for key, values in wishes.items():
        value = tags.get(key)
        if value is None:
            continue
        if values is None or value in values:
            return True
        if ";" in value and any(member.strip() in values for member in value.split(";")):
            return True
    return False


def _edit_moment(timestamp: datetime) -> np.datetime64:
    """The moment of the last edit (UTC); extracts without metadata say 1970, long before there was a map to edit."""
    if timestamp.year <= 1970:
        return _NEVER
    return np.datetime64(timestamp.astimezone(UTC).replace(tzinfo=None), "s")


def _member_ways(source: osmium.io.File, relations: _Wanted) -> dict[int, list[int]]:
    """Second pass: node ids of the ways that the wanted relations are made of."""
    needed = {way for members in relations.parts for way, _ in members}
    if not needed:
        return {}
    ways: Iterable[Any] = osmium.FileProcessor(source, osmium.osm.WAY).with_filter(osmium.filter.IdFilter(needed))
    return {way.id: [node.ref for node in way.nodes] for way in ways}


def _drawn_ways(ways: _Wanted) -> list[tuple[dict[str, str], list[int]]]:
    return list(zip(ways.tags, ways.parts, strict=True))


def _flat(runs: list[list[int]]) -> np.ndarray:
    return np.fromiter((ref for run in runs for ref in run), dtype=np.int64)


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
