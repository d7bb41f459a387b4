"""The one question: when, indoors or out, and behind one button what there should be, for whom and at what pace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from meetingplaces.metrics.moments import When
from meetingplaces.metrics.near import Wish
from meetingplaces.model.categories import Audience
from meetingplaces.model.norms import Norms
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import choose_settings, choose_threshold, following
from meetingplaces.ui.planner.choices import choose_profile
from meetingplaces.ui.session import change, widget_key
from meetingplaces.ui.view_state import Need, ViewState

_ANY = "any"


def choose_question(state: ViewState, norms: Norms, texts: Catalogue) -> None:
    """Draw the question. Each part reads the state and, when touched, changes it."""
    _choose_one_of("when", get_args(When), state.when, texts)
    choose_settings(state, texts)
    with st.expander(texts("near_more", count=_changed(state)), key=widget_key("near_more")):
        _choose_wishes(state, texts)
        _choose_one_of("audience", get_args(Audience), state.audience, texts)
        choose_profile(state, norms, texts)
        choose_threshold(state, texts)


def _choose_one_of(field: str, values: tuple[str, ...], value: str | None, texts: Catalogue) -> None:
    """One of a few, or any."""
    names = {_ANY: texts(f"near_{field}_any")} | {one: texts(f"near_{field}_{one}") for one in values}
    key = following(f"near_{field}", names, value or _ANY)

    def take() -> None:
        chosen = st.session_state[key]
        change(**{field: None if chosen == _ANY else chosen})

    st.pills(texts(f"near_{field}"), list(names), key=key, required=True, format_func=names.__getitem__, on_change=take)


def _choose_wishes(state: ViewState, texts: Catalogue) -> None:
    """What a place should be or have: two fields of the state that are one question to whoever asks."""
    names = {one: texts(f"wish_{one}") for one in (*get_args(Need), *get_args(Wish))}
    key = following("wishes", names, [one for one in names if one in state.needs | state.wishes])

    def take() -> None:
        chosen = frozenset(st.session_state[key])
        change(needs=chosen & set(get_args(Need)), wishes=chosen & set(get_args(Wish)))

    st.pills(
        texts("near_wishes"), list(names), selection_mode="multi", key=key, format_func=names.__getitem__,
        on_change=take, help=texts("near_wishes_help"),
    )  # fmt: skip


def _changed(state: ViewState) -> int:
    plain: Mapping[str, Any] = vars(ViewState(state.municipality))
    asked = ("audience", "profile", "restricted")
    return len(state.needs) + len(state.wishes) + sum(getattr(state, name) != plain[name] for name in asked)
