"""The list of places, nearest first in three groups, with the card of the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from meetingplaces.metrics.near import FITS, Fit
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.details import place_title
from meetingplaces.ui.near.card import Telling, card
from meetingplaces.ui.near.found import Found
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.session import change, state_now
from meetingplaces.ui.symbols import SYMBOLS

_KEY = "near-list"
_FIRST, _MORE = 12, 40
_SHOWN = "near_shown"

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
        "texts": visit.texts.section("nearlist"),
    }
    _component(key=_KEY, data=data, on_picked_change=_picked, on_more_change=_more)


def _picked() -> None:
    place = st.session_state[_KEY].picked
    if isinstance(place, str):
        change(place=None if place == state_now().place else place)


def _more() -> None:
    fit = st.session_state[_KEY].more
    if fit in FITS:
        shown = st.session_state.get(_SHOWN, {})
        st.session_state[_SHOWN] = {**shown, fit: shown.get(fit, _FIRST) + _MORE}


def _group(fit: Fit, telling: Telling, most: int) -> dict[str, Any]:
    """One of the three groups: a heading, what it means, and its nearest places, the open one surely among them."""
    texts, rows = telling.texts, telling.found.answer.rows[fit]
    selected = telling.visit.selected
    at = np.flatnonzero(rows == selected)
    most = max(most, int(at[0]) + 1) if len(at) else most
    asked = bool(telling.found.answer.conditions)
    name = fit if asked else "all"
    return {
        "key": fit,
        "heading": texts(f"near_group_{name}", count=texts.number(len(rows))),
        "note": texts("near_group_unknown_note") if fit == "unknown" else "",
        "closed": fit == "no" and not len(at),
        "count": len(rows),
        "entries": [_entry(int(row), fit, telling, row == selected) for row in rows[:most]],
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
