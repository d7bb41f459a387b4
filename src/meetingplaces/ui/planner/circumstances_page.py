"""The page *Crisis en weer*: what each neighbourhood keeps when places close, when it rains, or in the dark."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from meetingplaces.export.figures import MapFigure
from meetingplaces.export.screen import Column, Screen
from meetingplaces.metrics.circumstances import TIMED, Switch, Timed, left, left_per_area, unlit_places
from meetingplaces.metrics.opening import openings, states_at
from meetingplaces.metrics.opening_coverage import COUNTED
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.crs import RD_NEW
from meetingplaces.ui.filters import following
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.area_map import area_legend_html, area_view, figure_of
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.screens import Method, method_of, screen_of
from meetingplaces.ui.planner.surroundings import with_surroundings
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.session import change
from meetingplaces.ui.settings import now

_PLACES = ("places_now_count", "places_sure_count", "places_perhaps_count")
_SHARES = ("share_now", "share_sure", "share_perhaps")
_ON_MAP = "share_sure"


def draw() -> None:
    """Draw the page."""
    planner_page("circumstances", _draw)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    _choose_switches(planning)
    choose_question(planning)
    answer = answer_of(planning)
    stays = _left(planning)
    table = _table(planning, answer, stays)
    screen = _screen(planning, table)
    figure = figure_of(screen, _ON_MAP, planning.state.classing, planning.state.class_count, texts)
    st.html(f'<p class="answer" role="status">{_sentence(planning, table)}</p>')
    chart, listing = st.columns([2, 3])
    with chart:
        _draw_map(planning, answer.places & stays, screen, figure)
    with listing:
        st.html(table_html(screen, texts, bar=_ON_MAP, total=True))
        explain(planning, screen)
    downloads(planning, screen, with_surroundings(planning, figure, (answer.places & stays).sure))


def _choose_switches(planning: Planning) -> None:
    state, texts = planning.state, planning.texts
    names = {switch: texts(f"circumstances_{switch}") for switch in get_args(Switch)}
    key = following("circumstances", names, [one for one in names if one in state.circumstances])
    st.pills(
        texts("circumstances_choose"), list(names), selection_mode="multi", key=key, format_func=names.__getitem__,
        on_change=lambda: change(circumstances=frozenset(st.session_state[key])),
    )  # fmt: skip


def _left(planning: Planning) -> Chosen:
    """Which places are left in the circumstances of the state."""
    loaded, switches = planning.loaded, planning.state.circumstances
    unlit = unlit_places(loaded.places, loaded.walking.entrances, loaded.walking.network)
    return left(switches, loaded.places, unlit, {one: _open_then(planning, one) for one in TIMED if one in switches})


def _open_then(planning: Planning, switch: Timed) -> Chosen:
    """What is open at the moment a switch stands for, the next time it comes."""
    states = states_at(openings(planning.loaded.places, planning.categories), _next(planning, switch))
    return Chosen(np.isin(states, COUNTED["open_or_assumed"]), np.isin(states, COUNTED["open_or_unknown"]))


def _next(planning: Planning, switch: Timed) -> datetime:
    today, moment = now(), planning.norms.moments[switch]
    this_year = moment.in_year(today.year)
    return this_year if this_year >= today else moment.in_year(today.year + 1)


def _table(planning: Planning, answer: Answer, stays: Chosen) -> pd.DataFrame:
    """A row per neighbourhood and for the municipality as the last: what is left, and who can still reach it."""
    table = left_per_area(
        answer.places, stays, planning.loaded.places, answer.walker, answer.homes,
        group=planning.state.group, budget_m=planning.budget_m,
    )  # fmt: skip
    names = [*planning.loaded.neighbourhoods["neighbourhood_name"], planning.municipality_name]
    return table.assign(area_name=names, extent_share=answer.homes.extent_share)


def _order(table: pd.DataFrame) -> list[int]:
    """Neighbourhoods where most people lose reach first, the municipality as the last."""
    lost = (table["reached_now"] - table["reached_sure"]).astype(float).to_numpy()[:-1]
    return [*np.argsort(-lost, kind="stable").tolist(), len(table) - 1]


def _screen(planning: Planning, table: pd.DataFrame) -> Screen:
    texts, order = planning.texts, _order(table)
    words = {"metres": texts.number(planning.budget_m), "people": texts(f"people_{planning.state.group}")}
    words["group"] = texts(f"group_{planning.state.group}")
    named: list[tuple[str, Any]] = [("people", "people")]
    named += [(name, "whole") for name in _PLACES] + [(name, "share") for name in _SHARES]
    named = [one for one in named if not one[0].endswith(("perhaps", "perhaps_count")) or _doubt(table, one[0])]
    columns = [Column("area_name", texts("column_area_name"), "text", texts("column_area_name_meaning"))]
    for name, kind in named:
        prefix = "column" if name == "people" else "circumstances"
        columns.append(
            Column(name, texts(f"{prefix}_{name}", **words), kind, texts(f"{prefix}_{name}_meaning", **words))
        )
    inside = texts("column_extent_share"), texts("column_extent_share_meaning")
    columns.append(Column("extent_share", inside[0], "share", inside[1], 0))
    outlines = [*planning.loaded.neighbourhoods.geometry, None]
    return screen_of(
        planning, f"crisis-en-weer-{planning.state.municipality}".lower(), texts("page_circumstances"),
        table.iloc[order].reset_index(drop=True), tuple(columns),
        geometry=gpd.GeoSeries([outlines[row] for row in order], crs=RD_NEW),
        facts=((texts("circumstances_choose"), _switches_told(planning)),),
        method=(*method_of(planning, "circumstances"), *_switches_meant(planning)),
    )  # fmt: skip


def _switches_told(planning: Planning) -> str:
    texts, chosen = planning.texts, planning.state.circumstances
    told = [texts(f"circumstances_{one}") for one in get_args(Switch) if one in chosen]
    return ", ".join(told) or texts("circumstances_none")


def _sentence(planning: Planning, table: pd.DataFrame) -> str:
    texts, whole = planning.texts, table.iloc[-1]
    if not planning.state.circumstances:
        return texts("circumstances_choose_first")
    counts = {name: texts.number(int(whole[f"places_{name}_count"])) for name in ("now", "sure", "perhaps")}
    words = {"switches": escape(_switches_told(planning)), "area": escape(planning.municipality_name), **counts}
    said = texts("circumstances_places", **words)
    if _doubt(table, "places_perhaps_count"):
        said = f"{said} {texts('circumstances_perhaps', **words)}"
    if pd.isna(whole["share_now"]):
        return said
    shares = {name: texts.number(100 * float(whole[f"share_{name}"]), 1) for name in ("now", "sure", "perhaps")}
    group = {"group": texts(f"people_{planning.state.group}"), "metres": texts.number(planning.budget_m)}
    empty = [str(row["area_name"]) for _, row in table.iloc[:-1].iterrows() if _lost_all(row)]
    said = f"{said} {texts('circumstances_people', **group, **shares)}"
    if shares["perhaps"] != shares["sure"]:
        said = f"{said} {texts('circumstances_people_perhaps', **shares)}"
    return f"{said} {texts('circumstances_lost_all', areas=escape(', '.join(empty)))}" if empty else said


def _doubt(table: pd.DataFrame, name: str) -> bool:
    """Whether what we do not know makes a difference to this column."""
    return not table[name].equals(table[name.replace("perhaps", "sure")])


def _lost_all(row: pd.Series) -> bool:
    """Whether a neighbourhood has places now, and surely and even perhaps none left."""
    return bool(row["places_now_count"] > 0 and row["places_perhaps_count"] == 0)


def _draw_map(planning: Planning, places: Chosen, screen: Screen, figure: MapFigure | None) -> None:
    loaded, texts = planning.loaded, planning.texts
    view = {
        "rows": np.flatnonzero(places.sure).tolist(),
        "focus": None,
        "selected": None,
        "areas": area_view(screen, _ON_MAP, figure, texts),
    }
    planning_map(loaded, planning.categories, texts, view, lambda message: None)
    title = texts("legend_areas", measure=screen.column(_ON_MAP).label)
    st.html(area_legend_html(title, screen, figure, texts) + f'<p class="note">{texts("circumstances_map")}</p>')


def _switches_meant(planning: Planning) -> Method:
    """What each switch leaves, by its name on screen."""
    texts = planning.texts
    moments = {one: texts.moment(_next(planning, one)) for one in TIMED}
    return tuple(
        (texts(f"circumstances_{one}"), texts(f"circumstances_{one}_meaning", moment=moments.get(one, "")))
        for one in get_args(Switch)
    )
