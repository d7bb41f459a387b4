"""The filter widgets of the map page. Each reads the state and, when touched, changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from zlib import crc32

import streamlit as st

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Categories, Setting
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filtering import category_counts
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.session import change, widget_key
from meetingplaces.ui.view_state import Level, ViewState

_WHOLE = "whole"
# Fields that belong to the municipality they were chosen in.
INSIDE: Mapping[str, Any] = {
    "neighbourhood": None, "place": None, "here": None, "compared": (), "added": (), "closed": frozenset(), "hours": (),
    "earlier": None, "edition": None,
}  # fmt: skip


def choose_view(
    state: ViewState,
    municipalities: Mapping[str, str],
    loaded: LoadedBundle,
    categories: Categories,
    texts: Catalogue,
) -> None:
    """Area and setting in one row; behind one button kinds, level and access. Nothing when the link fixes them."""
    if state.fixed:
        return
    municipality, neighbourhood, settings = st.columns([3, 4, 4])
    with municipality:
        choose_municipality(state, municipalities, texts)
    with neighbourhood:
        choose_neighbourhood(state, loaded, texts, outside=True)
    with settings:
        choose_settings(state, texts)
    with st.expander(texts("filter_more", count=_changed(state)), key=widget_key("more")):
        choose_categories(state, loaded, categories, texts)
        _choose_level(state, texts)
        choose_threshold(state, texts)


def choose_municipality(state: ViewState, municipalities: Mapping[str, str], texts: Catalogue) -> None:
    """Another municipality starts anew: what was chosen inside the one before means nothing there."""
    key = following("municipality", municipalities, state.municipality)
    st.selectbox(
        texts("filter_municipality"),
        list(municipalities),
        key=key,
        format_func=municipalities.__getitem__,
        on_change=lambda: change(municipality=st.session_state[key], **INSIDE),
    )


def choose_neighbourhood(state: ViewState, loaded: LoadedBundle, texts: Catalogue, *, outside: bool = False) -> None:
    """One neighbourhood or the whole municipality; with `outside` also what lies just outside it."""
    names = {_WHOLE: texts("filter_whole"), **loaded.neighbourhood_names}
    if outside and loaded.members[OUTSIDE].any():
        names[OUTSIDE] = texts("outside_name")
    key = following("neighbourhood", names, state.neighbourhood if state.neighbourhood in names else _WHOLE)

    def chosen() -> None:
        code = st.session_state[key]
        change(neighbourhood=None if code == _WHOLE else code, place=None)

    st.selectbox(texts("filter_neighbourhood"), list(names), key=key, format_func=names.__getitem__, on_change=chosen)


def choose_settings(state: ViewState, texts: Catalogue) -> None:
    """Indoor, outdoor and sheltered."""
    names = {setting: texts(f"map_setting_{setting}") for setting in get_args(Setting)}
    key = following("settings", names, [setting for setting in names if setting in state.settings])
    st.pills(
        texts("filter_settings"),
        list(names),
        selection_mode="multi",
        key=key,
        format_func=names.__getitem__,
        on_change=lambda: change(settings=frozenset(st.session_state[key])),
    )


def _choose_level(state: ViewState, texts: Catalogue) -> None:
    names = {level: texts(f"filter_level_{level}") for level in get_args(Level)}
    key = following("level", names, state.level)
    st.segmented_control(
        texts("filter_level"),
        list(names),
        key=key,
        required=True,
        format_func=names.__getitem__,
        help=texts("filter_level_help"),
        on_change=lambda: change(level=st.session_state[key]),
    )


def choose_threshold(state: ViewState, texts: Catalogue) -> None:
    """Also places with a threshold."""
    key = following("restricted", {}, state.restricted)
    st.toggle(
        texts("filter_restricted"),
        key=key,
        help=texts("filter_restricted_help"),
        on_change=lambda: change(restricted=st.session_state[key]),
    )


def choose_categories(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    """Kinds with their numbers; the five outdoor kinds of the study are offered even where none is known."""
    counts = category_counts(loaded, state)
    names = {
        key: f"{kind.name.in_language(texts.language)} ({texts.number(counts.get(key, 0))})"
        for key, kind in categories.by_key.items()
        if key in counts or key in state.categories or (kind.study and kind.weight in {"core", "secondary"})
    }
    key = following("categories", names, [kind for kind in names if kind in state.categories])
    st.multiselect(
        texts("filter_categories"),
        list(names),
        key=key,
        placeholder=texts("filter_all_categories"),
        select_all=False,
        format_func=names.__getitem__,
        on_change=lambda: change(categories=frozenset(st.session_state[key])),
    )


def following(name: str, labels: Mapping[str, str], value: object) -> str:
    """The key of a widget that shows `value`, whatever it showed before.

    Browsers send the label of an option, not the option. So a widget lives no longer than its labels: with another
    language or other numbers in them it is a new one.
    """
    key = widget_key(f"{name}_{crc32(repr(labels).encode()):08x}")
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _changed(state: ViewState) -> int:
    default = ViewState(state.municipality)
    return sum(getattr(state, name) != getattr(default, name) for name in ("categories", "level", "restricted"))
