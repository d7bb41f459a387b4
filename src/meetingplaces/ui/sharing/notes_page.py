"""The page *Aantekeningen*: own marks on the map with a text, in the link or in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from meetingplaces.model.categories import Categories
from meetingplaces.model.errors import InputError
from meetingplaces.ui import data, filtering, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import place_title
from meetingplaces.ui.figures import sources_html
from meetingplaces.ui.filters import choose_municipality, choose_neighbourhood, following
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.notes import LONGEST_TEXT, fit_in_link, note_at, notes_file, notes_of_file
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.sharing.note_list import note_spots
from meetingplaces.ui.view_state import Note, ViewState

_PROBLEM, _FILE = "notes_problem", "notes-file"
_file = st.components.v2.component(
    "meetingplaces_notes_file",
    html='<label><span></span><input type="file" accept=".json,application/json"></label><p role="alert"></p>',
    css=f'@import url("{FROM_PAGE}{asset("notesfile.css")}");\n:host {{ display: block; }}\n',
    js=loader("notesfile.js"),
)


def draw() -> None:
    """Title → choose → load → draw."""
    municipalities = data.municipalities()
    state = session.current_state("notes", municipalities)
    texts, loaded, categories = session.current_texts(), data.load(state.municipality, state.edition), data.categories()
    page_title(texts("page_notes"))
    st.write(texts("intro_notes"))
    area, part = st.columns(2)
    with area:
        choose_municipality(state, municipalities, texts)
    with part:
        choose_neighbourhood(state, loaded, texts)
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(problem)
    listing, chart = st.columns([5, 7])
    with listing:
        _draw_list(state, loaded, categories, texts)
    with chart:
        _draw_map(state, loaded, categories, texts)
    st.html(sources_html(loaded, texts))
    session.keep(state, municipalities)


def _draw_list(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    """A field per note, and what one can do with them: the same without a map or a mouse."""
    st.html(f"<h2>{texts('notes_title')}</h2>")
    for number, note in enumerate(state.notes, 1):
        _draw_note(number, note, texts)
    if not state.notes:
        st.info(texts("notes_none"))
    _add_at_place(state, loaded, categories, texts)
    _draw_file(state, texts)


def _draw_note(number: int, note: Note, texts: Catalogue) -> None:
    key = following(f"note_{number}", {}, note.text)

    def written() -> None:
        notes = list(session.state_now().notes)
        notes[number - 1] = note_at(note.longitude, note.latitude, st.session_state[key])
        _keep(notes, texts)

    def removed() -> None:
        session.change(notes=tuple(one for at, one in enumerate(session.state_now().notes, 1) if at != number))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(texts("notes_field", number=number), key=key, max_chars=LONGEST_TEXT, on_change=written)
        st.button(texts("notes_remove", number=number), key=f"note-remove-{number}", on_click=removed)


def _add_at_place(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    rows = filtering.visible_rows(loaded, state)
    titles = {
        place.place_id: place_title(place, categories, texts) for place in loaded.places.iloc[rows].itertuples()
    }  # fmt: skip
    if not titles:
        return
    chosen = st.selectbox(
        texts("notes_place"), sorted(titles, key=titles.__getitem__), format_func=titles.__getitem__, key="note-place"
    )

    def added() -> None:
        place = loaded.places.iloc[loaded.row_of[chosen]]
        _keep([*session.state_now().notes, note_at(place["longitude"], place["latitude"], titles[chosen])], texts)

    st.button(texts("notes_add"), key="note-add", on_click=added)


def _draw_file(state: ViewState, texts: Catalogue) -> None:
    if state.notes:
        st.download_button(
            texts("notes_download"), data=notes_file(state.notes), file_name="aantekeningen.json",
            mime="application/json", on_click="ignore",
        )  # fmt: skip

    def opened() -> None:
        file = st.session_state[_FILE].opened
        try:
            session.change(notes=notes_of_file(file["content"].encode(), file["name"]))
        except InputError as error:
            st.session_state[_PROBLEM] = escape_markdown(texts.error(error))

    _file(key=_FILE, data={"texts": texts.section("notesfile")}, on_opened_change=opened)


def _draw_map(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    shown = filtering.shown(loaded, state, categories, texts.language)
    view = {
        "rows": shown.rows,
        "focus": shown.focus,
        "selected": None,
        "spots": note_spots(state.notes, texts),
        "pick": "spot",
    }

    def picked(message: Mapping[str, Any]) -> None:
        spot = message.get("spot")
        if isinstance(spot, list) and len(spot) == 2 and all(isinstance(one, int | float) for one in spot):
            _keep([*session.state_now().notes, note_at(float(spot[0]), float(spot[1]), "")], texts)

    planning_map(loaded, categories, texts, view, picked)
    st.html(f'<p class="note">{texts("notes_map")}</p>')


def _keep(notes: list[Note], texts: Catalogue) -> None:
    """Take over what was changed, unless a link can carry no more."""
    if fit_in_link(notes):
        session.change(notes=tuple(notes))
    else:
        st.session_state[_PROBLEM] = texts("notes_full")
