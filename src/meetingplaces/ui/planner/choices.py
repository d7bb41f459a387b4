"""The choices above a planner's page: of whom, how far, and to which places. Each reads the state and changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st

from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import Norms
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import choose_categories, choose_municipality, choose_settings, following
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.session import change, widget_key
from meetingplaces.ui.view_state import Moment, Need, ViewState

_OWN = 0
_ANY_DAY = -1


def choose_question(planning: Planning, *, moment: bool = True) -> None:
    """Municipality, group, distance and walker in one row; behind one button to which places, and when (`moment`)."""
    state, texts = planning.state, planning.texts
    municipality, group, distance, walker = st.columns(4)
    with municipality:
        choose_municipality(state, planning.municipalities, texts)
    with group:
        _choose_group(state, texts)
    with distance:
        _choose_distance(state, planning.norms, texts)
    with walker:
        choose_profile(state, planning.norms, texts)
    with st.expander(texts("question_places", count=_changed(state)), key=widget_key("question")):
        choose_settings(state, texts)
        choose_categories(state, planning.loaded, planning.categories, texts)
        _choose_core(state, texts)
        _choose_needs(state, texts)
        if moment:
            _choose_moment(state, planning.norms, texts)


def choose_one(name: str, label: str, options: Mapping[Any, str], value: Any, take: Callable[[Any], None]) -> None:
    """A box with one of `options`, whose labels are the values of the mapping; `take` is told another choice."""
    key = following(name, options, value)
    st.selectbox(
        label, list(options), key=key, format_func=options.__getitem__, on_change=lambda: take(st.session_state[key])
    )


def _choose_group(state: ViewState, texts: Catalogue) -> None:
    names = {group: texts(f"group_{group}") for group in GROUPS}
    choose_one("group", texts("question_group"), names, state.group, lambda group: change(group=group))


def _choose_distance(state: ViewState, norms: Norms, texts: Catalogue) -> None:
    """The norms, and a number of one's own beside them."""
    own = norms.profile(state.profile).budget.metres
    asked = [] if state.budget_m is None else [state.budget_m]
    metres = sorted({int(own), *asked, *(int(one.metres) for one in norms.budgets)})
    names = {one: texts("question_metres", metres=texts.number(one)) for one in metres} | {_OWN: texts("question_own")}

    def take(chosen: int) -> None:
        change(budget_m=None if chosen == own else chosen or 1000)

    choose_one("budget", texts("question_distance"), names, state.budget_m or int(own), take)
    if state.budget_m is not None and norms.of_budget(state.budget_m) is None:
        key = following("own_budget", {}, state.budget_m)
        st.slider(
            texts("question_own_metres"), 50, 2000, step=50, key=key,
            on_change=lambda: change(budget_m=st.session_state[key]),
        )  # fmt: skip


def choose_profile(state: ViewState, norms: Norms, texts: Catalogue) -> None:
    """Who walks, and so how fast and over what."""
    names = {key: one.name.in_language(texts.language) for key, one in norms.profiles.items()}
    choose_one("profile", texts("question_profile"), names, state.profile, lambda key: change(profile=key))


def _choose_core(state: ViewState, texts: Catalogue) -> None:
    key = following("core", {}, state.level == "core")
    st.toggle(
        texts("filter_level_core"), key=key, help=texts("filter_level_help"),
        on_change=lambda: change(level="core" if st.session_state[key] else "secondary"),
    )  # fmt: skip


def _choose_needs(state: ViewState, texts: Catalogue) -> None:
    names = {need: texts(f"need_{need}") for need in get_args(Need)}
    key = following("needs", names, [need for need in names if need in state.needs])
    st.pills(
        texts("question_needs"), list(names), selection_mode="multi", key=key, format_func=names.__getitem__,
        on_change=lambda: change(needs=frozenset(st.session_state[key])),
    )  # fmt: skip


def _choose_moment(state: ViewState, norms: Norms, texts: Catalogue) -> None:
    day, part = st.columns(2)
    weekday = _ANY_DAY if state.moment is None else state.moment.weekday
    days = {_ANY_DAY: texts("question_any_day")} | {number: texts(f"weekday_{number}") for number in range(1, 8)}
    parts = {one.key: one.name.in_language(texts.language) for one in norms.day_parts}
    chosen_part = next(iter(parts)) if state.moment is None else state.moment.part

    def take_day(number: int) -> None:
        change(moment=None if number == _ANY_DAY else Moment(number, chosen_part))

    with day:
        choose_one("weekday", texts("question_weekday"), days, weekday, take_day)
    if state.moment is not None:
        with part:
            choose_one(
                "part", texts("question_part"), parts, chosen_part, lambda one: change(moment=Moment(weekday, one))
            )


def _changed(state: ViewState) -> int:
    plain = ViewState(state.municipality)
    asked = ("settings", "categories", "needs", "moment")
    return sum(getattr(state, name) != getattr(plain, name) for name in asked) + (state.level == "core")
