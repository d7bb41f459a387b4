"""Where homes and places join the walking network: at the nearest point of the nearest edge, not over water or rail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.network import EdgeFlag, WalkNetwork

NOT_JOINED = -1
# How far to look for another edge when water or a railway lies before the nearest one. Our own proposal.
DETOUR_M = 200.0
# A loose bit of path with fewer metres than this, and than this share of the biggest piece, is joined only when nothing
# better is near: mappers forget to connect a footpath more often than a neighbourhood has no way out. Our own proposal.
_LOOSE_BIT_M = 500.0
_LOOSE_BIT_SHARE = 0.05
_AT_ONCE = 500


@dataclass(frozen=True)
class Snapped:
    """Points on a network, one per thing that was joined.

    `edge` is int32, `NOT_JOINED` where there is none; `offset_m` is where on the edge, from its first node;
    `distance_m` is the way from the thing to that point as the crow flies, `inf` where there is none. float64 metres.
    """

    edge: NDArray[np.int32]
    offset_m: NDArray[np.float64]
    distance_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def joined(self) -> NDArray[np.bool_]:
        """Which things have a point on the network."""
        return self.edge != NOT_JOINED

    def of(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Snapped:
        """The chosen ones."""
        return Snapped(self.edge[chosen], self.offset_m[chosen], self.distance_m[chosen])

    def and_also(self, other: Snapped) -> Snapped:
        """These and then the others."""
        return Snapped(
            np.concatenate([self.edge, other.edge]),
            np.concatenate([self.offset_m, other.offset_m]),
            np.concatenate([self.distance_m, other.distance_m]),
        )

    def put(self, rows: NDArray[np.int64], other: Snapped) -> None:
        """Replace these rows, in place."""
        self.edge[rows], self.offset_m[rows], self.distance_m[rows] = other.edge, other.offset_m, other.distance_m

    @classmethod
    def nowhere(cls, count: int) -> Snapped:
        """So many things that are not joined."""
        return cls(np.full(count, NOT_JOINED, dtype=np.int32), np.zeros(count), np.full(count, np.inf))


class Barriers:
    """Water and railways (RD New) that one does not cross except along the network."""

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        self._tree = shapely.STRtree(shapes)

    @property
    def shapes(self) -> NDArray[np.object_]:
        """The lines and areas themselves."""
        return np.asarray(self._tree.geometries, dtype=object)

    def near(self, network: WalkNetwork) -> NDArray[np.object_]:
        """The shapes that a way to the network of at most 200 m may meet."""
        found = self._tree.query(network.segment_lines, predicate="dwithin", distance=DETOUR_M)[1]
        return self.shapes[np.unique(found)]

    def hold(self, points: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Whether each point (RD New) lies in water; on its bank it does not."""
        wet = np.zeros(len(points), dtype=bool)
        wet[self._tree.query(points, predicate="within")[0]] = True
        return wet

    def crossed_by(self, connectors: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Whether each straight connector crosses one. A houseboat may leave the water it lies in.

        A connector that ends on a barrier crosses it only when part of its way lies in it: the way over a bridge does.
        """
        line, barrier = self._tree.query(connectors, predicate="crosses")
        starts = shapely.get_point(connectors[line], 0)
        own = shapely.contains_properly(self._tree.geometries[barrier], starts)
        crossed = np.zeros(len(connectors), dtype=bool)
        crossed[line[~own]] = True
        return crossed


def snap(shapes: NDArray[np.object_], network: WalkNetwork, barriers: Barriers | None = None) -> Snapped:
    """Every shape joined to the network at its own nearest point on an edge, not at a junction.

    When the straight way there crosses a barrier, the next nearest edge within 200 m is taken to which it does not.
    Loose bits of path are joined only when no other edge is within 200 m; tunnels are not joined at all.

    Parameters
    ----------
    shapes
        Points, lines or outlines in RD New. Give a polygon's boundary: all that lies inside a polygon is at distance 0.
    network
        In RD New.
    barriers
        What may not be crossed, in RD New.
    """
    found = Snapped.nowhere(len(shapes))
    above_ground = np.flatnonzero(network.flags[network.segment_edge] & EdgeFlag.UNDERGROUND == 0)
    for segments, within_m in ((joinable_segments(network), DETOUR_M), (above_ground, None)):
        left = np.flatnonzero(~found.joined)
        found.put(left, _joined(shapes[left], network, segments, barriers, within_m))
    return found


def joinable_segments(network: WalkNetwork) -> NDArray[np.int64]:
    """Numbers of the segments that are neither in a tunnel nor in a loose bit of path."""
    metres = network.component_length_m
    firm = metres >= min(_LOOSE_BIT_M, _LOOSE_BIT_SHARE * metres.max(initial=0))
    of_edge = firm[network.component[network.edges[:, 0]]] & (network.flags & EdgeFlag.UNDERGROUND == 0)
    return np.flatnonzero(of_edge[network.segment_edge])


def along(connectors: NDArray[np.object_], segment: NDArray[np.int64], network: WalkNetwork) -> Snapped:
    """The points where connectors (RD New) end on the given segments of the network."""
    ends = shapely.get_coordinates(shapely.get_point(connectors, 1))
    edge = network.segment_edge[segment]
    on_segment = np.hypot(*(ends - network.segment_xy[segment, 0]).T)
    offset = np.clip(network.segment_along_m[segment] + on_segment, 0, network.length_m[edge])
    return Snapped(edge, offset, shapely.length(connectors))


def _joined(
    shapes: NDArray[np.object_],
    network: WalkNetwork,
    segments: NDArray[np.int64],
    barriers: Barriers | None,
    within_m: float | None,
) -> Snapped:
    """The shapes joined to these segments only, at most `within_m` away."""
    found = Snapped.nowhere(len(shapes))
    if not len(segments) or not len(shapes):
        return found
    tree = shapely.STRtree(network.segment_lines[segments])
    shape, place = tree.query_nearest(shapes, max_distance=within_m, all_matches=False)
    connectors = np.asarray(shapely.shortest_line(shapes[shape], tree.geometries[place]))
    free = np.ones(len(shape), dtype=bool) if barriers is None else ~barriers.crossed_by(connectors)
    found.put(shape[free], along(connectors[free], segments[place[free]], network))
    if barriers is not None:
        for part in np.array_split(shape[~free], 1 + int((~free).sum()) // _AT_ONCE):
            found.put(part, _detoured(shapes[part], tree, network, segments, barriers))
    return found


def _detoured(
    shapes: NDArray[np.object_],
    tree: shapely.STRtree,
    network: WalkNetwork,
    segments: NDArray[np.int64],
    barriers: Barriers,
) -> Snapped:
    """The shapes joined to the nearest segment within reach to which the way crosses no barrier."""
    shape, place = tree.query(shapes, predicate="dwithin", distance=DETOUR_M)
    connectors = np.asarray(shapely.shortest_line(shapes[shape], tree.geometries[place]), dtype=object)
    free = np.flatnonzero(~barriers.crossed_by(connectors))
    order = free[np.lexsort((shapely.length(connectors[free]), shape[free]))]
    rows, first = np.unique(shape[order], return_index=True)
    best = order[first]
    found = Snapped.nowhere(len(shapes))
    found.put(rows, along(connectors[best], segments[place[best]], network))
    return found
