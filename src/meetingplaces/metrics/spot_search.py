"""How many people live near each node of the network, for whoever looks for the best of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.joining import NOT_JOINED, Snapped
from meetingplaces.metrics.reach import metres_to_ends
from meetingplaces.model.network import WalkNetwork

# Searches from many nodes at once give a dense table; so many numbers of it at a time.
_CELLS_AT_ONCE = 4_000_000
_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Mask = NDArray[np.bool_]


class SpotSearch(Protocol):
    """Which homes are near a node, and what they weigh together."""

    @property
    def weights(self) -> _Floats:
        """Of each home, homes × columns."""

    def gains(self, wanted: _Mask) -> _Floats:
        """Sums of the weights of the wanted homes near each node, nodes × columns."""

    def near(self, node: int) -> _Mask:
        """Which homes are near a node."""


def spot_search(on_foot: OnFoot, candidates: _Ints, weights: _Floats, budget_m: float) -> SpotSearch:
    """The search for this walker; near is at most `budget_m` metres, exactly as `OnFoot.to_points` has it."""
    if on_foot.resting is None:
        return StraightSearch(on_foot.homes, on_foot.network, weights, budget_m)
    near = on_foot.resting.near(_at_nodes(candidates, on_foot.network), budget_m)
    return RestedSearch(dict(zip(candidates.tolist(), near, strict=True)), weights, len(on_foot.network.node_xy))


def _at_nodes(nodes: _Ints, network: WalkNetwork) -> Snapped:
    """The nodes as ends of edges; one that has no edge is not joined."""
    edge, offset_m = np.full(len(network.node_xy), NOT_JOINED, dtype=np.int32), np.zeros(len(network.node_xy))
    for end in (1, 0):
        edge[network.edges[:, end]] = np.arange(len(network.edges))
        offset_m[network.edges[:, end]] = end * network.length_m
    return Snapped(edge[nodes], offset_m[nodes], np.where(edge[nodes] == NOT_JOINED, np.inf, 0.0))


@dataclass(frozen=True)
class RestedSearch:
    """For who has to sit down: the rows of the homes near each candidate, worked out beforehand."""

    near_of: Mapping[int, _Ints]
    weights: _Floats
    nodes_count: int

    def gains(self, wanted: _Mask) -> _Floats:
        """Sums of the weights of the wanted homes near each node, nodes × columns; 0 for what is no candidate."""
        gains = np.zeros((self.nodes_count, self.weights.shape[1]))
        weights = np.where(wanted[:, None], self.weights, 0.0)
        for node, homes in self.near_of.items():
            gains[node] = weights[homes].sum(axis=0)
        return gains

    def near(self, node: int) -> _Mask:
        """Which homes are near a candidate."""
        found = np.zeros(len(self.weights), dtype=bool)
        found[self.near_of[node]] = True
        return found


@dataclass(frozen=True)
class StraightSearch:
    """For who needs no rest: homes on a network with weights (homes × columns), and how far from them is near."""

    doors: Snapped
    network: WalkNetwork
    weights: _Floats
    budget_m: float

    def gains(self, wanted: _Mask) -> _Floats:
        """Sums of the weights of the wanted homes near each node, nodes × columns.

        A home is near a node when it is so by either end of its own edge. So the searches start at the ends of the
        edges that have such homes, and each edge is settled for all of its homes at once.
        """
        gains = np.zeros((len(self.network.node_xy), self.weights.shape[1]))
        homes = np.flatnonzero(wanted & self.doors.joined & (self.doors.distance_m <= self.budget_m))
        homes = homes[np.argsort(self.doors.edge[homes], kind="stable")]
        edges, first = np.unique(self.doors.edge[homes], return_index=True)
        own, to_ends = np.split(homes, first[1:]), metres_to_ends(self.network, self.doors)
        for part in _chunks(len(edges), len(self.network.node_xy)):
            ends, which = np.unique(self.network.edges[edges[part]], return_inverse=True)
            metres = self._from(ends.astype(np.int64))
            for edge, (one, two) in zip(part, which.reshape(-1, 2), strict=True):
                nodes = np.flatnonzero(np.isfinite(metres[one]) | np.isfinite(metres[two]))
                doors = to_ends[own[edge], :, None]
                ways = np.minimum(doors[:, 0] + metres[one, nodes], doors[:, 1] + metres[two, nodes])
                gains[nodes] += self._within(ways).T.astype(float) @ self.weights[own[edge]]
        return gains

    def near(self, node: int) -> _Mask:
        """Which homes are near a node."""
        ways = metres_to_ends(self.network, self.doors) + self._from(node)[self.network.edges[self.doors.edge]]
        return self.doors.joined & self._within(ways.min(axis=1))

    def _from(self, nodes: _Ints | int) -> _Floats:
        """Metres from nodes to all nodes; a whisker farther than is near, for what rounding brings back."""
        limit_m = self.budget_m * (1 + 1e-6)
        return np.asarray(dijkstra(self.network.adjacency, indices=nodes, limit=limit_m))

    def _within(self, metres: _Floats) -> _Mask:
        """Whether it is near, rounded as in `Distances`, so that both say the same."""
        return np.asarray(metres.astype(np.float32) <= self.budget_m)


def _chunks(edges: int, nodes: int) -> list[_Ints]:
    size = max(1, _CELLS_AT_ONCE // (2 * max(nodes, 1)))
    return np.split(np.arange(edges), range(size, edges, size))
