"""Features of an OpenStreetMap extract: what carries a wanted tag, as shapes, with a count of what was lost.

Three passes, each of which keeps only what it needs: the tagged objects that libosmium lets through, the member ways of
the relations among them, and the positions of the nodes that all these ways use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
import osmium
import shapely

from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.osm_header import data_as_of, open_extract, reading, stated_extent
from meetingplaces.sources.osm_nodes import NodePositions, NodeQuestion, find_nodes
from meetingplaces.sources.osm_selection import AREA_RELATIONS, OsmExtract, Selection, Wanted, draw, empty_selection
from meetingplaces.sources.osm_wishes import TagWishes, is_wanted

__all__ = ["OsmExtract", "TagWishes", "read_extract"]

# Half the resolution of OSM coordinates on every side, so that the outermost nodes lie inside their own bounds.
_RIM = 5e-8


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
    for number, tags, place, edited in nodes.tagged:
        selection["n"].add(number, tags, place, edited, None if np.isfinite(place).all() else "missing_location")
    drawn = draw(selection, members, nodes)
    return OsmExtract(
        features=drawn.features,
        extent=_bounds_area(nodes) if extent is None else extent,
        data_as_of=data_as_of(path, header),
        repairs=+(drawn.repairs + Counter(extent_from_nodes=int(extent is None))),
        lost=drawn.lost,
    )


def _select(source: osmium.io.File, wishes: TagWishes) -> tuple[Selection, osmium.io.Header]:
    """First pass: the ways and relations with a wanted tag, and the header of the file."""
    selection = empty_selection()
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


def _add(selection: Selection, thing: Any) -> None:
    tags = {tag.k: tag.v for tag in thing.tags}
    edited = int(thing.timestamp.timestamp())
    if thing.is_way():
        selection["w"].add(thing.id, tags, [node.ref for node in thing.nodes], edited)
        return
    members = [(member.ref, member.role) for member in thing.members if member.type == "w"]
    loss = None if tags.get("type") in AREA_RELATIONS else "relation_without_area"
    selection["r"].add(thing.id, tags, members, edited, loss)


def _member_ways(source: osmium.io.File, relations: Wanted) -> dict[int, list[int]]:
    """Second pass: node ids of the ways that the wanted relations are made of."""
    needed = {way for members in relations.parts for way, _ in members}
    if not needed:
        return {}
    ways: Iterable[Any] = osmium.FileProcessor(source, osmium.osm.WAY).with_filter(osmium.filter.IdFilter(needed))
    return {way.id: [node.ref for node in way.nodes] for way in ways}


def _bounds_area(nodes: NodePositions) -> shapely.Polygon:
    if nodes.bounds is None:
        return shapely.Polygon()
    west, south, east, north = nodes.bounds
    return shapely.box(west - _RIM, south - _RIM, east + _RIM, north + _RIM)
