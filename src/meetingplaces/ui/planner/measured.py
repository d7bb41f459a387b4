"""A measure for every neighbourhood: the numbers, the table as it stands on screen, and the answer in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.export.screen import Beyond, Column, Kind, Screen
from meetingplaces.metrics.coverage import choice, coverage
from meetingplaces.metrics.measures import MEASURES, Measure, minutes
from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.metrics.space import space
from meetingplaces.model.crs import RD_NEW
from meetingplaces.ui.planner.answers import Answer
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.planner.screens import method_of, screen_of

MORE_IS_WORSE = frozenset({"gap", "distance", "minutes"})

_PEOPLE: tuple[tuple[str, Kind], ...] = (("people", "people"),)
_BEYOND: tuple[tuple[str, Kind], ...] = tuple(
    (f"{name}_beyond", "yes_no") for name in ("median", "median_perhaps", "p90")
)
_COLUMNS: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    "coverage": (*_PEOPLE, ("reached", "people"), ("share", "share"), ("share_perhaps", "share")),
    "gap": (*_PEOPLE, ("gap", "people"), ("gap_low", "people"), ("gap_high", "people"), ("gap_perhaps", "people")),
    "distance": (*_PEOPLE, ("median_m", "metres"), ("median_m_perhaps", "metres"), ("p90_m", "metres"), *_BEYOND),
    "minutes": (*_PEOPLE, ("median_min", "number"), ("median_min_perhaps", "number"), ("p90_min", "number"), *_BEYOND),
    "choice": (*_PEOPLE, ("reached", "people"), ("share", "share"), ("share_perhaps", "share")),
    "places": (("residents", "whole"), ("places_count", "whole"), ("places_per_1000", "number")),
    "space": (
        ("residents", "whole"), ("area_m2", "whole"), ("area_m2_per_1000", "whole"),
        ("places_without_area_count", "whole"),
    ),
}  # fmt: skip
"""What the table says of each measure, besides the name of the area and how much of it is inside the data."""


@dataclass(frozen=True)
class Measured:
    """A measure as found: `table` has a row per neighbourhood and the municipality as the last, with area_name."""

    measure: Measure
    table: pd.DataFrame

    @property
    def values(self) -> NDArray[np.float64]:
        """What the map shows, NaN where unknown, `inf` beyond the search; the municipality is the last."""
        values = self.table[self.measure.column].to_numpy(float, na_value=np.nan)
        mark = f"{self.measure.column.partition('_')[0]}_beyond"
        return np.where(self.table[mark], np.inf, values) if mark in self.table else values

    @property
    def order(self) -> NDArray[np.int64]:
        """Rows from the neighbourhood that is worst off to the best, then the unknown; the municipality as the last."""
        values = self.values[:-1] * (-1 if self.measure.key in MORE_IS_WORSE else 1)
        return np.append(np.argsort(values, kind="stable"), len(values))


def measured(planning: Planning, answer: Answer, key: str) -> Measured:
    """The measure `key` of every neighbourhood, for what the state asks."""
    names = [*planning.loaded.neighbourhoods["neighbourhood_name"], planning.municipality_name]
    return Measured(MEASURES[key], _table(planning, answer, key).assign(area_name=names))


def _table(planning: Planning, answer: Answer, key: str) -> pd.DataFrame:
    if key in {"places", "space"}:
        table = space(planning.loaded.places, answer.places.sure, planning.loaded.neighbourhoods)
        return table.assign(area_m2=table["area_m2"].round(), area_m2_per_1000=table["area_m2_per_1000"].round())
    if key == "choice":
        sure, perhaps = answer.kinds("sure"), answer.kinds("perhaps")
        kinds = planning.norms.choice.kinds
        group, metres = planning.state.group, planning.budget_m
        found, most = (choice(reach, answer.homes, group, metres, kinds=kinds) for reach in (sure, perhaps))
        return found.assign(share_perhaps=most["share"])
    return _walked(planning, answer)


def _walked(planning: Planning, answer: Answer) -> pd.DataFrame:
    group, metres = planning.state.group, planning.budget_m
    sure, perhaps = answer.distances.sure, answer.distances.perhaps
    table = coverage(sure, answer.homes, group, metres)
    most = table if np.array_equal(sure, perhaps) else coverage(perhaps, answer.homes, group, metres)
    speed = planning.norms.profile(planning.state.profile).speed.metres_per_second
    columns: dict[str, Any] = {"share_perhaps": most["share"], "gap_perhaps": most["gap"]}
    for name, found in (("median", table["median_m"]), ("median_perhaps", most["median_m"]), ("p90", table["p90_m"])):
        part, end = name.partition("_")[0], "_perhaps" if name.endswith("_perhaps") else ""
        beyond = np.isposinf(found.to_numpy(float))
        within = found.where(~beyond)
        columns |= {
            f"{part}_m{end}": within,
            f"{part}_min{end}": minutes(within.to_numpy(float, na_value=np.nan), speed),
            f"{name}_beyond": beyond,
        }
    return table.assign(**columns)


def measure_screen(planning: Planning, found: Measured) -> Screen:
    """The table as it stands on screen, in the order of `Measured.order`."""
    state, texts, order = planning.state, planning.texts, found.order
    outlines = [*planning.loaded.neighbourhoods.geometry, None]
    return screen_of(
        planning,
        f"{found.measure.key}-{state.municipality}".lower(),
        texts(f"measure_{found.measure.key}"),
        found.table.iloc[order].reset_index(drop=True),
        _columns(planning, found),
        method=method_of(planning, found.measure.key),
        geometry=gpd.GeoSeries([outlines[row] for row in order], crs=RD_NEW),
    )


def _columns(planning: Planning, found: Measured) -> tuple[Column, ...]:
    texts = planning.texts
    words = {
        "people": texts(f"people_{planning.state.group}"), "group": texts(f"group_{planning.state.group}"),
        "metres": texts.number(planning.budget_m),
        "kinds": texts.number(planning.norms.choice.kinds), "farthest": texts.number(REACH_LIMIT_M),
    }  # fmt: skip
    columns = [Column("area_name", texts("column_area_name"), "text", texts("column_area_name_meaning"))]
    for name, kind in _COLUMNS[found.measure.key]:
        if "_perhaps" in name and not _band(found.table, name):
            continue
        mark = f"{name.partition('_')[0]}{'_perhaps' if name.endswith('_perhaps') else ''}_beyond"
        beyond = Beyond(mark, texts("column_beyond", **words)) if mark in found.table and name != mark else None
        meaning = texts(f"column_{name}_meaning", **words)
        columns.append(Column(name, texts(f"column_{name}", **words), kind, meaning, beyond=beyond))
    told = texts("column_extent_share"), texts("column_extent_share_meaning")
    return (*columns, Column("extent_share", told[0], "share", told[1], 0))


def _band(table: pd.DataFrame, name: str) -> bool:
    """Whether what is unknown makes a difference to this column anywhere."""
    return not table[name].equals(table[name.replace("_perhaps", "", 1)])
