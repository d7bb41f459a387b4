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

import itertools
from collections.abc import Callable
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


def coverage(
    distance_m: _Metres, homes: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame, group: str, budget_m: float
) -> pd.DataFrame:
    """People of a group within `budget_m` metres on foot of their nearest place, per neighbourhood and in all.

    Formula: share = Σ people of the homes with distance ≤ budget / Σ people of all homes; gap = the others.

    Parameters
    ----------
    distance_m
        Walking distance of each home in metres, `inf` when there is none within the limit of the search.
    homes
        Rows as `distance_m`, each in one of `neighbourhoods`, with `neighbourhood_code` and the columns `group`,
        `group_low` and `group_high`.
    neighbourhoods
        RD New, with `neighbourhood_code`, `municipality_code` and `extent_share`.
    group
        A group of `pipeline.residents.GROUPS`, such as residents_65_plus.

    Returns
    -------
    DataFrame
        `COVERAGE_COLUMNS` and median_m and p90_m (see `weighted_quantile`); the last row is the municipality. People
        are NA where unknown, shares also where nobody lives. `extent_share` below 1 says: partly outside the data.
    """
    table = people_reached(distance_m <= budget_m, homes, neighbourhoods, group)
    for column, part in (("median_m", 0.5), ("p90_m", 0.9)):
        table[column] = _quantiles(distance_m, homes, neighbourhoods, group, part)
    return table


def choice(
    reach_m: _Metres,
    homes: pd.DataFrame,
    neighbourhoods: gpd.GeoDataFrame,
    group: str,
    budget_m: float,
    *,
    kinds: int = 2,
) -> pd.DataFrame:
    """People of a group with at least `kinds` kinds of place within `budget_m` metres on foot; columns as `coverage`.

    Formula: Σ people of the homes with ≥ `kinds` columns of `reach_m` (homes × categories) ≤ budget / Σ people. Limit:
    it counts kinds, so two libraries are no choice, and our division into kinds is one of several possible.
    """
    return people_reached((reach_m <= budget_m).sum(axis=1) >= kinds, homes, neighbourhoods, group)


def people_reached(
    reached: NDArray[np.bool_], homes: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame, group: str
) -> pd.DataFrame:
    """People of a group in the homes that are `reached`, with intervals, as `COVERAGE_COLUMNS`; the last row is all."""
    area, known = _areas(homes, neighbourhoods), homes[group].notna().to_numpy(bool)
    per_area = _sums(area, len(neighbourhoods))
    columns = {"homes": per_area(np.ones(len(homes))), "hits": per_area(reached), "lacks": per_area(~known)}
    nothing_known = per_area(known) == 0
    for bound in _BOUNDS:
        people = np.where(known, homes[f"{group}{bound}"].to_numpy(float, na_value=np.nan), 0.0)
        for name, counted in (("people", people), ("reached", people * reached)):
            columns[f"{name}{bound}"] = np.where(nothing_known, np.nan, per_area(counted))
    summed = pd.DataFrame(columns)
    share = (summed["reached"] / summed["people"]).where(summed["people"] > 0)
    low, high = share_bounds(share.to_numpy(), summed["people_low"].to_numpy(), summed["people_high"].to_numpy())
    whole = summed.sum(min_count=1)
    table = pd.concat([summed, whole.to_frame().T], ignore_index=True)
    mean = whole["reached"] / whole["people"] if whole["people"] > 0 else np.nan
    shares = {"share": np.append(share, mean), "share_low": np.append(share, low), "share_high": np.append(share, high)}
    return _as_table(table.assign(**shares), neighbourhoods)


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


def weighted_quantile(distance_m: _Metres, people: NDArray[np.float64], part: float) -> float:
    """The distance in metres within which a `part` in [0, 1] of the people live; `inf` when beyond the search.

    Formula: the smallest d with Σ people(distance ≤ d) ≥ part × Σ people. Half at 0.5 is the median, 0.9 the 90th
    percentile. Unknown people count as none; NaN when there are none.
    """
    weight = np.nan_to_num(people)
    if not weight.sum() > 0:
        return np.nan
    order = np.argsort(distance_m, kind="stable")
    within = np.cumsum(weight[order])
    # A whisker below, so that 0.5 of 2 × 0.1 people is not missed in the seventeenth decimal.
    return float(distance_m[order][np.searchsorted(within, part * within[-1] * (1 - 1e-12))])


def _areas(homes: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """The row of each home's neighbourhood."""
    codes = pd.Index(neighbourhoods["neighbourhood_code"])
    return np.asarray(codes.get_indexer(pd.Index(homes["neighbourhood_code"])), dtype=np.int64)


def _sums(area: NDArray[np.int64], count: int) -> Callable[[NDArray[Any]], NDArray[np.float64]]:
    return lambda values: np.bincount(area, weights=values, minlength=count).astype(np.float64)


def _quantiles(
    distance_m: _Metres, homes: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame, group: str, part: float
) -> list[float]:
    people = homes[group].to_numpy(float, na_value=np.nan)
    area = _areas(homes, neighbourhoods)
    order = np.argsort(area, kind="stable")
    limits = np.searchsorted(area[order], np.arange(len(neighbourhoods) + 1))
    parts = [order[low:high] for low, high in itertools.pairwise(limits)]
    return [weighted_quantile(distance_m[own], people[own], part) for own in [*parts, order]]


def _as_table(table: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame) -> pd.DataFrame:
    extent, area = neighbourhoods["extent_share"].to_numpy(float), neighbourhoods.area.to_numpy()
    gaps = {
        "gap": table["people"] - table["reached"],
        "gap_low": table["people_low"] - table["reached_low"],
        "gap_high": table["people_high"] - table["reached_high"],
    }
    counts = {"homes": "homes_count", "hits": "homes_reached_count", "lacks": "homes_without_figures_count"}
    table = table.rename(columns=counts).astype(dict.fromkeys(counts.values(), "int64"))
    return table.assign(
        area_code=[*neighbourhoods["neighbourhood_code"], str(neighbourhoods["municipality_code"].iloc[0])],
        extent_share=np.append(extent, (extent * area).sum() / area.sum()),
        **gaps,
    )[list(COVERAGE_COLUMNS)].astype(dict.fromkeys(COVERAGE_COLUMNS[5:], "Float64"))
