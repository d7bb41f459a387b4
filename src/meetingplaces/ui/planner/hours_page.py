"""The page *Open en dicht*: who has an open place within reach, per day and part of the day, and what is open then."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, get_args

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from meetingplaces.export.figures import ChartFigure, Panel
from meetingplaces.export.screen import Column, Screen
from meetingplaces.metrics.opening_coverage import open_places, opening_coverage
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.categories import Setting
from meetingplaces.ui import data
from meetingplaces.ui.filters import choose_neighbourhood
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.screens import method_of, screen_of
from meetingplaces.ui.planner.tables import week_html

_SHARES: Mapping[str, str] = {
    "open": "share_open", "open_or_assumed": "share_assumed", "open_or_unknown": "share_unknown",
}  # fmt: skip


def draw() -> None:
    """Draw the page."""
    planner_page("hours", _draw)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    choose_question(planning, moment=False)
    choose_neighbourhood(planning.state, planning.loaded, texts)
    answer = answer_of(planning)
    shares, counts = _tables(planning, answer)
    screen = _screen(planning, shares.merge(counts, on=["weekday", "part"]))
    st.html(f'<p class="answer" role="status">{_sentence(planning, shares)}</p>')
    week, settings = st.columns(2)
    with week:
        st.html(week_html(screen, planning, "share_assumed", ("share_open", "share_unknown")))
    with settings:
        st.html(f"<h2>{texts('hours_open_title')}</h2>{_complement_html(planning, counts)}")
        explain(planning, screen)
    band = Panel("share_assumed", low="share_open", high="share_unknown")
    downloads(planning, screen, ChartFigure(("weekday", "part"), (band,)))


def _area(planning: Planning) -> str:
    here = planning.state.neighbourhood
    return here if here and here in planning.loaded.neighbourhood_names else planning.state.municipality


def _tables(planning: Planning, answer: Answer) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Per weekday and part: shares of people, and numbers of places, of the area at hand."""
    loaded, parts, area = planning.loaded, planning.norms.day_parts, _area(planning)
    states = data.opening_states(loaded, planning.categories, planning.norms)

    def metres_to(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        open_then = answer.places.within(mask)
        return answer.walker.to_places(Chosen(open_then.sure, open_then.sure)).sure

    found = opening_coverage(
        states, parts, metres_to, answer.homes, group=planning.state.group, budget_m=planning.budget_m
    )
    shares = found[found["area_code"] == area].pivot(index=["weekday", "part"], columns="counted", values="share")
    chosen = answer.places.sure
    counted = open_places(states[chosen], parts, loaded.places[chosen], loaded.neighbourhoods)
    counts = counted[counted["area_code"] == area].drop(columns="area_code")
    wide = counts.pivot(index=["weekday", "part"], columns="setting")
    wide.columns = wide.columns.map(lambda names: f"{names[1]}_{names[0]}")
    return shares.rename(columns=_SHARES).reset_index(), wide.reset_index()


def _screen(planning: Planning, table: pd.DataFrame) -> Screen:
    texts, parts = planning.texts, {one.key: one for one in planning.norms.day_parts}
    order = {key: number for number, key in enumerate(parts)}
    rows = table.assign(_part=table["part"].map(order)).sort_values(["weekday", "_part"])
    rows = rows.assign(
        weekday=rows["weekday"].map(lambda day: texts(f"weekday_{day}")),
        part=rows["part"].map(lambda key: parts[key].name.in_language(texts.language)),
    )
    words = {"people": texts(f"people_{planning.state.group}"), "metres": texts.number(planning.budget_m)}
    columns = [
        Column("weekday", texts("hours_weekday"), "text", texts("hours_weekday")),
        Column("part", texts("question_part"), "text", texts("question_part")),
        *(_column(planning, name, "share", words) for name in _SHARES.values()),
    ]
    for setting in get_args(Setting):
        for name in ("open_count", "assumed_open_count", "unknown_count"):
            where = {"setting": texts(f"map_setting_{setting}")}
            label, meaning = texts(f"hours_{name}", **where), texts(f"hours_{name}_meaning", **where)
            columns.append(Column(f"{setting}_{name}", label, "whole", meaning))
    area = planning.loaded.neighbourhood_names.get(_area(planning), planning.municipality_name)
    return screen_of(
        planning, f"open-{_area(planning)}".lower(), texts("page_hours"), rows.reset_index(drop=True),
        tuple(columns), facts=((texts("filter_neighbourhood"), area),),
        method=method_of(planning, "hours"),
    )  # fmt: skip


def _column(planning: Planning, name: str, kind: Any, words: Mapping[str, str]) -> Column:
    return Column(
        name, planning.texts(f"hours_{name}", **words), kind, planning.texts(f"hours_{name}_meaning", **words)
    )


def _sentence(planning: Planning, shares: pd.DataFrame) -> str:
    """The moment when fewest people have an open place, in words."""
    texts = planning.texts
    if shares["share_assumed"].isna().all():
        return texts("planner_figure_unknown")
    row = shares.iloc[int(np.nanargmin(shares["share_assumed"].to_numpy(float, na_value=np.nan)))]
    part = next(one for one in planning.norms.day_parts if one.key == row["part"])
    told = {name: texts.number(100 * float(row[name]), 1) for name in _SHARES.values()}
    area = planning.loaded.neighbourhood_names.get(_area(planning), planning.municipality_name)
    same = shares["share_assumed"].nunique() == 1
    words = {"area": escape(area), "group": texts(f"people_{planning.state.group}")}
    words |= {"metres": texts.number(planning.budget_m), "part": part.name.in_language(texts.language)}
    day = texts(f"weekday_{row['weekday']}")
    return texts("hours_answer_same" if same else "hours_answer", day=day, **words, **told)


def _complement_html(planning: Planning, counts: pd.DataFrame) -> str:
    """Per part of the day, on a weekday in the middle of the week and on Sunday, what is open indoors and outdoors."""
    texts = planning.texts
    rows = []
    for weekday in (3, 7):
        for part in planning.norms.day_parts:
            [row] = counts[(counts["weekday"] == weekday) & (counts["part"] == part.key)].to_dict("records")
            told = "; ".join(_setting_told(planning, setting, row) for setting in get_args(Setting))
            moment = f"{texts(f'weekday_{weekday}')}, {part.name.in_language(texts.language)}"
            rows.append(f"<li><strong>{escape(moment)}</strong>: {escape(told)}</li>")
    return f"<ul>{''.join(rows)}</ul>"


def _setting_told(planning: Planning, setting: Setting, row: Mapping[Any, Any]) -> str:
    texts = planning.texts
    known = row[f"{setting}_open_count"] + row[f"{setting}_assumed_open_count"]
    words = {"count": texts.number(known), "unknown": texts.number(row[f"{setting}_unknown_count"])}
    name = texts(f"map_setting_{setting}").lower()
    return texts("hours_setting" if row[f"{setting}_unknown_count"] else "hours_setting_known", setting=name, **words)
