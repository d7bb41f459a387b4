"""The page *Dekking*: a measure per neighbourhood, on the map and in a table that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, get_args

import pandas as pd
import streamlit as st

from meetingplaces.export.figures import MapFigure
from meetingplaces.export.screen import Screen
from meetingplaces.metrics.classes import Classing
from meetingplaces.metrics.measures import AREA_MEASURES
from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.ui.filters import choose_neighbourhood
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.area_map import area_legend_html, area_view, figure_of, home_legend_html, home_view
from meetingplaces.ui.planner.choices import choose_one, choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.measured import Measured, measure_screen, measured
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.surroundings import with_surroundings
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.session import change


def draw() -> None:
    """Draw the page."""
    planner_page("coverage", _draw)


def _draw(planning: Planning) -> None:
    state, texts = planning.state, planning.texts
    choose_question(planning)
    answer = answer_of(planning)
    found = measured(planning, answer, state.measure)
    screen = measure_screen(planning, found)
    figure = figure_of(screen, found.measure.column, state.classing, state.class_count, texts)
    row = _chosen_row(planning, found)
    st.html(f'<div class="answer" role="status">{_answer_html(planning, found, screen, row)}</div>')
    measure, area = st.columns(2)
    with measure:
        _choose_measure(planning)
    with area:
        choose_neighbourhood(state, planning.loaded, texts)
    chart, table = st.columns(2)
    with chart:
        _draw_map(planning, answer, found, screen, figure)
        _choose_classes(planning)
    with table:
        line = _line(planning, found)
        st.html(table_html(screen, texts, bar=found.measure.column, line=line, total=True, marked=row))
        explain(planning, screen)
    downloads(planning, screen, with_surroundings(planning, figure))


def _choose_measure(planning: Planning) -> None:
    names = {key: planning.texts(f"measure_{key}") for key in AREA_MEASURES}
    choose_one(
        "measure", planning.texts("coverage_measure"), names, planning.state.measure, lambda key: change(measure=key)
    )


def _choose_classes(planning: Planning) -> None:
    state, texts = planning.state, planning.texts
    names = {one: texts(f"classing_{one}") for one in get_args(Classing)}
    how, many = st.columns([3, 2])
    with how:
        choose_one(
            "classing", texts("coverage_classes"), names, state.classing, lambda one: change(classing=one)
        )  # fmt: skip
    with many:
        counts = {count: str(count) for count in range(3, 8)}
        choose_one(
            "class_count", texts("coverage_class_count"), counts, state.class_count, lambda one: change(class_count=one)
        )


def _draw_map(planning: Planning, answer: Answer, found: Measured, screen: Screen, figure: MapFigure | None) -> None:
    loaded, texts = planning.loaded, planning.texts
    view: dict[str, Any] = {
        "rows": [],
        "focus": planning.state.neighbourhood,
        "selected": None,
        "areas": area_view(screen, found.measure.column, figure, texts),
        "homes": home_view(answer.distances.sure),
        "pick": "area",
    }

    def picked(message: Mapping[str, Any]) -> None:
        if message.get("area") in loaded.neighbourhood_names:
            change(neighbourhood=message["area"])

    planning_map(loaded, planning.categories, texts, view, picked)
    title = texts("legend_areas", measure=texts(f"measure_{found.measure.key}"))
    st.html(area_legend_html(title, screen, figure, texts) + home_legend_html(texts))


def _line(planning: Planning, found: Measured) -> float | None:
    """What a bar is to be held against: the distance asked for, else the municipality."""
    if found.measure.key == "gap":
        return None
    if found.measure.key == "distance":
        return planning.budget_m
    whole = float(found.values[-1])
    return whole if whole < float("inf") else None


def _chosen_row(planning: Planning, found: Measured) -> int | None:
    """Where the neighbourhood that was chosen stands in the table."""
    codes = found.table["area_code"].iloc[found.order].tolist()
    return codes.index(planning.state.neighbourhood) if planning.state.neighbourhood in codes else None


def _answer_html(planning: Planning, found: Measured, screen: Screen, chosen: int | None) -> str:
    """The answer for the municipality, and below it that for the neighbourhood that was chosen."""
    last = len(screen.table) - 1
    told = [_sentence(planning, found, screen, last)]
    if found.measure.column == "share":
        told[0] += _interval(planning, screen)
    if chosen is not None:
        name = escape(screen.told("area_name")[chosen])
        told.append(f"<strong>{name}</strong>: {_sentence(planning, found, screen, chosen)}")
    return "".join(f"<p>{one}</p>" for one in told)


def _sentence(planning: Planning, found: Measured, screen: Screen, row: int) -> str:
    """What the row says, in words."""
    texts, column = planning.texts, found.measure.column
    words = {one.key: escape(screen.told(one.key)[row]) for one in screen.columns}
    words |= {"group": texts(f"people_{planning.state.group}"), "metres": texts.number(planning.budget_m)}
    if screen.is_beyond(column)[row]:
        return texts("answer_beyond", farthest=texts.number(REACH_LIMIT_M), **words)
    if screen.table[column].isna()[row]:
        return texts("planner_figure_unknown" if row == len(screen.table) - 1 else "planner_area_unknown")
    said = texts(f"answer_{found.measure.key}", kinds=planning.norms.choice.kinds, **words)
    perhaps = f"{column}_perhaps"
    if perhaps in words and words[perhaps] != words[column]:
        said = f"{said} {texts('answer_perhaps', perhaps=words[perhaps])}"
    return said


def _interval(planning: Planning, screen: Screen) -> str:
    """Between which shares that of the municipality lies, since CBS rounds, in words."""
    column, whole = screen.column("share"), screen.table.iloc[-1]
    if pd.isna(whole["share"]):
        return ""
    low, high = (screen.written(column, float(whole[f"share{bound}"])) for bound in ("_low", "_high"))
    return " " + planning.texts("answer_interval_none" if low == high else "answer_interval", low=low, high=high)
