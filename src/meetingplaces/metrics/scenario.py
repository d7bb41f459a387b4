"""What would change if places came, closed or got other opening hours: who gains or loses reach.

Premise: all else stays as it is, and people walk to the nearest place that counts. A place that comes is open to all,
free, accessible, and open whenever one asks: that is for its makers to see to. What these numbers do not know: whether
a place has room for those who could walk to it, and whether they want to go there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf, people_reached
from meetingplaces.metrics.distances import Distances, OnFoot
from meetingplaces.metrics.joining import DETOUR_M, Barriers, Snapped, snap
from meetingplaces.metrics.selection import Chosen, Selection, chosen
from meetingplaces.model.categories import Categories
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import NoStreetNearError, PlaceInWaterError, UnknownCategoryError, UnknownPlaceError
from meetingplaces.model.network import WalkNetwork

EFFECT_COLUMNS = (
    "group", "area_code", "people", "people_low", "people_high", "gained", "gained_low", "gained_high",
    "lost", "lost_low", "lost_high", "share_before", "share_after",
    "homes_count", "homes_gained_count", "homes_lost_count", "homes_nearer_count", "homes_farther_count", "saved_m",
)  # fmt: skip
_FAR_M = 100_000
# pyproj (3.7) makes a transformation anew in every thread, in 20 ms; a server has a new thread for every answer.
_CONVERTER = ThreadPoolExecutor(1, thread_name_prefix="to-rd")
_BOUNDS = ("", "_low", "_high")
_Metres = NDArray[np.float32]


@dataclass(frozen=True)
class Added:
    """A place that might come: the key of its kind, and where, in degrees (EPSG:4326)."""

    category: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Scenario:
    """What would be different: places that come, those that close, and those that get other opening hours.

    `closed` and the keys of `hours` are `place_id`s; hours are written as in OpenStreetMap, and only matter to who asks
    about a moment. A scenario is a value: without an item, every number is again what it was.
    """

    added: tuple[Added, ...] = ()
    closed: frozenset[str] = frozenset()
    hours: Mapping[str, str] = field(default_factory=dict)

    def check(self, places: pd.DataFrame) -> None:
        """Find that every place that closes or gets other hours is there, and no amenity.

        Raises
        ------
        UnknownPlaceError
            One is not.
        """
        known = set(places.loc[places["weight"] != "amenity", "place_id"])
        strange = sorted((self.closed | set(self.hours)) - known)
        if strange:
            raise UnknownPlaceError(strange[0])

    def stays(self, places: pd.DataFrame) -> NDArray[np.bool_]:
        """Which of `places` do not close."""
        return ~places["place_id"].isin(self.closed).to_numpy(bool)

    def with_hours(self, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The same table with the opening hours as they would be, for whoever works out what is open."""
        hours = [self.hours.get(one, was) for one, was in zip(places["place_id"], places["opening_hours"], strict=True)]
        return places.assign(opening_hours=pd.Series(hours, index=places.index, dtype=places["opening_hours"].dtype))


def fitting_added(added: Sequence[Added], selection: Selection, categories: Categories) -> NDArray[np.bool_]:
    """Which of the places that come are what somebody looks for.

    Raises
    ------
    UnknownCategoryError
        One is of a kind that we do not know, or that is no place to go to.
    """
    known = {key: kind for key, kind in categories.by_key.items() if kind.weight in {"core", "secondary"}}
    strange = [one.category for one in added if one.category not in known]
    if strange:
        raise UnknownCategoryError(strange[0], ", ".join(known))
    kinds = [known[one.category] for one in added]
    table = pd.DataFrame({
        "category": [kind.key for kind in kinds],
        "setting": [kind.setting for kind in kinds],
        "weight": [kind.weight for kind in kinds],
        "provides": [kind.provides for kind in kinds],
    })  # fmt: skip
    return chosen(table.assign(access="public", fee="no", wheelchair="yes"), selection).sure


def join_added(added: Sequence[Added], network: WalkNetwork, barriers: Barriers) -> Snapped:
    """Where the places that come join the network: at the nearest edge within 200 m, not across water or rail.

    Raises
    ------
    PlaceInWaterError
        One lies in water.
    NoStreetNearError
        One has no street within 200 m, or only across water or a railway.
    """
    points = _in_rd(added)
    there = np.flatnonzero(np.isfinite(shapely.get_coordinates(points)).all(axis=1))
    found, wet = Snapped.nowhere(len(points)), np.zeros(len(points), dtype=bool)
    found.put(there, snap(points[there], network, barriers))
    wet[there] = barriers.hold(points[there])
    for place, point, in_water, metres in zip(added, points, wet, found.distance_m, strict=True):
        where = place.category, place.longitude, place.latitude
        if in_water:
            raise PlaceInWaterError(*where)
        if metres > DETOUR_M:
            raise NoStreetNearError(*where, round(DETOUR_M), _metres_to_street(point, network))
    return found


