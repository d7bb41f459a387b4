"""Where the visitor is: by her device, a street or the map. Kept in the memory of her session, about 10 m precise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

import streamlit as st

from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import INSIDE, choose_municipality
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.near.found import Where
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.planner.choices import choose_one
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.session import change, set_position, state_now, widget_key
from meetingplaces.ui.view_state import Position

_NONE = ""
_KEY = "whereabouts"

_component = st.components.v2.component(
    "meetingplaces_whereabouts",
    html='<button type="button"></button><p role="status"></p>',
    css=f'@import url("{FROM_PAGE}{asset("whereabouts.css")}");\n:host {{ display: block; }}\n',
    js=loader("whereabouts.js"),
)


def whereabouts_told(visit: Visit, where: Where | None) -> None:
    """Where she is, in words."""
    texts, loaded = visit.texts, visit.loaded
    if where is None:
        st.html(f"<p>{texts('near_intro')}</p>")
        return
    names = {"municipality": escape(loaded.bundle.manifest.municipality_name)}
    street = texts("near_street", street=escape(where.street)) if where.street else texts("near_no_street")
    area = (
        texts("near_area", neighbourhood=escape(loaded.neighbourhood_names[where.neighbourhood]), **names)
        if where.neighbourhood
        else texts("near_no_area", **names)
    )
    shared = f" {texts('near_shared')}" if visit.state.here else ""
    st.html(f'<p class="here">{street} {area}{shared}</p>')


def choose_whereabouts(visit: Visit, municipalities: Mapping[str, str]) -> None:
    """The button that asks the device; behind another the street and the map; and what may be done with a position."""
    texts, state = visit.texts, visit.state
    _component(key=_KEY, data={"texts": texts.section("device")}, on_found_change=_from_device)
    with st.expander(texts("near_choose"), key=widget_key("whereabouts")):
        if len(municipalities) > 1:
            choose_municipality(state, municipalities, texts)
        if visit.loaded.bundle.has_walking:
            _choose_street(visit.loaded, texts)
        if not state.with_map:
            st.button(texts("near_choose_on_map"), key="near-pick", on_click=change, kwargs={"with_map": True})
        if visit.here:
            name, shared = ("near_unshare", None) if state.here else ("near_share", visit.here)
            st.button(texts(name), icon=":material/link:", key="near-share", on_click=_share, args=(shared,))
            st.button(texts("near_forget"), icon=":material/location_off:", key="near-forget", on_click=_forget)


def take_position(longitude: object, latitude: object) -> None:
    """Make this her position, rounded; nothing happens with what is no position. Also finds her municipality."""
    if not (_degrees(longitude, 180) and _degrees(latitude, 90)):
        return
    here = Position.near(float(longitude), float(latitude))  # type: ignore[arg-type]
    set_position(here)
    found = data.municipality_at(here.longitude, here.latitude, state_now().municipality)
    if found and found != state_now().municipality:
        change(municipality=found, **INSIDE)


def _degrees(value: object, most: float) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= most


def _from_device() -> None:
    told = st.session_state[_KEY].found
    if isinstance(told, dict):
        take_position(told.get("longitude"), told.get("latitude"))


def _share(here: Position | None) -> None:
    """Put the position into the link, or take it out of it again; she stays where she is."""
    set_position(session.position())
    change(here=here)


def _forget() -> None:
    set_position(None)


def _choose_street(loaded: LoadedBundle, texts: Catalogue) -> None:
    """The middle of a street; the box shows no street afterwards, as it says where she was, not where she is."""
    names = {_NONE: texts("near_street_none")} | {name: name for name in loaded.walking.network.names}

    def take(name: str) -> None:
        if name != _NONE:
            take_position(*loaded.middle_of_street(name))

    choose_one("near_street", texts("near_street_choose"), names, _NONE, take)
