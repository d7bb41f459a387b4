"""The list of places, nearest first in three groups, with the card of the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from meetingplaces.metrics.near import FITS, Fit
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.details import place_title
from meetingplaces.ui.near.card import Telling, card, moving_card
from meetingplaces.ui.near.found import Found, FoundMoving
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.session import change, state_now
from meetingplaces.ui.symbols import SYMBOLS

_KEY = "near-list"
_FIRST, _MORE = 12, 40
_SHOWN = "near_shown"
_STOP = "near_stop"  # the stop of a moving place that is open; it is no place of the bundle, so not in the link

_Member = tuple[int, FoundMoving | None]
"""A row, of the places or of the stops of those that move."""

_component = st.components.v2.component(
    "meetingplaces_near",
    html='<p class="keys" hidden></p><div class="groups"></div>',
    css=f'@import url("{FROM_PAGE}{asset("nearlist.css")}");\n:host {{ display: block; }}\n',
    js=loader("nearlist.js"),
)


def near_list(visit: Visit, found: Found) -> None:
    """Draw the list; opening an entry selects its place, opening it again closes it."""
    telling = Telling(visit, found)
    shown: dict[str, int] = st.session_state.get(_SHOWN, {})
    groups = [_group(fit, telling, shown.get(fit, _FIRST)) for fit in FITS]
    data = {
        "groups": [group for group in groups if group["count"]],
        "symbols": SYMBOLS,
        "texts": {**visit.texts.section("copy"), **visit.texts.section("nearlist")},
    }
    _component(key=_KEY, data=data, on_picked_change=_picked, on_more_change=_more)


def _picked() -> None:
    place = st.session_state[_KEY].picked
    if not isinstance(place, str):
        return
    if place.startswith("moving/"):
        st.session_state[_STOP] = None if place == st.session_state.get(_STOP) else place
    else:
        change(place=None if place == state_now().place else place)


def _more() -> None:
    fit = st.session_state[_KEY].more
    if fit in FITS:
        shown = st.session_state.get(_SHOWN, {})
        st.session_state[_SHOWN] = {**shown, fit: shown.get(fit, _FIRST) + _MORE}


def _group(fit: Fit, telling: Telling, most: int) -> dict[str, Any]:
    """One of the three groups: a heading, what it means, and its nearest places, the open one surely among them."""
    texts, members = telling.texts, _in_order(fit, telling.found)
    opened = {(telling.visit.selected, False), (_stop_opened(telling.found), True)}
    at = [n for n, (row, moving) in enumerate(members) if (row, moving is not None) in opened]
    most = max(most, at[-1] + 1) if at else most
    # Where nothing is asked there is one group, and the heading of the page is its heading.
    asked = bool(telling.found.answer.conditions)
    return {
        "key": fit,
        "heading": texts(f"near_group_{fit}", count=texts.number(len(members))) if asked else "",
        "note": texts("near_group_unknown_note") if fit == "unknown" else "",
        "closed": fit == "no" and not at,
        "count": len(members),
        "entries": [_told(member, fit, telling, n in at) for n, member in enumerate(members[:most])],
    }


def _in_order(fit: Fit, found: Found) -> list[_Member]:
    """The places of a group, nearest first; where all is far alike, those that move first."""

    def of(one: Found, moving: FoundMoving | None) -> list[tuple[tuple[bool, float], _Member]]:
        rows, ways = one.answer.rows[fit].tolist(), one.ways
        return [((not ways.on_foot[row], ways.metres[row]) if ways else (False, 0.0), (row, moving)) for row in rows]

    moving = of(found.moving.found, found.moving) if found.moving else []
    return [member for _, member in sorted([*moving, *of(found, None)], key=lambda one: one[0])]


def _told(member: _Member, fit: Fit, telling: Telling, opened: bool) -> Mapping[str, Any]:
    row, moving = member
    return _moving_entry(row, moving, fit, telling, opened) if moving else _entry(row, fit, telling, opened)


def _stop_opened(found: Found) -> int | None:
    """The row of the stop that is open, `None` without one."""
    opened = st.session_state.get(_STOP)
    ids = found.moving.stops.table["place_id"].tolist() if found.moving and opened else []
    return ids.index(opened) if opened in ids else None


def _moving_entry(row: int, moving: FoundMoving, fit: Fit, telling: Telling, opened: bool) -> Mapping[str, Any]:
    """A stop of a moving place, marked as such."""
    (place, stop), texts, about = moving.stops.stops[row], telling.texts, Telling(telling.visit, moving.found)
    return {
        "id": moving.stops.table["place_id"].iat[row],
        "setting": place.setting,
        "hollow": place.access in RESTRICTED_ACCESS,
        "name": place.name,
        "mark": texts("near_moving"),
        "where": " · ".join([place.kind, texts(f"list_setting_{place.setting}"), stop.where]),
        "way": about.way(row),
        "hours": about.hours(row),
        "doubt": about.doubt(row, fit),
        "card": moving_card(row, moving, about) if opened else None,
    }


def _entry(row: int, fit: Fit, telling: Telling, opened: bool) -> Mapping[str, Any]:
    texts, categories = telling.texts, telling.visit.categories
    place = next(telling.visit.loaded.places.iloc[[row]].itertuples())
    kind = categories.by_key[place.category].name.in_language(texts.language)
    named = isinstance(place.name, str)
    near = place.address if isinstance(place.address, str) else place.near_street
    where = texts("list_near", street=near) if near is place.near_street and isinstance(near, str) else near
    lines = [kind if named else "", texts(f"list_setting_{place.setting}"), where if isinstance(where, str) else ""]
    return {
        "id": place.place_id,
        "setting": place.setting,
        "hollow": place.access in RESTRICTED_ACCESS,
        "name": place_title(place, categories, texts),
        "where": " · ".join(line for line in lines if line),
        "way": telling.way(row),
        "hours": telling.hours(row),
        "doubt": telling.doubt(row, fit),
        "card": card(row, telling) if opened else None,
    }
