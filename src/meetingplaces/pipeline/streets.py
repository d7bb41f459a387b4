"""The walking network out of OpenStreetMap features.

Two ways meet where they share a node. Lines come without node numbers, but a shared node has one position, so equal
positions (to the 1e-7 degree in which OpenStreetMap keeps them) are taken for one node. A bridge and the road below it
cross without a node at the crossing; that two of their nodes are at exactly the same position does not occur in
practice, and would wrongly join them here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.network import WalkNetwork
from meetingplaces.pipeline.chains import Chains, chains_of
from meetingplaces.pipeline.walkable import edge_flags, may_be_walked, node_flags, stops_walkers, surface_of

STREET_WISHES: Mapping[str, frozenset[str] | None] = {"highway": None, "barrier": None, "kerb": None}
"""What to ask `read_extract` for."""

_UNITS_PER_DEGREE = 10_000_000
_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Lines:
    """Lines (EPSG:4326) with, for each, the row of `kinds` (columns flags, surface, name) that describes it."""

    shapes: NDArray[np.object_]
    kind: _Ints
    kinds: pd.DataFrame


@dataclass(frozen=True)
class _Segments:
    """Vertices (RD New) with their flags, and the straight segments between them in the order of their lines."""

    xy: NDArray[np.float64]
    flags: NDArray[np.uint8]
    ends: _Ints
    line: _Ints


def walk_network(features: pd.DataFrame) -> tuple[WalkNetwork, Counter[str]]:
    """What may be walked among `features` (columns of `OsmExtract.features`, EPSG:4326), lengths in RD metres.

    Nodes where nothing changes are folded away; a junction, an end, a raised kerb or a stile, and a change of name,
    surface or stairs remain. Surfaces for walking are walked along their outlines.

    Returns
    -------
    tuple
        The network, and counts: walked_ways, not_walked_ways, shut_gates, components, metres, metres_disconnected.
    """
    lines, counts = _walked_lines(features)
    segments, shut = _segments(lines, features)
    kind = lines.kind[segments.line]
    chains = chains_of(segments.ends, kind, _kept(segments, kind))
    network = _network(segments, chains, kind, lines.kinds)
    counts["shut_gates"] = shut
    counts["components"] = len(network.component_length_m)
    counts["metres"] = round(float(network.length_m.sum()))
    counts["metres_disconnected"] = round(float(network.component_length_m[1:].sum()))
    return network, counts


def _walked_lines(features: pd.DataFrame) -> tuple[_Lines, Counter[str]]:
    dimension = shapely.get_dimensions(features["geometry"].to_numpy(object))
    rows = [row for row, tags in enumerate(features["tags"]) if "highway" in tags and dimension[row] > 0]
    tags = features["tags"].to_numpy(object)
    walked = [row for row in rows if may_be_walked(tags[row], area=bool(dimension[row] == 2))]
    told = [(int(edge_flags(tags[row])), int(surface_of(tags[row])), tags[row].get("name", "")) for row in walked]
    table = pd.DataFrame(told, columns=["flags", "surface", "name"])
    kind = table.groupby(["flags", "surface", "name"], sort=True).ngroup().to_numpy(np.int64)
    kinds = table.assign(kind=kind).drop_duplicates("kind").sort_values("kind").reset_index(drop=True)
    shapes = shapely.boundary(features["geometry"].to_numpy(object)[walked])
    shapes = np.where(dimension[walked] == 2, shapes, features["geometry"].to_numpy(object)[walked])
    parts, owner = shapely.get_parts(shapes, return_index=True)
    counts = Counter({"walked_ways": len(walked), "not_walked_ways": len(rows) - len(walked)})
    return _Lines(parts, kind[owner], kinds), counts


def _segments(lines: _Lines, features: pd.DataFrame) -> tuple[_Segments, int]:
    """Segments between vertices, cut loose where a shut gate stands, and how many gates that were."""
    degrees, line = shapely.get_coordinates(lines.shapes, return_index=True)
    keys, first, vertex = np.unique(_keys(degrees), return_index=True, return_inverse=True)
    xy = _to_rd(degrees[first])
    flags, shut = _at_vertices(keys, features)
    follows = (line[1:] == line[:-1]) & (vertex[1:] != vertex[:-1])
    ends = np.column_stack([vertex[:-1], vertex[1:]])[follows]
    loose = np.flatnonzero(shut[ends].ravel())
    copies = ends.ravel()[loose]
    ends.ravel()[loose] = len(xy) + np.arange(len(loose))
    segments = _Segments(np.vstack([xy, xy[copies]]), np.concatenate([flags, flags[copies]]), ends, line[:-1][follows])
    return segments, len(np.unique(copies))


def _keys(degrees: NDArray[np.float64]) -> _Ints:
    """One whole number per position, equal when the positions are equal to 1e-7 degree."""
    units = np.rint(degrees * _UNITS_PER_DEGREE).astype(np.int64)
    return units[:, 0] * (1 << 32) + units[:, 1] + (1 << 31)


def _to_rd(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    transformer = Transformer.from_crs(WGS84, RD_NEW, always_xy=True)
    return np.column_stack(transformer.transform(degrees[:, 0], degrees[:, 1]))


def _at_vertices(keys: _Ints, features: pd.DataFrame) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Flags of every vertex, and whether it is a gate that is shut."""
    flags, shut = np.zeros(len(keys), dtype=np.uint8), np.zeros(len(keys), dtype=bool)
    points = shapely.get_dimensions(features["geometry"].to_numpy(object)) == 0
    told = points & np.array(["barrier" in tags or "kerb" in tags for tags in features["tags"]], dtype=bool)
    if not (told.any() and len(keys)):
        return flags, shut
    asked = _keys(shapely.get_coordinates(features["geometry"].to_numpy(object)[told]))
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    for vertex, known, tags in zip(place, keys[place] == asked, features["tags"].to_numpy(object)[told], strict=True):
        if known:
            flags[vertex] |= int(node_flags(tags))
            shut[vertex] |= stops_walkers(tags)
    return flags, shut


