"""How far it is from every home to the places one looks for, the way someone walks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.metrics.joining import NOT_JOINED, Snapped
from meetingplaces.metrics.profiles import as_walked, closed_edges
from meetingplaces.metrics.reach import home_distances
from meetingplaces.metrics.resting import Resting, seats
from meetingplaces.metrics.selection import Chosen, counting
from meetingplaces.model.norms import Profile
from meetingplaces.model.walking import WalkingContent

_Metres = NDArray[np.float32]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Distances:
    """Metres on foot of each home to its nearest place (float32, `inf` beyond 2 km), as a band.

    `sure` is to places that surely fit, with a rest at known seats only. `perhaps`, nowhere more, is to those that may
    fit too, as if there were a seat wherever one is needed.
    """

    sure: _Metres
    perhaps: _Metres


class OnFoot:
    """The homes, streets and places of one municipality as someone walks them; made once, asked often.

    Homes on a stretch that is closed to this walker, `homes_cut_off_count`, and places with no entrance elsewhere, the
    mask `places_cut_off`, are out of reach. They are not joined elsewhere: what lies between them and the next street
    is not known. Limit: closed is only what is mapped, so for lack of kerbs and surfaces in the data the distances are
    at best.

    Parameters
    ----------
    places, walk
        Of one bundle.
    profile
        Who walks.
    """

    def __init__(self, places: gpd.GeoDataFrame, walk: WalkingContent, profile: Profile) -> None:
        closed = profile.closed.to if profile.closed else ()
        shut = closed_edges(walk.network, closed)
        self.network = as_walked(walk.network, closed) if closed else walk.network
        self.homes = _off(doors_of(walk.homes), shut)
        self.homes_cut_off_count = int(doors_of(walk.homes).joined.sum() - self.homes.joined.sum())
        self._entrances = _off(_entrances_of(walk), shut)
        self.place_ids = places["place_id"].to_numpy(object)
        self._of_place = pd.Index(self.place_ids).get_indexer(pd.Index(walk.entrances["place_id"]))
        self.places_cut_off = self._with_entrance(_entrances_of(walk)) & ~self._with_entrance(self._entrances)
        self._counts, self._category = counting(places), places["category"].to_numpy(object)
        kept = walk.reach if profile.plain else walk.reach[[]]
        self._kept: dict[str, _Metres] = {str(kind): kept[kind].to_numpy(np.float32) for kind in kept}
        self._rests = None
        self.resting: Resting | None = None
        """To be asked where rests are needed, else `None`."""
        if profile.rest:
            self._rests = _off(seats(places, walk.network, profile.rest.beside.metres), shut), profile.rest.every_m
            self.resting = Resting(self.network, self.homes, *self._rests)
        self._shut = shut

    def to_places(self, chosen: Chosen) -> Distances:
        """To the nearest of the chosen places; those that do not count are left out all the same."""
        wanted, perhaps = chosen.sure & self._counts, chosen.perhaps & self._counts
        if self.resting:
            return _band(self.resting.distances(self.entrances(wanted)), self._nearest(perhaps))
        sure = self._nearest(wanted)
        return Distances(sure, sure if np.array_equal(wanted, perhaps) else self._nearest(perhaps))

    def to_kinds(self, chosen: Chosen) -> dict[str, Distances]:
        """As `to_places`, for each kind of which a place is chosen perhaps, in the order of the table."""
        kinds = pd.unique(self._category[chosen.perhaps & self._counts])
        return {str(kind): self.to_places(chosen.within(self._category == kind)) for kind in kinds}

    def to_points(self, points: Snapped) -> Distances:
        """To the nearest of points on the walking network, such as a place that is not there yet.

        The least of these and of `to_places` is to both together.
        """
        metres = _float32(home_distances(self.homes, points, self.network))
        return _band(self.resting.distances(points), metres) if self.resting else Distances(metres, metres)

    def to_each_place(self, point: Snapped) -> Distances:
        """Metres from one point on the network to each place of the table, `inf` where there is no known way.

        Without a limit, and to amenities too. A point on a stretch that is closed to this walker leads nowhere.
        """
        start = _off(point, self._shut)
        perhaps = _float32(self._of_each_place(home_distances(self._entrances, start, self.network, np.inf)))
        if self._resting_on_the_way is None:
            return Distances(perhaps, perhaps)
        return _band(self._of_each_place(self._resting_on_the_way.distances(start, np.inf)), perhaps)

    def between(self, point: Snapped, points: Snapped) -> Distances:
        """As `to_each_place`, from one point to each of others on the network."""
        start, ends = _off(point, self._shut), _off(points, self._shut)
        perhaps = _float32(home_distances(ends, start, self.network, np.inf))
        if self._rests is None:
            return Distances(perhaps, perhaps)
        return _band(Resting(self.network, ends, *self._rests).distances(start, np.inf), perhaps)

    def entrances(self, wanted: _Mask) -> Snapped:
        """Where the wanted places are entered; those on a closed stretch are not joined."""
        return self._entrances.of((self._of_place >= 0) & wanted[self._of_place])

    def _with_entrance(self, entrances: Snapped) -> _Mask:
        found = np.zeros(len(self.place_ids), dtype=bool)
        found[self._of_place[entrances.joined & (self._of_place >= 0)]] = True
        return found

    @cached_property
    def _resting_on_the_way(self) -> Resting | None:
        """As `resting`, for whoever starts at an entrance. Walking is symmetric: the way there is the way back."""
        return Resting(self.network, self._entrances, *self._rests) if self._rests else None

    def _of_each_place(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of each place the least of the metres to its entrances."""
        nearest = np.full(len(self.place_ids), np.inf)
        known = self._of_place >= 0
        np.minimum.at(nearest, self._of_place[known], metres[known])
        return nearest

    def _nearest(self, wanted: _Mask) -> _Metres:
        """To the nearest wanted place without a rest: of kept kinds as it was kept, of the others by one search."""
        metres, left = np.full(len(self.homes), np.inf, dtype=np.float32), wanted.copy()
        partly = set(self._category[self._counts & ~wanted])
        for kind in set(self._category[wanted]) & (self._kept.keys() - partly):
            np.minimum(metres, self._kept[kind], out=metres)
            left &= self._category != kind
        if not left.any():
            return metres
        return np.minimum(metres, _float32(home_distances(self.homes, self.entrances(left), self.network)))


def doors_of(homes: pd.DataFrame) -> Snapped:
    """Where the homes of a table as in `WalkingContent` join the network."""
    return Snapped(homes["edge"].to_numpy(np.int32), homes["offset_m"].to_numpy(float), homes["door_m"].to_numpy(float))


def _entrances_of(walk: WalkingContent) -> Snapped:
    return Snapped(*(walk.entrances[name].to_numpy() for name in ("edge", "offset_m", "distance_m")))


def _off(points: Snapped, shut: _Mask) -> Snapped:
    """The points, those on a shut edge no longer joined."""
    if not shut.any():
        return points
    lost = points.joined & shut[points.edge]
    return Snapped(
        np.where(lost, NOT_JOINED, points.edge).astype(np.int32),
        points.offset_m,
        np.where(lost, np.inf, points.distance_m),
    )


def _band(sure: NDArray[np.float64], perhaps: _Metres) -> Distances:
    """Both, with what two ways of adding up make different in the last digit set right."""
    return Distances(np.maximum(_float32(sure), perhaps), perhaps)


def _float32(metres: NDArray[np.float64]) -> _Metres:
    return metres.astype(np.float32)
