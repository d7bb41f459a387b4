"""Text to copy with one button: a link, a note to hand on, a piece of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import streamlit as st

from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.served import FROM_PAGE, asset, loader

_component = st.components.v2.component(
    "meetingplaces_copy",
    html='<button type="button" class="copy" hidden></button><div class="panel"><div class="options"></div>'
    '<label><span></span><textarea readonly spellcheck="false"></textarea></label><p role="status"></p></div>',
    css=f'@import url("{FROM_PAGE}{asset("copying.css")}");\n:host {{ display: block; }}\n',
    js=loader("copying.js"),
)


class Option(TypedDict):
    """A choice that adds parameters to the link: `query`, or what the map shows when `camera` is true."""

    label: str
    query: str
    camera: bool


def copy_text(key: str, text: str, label: str, button: str, texts: Catalogue) -> None:
    """A field with `text` and a button that copies it. `{root}` in it becomes the address of this site."""
    _draw(key, {"text": text, "label": label, "button": button, "options": [], "folded": False}, texts)


def copy_link(key: str, query: str, options: Sequence[Option], texts: Catalogue) -> None:
    """A button that copies the address of this page with `query`, and then shows it with `options`."""
    label, button = texts("share_link"), texts("share_button")
    told = {"text": f"{{page}}?{query}", "label": label, "button": button, "options": list(options), "folded": True}
    _draw(key, told, texts, width="content")


def _draw(key: str, told: dict[str, Any], texts: Catalogue, width: Any = "stretch") -> None:
    _component(key=key, data={**told, "texts": texts.section("copy")}, width=width)
