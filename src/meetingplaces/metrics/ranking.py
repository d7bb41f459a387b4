"""Neighbourhoods compared: which numbers stand out, and which come first when some count for more than others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

COMPARED: Mapping[str, bool] = {
    "share": False,
    "gap": True,
    "median_m": True,
    "choice_share": False,
    "places_per_1000": False,
    "area_m2_per_1000": False,
    "residents_65_plus_share": True,
    "one_person_households_share": True,
    "income_per_resident": False,
    "wmo_clients_per_1000": True,
    "lonely_share": True,
    "strongly_lonely_share": True,
}
"""Numbers of a neighbourhood that are compared, and whether a high one means more need."""


def standing_out(values: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    """How far each number is from that of the whole, measured in the spread of all areas; the farthest first.

    Formula: (value - whole) / standard deviation over all areas. It tells which of several measures in different units
    is the most unusual, no more: with few or skewed areas one odd neighbourhood widens the spread for all.

    Parameters
    ----------
    values
        A row per area, a column per measure; NaN where unknown.
    whole
        The same measures for the municipality.

    Returns
    -------
    DataFrame
        area (label of the row), measure, value, whole and deviation; pairs with something unknown, or of a measure that
        is the same everywhere, are left out.
    """
    spread = values.std(ddof=0)
    deviation = (values - whole) / spread.where(spread > 0)
    long = deviation.rename_axis("area").reset_index().melt("area", var_name="measure", value_name="deviation").dropna()
    rows = values.index.get_indexer(pd.Index(long["area"])), values.columns.get_indexer(pd.Index(long["measure"]))
    long = long.assign(value=values.to_numpy(float)[rows], whole=long["measure"].map(whole))
    order = np.argsort(-long["deviation"].abs().to_numpy(), kind="stable")
    return long.iloc[order].reset_index(drop=True)[["area", "measure", "value", "whole", "deviation"]]


def weighed(values: pd.DataFrame, weights: Mapping[str, int], more_is_worse: Mapping[str, bool]) -> pd.DataFrame:
    """Areas in order of need by weights that somebody chose, with what each measure adds.

    Formula: each measure is scaled over the areas from 0 (best off) to 1 (worst off); the score is the weighted mean of
    these, in [0, 1]. An area of which a measure with weight is unknown has no score. Limit: scaling is relative, so the
    score says who comes first here, not how bad it is, and it changes when the areas do. Weights are a choice, not a
    finding: other weights give another order.

    Parameters
    ----------
    values
        A row per area, a column per measure; NaN where unknown.
    weights
        0 or more per measure; those with 0 or not named do not count.
    more_is_worse
        Per measure whether a high number means more need.

    Returns
    -------
    DataFrame
        The rows of `values`, the greatest need first and those without a score last: `score`, and per measure with
        weight the part of the score it makes. No weight at all gives no score.
    """
    counted = {name: weight for name, weight in weights.items() if weight > 0}
    total = sum(counted.values())
    parts = pd.DataFrame(
        {name: weight / total * _need(values[name], more_is_worse[name]) for name, weight in counted.items()},
        index=values.index,
    )
    score = parts.sum(axis=1, skipna=False) if counted else pd.Series(np.nan, values.index)
    table = parts.assign(score=score)
    return table.iloc[np.argsort(-score.to_numpy(), kind="stable")]


def _need(values: pd.Series, more_is_worse: bool) -> pd.Series:
    """From 0 for the best off to 1 for the worst off; 0 for all when they are the same."""
    lowest, highest = values.min(), values.max()
    if not highest > lowest:
        return values.where(values.isna(), 0.0)
    scaled = (values - lowest) / (highest - lowest)
    return scaled if more_is_worse else 1 - scaled
