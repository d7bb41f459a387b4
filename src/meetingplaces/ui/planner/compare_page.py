"""The page *Vergelijken*: some neighbourhoods beside each other and beside the municipality."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from meetingplaces.export.figures import ChartFigure, Panel
from meetingplaces.export.screen import Screen
from meetingplaces.metrics.ranking import COMPARED, standing_out
from meetingplaces.ui.filters import following
from meetingplaces.ui.link import MOST_COMPARED
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.planner.answers import answer_of
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.need_figures import notes_on_need
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.profile_table import profile_columns, profile_table
from meetingplaces.ui.planner.screens import method_of, screen_of, withheld
from meetingplaces.ui.planner.tables import small_multiples_html, table_html
from meetingplaces.ui.session import change

_TOLD = 3


def draw() -> None:
    """Draw the page."""
    planner_page("compare", _draw)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    choose_question(planning)
    table = profile_table(planning, answer_of(planning))
    codes = _choose_areas(planning, table)
    if len(codes) < 2:
        only = len(planning.loaded.neighbourhoods) < 2
        name = escape_markdown(planning.municipality_name)
        st.info(texts("compare_only_one", municipality=name) if only else texts("compare_too_few"))
        return
    screen = _screen(planning, table.loc[[*codes, planning.state.municipality]])
    st.html(_in_words(planning, table, codes))
    notes = (*withheld(planning), *notes_on_need(planning, [one.key for one in screen.columns], codes))
    shown = [one.key for one in screen.columns if one.key in {"residents", "people", *COMPARED}]
    st.html(small_multiples_html(screen, shown, texts))
    st.html("".join(f'<p class="note">{escape(one)}</p>' for one in notes))
    with st.expander(texts("compare_table")):
        st.html(table_html(screen, texts, total=True))
    explain(planning, screen)
    panels = tuple(Panel(one.key) for one in screen.columns if one.key in COMPARED)
    downloads(planning, screen, ChartFigure(("area_name",), panels, reference_row=len(codes)))


def _choose_areas(planning: Planning, table: pd.DataFrame) -> list[str]:
    """Two to six neighbourhoods; at first the one at hand, and those with the most residents."""
    names = planning.loaded.neighbourhood_names
    chosen = planning.state.compared or _at_first(planning, table)
    key = following("compared", names, list(chosen))
    st.multiselect(
        planning.texts("compare_areas"), list(names), key=key, max_selections=MOST_COMPARED, select_all=False,
        format_func=names.__getitem__, on_change=lambda: change(compared=tuple(st.session_state[key])),
    )  # fmt: skip
    return list(chosen)


def _at_first(planning: Planning, table: pd.DataFrame) -> tuple[str, ...]:
    by_size = table.loc[list(planning.loaded.neighbourhood_names), "residents"].sort_values(ascending=False).index
    here = planning.state.neighbourhood
    first = [here] if here and here in planning.loaded.neighbourhood_names else []
    return tuple(dict.fromkeys([*first, *map(str, by_size)]))[:3]


def _screen(planning: Planning, rows: pd.DataFrame) -> Screen:
    columns = profile_columns(planning, rows)
    return screen_of(
        planning, f"vergelijken-{planning.state.municipality}".lower(), planning.texts("page_compare"),
        rows.reset_index(drop=True), columns,
        notes=notes_on_need(planning, [one.key for one in columns], rows.index),
        method=method_of(planning, "compare"),
    )  # fmt: skip


def _in_words(planning: Planning, table: pd.DataFrame, codes: list[str]) -> str:
    """What differs most from the municipality, in sentences."""
    texts, columns = planning.texts, {one.key: one for one in profile_columns(planning, table)}
    areas = list(planning.loaded.neighbourhood_names)
    numbers = table[[name for name in COMPARED if name in columns and columns[name].kind != "people"]].astype(float)
    found = standing_out(numbers.loc[areas], numbers.T[planning.state.municipality])
    screen = _screen(planning, table)
    told = []
    for row in found[found["area"].isin(codes)].head(_TOLD).to_dict("records"):
        column = columns[row["measure"]]
        words = {
            "area": escape(planning.loaded.neighbourhood_names[row["area"]]),
            "measure": escape(column.label),
            "value": screen.written(column, row["value"]),
            "whole": screen.written(column, row["whole"]),
            "municipality": escape(planning.municipality_name),
        }
        said = "compare_higher" if row["deviation"] > 0 else "compare_lower"
        told.append(f"<li>{texts(said, **words)}</li>")
    return f"<h2>{texts('compare_differs')}</h2><ul>{''.join(told) or texts('compare_alike')}</ul>"
