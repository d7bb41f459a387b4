"""The page *Kaart*."""

from __future__ import annotations

from html import escape

import streamlit as st

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Categories
from meetingplaces.ui import data, filtering, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.correction import draw_correction
from meetingplaces.ui.details import details_html
from meetingplaces.ui.extent import extent_note
from meetingplaces.ui.figures import figures_html, legend_html, sources_html, study_html
from meetingplaces.ui.filters import choose_view
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.kit.take_along import take_along
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.meeting_map import drawing_addresses, meeting_map
from meetingplaces.ui.moving import draw_moving, moving_now, moving_spots
from meetingplaces.ui.opening_words import hours_html
from meetingplaces.ui.place_list import place_list
from meetingplaces.ui.settings import now
from meetingplaces.ui.sharing.note_list import draw_notes, note_spots
from meetingplaces.ui.stories.telling import draw_stories
from meetingplaces.ui.view_state import ViewState


def draw() -> None:
    """Title → filters → load → draw → sources line."""
    municipalities = data.municipalities()
    state = session.current_state("map", municipalities)
    texts, categories = session.current_texts(), data.categories()
    loaded = data.load(state.municipality, state.edition)
    page_title(texts("app_title"))
    choose_view(state, municipalities, loaded, categories, texts)
    st.page_link("pages/near.py", label=texts("near_from_map_page"), icon=":material/near_me:")
    _draw_places(state, loaded, categories, texts)
    st.html(sources_html(loaded, texts))
    session.keep(state, municipalities)


def _draw_places(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    shown = filtering.shown(loaded, state, categories, texts.language)
    moving = moving_now(state)
    listing, chart = st.columns([5, 7])
    with listing:
        _summary(state, loaded, shown, texts)
        row = loaded.row_of.get(state.place or "")
        if row is not None:
            _details(loaded, row, shown, categories, texts)
        draw_stories(state, loaded, texts)
        if shown.rows:
            place_list(drawing_addresses(loaded)["shapes"], texts, shown, _pick)
        else:
            _empty(state, loaded, texts)
        draw_moving(state, moving, texts)
        draw_notes(state.notes, texts)
    with chart:
        st.html('<div id="kaart" tabindex="-1"></div>')
        spots = [*moving_spots(moving, texts), *note_spots(state.notes, texts)]
        meeting_map(loaded, categories, texts, shown, _pick, camera=state.camera, spots=spots)
        st.html(legend_html(texts))
    counted = loaded.supply_of(state.neighbourhood or state.municipality)
    st.html(study_html(counted, categories, texts))
    with st.expander(texts("figures_title", area=escape_markdown(_area_name(state, loaded, texts)))):
        st.html(figures_html(loaded, state.neighbourhood, counted, categories, texts))
    with st.expander(texts("take_title")):
        take_along(loaded, state, categories, texts)


def _pick(place_id: str) -> None:
    session.change(place=place_id)


def _area_name(state: ViewState, loaded: LoadedBundle, texts: Catalogue) -> str:
    if state.neighbourhood == OUTSIDE:
        return texts("outside_name")
    return loaded.neighbourhood_names.get(state.neighbourhood or "", loaded.bundle.manifest.municipality_name)


def _summary(state: ViewState, loaded: LoadedBundle, shown: filtering.Shown, texts: Catalogue) -> None:
    """How many places, in a heading that is read aloud when it changes, and what limits that number."""
    places, amenities = filtering.place_counts(loaded, shown)
    name = {0: "summary_none", 1: "summary_one"}.get(places, "summary")
    told = texts(name, count=texts.number(places))
    if amenities:
        told += texts("summary_amenities", count=texts.number(amenities))
    area = escape(_area_name(state, loaded, texts))
    st.html(
        f'<div role="status"><h2 class="summary">{told} {texts("summary_in", area=area)}</h2></div>'
        f'<a class="to-map" href="#kaart">{texts("summary_to_map")}</a>'
    )
    limit = extent_note(loaded, state.neighbourhood, texts)
    if limit:
        st.warning(limit, icon=":material/crop:")


def _details(loaded: LoadedBundle, row: int, shown: filtering.Shown, categories: Categories, texts: Catalogue) -> None:
    hours = hours_html(data.opening_hours(loaded, categories)[row], now(), texts)
    st.html(details_html(loaded, row, hours, categories, texts))
    if shown.selected != row:
        st.caption(texts("details_filtered_out"))
    draw_correction(loaded, row, categories, texts)
    st.button(texts("details_close"), icon=":material/close:", on_click=lambda: session.change(place=None))


def _empty(state: ViewState, loaded: LoadedBundle, texts: Catalogue) -> None:
    st.info(texts("empty"))
    for name, count in filtering.wider(loaded, state):
        st.button(texts(f"empty_{name}", count=texts.number(count)), key=f"wider-{name}", on_click=_widen, args=(name,))


def _widen(name: str) -> None:
    default = ViewState("")
    wide = {"level": "amenity", "restricted": True}
    session.change(**{name: wide.get(name, getattr(default, name))})