def _kept(segments: _Segments, kind: _Ints) -> NDArray[np.bool_]:
    """Which vertices remain nodes: all but those that merely lie between two like segments.

    Of a ring without any such vertex, the first one.
    """
    count = len(segments.xy)
    degree = np.bincount(segments.ends.ravel(), minlength=count)
    highest, lowest = np.full(count, -1), np.full(count, np.iinfo(np.int64).max)
    np.maximum.at(highest, segments.ends.ravel(), np.repeat(kind, 2))
    np.minimum.at(lowest, segments.ends.ravel(), np.repeat(kind, 2))
    kept = ((degree != 2) | (highest != lowest) | (segments.flags > 0)) & (degree > 0)
    _, piece = connected_components(coo_array((np.ones(len(segments.ends)), segments.ends.T), shape=(count, count)))
    has_node = np.zeros(piece.max(initial=-1) + 1, dtype=bool)
    has_node[piece[kept]] = True
    first = np.unique(piece, return_index=True)[1]
    kept[first[~has_node]] = degree[first[~has_node]] > 0
    return kept


def _network(segments: _Segments, chains: Chains, kind: _Ints, kinds: pd.DataFrame) -> WalkNetwork:
    ends = segments.ends[chains.segment]
    shape = segments.xy[np.where(chains.turned[:, None], ends[:, ::-1], ends)]
    metres = np.hypot(*(shape[:, 1] - shape[:, 0]).T)
    begins = np.searchsorted(chains.edge, np.arange(len(chains.ends)))
    walked = np.concatenate([[0.0], np.cumsum(metres)])
    along = walked[:-1] - walked[begins][chains.edge]
    length = np.bincount(chains.edge, weights=metres, minlength=len(chains.ends)).astype(np.float64)
    used, number_of_node = np.unique(chains.ends, return_inverse=True)
    edges: NDArray[np.int32] = number_of_node.reshape(-1, 2).astype(np.int32)
    kind_of_edge = kind[chains.segment][begins]
    names = sorted(set(kinds["name"]) - {""})
    number_of = {name: place for place, name in enumerate(names)} | {"": -1}
    return WalkNetwork(
        node_xy=segments.xy[used],
        node_flags=segments.flags[used],
        component=_components(edges, length, len(used)),
        edges=edges,
        length_m=length,
        flags=kinds["flags"].to_numpy(np.uint8)[kind_of_edge],
        surface=kinds["surface"].to_numpy(np.uint8)[kind_of_edge],
        name_index=kinds["name"].map(number_of).to_numpy(np.int32)[kind_of_edge],
        names=tuple(names),
        segment_xy=shape,
        segment_edge=chains.edge.astype(np.int32),
        segment_along_m=along,
    )


def _components(edges: NDArray[np.int32], length_m: NDArray[np.float64], count: int) -> NDArray[np.int32]:
    """The connected piece of every node, numbered from the one with the most metres."""
    total, piece = connected_components(coo_array((np.ones(len(edges)), edges.T), shape=(count, count)))
    metres = np.bincount(piece[edges[:, 0]], weights=length_m, minlength=total)
    rank = np.empty(total, dtype=np.int32)
    rank[np.argsort(-metres, kind="stable")] = np.arange(total)
    return rank[piece]
