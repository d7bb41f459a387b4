"""The choices of *Wat als*: a place that comes, closes or opens at other times; each can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from meetingplaces.metrics.opening import opening_of
from meetingplaces.ui.link import HOURS, MOST_ADDED, MOST_CLOSED
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.planner.answers import Answer
from meetingplaces.ui.planner.choices import choose_one
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.planner.place_names import titled
from meetingplaces.ui.planner.scenario import problem_of
from meetingplaces.ui.session import change, refuse, state_now, widget_key
from meetingplaces.ui.view_state import Spot

_DEFAULT_KIND = "neighbourhood_centre"
_NONE = ""
_KIND_KEY = widget_key("kind_to_add")
_PROBLEM = widget_key("problem")


def choose_changes(planning: Planning, answer: Answer) -> None:
    """What comes, what closes, what opens at other times; and what was changed so far, each with a way back."""
    texts = planning.texts
    st.html(f"<h2>{texts('whatif_add')}</h2>")
    _choose_kind(planning)
    _choose_street(planning)
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        st.error(texts.apology(problem))
    st.html(f"<h2>{texts('whatif_close')}</h2>")
    titles = _open_places(planning, answer)
    _choose_closing(planning, titles)
    _choose_hours(planning, titles)
    _list_changes(planning)


def kind_to_add(planning: Planning) -> str:
    """The kind that a click on the map adds."""
    kind = str(st.session_state.get(_KIND_KEY))
    return kind if kind in planning.kinds_to_add else _DEFAULT_KIND


def add_spot(planning: Planning, spot: Spot) -> None:
    """Add a place, or say at the next run why it cannot come there."""
    added = state_now().added
    problem = problem_of(planning, spot)
    if problem is not None:
        st.session_state[_PROBLEM] = problem
    elif len(added) == MOST_ADDED:
        refuse()
    elif spot not in added:
        change(added=(*added, spot))


def changes_told(planning: Planning) -> tuple[tuple[str, str], ...]:
    """What was changed, as label and value."""
    texts, state = planning.texts, planning.state
    added = [
        (texts("whatif_add"), f"{planning.kind_name(one.category)} ({one.longitude:.5f}, {one.latitude:.5f})")
        for one in state.added
    ]
    closed = [(texts("whatif_close"), titled(planning, one)) for one in sorted(state.closed)]
    hours = [(texts("whatif_hours"), f"{titled(planning, one)}: {told}") for one, told in state.hours]
    return (*added, *closed, *hours)


def _choose_kind(planning: Planning) -> None:
    texts, kinds = planning.texts, planning.kinds_to_add
    if st.session_state.get(_KIND_KEY) not in kinds:
        st.session_state[_KIND_KEY] = _DEFAULT_KIND
    st.selectbox(texts("whatif_kind"), list(kinds), key=_KIND_KEY, format_func=kinds.__getitem__)


def _choose_street(planning: Planning) -> None:
    """For whoever does not click on the map: the middle of a street."""
    texts = planning.texts
    names = {_NONE: texts("whatif_street_none")} | {name: name for name in planning.loaded.walking.network.names}

    def take(name: str) -> None:
        if name != _NONE:
            longitude, latitude = planning.loaded.middle_of_street(name)
            add_spot(planning, Spot(kind_to_add(planning), longitude, latitude))

    choose_one("street", texts("whatif_street"), names, _NONE, take)


def _choose_closing(planning: Planning, titles: Mapping[str, str]) -> None:
    texts = planning.texts

    def take(place: str) -> None:
        closed = state_now().closed
        if len(closed) == MOST_CLOSED:
            refuse()
        elif place != _NONE:
            change(closed=closed | {place})

    choose_one("closing", texts("whatif_closing"), titles, _NONE, take)


def _open_places(planning: Planning, answer: Answer) -> dict[str, str]:
    """The places that are chosen and not closed, by name."""
    ids = planning.loaded.places["place_id"].to_numpy(str)[np.flatnonzero(answer.places.perhaps)]
    titles = {one: titled(planning, one) for one in ids if one not in planning.state.closed}
    return {_NONE: planning.texts("whatif_closing_none")} | dict(sorted(titles.items(), key=lambda item: item[1]))


def _choose_hours(planning: Planning, titles: Mapping[str, str]) -> None:
    texts, state = planning.texts, planning.state
    with st.expander(texts("whatif_hours"), key=widget_key("hours")):
        st.write(texts("whatif_hours_meaning" if state.moment else "whatif_hours_no_moment"))
        with st.form("hours", border=False):
            place = st.selectbox(
                texts("whatif_hours_place"), list(titles)[1:], format_func=titles.__getitem__, index=None
            )
            told = st.text_input(texts("whatif_hours_told"), placeholder="Mo-Fr 09:00-22:00", max_chars=80)
            if st.form_submit_button(texts("whatif_hours_set")) and place:
                _set_hours(planning, place, told.strip())


def _set_hours(planning: Planning, place: str, told: str) -> None:
    texts = planning.texts
    row = planning.loaded.places.iloc[planning.loaded.row_of[place]]
    found = opening_of(told, assumed_always=False, latitude=row["latitude"], longitude=row["longitude"])
    if not (HOURS.fullmatch(told) and found.understood):
        st.error(texts("whatif_hours_wrong", told=escape_markdown(told)))
        return
    kept = tuple(one for one in state_now().hours if one[0] != place)
    change(hours=(*kept, (place, told)))
    st.rerun()


def _list_changes(planning: Planning) -> None:
    texts, state = planning.texts, planning.state
    rows: list[tuple[str, dict[str, Any]]] = [
        *((f"{number}. {planning.kind_name(one.category)}", {"added": tuple(x for x in state.added if x != one)})
          for number, one in enumerate(state.added, 1)),
        *((texts("whatif_closed", place=titled(planning, one)), {"closed": state.closed - {one}})
          for one in sorted(state.closed)),
        *((f"{titled(planning, one)}: {told}", {"hours": tuple(x for x in state.hours if x[0] != one)})
          for one, told in state.hours),
    ]  # fmt: skip
    if not rows:
        return
    st.html(f"<h2>{texts('whatif_changes')}</h2>")
    for number, (told, without) in enumerate(rows):
        st.button(
            texts("whatif_undo", what=escape_markdown(told)), key=f"undo-{number}", icon=":material/undo:",
            on_click=change, kwargs=without,
        )  # fmt: skip
    plain = replace(state, added=(), closed=frozenset(), hours=())
    st.button(
        texts("whatif_undo_all"), key="undo-all", on_click=change,
        kwargs={"added": plain.added, "closed": plain.closed, "hours": plain.hours},
    )  # fmt: skip
