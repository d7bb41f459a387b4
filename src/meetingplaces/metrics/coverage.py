"""Who can walk to a meeting place: numbers and shares of residents reached, the gap, distances and choice.

Premise of all: everyone in a neighbourhood lives like the mean of its homes, walks over the network from the own front
door, and a place is reached when the nearest entrance is within the budget. What these numbers do not know: who really
lives in which home, whether one is able or willing to walk that far, and whether the place is open.

Intervals: residents are rounded by CBS, so every number of people is a mean with a lowest and a highest value (see
`pipeline.residents`). A share of one neighbourhood has no interval from that, since the rounding cancels out; the share
of several together has one, as their weights may shift. Homes whose figures are unknown are counted, and left out.

Source of the measure: share of residents within a walking distance, as in "Nabijheid voorzieningen" of CBS (there by
road, for all inhabitants) and in WHO Europe, Urban green spaces: a brief for action (2017), 300 m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

COVERAGE_COLUMNS = (
    "area_code", "extent_share", "homes_count", "homes_reached_count", "homes_without_figures_count",
    "people", "people_low", "people_high", "reached", "reached_low", "reached_high",
    "gap", "gap_low", "gap_high", "share", "share_low", "share_high",
)  # fmt: skip
_BOUNDS = ("", "_low", "_high")
_Metres = NDArray[np.float32] | NDArray[np.float64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """People of one group per home, float64 by bound (nothing, `_low` and `_high`), 0 where `known` is not."""

    per_home: Mapping[str, _Floats]
    known: NDArray[np.bool_]


class HomesOf:
    """The homes of one municipality by neighbourhood; made once, counted often.

    Parameters
    ----------
    homes
        Each in one of `neighbourhoods`, with `neighbourhood_code` and, for every group asked for, the columns `group`,
        `group_low` and `group_high`, NA where unknown.
    neighbourhoods
        RD New, with `neighbourhood_code`, `municipality_code` and `extent_share`.

    Attributes
    ----------
    area_codes, extent_share
        Of every neighbourhood in the order of the table, and of the municipality as the last.
    """

    def __init__(self, homes: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame) -> None:
        codes = neighbourhoods["neighbourhood_code"]
        extent, metres2 = neighbourhoods["extent_share"].to_numpy(float), neighbourhoods.area.to_numpy()
        self.area_codes = [*codes, str(neighbourhoods["municipality_code"].iloc[0])]
        self.extent_share = np.append(extent, (extent * metres2).sum() / metres2.sum())
        self._homes = homes
        self._area = pd.Index(codes).get_indexer(pd.Index(homes["neighbourhood_code"])).astype(np.int16)
        self._limits = np.searchsorted(np.sort(self._area), np.arange(len(codes) + 1))
        self._groups: dict[str, People] = {}

    def __len__(self) -> int:
        return len(self._homes)

    def people(self, group: str) -> People:
        """The people of a group of `model.groups.GROUPS`, such as residents_65_plus."""
        if group not in self._groups:
            columns = {bound: self._homes[f"{group}{bound}"] for bound in _BOUNDS}
            per_home = {bound: one.to_numpy(float, na_value=0.0) for bound, one in columns.items()}
            self._groups[group] = People(per_home, columns[""].notna().to_numpy(bool))
        return self._groups[group]

    def sums(self, values: NDArray[Any]) -> _Floats:
        """The sum of the values of all homes in each neighbourhood; without the municipality."""
        sums = np.bincount(self._area, weights=values, minlength=len(self._limits) - 1)
        return sums.astype(np.float64)

    def nearest_first(self, distance_m: _Metres) -> list[NDArray[np.intp]]:
        """Rows of the homes of each area, nearest first."""
        order = np.argsort(distance_m, kind="stable")
        by_area = order[np.argsort(self._area[order], kind="stable")]
        return [*np.split(by_area, self._limits[1:-1]), order]


def coverage(distance_m: _Metres, homes: HomesOf, group: str, budget_m: float) -> pd.DataFrame:
    """People of a group within `budget_m` metres on foot of their nearest place, per neighbourhood and in all.

    Formula: share = Σ people of the homes with distance ≤ budget / Σ people of all homes; gap = the others.

    Parameters
    ----------
    distance_m
        Walking distance of each home in metres, `inf` when there is none within the limit of the search.
    homes
        Rows as `distance_m`.
    group
        A group of `model.groups.GROUPS`, such as residents_65_plus.

    Returns
    -------
    DataFrame
        `COVERAGE_COLUMNS` and median_m and p90_m (see `weighted_quantile`); the last row is the municipality. People
        are NA where unknown, shares also where nobody lives. `extent_share` below 1 says: partly outside the data.
    """
    table = people_reached(distance_m <= budget_m, homes, group)
    people = homes.people(group).per_home[""]
    found = [_within(distance_m[own], people[own], (0.5, 0.9)) for own in homes.nearest_first(distance_m)]
    return table.assign(median_m=[median for median, _ in found], p90_m=[p90 for _, p90 in found])


def choice(reach_m: _Metres, homes: HomesOf, group: str, budget_m: float, *, kinds: int = 2) -> pd.DataFrame:
    """People of a group with at least `kinds` kinds of place within `budget_m` metres on foot; columns as `coverage`.

    Formula: Σ people of the homes with ≥ `kinds` columns of `reach_m` (homes × categories) ≤ budget / Σ people. Limit:
    it counts kinds, so two libraries are no choice, and our division into kinds is one of several possible.
    """
    return people_reached((reach_m <= budget_m).sum(axis=1) >= kinds, homes, group)


def people_reached(reached: NDArray[np.bool_], homes: HomesOf, group: str) -> pd.DataFrame:
    """People of a group in the homes that are `reached`, with intervals, as `COVERAGE_COLUMNS`; the last row is all."""
    people = homes.people(group)
    nobody_known = homes.sums(people.known) == 0
    counts = {
        "homes_count": homes.sums(np.ones(len(homes))),
        "homes_reached_count": homes.sums(reached),
        "homes_without_figures_count": homes.sums(~people.known),
    }
    sums = {}
    for bound, per_home in people.per_home.items():
        for name, counted in (("people", per_home), ("reached", per_home * reached)):
            sums[f"{name}{bound}"] = np.where(nobody_known, np.nan, homes.sums(counted))
    figures = {name: np.append(values, _sum_of_known(values)) for name, values in sums.items()}
    figures |= {f"gap{bound}": figures[f"people{bound}"] - figures[f"reached{bound}"] for bound in _BOUNDS}
    figures |= _shares(figures)
    columns: dict[str, Any] = {"area_code": homes.area_codes, "extent_share": homes.extent_share}
    columns |= {name: np.append(values, values.sum()).astype(np.int64) for name, values in counts.items()}
    # To types as they are made: doing so in a table afterwards takes longer than all the counting.
    columns |= {name: pd.array(figures[name], dtype="Float64") for name in COVERAGE_COLUMNS if name in figures}
    return pd.DataFrame(columns)


def share_bounds(
    share: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[float, float]:
    """Lowest and highest share of several areas together, when the people in each are between `low` and `high`.

    The mean Σ share·n / Σ n is lowest when areas below some share have their most people and those above it their
    fewest (it rises or falls in every n alone), so trying each area as the turning point finds it. NaN without people.
    """
    known = np.isfinite(share) & np.isfinite(low) & np.isfinite(high) & (high > 0)
    order = np.flatnonzero(known)[np.argsort(share[known], kind="stable")]
    share, low, high = share[order], low[order], high[order]
    if not len(share):
        return np.nan, np.nan
    before = np.arange(len(share) + 1)[:, None] > np.arange(len(share))
    lowest, highest = np.where(before, high, low), np.where(before, low, high)
    with np.errstate(invalid="ignore"):  # nobody anywhere says nothing
        return (
            float(np.nanmin((lowest * share).sum(axis=1) / lowest.sum(axis=1))),
            float(np.nanmax((highest * share).sum(axis=1) / highest.sum(axis=1))),
        )


def weighted_quantile(distance_m: _Metres, people: _Floats, part: float) -> float:
    """The distance in metres within which a `part` in [0, 1] of the people live; `inf` when beyond the search.

    Formula: the smallest d with Σ people(distance ≤ d) ≥ part × Σ people. Half at 0.5 is the median, 0.9 the 90th
    percentile. Unknown people count as none; NaN when there are none.
    """
    order = np.argsort(distance_m, kind="stable")
    return _within(distance_m[order], np.nan_to_num(people)[order], (part,))[0]


def _within(distance_m: _Metres, people: _Floats, parts: Sequence[float]) -> list[float]:
    """The weighted quantiles of distances that are in order."""
    within = np.cumsum(people)
    if not len(within) or not within[-1] > 0:
        return [np.nan] * len(parts)
    # A whisker below, so that 0.5 of 2 × 0.1 people is not missed in the seventeenth decimal.
    at = np.searchsorted(within, np.asarray(parts) * within[-1] * (1 - 1e-12))
    return [float(metres) for metres in distance_m[at]]


def _sum_of_known(values: _Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else np.nan


def _shares(columns: Mapping[str, _Floats]) -> dict[str, _Floats]:
    """The share reached per area and of all, where somebody lives, with its bounds."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(columns["people"] > 0, columns["reached"] / columns["people"], np.nan)
    bounds = share_bounds(share[:-1], columns["people_low"][:-1], columns["people_high"][:-1])
    low, high = (np.append(share[:-1], bound) for bound in bounds)
    return {"share": share, "share_low": low, "share_high": high}
