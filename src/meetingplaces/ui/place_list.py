"""The list in step with the map: same rows, same order, one selection."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filtering import Shown
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.symbols import SYMBOLS

_component = st.components.v2.component(
    "meetingplaces_list",
    html='<p class="problem" role="alert" hidden></p><ul></ul><button type="button" class="more" hidden></button>',
    css=f'@import url("{FROM_PAGE}{asset("placelist.css")}");\n:host {{ display: block; }}\n',
    js=loader("placelist.js"),
)


def place_list(address: str, texts: Catalogue, shown: Shown, on_pick: Callable[[str], None]) -> None:
    """Draw the list of places out of the drawing at `address`; `on_pick` is told the identifier of a picked one."""
    key = "place-list"
    data = {
        "url": FROM_PAGE + address,
        "rows": shown.rows,
        "kinds": shown.kinds,
        "selected": shown.selected,
        "symbols": SYMBOLS,
        "hollow": sorted(RESTRICTED_ACCESS),
        "texts": texts.section("list"),
    }

    def picked() -> None:
        value = st.session_state[key].picked
        if isinstance(value, str):
            on_pick(value)

    _component(key=key, data=data, on_picked_change=picked)