def distances_after(before: Distances, on_foot: OnFoot, now: Chosen, then: Chosen, added: Snapped) -> Distances:
    """Metres on foot of each home to its nearest place as it would be; exact.

    When only places come it searches from those alone, and without any change it gives `before`.

    Parameters
    ----------
    before
        What `on_foot.to_places(now)` says.
    now, then
        The places that are chosen as it is and as it would be: some have closed, or are not open at the moment asked.
    added
        What `join_added` says of the places that come and fit.
    """
    same = np.array_equal(now.sure, then.sure) and np.array_equal(now.perhaps, then.perhaps)
    base = before if same else on_foot.to_places(then)
    if not len(added):
        return base
    new = on_foot.to_points(added)
    return Distances(np.minimum(base.sure, new.sure), np.minimum(base.perhaps, new.perhaps))


def effects(
    before_m: _Metres, after_m: _Metres, homes: HomesOf, groups: Sequence[str], budget_m: float
) -> pd.DataFrame:
    """Who gains and who loses a place within `budget_m` metres on foot, per group and neighbourhood and in all.

    Formula: gained = Σ people of the homes beyond the budget before and within it after; lost the other way round.

    Parameters
    ----------
    before_m, after_m
        Metres of each home to its nearest place, `inf` beyond the search: `sure` of `Distances`, or `perhaps`.
    groups
        Groups of `model.groups.GROUPS`.

    Returns
    -------
    DataFrame
        `EFFECT_COLUMNS`; of each group the last row is the municipality. People and shares are NA where unknown, and
        have the interval of their rounding. The numbers of homes and saved_m are the same for every group: saved_m is
        the mean of metres less to walk over the homes whose way changes and is known before and after (negative when it
        gets longer), NA where there are none. homes_nearer_count and homes_farther_count also count homes whose way is
        beyond the search before or after.
    """
    was, will = before_m <= budget_m, after_m <= budget_m
    ways = _ways(before_m, after_m, homes)
    columns = [
        {"group": [group] * len(homes.area_codes), **_effect(was, will, homes, group), **ways} for group in groups
    ]
    return pd.concat([pd.DataFrame({name: own[name] for name in EFFECT_COLUMNS}) for own in columns], ignore_index=True)


def _effect(was: NDArray[np.bool_], will: NDArray[np.bool_], homes: HomesOf, group: str) -> dict[str, Any]:
    """Columns by name; arrays, since putting tables together takes longer than all of the counting."""
    before = people_reached(was, homes, group)
    tables = {"gained": people_reached(will & ~was, homes, group), "lost": people_reached(was & ~will, homes, group)}
    kept = ("area_code", "homes_count", "people", "people_low", "people_high", "reached", "share")
    columns = {name: before[name].array for name in kept}
    for name, table in tables.items():
        columns |= {f"{name}{bound}": table[f"reached{bound}"].array for bound in _BOUNDS}
        columns[f"homes_{name}_count"] = table["homes_reached_count"].array
    people = before["people"].where(before["people"] > 0).array
    after = (columns["reached"] + columns["gained"] - columns["lost"]) / people
    return {**columns, "share_before": columns["share"], "share_after": after}


def _ways(before_m: _Metres, after_m: _Metres, homes: HomesOf) -> dict[str, Any]:
    """Per neighbourhood and in all: homes with a shorter and with a longer way, and the mean of metres saved."""
    known = np.isfinite(before_m) & np.isfinite(after_m) & (before_m != after_m)
    saved = np.where(known, before_m, 0.0) - np.where(known, after_m, 0.0)
    nearer, farther, metres, changed = (
        np.append(homes.sums(values), values.sum()) for values in (after_m < before_m, after_m > before_m, saved, known)
    )
    mean = np.divide(metres, changed, out=np.full(len(metres), np.nan), where=changed > 0)
    return {
        "homes_nearer_count": nearer.astype("int64"),
        "homes_farther_count": farther.astype("int64"),
        "saved_m": pd.array(mean, dtype="Float64"),
    }


def _in_rd(added: Sequence[Added]) -> NDArray[np.object_]:
    places = gpd.GeoSeries.from_xy([one.longitude for one in added], [one.latitude for one in added], crs=WGS84)
    return np.asarray(_CONVERTER.submit(places.to_crs, RD_NEW).result().to_numpy(), dtype=object)


def _metres_to_street(point: shapely.Point, network: WalkNetwork) -> str:
    """Whole metres as the crow flies to the nearest edge; ">100000" from so far away that RD New says nothing."""
    metres = shapely.distance(point, network.segment_lines).min(initial=np.inf)
    return f"{metres:.0f}" if metres <= _FAR_M else f">{_FAR_M}"
