"""How far it is on foot from every home to the nearest entrance of each kind of place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from meetingplaces.metrics.joining import NOT_JOINED, Barriers, Snapped, snap
from meetingplaces.model.network import SHORTEST_M, WalkNetwork

__all__ = [
    "NOT_JOINED", "Barriers", "Pairs", "Snapped", "home_distances", "pairs_within", "reach", "search", "snap",
    "walk_distances",
]  # fmt: skip

REACH_LIMIT_M = 2000.0
"""How far the kept table looks: well beyond every norm we know (300 to 1,000 m)."""
_AT_ONCE = 64
_Ints = NDArray[np.int64]


def walk_distances(network: WalkNetwork, entrances: Snapped, limit_m: float) -> NDArray[np.float64]:
    """Metres on foot from every network node to its nearest entrance, `inf` beyond `limit_m`.

    Walking is symmetric, so one search outward from all entrances at once answers for every node: a source that does
    not exist is tied to both ends of every edge with an entrance, by the metres along that edge and to the entrance.

    Parameters
    ----------
    network
        `n` nodes in RD New with edge lengths in metres; need not be connected.
    entrances
        Points on the network; none at all, or only ones that are not joined, makes every distance `inf`.
    limit_m
        Walking budget in metres, > 0.
    """
    count = len(network.node_xy)
    at_ends = metres_to_ends(network, entrances)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, network.edges[entrances.edge[entrances.joined]].ravel(), at_ends[entrances.joined].ravel())
    starts = np.flatnonzero(nearest <= limit_m)
    if not len(starts):
        return np.full(count, np.inf)
    return search(network.adjacency, starts, nearest[starts], limit_m)


def search(
    graph: csr_array, starts: NDArray[np.integer], metres: NDArray[np.float64], limit_m: float
) -> NDArray[np.float64]:
    """Metres to every node of a graph from a source that does not exist, so many `metres` from each of `starts`."""
    with_source = _with_sources(graph, starts, np.maximum(metres, SHORTEST_M), len(starts))
    return np.asarray(dijkstra(with_source, indices=graph.shape[0], limit=limit_m)[: graph.shape[0]])


def home_distances(
    homes: Snapped, entrances: Snapped, network: WalkNetwork, limit_m: float = REACH_LIMIT_M
) -> NDArray[np.float64]:
    """Metres on foot from every home to its nearest entrance, `inf` beyond `limit_m`.

    From the door to the street, over the network, and from the street to the entrance. A home on the same edge as an
    entrance may also go straight along that edge. Exact but for stretches of length 0, which count 1 µm each.
    """
    node_m = walk_distances(network, entrances, limit_m)
    at_ends = metres_to_ends(network, homes) + node_m[network.edges[homes.edge]] if len(network.edges) else np.inf
    over_nodes = np.min(at_ends, axis=1) if len(network.edges) else np.full(len(homes), np.inf)
    metres = np.minimum(over_nodes, _along_same_edge(homes, entrances, len(network.edges)))
    return np.where(homes.joined & (metres <= limit_m), metres, np.inf)


def reach(
    homes: Snapped, entrances: Mapping[str, Snapped], network: WalkNetwork, limit_m: float = REACH_LIMIT_M
) -> NDArray[np.float32]:
    """Metres on foot, homes × categories in the order of `entrances`, `inf` beyond `limit_m`.

    The distance to any of some categories is the minimum of their columns. float32 keeps 2 km to 0.1 mm.
    """
    table = np.full((len(homes), len(entrances)), np.inf, dtype=np.float32)
    for column, of_category in enumerate(entrances.values()):
        table[:, column] = home_distances(homes, of_category, network, limit_m)
    return table


@dataclass(frozen=True)
class Pairs:
    """Row numbers of two tables and the metres between them, sorted by `one`; every pair once."""

    one: _Ints
    other: _Ints
    metres: NDArray[np.float64]


def pairs_within(ones: Snapped, others: Snapped, network: WalkNetwork, limit_m: float) -> Pairs:
    """All pairs of `ones` and `others` that are at most `limit_m` metres apart on foot, with their distance.

    Exact. Made for few `others`: each is searched from, so far and no farther.
    """
    found = [_on_same_edge(ones, others, len(network.edges)), *_over_nodes(ones, others, network, limit_m)]
    one, other, metres = (np.concatenate([pairs[column] for pairs in found]) for column in range(3))
    near = np.flatnonzero(metres <= limit_m)
    order = near[np.lexsort((metres[near], other[near], one[near]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0)
    kept = order[first]
    return Pairs(one[kept], other[kept], metres[kept])


def _over_nodes(
    ones: Snapped, others: Snapped, network: WalkNetwork, limit_m: float
) -> Iterator[tuple[_Ints, _Ints, NDArray[np.float64]]]:
    """Pairs by way of a node, some of them more than once."""
    count, from_others = len(network.node_xy), metres_to_ends(network, others)
    searched = np.flatnonzero(others.joined)
    joined = np.flatnonzero(ones.joined)
    ends, from_ones = network.edges[ones.edge[joined]].ravel(), metres_to_ends(network, ones)[joined].ravel()
    order = np.argsort(ends, kind="stable")
    limits = np.searchsorted(ends[order], np.arange(count + 1))
    for part in np.array_split(searched, 1 + len(searched) // _AT_ONCE) if len(searched) else []:
        starts = network.edges[others.edge[part]].ravel()
        graph = _with_sources(network.adjacency, starts, np.maximum(from_others[part].ravel(), SHORTEST_M), 2)
        node_m = dijkstra(graph, indices=np.arange(count, count + len(part)), limit=limit_m)[:, :count]
        source, node = np.nonzero(np.isfinite(node_m))
        at, member = _members(limits[node], limits[node + 1])
        there = order[member]
        yield joined[there // 2], part[source[at]], node_m[source[at], node[at]] + from_ones[there]


def metres_to_ends(network: WalkNetwork, points: Snapped) -> NDArray[np.float64]:
    """Metres from the things joined to both ends of their edges, (n, 2)."""
    whole = network.length_m[points.edge] if len(network.length_m) else np.zeros(len(points))
    return np.column_stack([points.offset_m, whole - points.offset_m]) + points.distance_m[:, None]


def _with_sources(graph: csr_array, starts: NDArray[np.integer], metres: NDArray[np.float64], each: int) -> csr_array:
    """The graph with nodes more, each of them so many `metres` away from `each` of the next `starts`."""
    ends = graph.nnz + np.arange(each, len(starts) + 1, each)
    return csr_array(
        (
            np.concatenate([graph.data, metres]),
            np.concatenate([graph.indices, starts.astype(graph.indices.dtype)]),
            np.concatenate([graph.indptr, ends.astype(graph.indptr.dtype)]),
        ),
        shape=(graph.shape[0] + len(ends),) * 2,
    )


def _along_same_edge(homes: Snapped, entrances: Snapped, edges: int) -> NDArray[np.float64]:
    """Metres from homes to the nearest entrance on their own edge, going along that edge only; `inf` without one."""
    home, _, metres = _on_same_edge(homes, entrances, edges)
    nearest = np.full(len(homes), np.inf)
    np.minimum.at(nearest, home, metres)
    return nearest


def _on_same_edge(ones: Snapped, others: Snapped, edges: int) -> tuple[_Ints, _Ints, NDArray[np.float64]]:
    """Row numbers of things on the same edge, and the metres between them along that edge."""
    there = np.flatnonzero(others.joined)
    order = there[np.argsort(others.edge[there], kind="stable")]
    limits = np.searchsorted(others.edge[order], np.arange(edges + 1))
    candidates = np.flatnonzero(ones.joined)
    candidates = candidates[np.diff(limits)[ones.edge[candidates]] > 0]
    at, member = _members(limits[ones.edge[candidates]], limits[ones.edge[candidates] + 1])
    one, other = candidates[at], order[member]
    apart = np.abs(ones.offset_m[one] - others.offset_m[other])
    return one, other, apart + ones.distance_m[one] + others.distance_m[other]


def _members(low: _Ints, high: _Ints) -> tuple[_Ints, _Ints]:
    """All whole numbers from each `low` up to its `high`, with the row they belong to."""
    sizes = high - low
    before = np.cumsum(sizes) - sizes
    return np.repeat(np.arange(len(sizes)), sizes), np.arange(sizes.sum()) - np.repeat(before - low, sizes)
