"""How far it is on foot from every home to the nearest entrance of each kind of place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from meetingplaces.metrics.joining import NOT_JOINED, Barriers, Snapped, snap
from meetingplaces.model.network import SHORTEST_M, WalkNetwork

__all__ = ["NOT_JOINED", "Barriers", "Snapped", "home_distances", "reach", "snap", "walk_distances"]

REACH_LIMIT_M = 2000.0
"""How far the kept table looks: well beyond every norm we know (300 to 1,000 m)."""


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
    at_ends = _metres_to_ends(network, entrances)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, network.edges[entrances.edge[entrances.joined]].ravel(), at_ends[entrances.joined].ravel())
    starts = np.flatnonzero(nearest <= limit_m)
    if not len(starts):
        return np.full(count, np.inf)
    graph = _with_source(network.adjacency, starts, np.maximum(nearest[starts], SHORTEST_M))
    return np.asarray(dijkstra(graph, indices=count, limit=limit_m)[:count])


def home_distances(
    homes: Snapped, entrances: Snapped, network: WalkNetwork, limit_m: float = REACH_LIMIT_M
) -> NDArray[np.float64]:
    """Metres on foot from every home to its nearest entrance, `inf` beyond `limit_m`.

    From the door to the street, over the network, and from the street to the entrance. A home on the same edge as an
    entrance may also go straight along that edge. Exact but for stretches of length 0, which count 1 µm each.
    """
    node_m = walk_distances(network, entrances, limit_m)
    at_ends = _metres_to_ends(network, homes) + node_m[network.edges[homes.edge]] if len(network.edges) else np.inf
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


def _metres_to_ends(network: WalkNetwork, points: Snapped) -> NDArray[np.float64]:
    """Metres from the things joined to both ends of their edges, (n, 2)."""
    whole = network.length_m[points.edge] if len(network.length_m) else np.zeros(len(points))
    return np.column_stack([points.offset_m, whole - points.offset_m]) + points.distance_m[:, None]


def _with_source(graph: csr_array, starts: NDArray[np.int64], metres: NDArray[np.float64]) -> csr_array:
    """The graph with one node more, from which each of `starts` is so many metres away."""
    return csr_array(
        (
            np.concatenate([graph.data, metres]),
            np.concatenate([graph.indices, starts.astype(graph.indices.dtype)]),
            np.append(graph.indptr, graph.nnz + len(starts)).astype(graph.indptr.dtype),
        ),
        shape=(graph.shape[0] + 1,) * 2,
    )


def _along_same_edge(homes: Snapped, entrances: Snapped, edges: int) -> NDArray[np.float64]:
    """Metres from homes to the nearest entrance on their own edge, going along that edge only; `inf` without one."""
    there = np.flatnonzero(entrances.joined)
    order = there[np.lexsort((entrances.offset_m[there], entrances.edge[there]))]
    limits = np.searchsorted(entrances.edge[order], np.arange(edges + 1))
    candidates = np.flatnonzero(homes.joined)
    candidates = candidates[np.diff(limits)[homes.edge[candidates]] > 0]
    low, high = limits[homes.edge[candidates]], limits[homes.edge[candidates] + 1]
    sizes = high - low
    home = np.repeat(candidates, sizes)
    entrance = order[np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes)]
    apart = np.abs(homes.offset_m[home] - entrances.offset_m[entrance])
    nearest = np.full(len(homes), np.inf)
    np.minimum.at(nearest, home, apart + homes.distance_m[home] + entrances.distance_m[entrance])
    return nearest
