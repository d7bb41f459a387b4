"""Key figures for the areas of a bundle, each from the newest year that has it.

Where a figure is kept secret a wider area lends its own; where the areas of then and now differ it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from meetingplaces.model.figures import FIGURE_COLUMNS, INDICATORS, check_figures
from meetingplaces.model.groups import GROUPS
from meetingplaces.sources.cbs_figures import SourceFigures

NEIGHBOURHOOD_FIGURES = (
    "residents_count", "households_count", *(made.share for made in GROUPS.values() if made.share)
)  # fmt: skip
"""Columns of the neighbourhood table that are key figures too."""


@dataclass(frozen=True)
class AreaTree:
    """The areas of a bundle: its edition, and for each area the wider ones it lies in, narrowest first."""

    boundary_year: int | None
    wider: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, neighbourhoods: gpd.GeoDataFrame) -> AreaTree:
        """From the neighbourhood table; a neighbourhood without a district lies in its municipality only."""
        wider: dict[str, tuple[str, ...]] = {}
        rows = neighbourhoods[["neighbourhood_code", "district_code", "municipality_code"]]
        for code, district, municipality in rows.itertuples(index=False):
            known = [district] if isinstance(district, str) else []
            wider[code] = (*known, municipality)
            wider.update(dict.fromkeys(known, (municipality,)))
            wider[municipality] = ()
        years = neighbourhoods["boundary_year"].dropna()
        return cls(int(years.iloc[0]) if len(years) else None, wider)


@dataclass(frozen=True)
class Changes:
    """Whether an area is still the one that had its code in another edition.

    `unchanged` tells of an area and year whether code and outline are those of the year before.
    """

    unchanged: Mapping[tuple[str, int], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[SourceFigures]) -> Changes:
        """What any of the sources tells; where two disagree, the area counts as changed."""
        told: dict[tuple[str, int], bool] = {}
        for source in sources:
            for code, year, same in source.unchanged[["area_code", "year", "unchanged"]].itertuples(index=False):
                told[code, int(year)] = bool(same) and told.get((code, int(year)), True)
        return cls(told)

    def same_area(self, code: str, one: int, other: int | None) -> bool:
        """Whether `code` is the same area in both editions, as far as is known; unknown counts as changed.

        A municipality gets another code when it merges, so the same code is the same municipality.
        """
        if other is None:
            return False
        years = range(min(one, other) + 1, max(one, other) + 1)
        return code.startswith("GM") or all(self.unchanged.get((code, year), False) for year in years)


def figures(
    neighbourhoods: gpd.GeoDataFrame,
    sources: Sequence[SourceFigures],
    failed: Mapping[str, Iterable[str]] | None = None,
) -> pd.DataFrame:
    """One row per area and indicator, following `figure_schema`, sorted by area and indicator.

    Parameters
    ----------
    neighbourhoods
        The areas of the bundle; figures are given for these, their districts and their municipality.
    sources
        What was read; of two with a figure of the same year, the one that comes first wins.
    failed
        Sources that could not be read, with the indicators they would have had. Where no other source has one of
        these, its figures are `failed`: nobody knows, which is something else than kept secret.
    """
    tree, changes = AreaTree.of(neighbourhoods), Changes.of(sources)
    missed = {indicator for indicators in (failed or {}).values() for indicator in indicators}
    known = [source.observations[source.observations["area_code"].isin(tree.wider)] for source in sources]
    residents: dict[str, float] = {}
    rows = []
    for indicator in INDICATORS:
        newest = _newest([table[table["indicator"] == indicator] for table in known if len(table)])
        own = {
            code: _own(newest.get(code), code, indicator, tree=tree, changes=changes, residents=residents)
            for code in tree.wider
        }
        if indicator == "residents_count":
            residents = {code: row["value"] for code, row in own.items() if pd.notna(row["value"])}
        if newest or indicator in missed:
            rows += [_row(code, indicator, own, tree, failed=not newest) for code in sorted(tree.wider)]
    table = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))
    numbers = {"value": "Float64", "low": "Float64", "high": "Float64", "year": "Int64"}
    text = {name: "str" for name in FIGURE_COLUMNS if name not in numbers}
    sorted_table = table.astype({**numbers, **text}).sort_values(["area_code", "indicator"], ignore_index=True)
    return check_figures(sorted_table, "figures")


def _newest(tables: Sequence[pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """The rows by area of the newest year in which any area has a figure; the first source that has it wins."""
    years = [int(year) for table in tables for year in table.loc[table["status"] == "known", "year"].unique()]
    found: dict[str, dict[str, Any]] = {}
    for table in tables if years else ():
        for row in table[table["year"] == max(years)].to_dict("records"):
            first = found.get(str(row["area_code"]))
            if first is None or (first["status"] != "known" and row["status"] == "known"):
                found[str(row["area_code"])] = {str(name): value for name, value in row.items()}
    return found


_NOTHING: dict[str, Any] = {"value": pd.NA, "low": pd.NA, "high": pd.NA, "year": pd.NA, "source_id": None}


def _own(
    observed: Mapping[str, Any] | None,
    code: str,
    indicator: str,
    *,
    tree: AreaTree,
    changes: Changes,
    residents: Mapping[str, float],
) -> dict[str, Any]:
    """What is known of the area itself, before anything is borrowed."""
    if observed is None:
        return {**_NOTHING, "status": "unpublished"}
    boundary_year = int(str(observed["boundary_year"]))
    if boundary_year != tree.boundary_year and not changes.same_area(code, boundary_year, tree.boundary_year):
        return {**_NOTHING, "status": "boundary_changed"}
    few = residents.get(code, INDICATORS[indicator].least_residents) < INDICATORS[indicator].least_residents
    if few or observed["status"] != "known":
        return {**_NOTHING, "status": "suppressed" if few else observed["status"]}
    return {name: observed[name] for name in (*_NOTHING, "status")}


def _row(
    code: str, indicator: str, own: Mapping[str, Mapping[str, Any]], tree: AreaTree, *, failed: bool
) -> dict[str, Any]:
    """The row of an area: its own figure, or that of the narrowest wider area that has one."""
    meaning, mine = INDICATORS[indicator], own[code]
    level, status = code, "failed" if failed else mine["status"]
    if meaning.cascades and status in {"suppressed", "unpublished"}:
        level = next((wider for wider in tree.wider[code] if own[wider]["status"] == "known"), code)
    found = own[level]
    return {
        "area_code": code,
        "indicator": indicator,
        "unit": meaning.unit,
        **{name: found[name] for name in _NOTHING},
        "level_code": None if pd.isna(found["value"]) else level,
        "status": status,
    }


def with_figures(neighbourhoods: gpd.GeoDataFrame, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """The neighbourhoods with `NEIGHBOURHOOD_FIGURES` that their own file lacks; only a figure of the area itself."""
    filled = {}
    for name in NEIGHBOURHOOD_FIGURES:
        rows = table[(table["indicator"] == name) & (table["area_code"] == table["level_code"])]
        values = neighbourhoods["neighbourhood_code"].map(rows.set_index("area_code")["value"]).astype("Float64")
        here = neighbourhoods[name]
        filled[name] = here.fillna(values.astype(here.dtype))
    return neighbourhoods.assign(**filled)
