"""What may be walked, as a network: junctions, the stretches between them, and their shape to join them at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

SHORTEST_M = 1e-6
"""Stands for a length of zero, which a sparse matrix would take for "no edge"."""


class EdgeFlag(IntFlag):
    """What is known of an edge. A bit that is not set is not known, or not so."""

    STEPS = 1
    COVERED = 2
    LIT = 4
    UNLIT = 8
    STEEP = 16
    UNDERGROUND = 32


class NodeFlag(IntFlag):
    """What stands at a node and hinders some: a raised kerb, or a stile, turnstile or the like."""

    RAISED_KERB = 1
    OBSTACLE = 2


class Surface(IntEnum):
    """How an edge is paved."""

    UNKNOWN = 0
    SMOOTH = 1
    ROUGH = 2
    LOOSE = 3


@dataclass(frozen=True)
class WalkNetwork:
    """A walking network of n nodes, m edges and s straight segments, in RD New (EPSG:28992). Every edge goes both ways.

    Parameters
    ----------
    node_xy
        float64 (n, 2), metres.
    node_flags
        uint8 (n,), bits of `NodeFlag`.
    component
        int32 (n,), the connected piece a node is in; 0 has the most metres, 1 the next.
    edges
        int32 (m, 2), node numbers. Two edges may have the same ends, and an edge may end where it began.
    length_m
        float64 (m,), metres along the edge, 0 or more.
    flags, surface
        uint8 (m,), bits of `EdgeFlag` and values of `Surface`.
    name_index, names
        int32 (m,), which of `names` the edge bears, -1 for none.
    segment_xy
        float64 (s, 2, 2), start and end of each straight segment, in the direction of its edge.
    segment_edge, segment_along_m
        int32 and float64 (s,), the edge of a segment and where on the edge it starts. Sorted by both.
    """

    node_xy: NDArray[np.float64]
    node_flags: NDArray[np.uint8]
    component: NDArray[np.int32]
    edges: NDArray[np.int32]
    length_m: NDArray[np.float64]
    flags: NDArray[np.uint8]
    surface: NDArray[np.uint8]
    name_index: NDArray[np.int32]
    names: tuple[str, ...]
    segment_xy: NDArray[np.float64]
    segment_edge: NDArray[np.int32]
    segment_along_m: NDArray[np.float64]

    @cached_property
    def segment_lines(self) -> NDArray[np.object_]:
        """The segments as shapely lines, RD New."""
        return np.asarray(shapely.linestrings(self.segment_xy), dtype=object)

    @cached_property
    def component_length_m(self) -> NDArray[np.float64]:
        """Metres of network in each component."""
        if not len(self.edges):
            return np.zeros(0)
        metres = np.bincount(self.component[self.edges[:, 0]], weights=self.length_m)
        return metres.astype(np.float64)

    @cached_property
    def adjacency(self) -> csr_array:
        """Symmetric n × n matrix of metres: the shortest of parallel edges, no loops, nothing exactly 0.

        scipy adds up entries that are given twice, so the shortest per pair is chosen before.
        """
        one, two = self.edges.min(axis=1, initial=np.iinfo(np.int32).max), self.edges.max(axis=1, initial=-1)
        proper = np.flatnonzero(one != two)
        order = proper[np.lexsort((self.length_m[proper], two[proper], one[proper]))]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(one[order]) != 0) | (np.diff(two[order]) != 0)
        best = order[first]
        metres = np.maximum(self.length_m[best], SHORTEST_M)
        ends = np.concatenate([one[best], two[best]]), np.concatenate([two[best], one[best]])
        return csr_array((np.tile(metres, 2), ends), shape=(len(self.node_xy),) * 2)
