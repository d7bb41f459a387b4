"""The page *Wie treft wie*: how many people of each group can walk to the same place."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from meetingplaces.export.screen import Column, Kind, Screen
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.groups import GROUPS
from meetingplaces.ui import data
from meetingplaces.ui.filters import choose_neighbourhood
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.area_map import figure_of
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.place_names import place_name
from meetingplaces.ui.planner.screens import method_of, screen_of
from meetingplaces.ui.planner.surroundings import with_surroundings
from meetingplaces.ui.planner.tables import table_html

_MOST_SHOWN = 40
_SHARE = "residents_65_plus_share"


def draw() -> None:
    """Draw the page."""
    planner_page("mixing", _draw)


def _draw(planning: Planning) -> None:
    texts, state = planning.texts, planning.state
    choose_question(planning)
    choose_neighbourhood(state, planning.loaded, texts)
    found = _places(planning, answer_of(planning))
    if not len(found):
        st.info(texts("mixing_none"))
        return
    shown = found.head(_MOST_SHOWN).reset_index(drop=True)
    st.html(f'<p class="answer" role="status">{_sentence(planning, found, shown)}</p>')
    screen = _screen(planning, shown)
    chart, table = st.columns([1, 2])
    with chart:
        view = {"rows": shown["row"].tolist(), "focus": state.neighbourhood, "selected": None}
        planning_map(planning.loaded, planning.categories, texts, view, lambda message: None)
    with table:
        st.html(table_html(screen, texts, bar=_weight(state.group, shown)))
        explain(planning, screen)
    figure = figure_of(screen, _weight(state.group, shown), state.classing, state.class_count, texts)
    downloads(planning, screen, with_surroundings(planning, figure))


def _weight(group: str, shown: pd.DataFrame) -> str:
    return group if shown[group].notna().any() else "homes_reached_count"


def _places(planning: Planning, answer: Answer) -> pd.DataFrame:
    """The places in the neighbourhood at hand, or all, with `row` in the table of places, those with most people first.

    Where people are unknown the number of homes gives the order.
    """
    loaded, group, here = planning.loaded, planning.state.group, planning.state.neighbourhood
    found = data.people_per_place(loaded, planning.norms, planning.state.profile, answer.places, planning.budget_m)
    found = found.assign(row=np.flatnonzero(answer.places.perhaps))
    found = found[loaded.members[here][found["row"]]]
    rows = found["row"].to_numpy(int)
    found = found.assign(
        name=[place_name(planning, row) for row in rows],
        kind=[planning.kind_name(one) for one in loaded.places["category"].iloc[rows]],
        fits=answer.places.sure[rows],
        residents_65_plus_share=found["residents_65_plus"] / found["residents"].where(found["residents"] > 0),
    )
    return found.sort_values([group, "homes_reached_count"], ascending=False, kind="stable", na_position="last")


def _screen(planning: Planning, shown: pd.DataFrame) -> Screen:
    texts = planning.texts
    words = {"metres": texts.number(planning.budget_m)}
    named: list[tuple[str, Kind]] = [("name", "text"), ("kind", "text")]
    named += [(group, "people") for group in GROUPS if shown[group].notna().any()]
    named += [(_SHARE, "share")] if shown[_SHARE].notna().any() else []
    named += [("homes_reached_count", "whole"), *_doubtful(planning.state.group, shown)]
    columns = [
        Column(name, texts(f"mixing_{name}", **words), kind, texts(f"mixing_{name}_meaning", **words))
        for name, kind in named
    ]
    points = planning.loaded.places.geometry.iloc[shown["row"]].representative_point()
    return screen_of(
        planning, f"wie-treft-wie-{planning.state.municipality}".lower(), texts("page_mixing"), shown, tuple(columns),
        geometry=gpd.GeoSeries(points.to_list(), crs=RD_NEW),
        facts=((texts("filter_neighbourhood"), _area(planning)),),
        method=method_of(planning, "mixing"),
    )  # fmt: skip


def _doubtful(group: str, shown: pd.DataFrame) -> Sequence[tuple[str, Kind]]:
    """Columns that are there only when something unknown makes a difference."""
    found: list[tuple[str, Kind]] = []
    if not shown[f"perhaps_{group}"].equals(shown[group]):
        shown["perhaps_people"] = shown[f"perhaps_{group}"]
        found.append(("perhaps_people", "people"))
    if not shown["fits"].all():
        found.append(("fits", "yes_no"))
    return found


def _area(planning: Planning) -> str:
    return planning.loaded.neighbourhood_names.get(planning.state.neighbourhood or "", planning.municipality_name)


def _sentence(planning: Planning, found: pd.DataFrame, shown: pd.DataFrame) -> str:
    texts, group, first = planning.texts, planning.state.group, shown.iloc[0]
    words = {
        "area": escape(_area(planning)), "place": escape(first["name"]), "group": texts(f"people_{group}"),
        "metres": texts.number(planning.budget_m), "homes": texts.number(int(first["homes_reached_count"])),
    }  # fmt: skip
    if pd.isna(first[group]):
        said = texts("mixing_answer_homes", **words)
    else:
        said = texts("mixing_answer", people=texts.number(float(first[group])), **words)
    if len(shown) == len(found):
        return said
    counts = {"shown": texts.number(len(shown)), "count": texts.number(len(found))}
    return f"{said} {texts('mixing_part', **words, **counts)}"
