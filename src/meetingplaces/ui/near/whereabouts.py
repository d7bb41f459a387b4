"""Where the visitor is: by her device, an address, a street or the map.

It is kept in the memory of her session, about 10 m precise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

import streamlit as st

from meetingplaces.sources.address_search import FoundAddress
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import INSIDE, choose_municipality
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.near.address import choose_address
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
    """Where she is, in words, with the button to forget it. In one box, so that what is below it stays what it is."""
    texts = visit.texts
    with st.container(horizontal=True, vertical_alignment="center"):
        told = f'<p class="here">{_told(visit, where)}</p>' if where else f'<p class="intro">{texts("near_intro")}</p>'
        st.html(told, width="content")
        if where:
            st.button(texts("near_forget"), icon=":material/location_off:", key="near-forget", on_click=_forget)


def _told(visit: Visit, where: Where) -> str:
    texts, loaded = visit.texts, visit.loaded
    names = {"municipality": escape(loaded.bundle.manifest.municipality_name)}
    start = _start_told(visit.address, where, texts)
    area = (
        texts("near_area", neighbourhood=escape(loaded.neighbourhood_names[where.neighbourhood]), **names)
        if where.neighbourhood
        else texts("near_no_area", **names)
    )
    shared = f" {texts('near_shared')}" if visit.state.here else ""
    return f"{start} {area}{shared}"


def _start_told(address: FoundAddress | None, where: Where, texts: Catalogue) -> str:
    """What she starts from: what she chose, else the street that is near."""
    if address:
        return texts(f"near_from_{address.kind}", address=escape(address.name))
    return texts("near_street", street=escape(where.street)) if where.street else texts("near_no_street")


def choose_whereabouts(visit: Visit, municipalities: Mapping[str, str]) -> None:
    """The button that asks the device, the field for an address; behind another button the street, the map and more."""
    texts, state = visit.texts, visit.state
    _component(key=_KEY, data={"texts": texts.section("device")}, on_found_change=_from_device)
    choose_address(visit, take_position)
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


def take_position(longitude: object, latitude: object, address: FoundAddress | None = None) -> None:
    """Make this her position, rounded; nothing happens with what is no position. Also finds her municipality."""
    if not (_degrees(longitude, 180) and _degrees(latitude, 90)):
        return
    here = Position.near(float(longitude), float(latitude))  # type: ignore[arg-type]
    set_position(here, address)
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
    set_position(session.position(), session.address())
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
