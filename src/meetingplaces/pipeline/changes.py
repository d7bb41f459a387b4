"""What changed between two tables of places of one municipality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.model.crs import RD_NEW, WGS84

Change = Literal["added", "gone", "moved", "renamed"]
CHANGES: tuple[Change, ...] = get_args(Change)
MOVED_M = 25.0
"""Nearer than this a place was drawn more precisely, not moved. A choice of ours: the depth of a plot."""
_REDRAWN_M = 50.0

Changed = pd.DataFrame
"""One row per change, a place that moved and was renamed has two. Columns: `change`; `place_id` and `name` (as they
are now, of what is gone as they were); `category`, `weight`; `name_before` (of what was renamed); `moved_m`, metres."""


@dataclass(frozen=True)
class _Pair:
    before: int
    after: int


def changes(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Changed:
    """What was added, is gone, moved by more than `MOVED_M` or got another name, in the order of the tables.

    A place is the same when it keeps its `place_id`, else when both are made from a common record, else when kind and
    name are equal and it lies within 50 m: a mapper who turns a point into an outline gives it a new number.

    Parameters
    ----------
    before, after
        Tables as `place_schema` describes; one may be empty.
    """
    pairs = _pairs(before, after)
    kept_before, kept_after = {pair.before for pair in pairs}, {pair.after for pair in pairs}
    added = [row for row in range(len(after)) if row not in kept_after]
    gone = [row for row in range(len(before)) if row not in kept_before]
    moved_m = _distances_m(before, after, pairs)
    rows = [_row("added", after, row) for row in added] + [_row("gone", before, row) for row in gone]
    for pair, metres in zip(pairs, moved_m, strict=True):
        if metres > MOVED_M:
            rows.append({**_row("moved", after, pair.after), "moved_m": round(float(metres), 1)})
        names = before["name"].iloc[pair.before], after["name"].iloc[pair.after]
        if not _same_text(*names):
            rows.append({**_row("renamed", after, pair.after), "name_before": names[0]})
    columns = ["change", "place_id", "name", "category", "weight", "name_before", "moved_m"]
    return pd.DataFrame(rows, columns=columns).astype({"moved_m": float})


def same_places(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> pd.DataFrame:
    """Row numbers of what is the same place for `changes`, as columns `before` and `after`, in the order of `after`."""
    return pd.DataFrame([(pair.before, pair.after) for pair in _pairs(before, after)], columns=["before", "after"])


def _pairs(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[_Pair]:
    """Rows that are the same place, each row once."""
    left_before, left_after = dict.fromkeys(range(len(before))), dict.fromkeys(range(len(after)))
    pairs = list[_Pair]()
    for candidates in (_by_id, _by_record, _by_name):
        for pair in candidates(before, after, list(left_before), list(left_after)):
            if pair.before in left_before and pair.after in left_after:
                del left_before[pair.before], left_after[pair.after]
                pairs.append(pair)
    return sorted(pairs, key=lambda pair: pair.after)


def _by_id(before: pd.DataFrame, after: pd.DataFrame, rows: list[int], others: list[int]) -> list[_Pair]:
    known = {before["place_id"].iloc[row]: row for row in rows}
    ids = [(after["place_id"].iloc[other], other) for other in others]
    return [_Pair(known[place_id], other) for place_id, other in ids if place_id in known]


def _by_record(before: pd.DataFrame, after: pd.DataFrame, rows: list[int], others: list[int]) -> list[_Pair]:
    known = {record: row for row in rows for record in before["records"].iloc[row]}
    named = [(record, other) for other in others for record in after["records"].iloc[other]]
    return [_Pair(known[record], other) for record, other in named if record in known]


def _by_name(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, rows: list[int], others: list[int]) -> list[_Pair]:
    """Nearest first, so that of two namesakes each finds its own."""
    if not rows or not others:
        return []
    found = shapely.STRtree(_points(before)[rows]).query(_points(after)[others], "dwithin", distance=_REDRAWN_M)
    pairs = [_Pair(rows[row], others[other]) for other, row in found.T.tolist()]
    alike = [pair for pair in pairs if _alike(before.iloc[pair.before], after.iloc[pair.after])]
    metres = _distances_m(before, after, alike)
    return [alike[number] for number in np.argsort(metres, kind="stable")]


def _alike(one: pd.Series, other: pd.Series) -> bool:
    return bool(one["category"] == other["category"] and pd.notna(one["name"]) and one["name"] == other["name"])


def _distances_m(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, pairs: list[_Pair]) -> np.ndarray:
    """Metres between the points on the places."""
    if not pairs:
        return np.array([])
    here, there = [pair.before for pair in pairs], [pair.after for pair in pairs]
    return np.asarray(shapely.distance(_points(before)[here], _points(after)[there]))


def _points(places: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(gpd.GeoSeries.from_xy(places["longitude"], places["latitude"], crs=WGS84).to_crs(RD_NEW))


def _row(change: Change, table: pd.DataFrame, row: int) -> dict[str, object]:
    shown = table.iloc[row]
    return {"change": change, **{name: shown[name] for name in ("place_id", "name", "category", "weight")}}


def _same_text(one: str | float, other: str | float) -> bool:
    """Whether two names are equal; both unknown (NaN) is equal too."""
    return bool(one == other or (pd.isna(one) and pd.isna(other)))
