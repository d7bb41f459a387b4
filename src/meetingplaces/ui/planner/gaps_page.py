"""The page *Witte vlekken*: the stretches of street where most people have no place within reach."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from meetingplaces.export.screen import Beyond, Column, Screen
from meetingplaces.metrics.gaps import gaps
from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.pipeline.drawing import line_drawing
from meetingplaces.ui.filters import choose_neighbourhood
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.area_map import figure_of, home_legend_html, home_view
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.screens import method_of, screen_of
from meetingplaces.ui.planner.surroundings import with_surroundings
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.session import change

_MOST_SHOWN = 60
_WIDEST_PX = 10


def draw() -> None:
    """Draw the page."""
    planner_page("gaps", _draw)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    choose_question(planning)
    choose_neighbourhood(planning.state, planning.loaded, texts)
    answer = answer_of(planning)
    found = _stretches(planning, answer)
    shown = found.head(_MOST_SHOWN).reset_index(drop=True)
    st.html(f'<p class="answer" role="status">{_sentence(planning, found, shown)}</p>')
    screen = _screen(planning, shown)
    chart, table = st.columns([3, 5])
    with chart:
        _draw_map(planning, answer, shown, screen)
    with table:
        st.html(table_html(screen, texts, bar="people"))
        explain(planning, screen)
    weight = "people" if shown["people"].notna().any() else "homes_count"
    figure = figure_of(screen, weight, planning.state.classing, planning.state.class_count, texts)
    downloads(planning, screen, with_surroundings(planning, figure, answer.places.sure))


def _stretches(planning: Planning, answer: Answer) -> gpd.GeoDataFrame:
    """The stretches of the neighbourhood at hand, or of all, those with most people first."""
    walk = planning.loaded.walking
    found = gaps(answer.distances.sure, walk.homes, walk.network, planning.state.group, planning.budget_m)
    here = planning.state.neighbourhood
    if here in planning.loaded.neighbourhood_names:
        found = found[found["neighbourhood_code"] == here]
    names = planning.loaded.neighbourhood_names
    nameless = planning.texts("gaps_nameless")
    near = found["street_is_near"].fillna(False).astype(bool)
    street = found["street"].where(~near, found["street"].map(lambda one: planning.texts("list_near", street=one)))
    return found.assign(street=street.fillna(nameless), area_name=found["neighbourhood_code"].map(names))


def _screen(planning: Planning, shown: gpd.GeoDataFrame) -> Screen:
    texts = planning.texts
    words = {
        "people": texts(f"people_{planning.state.group}"), "group": texts(f"group_{planning.state.group}"),
        "metres": texts.number(planning.budget_m), "farthest": texts.number(REACH_LIMIT_M),
    }  # fmt: skip

    def column(name: str, kind: Any, beyond: Beyond | None = None) -> Column:
        label, meaning = texts(f"gaps_{name}", **words), texts(f"gaps_{name}_meaning", **words)
        return Column(name, label, kind, meaning, beyond=beyond)

    farther = Beyond("beyond_search", texts("column_beyond", **words))
    columns = (
        column("street", "text"), column("area_name", "text"), column("people", "people"),
        column("people_low", "people"), column("people_high", "people"), column("homes_count", "whole"),
        column("median_m", "metres", farther), column("beyond_search", "yes_no"),
    )  # fmt: skip
    lines = shown.geometry.map(lambda one: None if one is None or one.is_empty else one)
    return screen_of(
        planning, f"witte-vlekken-{planning.state.municipality}".lower(), texts("page_gaps"),
        pd.DataFrame(shown.drop(columns="geometry")), columns, geometry=gpd.GeoSeries(lines, crs=shown.crs),
        method=method_of(planning, "gap"),
    )  # fmt: skip


def _draw_map(planning: Planning, answer: Answer, shown: gpd.GeoDataFrame, screen: Screen) -> None:
    loaded = planning.loaded
    drawn = np.flatnonzero(~(shown.geometry.is_empty | shown.geometry.isna()))
    people = shown["people"].fillna(0).astype(float)
    widths = 3 + (_WIDEST_PX - 3) * np.sqrt(people / max(people.max(), 1))
    told = list(zip(screen.told("street"), screen.told("area_name"), screen.told("people"), strict=True))
    stretches = [
        {
            "id": int(row),
            "lines": lines,
            "width": round(float(widths[row]), 1),
            "label": planning.texts("gaps_label", street=told[row][0], area=told[row][1], people=told[row][2]),
        }
        for row, lines in zip(drawn, line_drawing(shown.geometry.iloc[drawn]), strict=True)
    ]
    view = {
        "rows": np.flatnonzero(answer.places.sure).tolist(),
        "focus": planning.state.neighbourhood if planning.state.neighbourhood in loaded.neighbourhood_names else None,
        "selected": None,
        "homes": home_view(answer.distances.sure),
        "stretches": stretches,
    }

    def picked(message: Mapping[str, Any]) -> None:
        row = message.get("stretch")
        if isinstance(row, int) and 0 <= row < len(shown):
            change(neighbourhood=str(shown["neighbourhood_code"].iloc[row]))

    planning_map(loaded, planning.categories, planning.texts, view, picked)
    st.html(f'<p class="note">{planning.texts("gaps_legend")}</p>{home_legend_html(planning.texts)}')


def _sentence(planning: Planning, found: gpd.GeoDataFrame, shown: gpd.GeoDataFrame) -> str:
    texts, state = planning.texts, planning.state
    area = escape(planning.loaded.neighbourhood_names.get(state.neighbourhood or "", planning.municipality_name))
    words = {"area": area, "metres": texts.number(planning.budget_m), "group": texts(f"people_{state.group}")}
    if not len(found):
        return texts("gaps_none", **words)
    if found["people"].isna().all():
        homes = texts.number(int(found["homes_count"].sum()))
        return texts("gaps_people_unknown", homes=homes, **words)
    people = {"people": texts.number(float(found["people"].sum())), "streets": texts.number(len(found))}
    part = {"shown": texts.number(len(shown)), "part": texts.number(float(shown["people"].sum()))}
    said = texts("gaps_answer", **words, **people)
    return said if len(shown) == len(found) else f"{said} {texts('gaps_part', **part)}"
