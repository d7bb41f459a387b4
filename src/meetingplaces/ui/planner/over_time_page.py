"""The page *Door de tijd*: two bundles of different dates, and what of the difference is real."""

from __future__ import annotations

from html import escape
from typing import get_args

import pandas as pd
import streamlit as st

from meetingplaces.export.figures import Band, MapFigure
from meetingplaces.export.screen import Screen
from meetingplaces.metrics.over_time import Nature
from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.pipeline.differences import RULES
from meetingplaces.ui import data
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.area_map import area_legend_html, area_view
from meetingplaces.ui.planner.choices import choose_one, choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.over_time import Times
from meetingplaces.ui.planner.over_time_screens import area_screen, coverage_screen, day_of, facts_screen, list_screen
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.screens import limits
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.session import change

_MOST_LISTED = 200
_ON_MAP = "differences"


def draw() -> None:
    """Draw the page."""
    planner_page("over_time", _draw, on_foot=False)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    choose_question(planning)
    date = _choose_earlier(planning)
    if date is None:
        st.info(texts("over_time_none", code=planning.state.municipality))
        return
    try:
        times = Times.of(planning, date)
    except MeetingPlacesError:
        _tell_broken(planning, date)
        return
    st.html(f'<p class="answer" role="status">{_sentence(times)}</p>')
    st.html(f"<p>{texts('over_time_caution')}</p>{_extent(times)}")
    areas = area_screen(times)
    figure = _figure(areas, texts)
    chart, table = st.columns(2)
    with chart:
        _draw_map(times, areas, figure)
    with table:
        st.html(f'{table_html(facts_screen(times), texts)}<p class="note">{texts("over_time_facts_meaning")}</p>')
        downloads(planning, facts_screen(times), heading=False)
        _explain(planning)
    st.html(table_html(areas, texts))
    downloads(planning, areas, figure, heading=False)
    _draw_list(times)
    _draw_coverage(times)


def _figure(areas: Screen, texts: Catalogue) -> MapFigure:
    """Neighbourhoods by their number of differences: none, one, and then twice as many each time."""
    most = max(int(number or 0) for number in areas.numbers(_ON_MAP)[:-1])
    starts = [start for start in (0, 1, 2, 4, 8, 16, 32) if start <= most]
    ends = [*(start - 1 for start in starts[1:]), most]
    bands = [
        Band(low - 0.5, high + 0.5, str(low) if low == high else texts("legend_from_to", low=low, high=high))
        for low, high in zip(starts, ends, strict=True)
    ]
    return MapFigure(_ON_MAP, areas.columns[0].key, tuple(bands))


def _draw_map(times: Times, areas: Screen, figure: MapFigure) -> None:
    """Neighbourhoods by their differences; the map draws homes too, so without them there is none."""
    if not times.now.loaded.bundle.has_walking:
        return
    texts, rows = times.now.texts, times.differences["row_after"].dropna()
    view = {
        "rows": sorted({int(row) for row in rows}),
        "focus": None,
        "selected": None,
        "areas": area_view(areas, _ON_MAP, figure, texts),
    }
    planning_map(times.now.loaded, times.now.categories, texts, view, lambda message: None)
    title = texts("legend_areas", measure=areas.column(_ON_MAP).label)
    st.html(area_legend_html(title, areas, figure, texts) + f'<p class="note">{texts("over_time_map")}</p>')


def _choose_earlier(planning: Planning) -> str | None:
    """The date of the earlier bundle to compare with; `None` when there is none that can be read."""
    kept = data.earlier(planning.state.municipality)
    for broken in (one for one in kept if one.bundle is None):
        _tell_broken(planning, broken.date)
    dates = {one.date: planning.texts.date(one.date) for one in kept if one.bundle}
    if not dates:
        return None
    latest = next(iter(dates))
    date = planning.state.earlier if planning.state.earlier in dates else latest
    with st.columns(4)[0]:
        choose_one(
            "earlier", planning.texts("over_time_choose"), dates, date,
            lambda one: change(earlier=None if one == latest else one),
        )  # fmt: skip
    return date


def _tell_broken(planning: Planning, date: str) -> None:
    st.warning(planning.texts("over_time_broken", date=planning.texts.date(date)))


def _sentence(times: Times) -> str:
    """How many differences of each nature there are, and what they did to coverage."""
    texts, whole = times.now.texts, times.per_area.iloc[-1]
    words = {"area": escape(times.now.municipality_name), "then": day_of(times.then), "now": day_of(times.now)}
    if not whole["differences"]:
        return texts("over_time_alike", **words)
    counts = {name: texts.number(int(whole[name])) for name in ("differences", *get_args(Nature))}
    said = texts("over_time_answer", **words, **counts)
    return f"{said} {_of_coverage(times)}" if times.has_walking else said


def _of_coverage(times: Times) -> str:
    texts, whole = times.now.texts, times.coverage.iloc[-1]
    if pd.isna(whole["share_now"]):
        return ""
    shares = {name: texts.number(100 * whole[f"share_{name}"], 1) for name in ("then", "now")}
    bounds = {name: texts.number(100 * whole[f"real_{name}"], 1) for name in ("low", "high")}
    words = {"group": texts(f"people_{times.now.state.group}"), "metres": texts.number(times.now.budget_m)}
    real = "over_time_real" if bounds["low"] == bounds["high"] else "over_time_real_between"
    return f"{texts('over_time_coverage', **words, **shares)} {texts(real, **bounds)}"


def _extent(times: Times) -> str:
    """That the data of then cover other ground, when they do."""
    then, now = (one.loaded.bundle.manifest.extent for one in (times.then, times.now))
    return "" if then == now else f"<p>{times.now.texts('over_time_extent')}</p>"


def _draw_list(times: Times) -> None:
    texts, count = times.now.texts, len(times.differences)
    if not count:
        return
    listed = list_screen(times, _MOST_LISTED)
    st.html(table_html(listed, texts, link="url"))
    if count > _MOST_LISTED:
        st.html(f"<p>{texts('over_time_listed', shown=texts.number(_MOST_LISTED), all=texts.number(count))}</p>")
    downloads(times.now, listed, heading=False)


def _draw_coverage(times: Times) -> None:
    texts = times.now.texts
    if not times.has_walking:
        st.info(texts("over_time_no_walking"))
        return
    screen = coverage_screen(times)
    st.html(f'{table_html(screen, texts)}<p class="note">{texts("over_time_coverage_meaning")}</p>')
    downloads(times.now, screen, heading=False)


def _explain(planning: Planning) -> None:
    """The rule of every nature, where the words stand, and how coverage is divided."""
    texts = planning.texts
    with st.expander(texts("over_time_explain")):
        told = "".join(
            f"<dt>{texts(f'over_time_nature_{nature}')}</dt><dd>{texts(f'over_time_nature_{nature}_meaning')}<ul>"
            + "".join(
                f"<li>{texts(f'over_time_rule_{rule}')}: {texts(f'over_time_rule_{rule}_meaning')}</li>"
                for rule, its_nature in RULES.items()
                if its_nature == nature
            )
            + "</ul></dd>"
            for nature in get_args(Nature)
        )
        parts = "".join(
            f"<dt>{texts(f'explain_{part}')}</dt><dd>{texts(f'over_time_{part}')}</dd>"
            for part in ("premise", "formula", "limits", "source")
        )
        always = "".join(f"<li>{one}</li>" for one in limits(planning))
        st.html(f'<dl class="facts">{told}{parts}</dl><p>{texts("explain_always")}</p><ul>{always}</ul>')
