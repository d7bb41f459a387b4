"""The files that one brings along to a meeting, made from what the map shows when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal

import streamlit as st

from meetingplaces.metrics.opening import AMSTERDAM
from meetingplaces.model.categories import Categories
from meetingplaces.ui.catalogue import DEFAULT_LANGUAGE, Catalogue
from meetingplaces.ui.kit.making import KitKind, KitOrder, kit_file
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.sharing.site import site_address
from meetingplaces.ui.view_state import ViewState

_FILES: tuple[tuple[str, KitKind, Literal["pdf", "html", "svg", "png"], str], ...] = (
    ("sheet", "sheet", "pdf", "application/pdf"),
    ("booklet", "booklet", "pdf", "application/pdf"),
    ("offline", "html", "html", "text/html"),
    ("qr_svg", "qr", "svg", "image/svg+xml"),
    ("qr_png", "qr", "png", "image/png"),
)
"""Per button: its text, what is made, as which kind of file."""


def take_along(loaded: LoadedBundle, state: ViewState, categories: Categories, texts: Catalogue) -> None:
    """A button per file: sheet, booklet, page without internet and QR code of the places that are shown."""
    st.write(texts("take_meaning"))
    site = site_address()
    asked = state if texts.language == DEFAULT_LANGUAGE else replace(state, language=texts.language)
    with st.container(horizontal=True):
        for name, kind, form, media in _FILES:
            order = KitOrder(kind, asked, datetime.now(AMSTERDAM).date(), site, image="png" if form == "png" else "svg")
            st.download_button(
                texts(f"take_{name}"), data=partial(kit_file, loaded, order, categories), on_click="ignore", mime=media,
                file_name=f"{name.partition('_')[0]}-{state.neighbourhood or state.municipality}.{form}".lower(),
                key=f"take-{name}",
            )  # fmt: skip
