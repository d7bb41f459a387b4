"""The filter widgets of the map page. Each reads the state and, when touched, changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import streamlit as st

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Categories, Setting
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.data import LoadedBundle
from meetingplaces.ui.filtering import category_counts
from meetingplaces.ui.session import change, widget_key
from meetingplaces.ui.view_state import Level, ViewState

_WHOLE = "whole"


def choose_view(
    state: ViewState,
    municipalities: Mapping[str, str],
    loaded: LoadedBundle,
    categories: Categories,
    texts: Catalogue,
) -> None:
    """Area and setting in one row; behind one button kinds, level and access."""
    municipality, neighbourhood, settings = st.columns([3, 4, 4])
    with municipality:
        _choose_municipality(state, municipalities, texts)
    with neighbourhood:
        _choose_neighbourhood(state, loaded, texts)
    with settings:
        _choose_settings(state, texts)
    with st.expander(texts("filter_more", count=_changed(state)), key=widget_key("more")):
        _choose_categories(state, loaded, categories, texts)
        _choose_level(state, texts)


def _choose_municipality(state: ViewState, municipalities: Mapping[str, str], texts: Catalogue) -> None:
    _follow("municipality", state.municipality)
    st.selectbox(
        texts("filter_municipality"), list(municipalities), key=widget_key("municipality"),
        format_func=municipalities.__getitem__, on_change=_municipality_chosen,
    )  # fmt: skip


def _choose_neighbourhood(state: ViewState, loaded: LoadedBundle, texts: Catalogue) -> None:
    names = {_WHOLE: texts("filter_whole"), **loaded.neighbourhood_names}
    if loaded.members[OUTSIDE].any():
        names[OUTSIDE] = texts("outside_name")
    _follow("neighbourhood", state.neighbourhood or _WHOLE)
    st.selectbox(
        texts("filter_neighbourhood"), list(names), key=widget_key("neighbourhood"),
        format_func=names.__getitem__, on_change=_neighbourhood_chosen,
    )  # fmt: skip


def _choose_settings(state: ViewState, texts: Catalogue) -> None:
    _follow("settings", [setting for setting in get_args(Setting) if setting in state.settings])
    st.pills(
        texts("filter_settings"), get_args(Setting), selection_mode="multi", key=widget_key("settings"),
        format_func=lambda setting: texts(f"map_setting_{setting}"), on_change=_settings_chosen,
    )  # fmt: skip


def _choose_level(state: ViewState, texts: Catalogue) -> None:
    _follow("level", state.level)
    st.segmented_control(
        texts("filter_level"), get_args(Level), key=widget_key("level"), required=True,
        format_func=lambda level: texts(f"filter_level_{level}"), help=texts("filter_level_help"),
        on_change=_level_chosen,
    )  # fmt: skip
    _follow("restricted", state.restricted)
    st.toggle(
        texts("filter_restricted"), key=widget_key("restricted"), help=texts("filter_restricted_help"),
        on_change=_restricted_chosen,
    )  # fmt: skip


def _choose_categories(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    """Kinds with their numbers; the five outdoor kinds of the study are offered even where none is known."""
    counts = category_counts(loaded, state)
    offered = [
        key for key, kind in categories.by_key.items()
        if key in counts or key in state.categories or (kind.study and kind.weight in {"core", "secondary"})
    ]  # fmt: skip
    names = {key: categories.by_key[key].name.in_language(texts.language) for key in offered}
    _follow("categories", [key for key in offered if key in state.categories])
    st.multiselect(
        texts("filter_categories"), offered, key=widget_key("categories"), placeholder=texts("filter_all_categories"),
        format_func=lambda key: f"{names.get(key, key)} ({counts.get(key, 0)})", on_change=_categories_chosen,
    )  # fmt: skip


def _follow(name: str, value: object) -> None:
    """Make the widget show what the state says."""
    if st.session_state.get(widget_key(name)) != value:
        st.session_state[widget_key(name)] = value


def _chosen(name: str) -> object:
    return st.session_state[widget_key(name)]


def _changed(state: ViewState) -> int:
    default = ViewState(state.municipality)
    return sum(getattr(state, name) != getattr(default, name) for name in ("categories", "level", "restricted"))


def _municipality_chosen() -> None:
    change(municipality=_chosen("municipality"), neighbourhood=None, place=None)


def _neighbourhood_chosen() -> None:
    chosen = _chosen("neighbourhood")
    change(neighbourhood=None if chosen == _WHOLE else chosen, place=None)


def _settings_chosen() -> None:
    change(settings=frozenset(_chosen("settings")))  # type: ignore[call-overload]


def _categories_chosen() -> None:
    change(categories=frozenset(_chosen("categories")))  # type: ignore[call-overload]


def _level_chosen() -> None:
    change(level=_chosen("level"))


def _restricted_chosen() -> None:
    change(restricted=_chosen("restricted"))
