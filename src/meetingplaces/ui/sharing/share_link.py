"""The button that copies a link to what is on screen, and what a link says that no longer holds."""

from __future__ import annotations

import logging
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
import streamlit as st

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.storage.frozen import edition_of
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.copying import Option, copy_link
from meetingplaces.ui.details import place_title
from meetingplaces.ui.filtering import visible_rows
from meetingplaces.ui.link import PAGE_FIELDS, share_query, to_query
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.view_state import Edition, ViewState

_NEAREST, _PROBLEM, _KEPT = 5, "share_problem", "share_kept"
_log = logging.getLogger("meetingplaces.ui")


def edition_now(municipality_code: str) -> Edition:
    """The data as they are now."""
    built_on, mark = edition_of(data.load(municipality_code).bundle.manifest).split(".")
    return Edition(built_on, mark)


def draw_share_button(texts: Catalogue) -> None:
    """The button, for whichever page it is on, with the options that mean something there."""
    state, page = session.state_now(), session.page_now()
    options = []
    if "camera" in PAGE_FIELDS[page]:
        options.append(Option(label=texts("share_camera"), query="", camera=True, ask=False))
    if "edition" in PAGE_FIELDS[page] and state.edition is None:
        options += _edition_option(state.municipality, texts)

    def kept() -> None:
        try:
            st.session_state[_KEPT] = data.keep_for_links(state.municipality)
        except MeetingPlacesError as error:
            _log.warning("the data were not kept for a link", extra={"error": error.code, **error.facts()})
            st.session_state[_PROBLEM] = texts("share_unkept")

    problem = st.session_state.pop(_PROBLEM, "")
    copy_link("share", link_query(state, page), options, texts, on_ask=kept, problem=problem)


def _edition_option(municipality_code: str, texts: Catalogue) -> list[Option]:
    """To freeze the link: only where the data are kept, or can be."""
    if not data.may_freeze(municipality_code):
        return []
    edition = edition_now(municipality_code).name
    ask = st.session_state.get(_KEPT) != edition
    return [Option(label=texts("share_edition"), query=f"stand={edition}", camera=False, ask=ask)]


def link_query(state: ViewState, page: str) -> str:
    """The parameters of a link to what `page` shows, as in an address."""
    at = _position(state, data.load(state.municipality, state.edition))
    return urlencode(share_query(replace(state, place_at=at), page))


def _position(state: ViewState, loaded: LoadedBundle) -> tuple[float, float] | None:
    """Where the chosen place is, or was when the link was made."""
    row = loaded.row_of.get(state.place or "")
    if row is None:
        return state.place_at
    return round(float(loaded.places["longitude"].iloc[row]), 4), round(float(loaded.places["latitude"].iloc[row]), 4)


def tell_what_changed(texts: Catalogue) -> None:
    """Say that the place of a link is gone, with what is near, and which data one sees of a frozen link."""
    state = session.state_now()
    loaded = data.load(state.municipality, state.edition)
    if state.place is not None and state.place not in loaded.row_of:
        _tell_gone(state, loaded, texts)
    if state.edition is not None and "edition" in PAGE_FIELDS[session.page_now()]:
        _tell_edition(state.edition, loaded, texts)


def _tell_edition(edition: Edition, loaded: LoadedBundle, texts: Catalogue) -> None:
    """That the data are those of the link, still the newest or not, or that these are not here; and the way out."""
    state = session.state_now()
    now = edition_now(state.municipality)
    shown = edition_of(loaded.bundle.manifest) == edition.name
    told = "same" if edition == now else "shown" if shown else "gone"
    st.info(texts(f"edition_{told}", then=texts.date(edition.built_on), now=texts.date(now.built_on)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            texts("edition_newest" if told == "shown" else "edition_close"), key="edition-newest",
            on_click=session.show_newest, args=(_position(state, loaded),),
        )  # fmt: skip
        if told == "shown":
            _offer_comparison(state, texts)


def _offer_comparison(state: ViewState, texts: Catalogue) -> None:
    """The way to what changed since, where the bundle that the link was made with was kept."""
    for kept in data.earlier(state.municipality):
        if kept.bundle and state.edition and edition_of(kept.bundle.manifest) == state.edition.name:
            there = ViewState(state.municipality, neighbourhood=state.neighbourhood, earlier=kept.date)
            query = urlencode(to_query(there, ""))
            st.html(f'<a href="./door-de-tijd?{escape(query, quote=True)}">{texts("edition_compare")}</a>')


def _tell_gone(state: ViewState, loaded: LoadedBundle, texts: Catalogue) -> None:
    categories = data.categories()
    near = _nearest(state, loaded)
    with st.container(border=True):
        st.warning(texts("gone_place_near" if near else "gone_place"))
        with st.container(horizontal=True):
            for row, metres in near:
                place = next(loaded.places.iloc[[row]].itertuples())
                name = place_title(place, categories, texts)
                st.button(
                    escape_markdown(texts("gone_near", place=name, metres=texts.number(round(metres, -1)))),
                    key=f"gone-{row}", on_click=session.change, kwargs={"place": place.place_id},
                )  # fmt: skip
        st.button(texts("gone_close"), key="gone-close", on_click=session.change, kwargs={"place": None})


def _nearest(state: ViewState, loaded: LoadedBundle) -> list[tuple[int, float]]:
    """Rows of the places nearest to where the lost one was, with metres as the crow flies."""
    if state.place_at is None:
        return []
    [point] = gpd.GeoSeries.from_xy(*([one] for one in state.place_at), crs=WGS84).to_crs(RD_NEW)
    rows = visible_rows(loaded, ViewState(state.municipality))
    metres = loaded.places.geometry.iloc[rows].distance(point).to_numpy()
    return [(int(rows[one]), float(metres[one])) for one in np.argsort(metres, kind="stable")[:_NEAREST]]
