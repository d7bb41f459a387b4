"""Text to copy with one button: a link, a note to hand on, a piece of HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

import streamlit as st

from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.served import FROM_PAGE, asset, loader

_component = st.components.v2.component(
    "meetingplaces_copy",
    html='<button type="button" class="copy" hidden></button><div class="panel" hidden><div class="options"></div>'
    '<label><span></span><textarea readonly spellcheck="false"></textarea></label><p role="status"></p></div>',
    css=f'@import url("{FROM_PAGE}{asset("copying.css")}");\n:host {{ display: block; }}\n',
    js=loader("copying.js"),
)


class Option(TypedDict):
    """A choice that adds parameters to the link: `query`, or what the map shows when `camera` is true.

    With `ask` the server must do something first: the parameters join when it has, and draws the button without `ask`.
    """

    label: str
    query: str
    camera: bool
    ask: bool


def copy_text(key: str, text: str, label: str, button: str, texts: Catalogue) -> None:
    """A field with `text` and a button that copies it. `{root}` in it becomes the address of this site."""
    told = {"text": text, "label": label, "button": button, "options": [], "folded": False, "problem": ""}
    _component(key=key, data={**told, "texts": texts.section("copy")})


def copy_link(
    key: str, query: str, options: Sequence[Option], texts: Catalogue, *, on_ask: Callable[[], None], problem: str
) -> None:
    """A button that copies the address of this page with `query`, and then shows it with `options`.

    `on_ask` is called when she takes an option with `ask`; `problem` is what went wrong with that, or empty.
    """
    label, button = texts("share_link"), texts("share_button")
    told = {"text": f"{{page}}?{query}", "label": label, "button": button, "options": list(options), "folded": True}
    given = {**told, "problem": problem, "texts": texts.section("copy")}
    _component(key=key, data=given, width="content", on_ask_change=on_ask)
