"""The list in step with the map: same rows, same order, one selection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filtering import Shown
from meetingplaces.ui.symbols import SYMBOLS

_ASSETS = Path(__file__).with_name("assets")
_component = st.components.v2.component(
    "meetingplaces_list",
    html='<p class="problem" role="alert" hidden></p><ul></ul><button type="button" class="more" hidden></button>',
    css=(_ASSETS / "placelist.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "placelist.js").read_text(encoding="utf-8"),
)


def place_list(url: str, texts: Catalogue, shown: Shown, on_pick: Callable[[str], None]) -> None:
    """Draw the list of places out of the drawing at `url`; `on_pick` is told the identifier of a picked one."""
    key = "place-list"
    data = {
        "url": url.replace("../", "component/", 1),
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
