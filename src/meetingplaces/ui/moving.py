"""Places that move or keep a timetable, as a list and as marks on the map."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from meetingplaces.metrics.moving import Presence, presences
from meetingplaces.ui import own_files
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import link_html
from meetingplaces.ui.opening_words import moment_told, week_short
from meetingplaces.ui.settings import now
from meetingplaces.ui.stories.telling import tell_problems
from meetingplaces.ui.view_state import ViewState


def moving_now(state: ViewState) -> list[Presence]:
    """Where the moving places of the municipality are now, limited to the settings that are chosen."""
    places, _ = own_files.moving_places(state.municipality)
    return presences([one for one in places if one.setting in state.settings], now())


def draw_moving(state: ViewState, found: Sequence[Presence], texts: Catalogue) -> None:
    """The list, those that are there now first; nothing when the municipality has none."""
    if found:
        rows = "".join(_presence_html(one, texts) for one in found)
        st.html(f"<h3>{texts('moving_title')}</h3><ul class='stories'>{rows}</ul>")
    tell_problems(own_files.moving_places(state.municipality)[1], texts)


def moving_spots(found: Sequence[Presence], texts: Catalogue) -> list[dict[str, Any]]:
    """A mark on the map per stop, as planning.js takes it."""
    return [
        {"point": [one.stop.longitude, one.stop.latitude], "sign": 0, "kind": f"moving {one.state}",
         "label": f"{one.place.name}, {one.stop.where}: {presence_told(one, texts)}"}
        for one in found
    ]  # fmt: skip


def _presence_html(one: Presence, texts: Catalogue) -> str:
    place, name = one.place, one.place.name
    title = link_html(place.website, name) if place.website else f"<strong>{escape(name)}</strong>"
    facts = [place.kind, texts(f"map_setting_{place.setting}"), one.stop.where]
    week = week_short(one.opening, now(), texts)
    source = texts("moving_source", hours=place.hours_at(one.stop))
    lines = [f"{title}: {escape(presence_told(one, texts))}", *map(escape, [" · ".join(facts), week])]
    lines.append(f'<span class="note">{escape(source)}</span>')
    return f"<li>{'<br>'.join(line for line in lines if line)}</li>"


def presence_told(one: Presence, texts: Catalogue) -> str:
    """Whether it is there, and until or from when."""
    if one.state == "unknown" or one.change is None:
        return texts(f"moving_{one.state}")
    moment, then = one.change
    when = moment_told(moment, now(), texts, ends=one.state == "open")
    return texts(f"moving_{one.state}_then_{then}", moment=when)
