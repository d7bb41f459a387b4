"""One view state per visitor, in step with the address bar: a link sets it, every change writes it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import streamlit as st

from meetingplaces.metrics.measures import AREA_MEASURES
from meetingplaces.metrics.ranking import COMPARED
from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.sources.address_search import FoundAddress
from meetingplaces.ui import data
from meetingplaces.ui.catalogue import LANGUAGES, Catalogue, Language, catalogue, language_of
from meetingplaces.ui.link import PAGE_FIELDS, Choices, from_query, outgrows, to_query
from meetingplaces.ui.view_state import Position, ViewState

_STATE, _PAGE, _WRITTEN, _IGNORED = "view_state", "view_page", "view_query", "view_ignored"
_CHANGED, _REFUSED, _BUNDLE = "view_changed", "view_refused", "view_bundle"
_POSITION, _ADDRESS = "position", "address"


def current_state(page: str, municipalities: Collection[str]) -> ViewState:
    """The visitor's state on `page`: from the link when she follows one, else as she left it.

    The address bar is read on the first run, and again whenever it holds something that we did not write there, as
    after Back. Streamlit empties it on the way from page to page; that is no reason to forget. Nor does it count in a
    run that began with a change on the page: who clicks again at once sends the address of before the first click.
    """
    session, query = st.session_state, st.query_params.to_dict()
    turned_page = session.get(_PAGE, page) != page and not query
    changed_here = session.pop(_CHANGED, False)
    session[_PAGE] = page
    if _STATE not in session or (query != session[_WRITTEN] and not turned_page and not changed_here):
        read = from_query(query, _choices(municipalities))
        session[_STATE], session[_IGNORED] = read.state, read.ignored
        _forget_widgets()
    state: ViewState = session[_STATE]
    if state.municipality not in municipalities:
        state = session[_STATE] = ViewState(next(iter(municipalities)), language=state.language)
    return _refreshed(state)


def _refreshed(state: ViewState) -> ViewState:
    """The state without what went from the bundle while she looked at it, such as a place that she closed."""
    session, seen = st.session_state, st.session_state.get(_BUNDLE)
    session[_BUNDLE] = (state.municipality, state.edition, _version_of(state))
    if seen is None or seen[:2] != session[_BUNDLE][:2] or seen == session[_BUNDLE]:
        return state
    _read_anew(state)
    return state_now()


def keep(state: ViewState, municipalities: Collection[str]) -> None:
    """Make `state` the visitor's, and write it to the address bar when it differs from what is there."""
    query = to_query(state, next(iter(municipalities)))
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    st.session_state[_STATE], st.session_state[_WRITTEN] = state, query


def ignored_parameters() -> list[str]:
    """Parameters of the link that meant nothing to us, to be told once."""
    ignored: list[str] = st.session_state.get(_IGNORED, [])
    st.session_state[_IGNORED] = []
    return ignored


def state_now() -> ViewState:
    """The visitor's state at this moment, for a widget's callback: earlier callbacks may have changed it."""
    state: ViewState = st.session_state[_STATE]
    return state


def change(**fields: Any) -> None:
    """Change fields of the state from a widget's callback; what the link told of its own moment no longer holds.

    What a link can no longer carry is refused: everything on screen can be shared.
    """
    before = state_now()
    after = replace(before, **{"camera": None, "place_at": None, **fields})
    st.session_state[_CHANGED] = True
    pages = [page for page, held in PAGE_FIELDS.items() if not held.isdisjoint(fields)]
    if any(outgrows(before, after, page) for page in pages):
        refuse()
    else:
        st.session_state[_STATE] = after


def show_newest(place_at: tuple[float, float] | None) -> None:
    """Leave the data that a link was made with; what the newest do not know is left out and told, as of any link.

    `place_at` is where the chosen place was.
    """
    _read_anew(replace(state_now(), edition=None, camera=None, place_at=place_at))
    st.session_state[_CHANGED] = True


def _read_anew(state: ViewState) -> None:
    read = from_query(to_query(state, ""), _choices(data.municipalities()))
    st.session_state[_STATE], st.session_state[_IGNORED] = read.state, read.ignored
    _forget_widgets()


def refuse() -> None:
    """Remember that a change was refused because a link cannot carry it, to be told once."""
    st.session_state[_REFUSED] = True


def was_refused() -> bool:
    """Whether the last change was refused; telling it once is enough."""
    return bool(st.session_state.pop(_REFUSED, False))


def page_now() -> str:
    """The name of the page that is drawn."""
    return str(st.session_state[_PAGE])


def position() -> Position | None:
    """Where the visitor said she is: in the memory of this session only, unless her link holds it."""
    here: Position | None = state_now().here or st.session_state.get(_POSITION)
    return here


def address() -> FoundAddress | None:
    """The address that her position was found by, `None` when it was found in another way; as private as that is."""
    kept: FoundAddress | None = st.session_state.get(_ADDRESS)
    return kept if position() == st.session_state.get(_POSITION) else None


def set_position(here: Position | None, address: FoundAddress | None = None) -> None:
    """Remember where she is, and by which address, or forget it; a place that was in the link is taken out of it."""
    st.session_state[_POSITION], st.session_state[_ADDRESS] = here, address
    change(here=None)


def current_language() -> Language:
    """The language chosen, else that of the link, else that of the browser."""
    state: ViewState | None = st.session_state.get(_STATE)
    chosen = state.language if state else st.query_params.get("taal")
    return next((language for language in LANGUAGES if language == chosen), language_of(st.context.locale))


def current_texts() -> Catalogue:
    """The texts in the current language."""
    return catalogue(current_language())


_WIDGET = "filter_"


def widget_key(name: str) -> str:
    """The key of a filter widget; a link that sets the state also resets these."""
    return f"{_WIDGET}{name}"


def _forget_widgets() -> None:
    for key in [key for key in st.session_state if str(key).startswith(_WIDGET)]:
        del st.session_state[key]


def _choices(municipalities: Collection[str]) -> Choices:
    def neighbourhoods(state: ViewState) -> Collection[str]:
        return _of_bundle(state, "neighbourhood_names")

    def places(state: ViewState) -> Collection[str]:
        return _of_bundle(state, "row_of")

    def earlier(code: str) -> Collection[str]:
        return [one.date for one in data.earlier(code)]

    norms = data.norms()
    return Choices(
        tuple(municipalities), neighbourhoods, places, data.categories().by_key, AREA_MEASURES, COMPARED,
        norms.profiles, [part.key for part in norms.day_parts], earlier,
    )  # fmt: skip


def _version_of(state: ViewState) -> str | None:
    """What its bundle holds, as a name; `None` when the bundle cannot be read, which the page tells."""
    try:
        return data.load(state.municipality, state.edition).bundle.manifest.version
    except MeetingPlacesError:
        return None


def _of_bundle(state: ViewState, attribute: str) -> Collection[str]:
    try:
        known: Collection[str] = getattr(data.load(state.municipality, state.edition), attribute)
    except MeetingPlacesError:
        return ()
    return known
