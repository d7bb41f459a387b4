"""The answer on paper: a booklet in large print of what is near and suits her, at whatever hour."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from meetingplaces.metrics.near import answer
from meetingplaces.ui.kit.making import KitOrder, kit_file
from meetingplaces.ui.near.found import Where, asked_by
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.sharing.site import site_address
from meetingplaces.ui.view_state import Position


def draw_booklet(visit: Visit, where: Where | None) -> None:
    """A button for the booklet, once we know where she is and have data there."""
    if visit.here is None or where is None or not where.within_data:
        return
    state = replace(visit.state, neighbourhood=where.neighbourhood, language=visit.texts.language)
    st.download_button(
        visit.texts("near_booklet"), data=partial(_made, replace(visit, state=state), visit.here, site_address()),
        file_name=f"{visit.texts('near_booklet_file')}.pdf", mime="application/pdf", on_click="ignore",
        icon=":material/menu_book:", key="near-booklet", help=visit.texts("near_booklet_help"),
    )  # fmt: skip


def _made(visit: Visit, here: Position, site: str | None) -> bytes:
    suits = answer(visit.loaded.places, asked_by(visit.state), visit.categories, None, None).rows
    rows = np.concatenate([suits["yes"], suits["unknown"]])
    start = (here.longitude, here.latitude)
    order = KitOrder("booklet", visit.state, visit.now.date(), site, start, rows=rows)
    return kit_file(visit.loaded, order, visit.categories)
