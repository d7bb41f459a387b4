"""The page *Dichtbij*: where am I, what do I look for, and what is near."""

from __future__ import annotations

import streamlit as st

from meetingplaces.ui import data, own_files, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.figures import sources_html
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.near.answer_map import answer_map
from meetingplaces.ui.near.booklet import draw_booklet
from meetingplaces.ui.near.found import Found, find
from meetingplaces.ui.near.listing import near_list
from meetingplaces.ui.near.question import choose_question
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.near.whereabouts import choose_whereabouts, whereabouts_told
from meetingplaces.ui.opening_words import moment_told
from meetingplaces.ui.settings import now
from meetingplaces.ui.stories.telling import tell_problems
from meetingplaces.ui.view_state import ViewState


def draw() -> None:
    """Title → where → question → load → list, and the map when asked for → sources line."""
    municipalities = data.municipalities()
    state = session.current_state("near", municipalities)
    texts, loaded = session.current_texts(), data.load(state.municipality, state.edition)
    page_title(texts("page_near"))
    here, address = session.position(), session.address()
    visit = Visit(state, here, now(), loaded, data.categories(), data.norms(), texts, address)
    found = find(visit)
    listing, chart = st.columns([5, 7]) if state.with_map else (st.container(), None)
    with listing:
        whereabouts_told(visit, found.where)
        choose_whereabouts(visit, municipalities)
        choose_question(state, visit.norms, texts)
        _summary(visit, found)
        near_list(visit, found)
        tell_problems(own_files.moving_places(state.municipality)[1], texts)
        _map_button(state, texts)
        draw_booklet(visit, found.where)
    if chart:
        with chart:
            answer_map(visit, found)
    st.page_link("pages/map.py", label=texts("near_to_map_page"), icon=":material/map:")
    st.html(sources_html(loaded, texts))
    session.keep(state, municipalities)


def _summary(visit: Visit, found: Found) -> None:
    """How many places fit, in a heading that is read aloud when it changes; for when, in which order; limits."""
    texts, count, unknown = visit.texts, found.count("yes"), found.count("unknown")
    told = texts({0: "near_none", 1: "near_one"}.get(count, "near_count"), count=texts.number(count))
    if unknown:
        told += texts("near_count_unknown", count=texts.number(unknown))
    note = " ".join([_when_told(visit, found), _order_told(found, texts)]).strip()
    st.html(f'<div role="status"><h2 class="summary">{told}</h2></div><p class="note">{note}</p>')
    where = found.where
    if where and not where.neighbourhood:
        name = escape_markdown(visit.loaded.bundle.manifest.municipality_name)
        st.warning(texts("near_outside", municipality=name), icon=":material/location_off:")
    elif where and not where.within_data:
        st.warning(texts("extent_none"), icon=":material/crop:")


def _when_told(visit: Visit, found: Found) -> str:
    if found.between is None:
        return ""
    (start, end), texts = found.between, visit.texts
    if start == end:
        return texts("near_at", moment=f"{start:%H:%M}")
    ends = f"{end:%H:%M}" if end.hour or end.minute else "24:00"
    return texts("near_between", start=moment_told(start, visit.now, texts, ends=False), end=ends)


def _order_told(found: Found, texts: Catalogue) -> str:
    if found.ways is None:
        return texts("near_no_order")
    return texts("near_order_on_foot" if found.ways.on_foot.any() else "near_order_straight")


def _map_button(state: ViewState, texts: Catalogue) -> None:
    st.button(
        texts("near_map_hide" if state.with_map else "near_map_show"), icon=":material/map:", key="near-map",
        on_click=session.change, kwargs={"with_map": not state.with_map},
    )  # fmt: skip
