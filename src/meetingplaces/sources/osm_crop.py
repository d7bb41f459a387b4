"""The part of a large extract around one municipality, as an extract of its own.

A province holds fifteen times what one municipality needs; reading all of that for each would take minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

from meetingplaces.sources.osm_blocks import UnusualPackingError, data_blobs, unpack
from meetingplaces.sources.osm_header import open_extract, reading
from meetingplaces.sources.osm_selection import AREA_RELATIONS
from meetingplaces.sources.osm_wishes import TagWishes, is_wanted
from meetingplaces.sources.overpass_query import Bounds

_KEPT_HEADERS = ("osmosis_replication_timestamp", "timestamp")


def crop(extract: Path, bounds: Bounds, wishes: TagWishes, into: Path) -> Path:
    """Write all nodes within `bounds`, the ways that touch them and the wanted areas made of those, each whole.

    Takes about 1 GB of memory whatever the size of the extract: libosmium notes ids in a bitset over all of OSM.

    Parameters
    ----------
    extract
        A PBF file.
    bounds
        West, south, east, north in degrees (EPSG:4326); the bounds of the new file are these, as far as the extract
        reaches.
    wishes
        What makes a relation wanted. Without it every border and bus line through the box would come along whole.
    into
        The PBF file to write; it may not be there yet.

    Raises
    ------
    MissingFileError, FormatError
        As `read_extract`.
    """
    source = open_extract(extract)
    with reading(extract):
        kept = osmium.IdTracker()
        for number in _nodes_within(extract, bounds).tolist():
            kept.add_node(number)
        _add_ways(source, kept)
        _add_relations(source, wishes, kept)
        kept.complete_backward_references(source, relation_depth=0)
        _write(source, kept, bounds, into)
    return into


def _nodes_within(extract: Path, bounds: Bounds) -> NDArray[np.int64]:
    try:
        return _from_blocks(extract, bounds)
    except UnusualPackingError:
        west, south, east, north = bounds
        nodes: Iterable[Any] = osmium.FileProcessor(str(extract), osmium.osm.NODE)
        found = [node.id for node in nodes if west <= node.lon <= east and south <= node.lat <= north]
        return np.array(found, dtype=np.int64)


def _from_blocks(extract: Path, bounds: Bounds) -> NDArray[np.int64]:
    west, south, east, north = bounds
    found = [np.array([], dtype=np.int64)]
    with extract.open("rb") as stream:
        for blob in data_blobs(stream):
            for nodes in unpack(blob).groups():
                within = (nodes.lon >= west) & (nodes.lon <= east) & (nodes.lat >= south) & (nodes.lat <= north)
                found.append(nodes.ids[within])
    return np.concatenate(found)


def _add_ways(source: osmium.io.File, kept: osmium.IdTracker) -> None:
    """The ways through a kept node. Their other nodes only afterwards, or every road would pull in the next."""
    ways: Iterable[Any] = osmium.FileProcessor(source, osmium.osm.WAY).with_filter(kept.contains_filter())
    for number in [way.id for way in ways]:
        kept.add_way(number)


def _add_relations(source: osmium.io.File, wishes: TagWishes, kept: osmium.IdTracker) -> None:
    relations: Iterable[Any] = (
        osmium.FileProcessor(source, osmium.osm.RELATION)
        .with_filter(osmium.filter.KeyFilter("", *wishes))
        .with_filter(kept.contains_filter())
    )
    wanted = [
        relation.id
        for relation in relations
        if relation.tags.get("type") in AREA_RELATIONS
        and any(is_wanted(tag.v, wishes[tag.k]) for tag in relation.tags if tag.k in wishes)
    ]
    for number in wanted:
        kept.add_relation(number)


def _write(source: osmium.io.File, kept: osmium.IdTracker, bounds: Bounds, into: Path) -> None:
    things = osmium.FileProcessor(source)
    header = osmium.io.Header()
    header.add_box(_overlap(things.header.box(), bounds))
    header.set("sorting", "Type_then_ID")
    for name in _KEPT_HEADERS:
        if stated := things.header.get(name):
            header.set(name, stated)
    found: Iterable[Any] = things.with_filter(kept.id_filter())
    with osmium.SimpleWriter(str(into), header=header) as writer:
        for thing in found:
            writer.add(thing)


def _overlap(box: osmium.osm.Box, bounds: Bounds) -> osmium.osm.Box:
    """Where both hold; an extract that states no box is taken to reach everywhere."""
    west, south, east, north = bounds
    if box.valid():
        west, south = max(west, box.bottom_left.lon), max(south, box.bottom_left.lat)
        east, north = min(east, box.top_right.lon), min(north, box.top_right.lat)
    return osmium.osm.Box(west, south, east, north)
