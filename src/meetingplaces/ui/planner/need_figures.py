"""Key figures of need beside supply, never mixed into it: age, living alone, origin, means, care and loneliness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from meetingplaces.export.screen import Kind
from meetingplaces.model.figures import INDICATORS, Unit
from meetingplaces.model.groups import GROUPS
from meetingplaces.ui.planner.page import Planning

_KIND_OF: Mapping[Unit, Kind] = {"share": "share", "per_1000": "number", "euro": "number"}
NEED: Mapping[str, Kind] = {name: _KIND_OF[one.unit] for name, one in INDICATORS.items() if one.unit in _KIND_OF}
"""What kind of number each figure is; numbers of people and households are no need by themselves."""
_OF_ALL: Mapping[str, str] = {made.share: made.count for made in GROUPS.values() if made.share}


def need_figures(planning: Planning) -> pd.DataFrame:
    """A row per neighbourhood and for the municipality, by code; a column per figure of `NEED`, NaN where unknown.

    A neighbourhood may have the figure of the wider area that lent it, see `notes_on_need`. Where nobody gives one of
    the municipality, shares of people and households are those of its neighbourhoods together.
    """
    areas = planning.loaded.neighbourhoods.set_index("neighbourhood_code")
    codes = [*areas.index, planning.state.municipality]
    table = _told(planning).pivot(index="area_code", columns="indicator", values="value")
    table = table.reindex(index=codes, columns=list(NEED)).astype("Float64").astype(float)
    for name, weight in _OF_ALL.items():
        own = areas[[name, weight]].astype("Float64").astype(float).dropna()
        own = own[own[weight] > 0]
        whole = np.average(own[name], weights=own[weight]) if len(own) else np.nan
        table[name] = table[name].fillna(pd.Series([*areas[name], whole], codes, "Float64").astype(float))
    return table


def notes_on_need(planning: Planning, shown: Iterable[str], areas: Iterable[str]) -> tuple[str, ...]:
    """For which of the figures and areas (codes) shown that of a wider area stands in, or that figures are lacking."""
    texts, names, told = planning.texts, planning.loaded.neighbourhood_names, _told(planning)
    figures = [name for name in shown if name in NEED]
    if set(figures) <= set(_OF_ALL):
        return (texts("compare_need_unknown", municipality=planning.municipality_name),)
    lent = told[(told["level_code"] != told["area_code"]) & told["area_code"].isin(names.keys() & set(areas))]
    of_figure = {name: [names[code] for code in lent.loc[lent["indicator"] == name, "area_code"]] for name in figures}
    return tuple(
        texts("compare_lent", measure=texts(f"compare_{name}"), areas=", ".join(found))
        for name, found in of_figure.items()
        if found
    )


def meaning_of_need(planning: Planning, name: str) -> str:
    """What a figure says, of which year it is and, for an estimate, how far it may be off."""
    texts, told = planning.texts, _told(planning)
    rows = told[told["indicator"] == name]
    said = [texts(f"compare_{name}_meaning")]
    if years := sorted({int(year) for year in rows["year"].dropna()}):
        said.append(texts("compare_years", years=", ".join(map(str, years))))
    off = pd.concat([rows["high"] - rows["value"], rows["value"] - rows["low"]]).max()
    if NEED[name] == "share" and pd.notna(off):
        said.append(texts("compare_margin", points=texts.number(100 * float(off), 1)))
    return " ".join(said)


def _told(planning: Planning) -> pd.DataFrame:
    """The figures of `NEED` that have a value."""
    table = planning.loaded.figures
    return table[table["indicator"].isin(NEED) & table["value"].notna()]
