"""Distances for someone who has to sit down every so many metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from meetingplaces.metrics.joining import Snapped, snap
from meetingplaces.metrics.reach import REACH_LIMIT_M, home_distances, pairs_within, search
from meetingplaces.metrics.selection import provides
from meetingplaces.model.network import SHORTEST_M, WalkNetwork
from meetingplaces.model.places import RESTRICTED_ACCESS

_Ints = NDArray[np.int64]


def seats(places: gpd.GeoDataFrame, network: WalkNetwork, beside_m: float) -> Snapped:
    """The known seats at most `beside_m` metres from the network (RD New) on which anyone may sit.

    A bench or picnic table where it stands, and a place that is a seat by itself. Not a park or building as a whole:
    where in it one sits is not known, and benches mapped there have rows of their own.
    """
    points = (places.geometry.geom_type == "Point").to_numpy(bool)
    open_to_all = ~places["access"].isin(RESTRICTED_ACCESS).to_numpy(bool)
    found = snap(places.geometry.to_numpy()[points & open_to_all & provides(places, "seat")], network)
    return found.of(found.distance_m <= beside_m)


class Resting:
    """Homes and seats of one network, ready to be asked how far it is when one has to sit down every so often.

    A walk is allowed when no stretch of it without a seat is longer than `every_m` metres. Seats are the ones given,
    the own home and the destination; to sit down one goes up to the seat and back to the way. Exact: between two seats
    the shortest way is the best, so the search goes from seat to seat.

    Parameters
    ----------
    network, homes, rests
        The network as it may be walked, in RD New, and points on it.
    every_m
        Metres, > 0.
    """

    def __init__(self, network: WalkNetwork, homes: Snapped, rests: Snapped, every_m: float) -> None:
        self._network, self._every_m = network, every_m
        self._everyone, self._homes_count = homes.and_also(rests), len(homes)
        between = pairs_within(rests, rests, network, every_m)
        self._graph = csr_array(
            (np.maximum(between.metres, SHORTEST_M), (between.one, between.other)), shape=(len(rests),) * 2
        )
        self._near = pairs_within(homes, rests, network, every_m)
        self._homes, self._first = np.unique(self._near.one, return_index=True)

    def distances(self, entrances: Snapped, limit_m: float = REACH_LIMIT_M) -> NDArray[np.float64]:
        """Metres on foot from every home to the nearest entrance, detours to sit down included; `inf` beyond."""
        straight = home_distances(self._everyone, entrances, self._network, self._every_m)
        metres, of_seats = straight[: self._homes_count].copy(), straight[self._homes_count :]
        starts = np.flatnonzero(np.isfinite(of_seats))
        if len(self._homes) and len(starts):
            over_seats = search(self._graph, starts, of_seats[starts], limit_m)
            best = np.minimum.reduceat(self._near.metres + over_seats[self._near.other], self._first)
            metres[self._homes] = np.minimum(metres[self._homes], best)
        return np.where(metres <= limit_m, metres, np.inf)

    def near(self, points: Snapped, limit_m: float) -> list[_Ints]:
        """For each point the rows, ascending, of the homes that by `distances` are at most `limit_m` metres from it."""
        # A whisker more, for what rounding to float32 brings back.
        farthest_m = limit_m * (1 + 1e-6)
        pairs = pairs_within(self._everyone, points, self._network, min(farthest_m, self._every_m))
        order = np.argsort(pairs.other, kind="stable")
        parts = np.split(order, np.searchsorted(pairs.other[order], np.arange(1, len(points))))
        return [self._near_one(pairs.one[part], pairs.metres[part], farthest_m, limit_m) for part in parts]

    def _near_one(self, one: _Ints, metres: NDArray[np.float64], farthest_m: float, limit_m: float) -> _Ints:
        """As `near` for one point, from which homes and seats (`one`) are so many metres away without a rest."""
        seat = one >= self._homes_count
        straight = one[~seat & (metres.astype(np.float32) <= limit_m)]
        if not seat.any():
            return straight
        over_seats = search(self._graph, one[seat] - self._homes_count, metres[seat], farthest_m)
        ways = over_seats[self._near.other] + self._near.metres
        return np.union1d(straight, self._near.one[ways.astype(np.float32) <= limit_m])
