"""The page *Waar eerst*: neighbourhoods in an order of need by weights that the planner chooses and everybody sees."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import streamlit as st

from meetingplaces.export.figures import MOST_CHART_ROWS, ChartFigure, Panel
from meetingplaces.export.screen import Column, Screen
from meetingplaces.metrics.ranking import COMPARED, weighed
from meetingplaces.model.crs import RD_NEW
from meetingplaces.ui.filters import following
from meetingplaces.ui.planner.answers import answer_of
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.need_figures import notes_on_need
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.profile_table import profile_columns, profile_table
from meetingplaces.ui.planner.screens import method_of, screen_of
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.session import change, state_now

_AT_FIRST: Mapping[str, int] = {"gap": 2, "share": 2, "residents_65_plus_share": 1}
_HEAVIEST = 5


def draw() -> None:
    """Draw the page."""
    planner_page("priorities", _draw)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    choose_question(planning)
    table = profile_table(planning, answer_of(planning))
    columns = {one.key: one for one in profile_columns(planning, table) if one.key in COMPARED}
    weights = _weights(planning)
    _choose_weights(planning, columns, weights)
    areas = table.drop(index=planning.state.municipality)
    counted = {name: weight for name, weight in weights.items() if name in columns}
    found = weighed(areas[list(columns)].astype(float), counted, COMPARED)
    if found["score"].isna().all():
        st.info(texts("priorities_no_weights"))
        return
    screen = _screen(planning, areas.loc[found.index], found, columns, counted)
    st.html(table_html(screen, texts, bar="score"))
    explain(planning, screen)
    panels = (Panel("score"), *(Panel(one.key) for one in screen.columns if one.key.startswith("part_")))
    drawn = len(screen.table) <= MOST_CHART_ROWS
    downloads(planning, screen, ChartFigure(("area_name",), panels) if drawn else None)


def _weights(planning: Planning) -> dict[str, int]:
    return dict(planning.state.weights) or dict(_AT_FIRST)


def _choose_weights(planning: Planning, columns: Mapping[str, Column], weights: Mapping[str, int]) -> None:
    texts = planning.texts
    st.html(f"<h2>{texts('priorities_weights')}</h2><p>{texts('priorities_weights_meaning')}</p>")
    boxes = st.columns(4)
    for number, (name, column) in enumerate(columns.items()):
        with boxes[number % len(boxes)]:
            key = following(f"weight_{name}", {}, weights.get(name, 0))
            label = texts("priorities_more" if COMPARED[name] else "priorities_less", measure=column.label)
            st.slider(label, 0, _HEAVIEST, key=key, on_change=_take, args=(name, key, planning))


def _take(name: str, key: str, planning: Planning) -> None:
    now = dict(state_now().weights) or dict(_AT_FIRST)
    changed = {**now, name: st.session_state[key]}
    change(weights=tuple((one, changed[one]) for one in COMPARED if changed.get(one)) or ((name, 0),))


def _screen(
    planning: Planning,
    areas: pd.DataFrame,
    found: pd.DataFrame,
    columns: Mapping[str, Column],
    weights: Mapping[str, int],
) -> Screen:
    """The order with the score, its parts, and the numbers they come from."""
    texts = planning.texts
    rows = areas.assign(score=found["score"], **{f"part_{name}": found[name] for name in found if name != "score"})
    outlines = planning.loaded.neighbourhoods.set_index("neighbourhood_code").geometry
    parts = [
        Column(f"part_{name}", texts("priorities_part", measure=columns[name].label), "number",
               texts("priorities_part_meaning", measure=columns[name].label), 2)
        for name in columns if weights.get(name)
    ]  # fmt: skip
    return screen_of(
        planning, f"waar-eerst-{planning.state.municipality}".lower(), texts("page_priorities"),
        rows.reset_index(drop=True),
        (
            Column("area_name", texts("column_area_name"), "text", texts("column_area_name_meaning")),
            Column("score", texts("priorities_score"), "number", texts("priorities_score_meaning"), 2),
            *(columns[name] for name in columns if weights.get(name)),
            *parts,
        ),
        geometry=gpd.GeoSeries(outlines.loc[rows.index].to_list(), crs=RD_NEW),
        notes=notes_on_need(planning, columns, rows.index),
        facts=tuple((texts("priorities_weight", measure=columns[name].label), str(weight))
                    for name, weight in weights.items() if weight),
        method=method_of(planning, "priorities"),
    )  # fmt: skip
