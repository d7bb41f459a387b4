"""The button that copies a link to what is on screen, and what a link says that no longer holds."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode
from zlib import crc32

import geopandas as gpd
import numpy as np
import streamlit as st

from meetingplaces.model.bundle import Manifest
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.copying import Option, copy_link
from meetingplaces.ui.details import place_title
from meetingplaces.ui.filtering import visible_rows
from meetingplaces.ui.link import share_query, to_query
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.view_state import Edition, ViewState

_NEAREST = 5


def edition_of(manifest: Manifest) -> Edition:
    """The data as they are now."""
    return Edition(manifest.built_at.date().isoformat(), f"{crc32(manifest.version.encode()):08x}")


def draw_share_button(texts: Catalogue) -> None:
    """The button, for whichever page it is on."""
    state = session.state_now()
    loaded = data.load(state.municipality)
    edition = to_query(ViewState(state.municipality, edition=edition_of(loaded.bundle.manifest)), "")["stand"]
    options = [Option(label=texts("share_camera"), query="", camera=True)]
    if state.edition is None:
        options.append(Option(label=texts("share_edition"), query=f"stand={edition}", camera=False))
    copy_link("share", link_query(state, session.page_now()), options, texts)


def link_query(state: ViewState, page: str) -> str:
    """The parameters of a link to what `page` shows, as in an address."""
    at = _position(state, data.load(state.municipality))
    return urlencode(share_query(replace(state, place_at=at), page))


def _position(state: ViewState, loaded: LoadedBundle) -> tuple[float, float] | None:
    """Where the chosen place is, or was when the link was made."""
    row = loaded.row_of.get(state.place or "")
    if row is None:
        return state.place_at
    return round(float(loaded.places["longitude"].iloc[row]), 4), round(float(loaded.places["latitude"].iloc[row]), 4)


def tell_what_changed(texts: Catalogue) -> None:
    """Say that the place of a link is gone, with what is near, and that the data are others than it was made with."""
    state = session.state_now()
    loaded = data.load(state.municipality)
    if state.place is not None and state.place not in loaded.row_of:
        _tell_gone(state, loaded, texts)
    if state.edition is not None:
        now = edition_of(loaded.bundle.manifest)
        dates = {"then": texts.date(state.edition.built_on), "now": texts.date(now.built_on)}
        st.info(texts("edition_same" if now == state.edition else "edition_changed", **dates))
        if now != state.edition:
            _offer_comparison(state, texts)


def _offer_comparison(state: ViewState, texts: Catalogue) -> None:
    """The way to what changed since, where the bundle that the link was made with was kept."""
    for kept in data.earlier(state.municipality):
        if kept.bundle is not None and edition_of(kept.bundle.manifest) == state.edition:
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
