"""The frame around every page: navigation, language, style, and what a visitor sees when something fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.storage.locations import app_folder
from meetingplaces.ui import data
from meetingplaces.ui.catalogue import LANGUAGES, Catalogue, catalogue
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.session import (
    change,
    current_language,
    current_texts,
    ignored_parameters,
    was_refused,
    widget_key,
)
from meetingplaces.ui.settings import may_refresh
from meetingplaces.ui.sharing.share_link import draw_share_button, tell_what_changed

_ASSETS = Path(__file__).with_name("assets")
_log = logging.getLogger("meetingplaces.ui")

_document = st.components.v2.component(
    "meetingplaces_document",
    html="<span></span>",
    js=loader("document.js"),
)


PAGES: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "": [
        ("map", "kaart", ":material/map:"),
        ("near", "dichtbij", ":material/near_me:"),
        ("stories", "verhalen", ":material/auto_stories:"),
    ],
    "nav_share": [
        ("notes", "aantekeningen", ":material/edit_location_alt:"),
        ("present", "presenteren", ":material/slideshow:"),
        ("embed", "inbedden", ":material/code:"),
    ],
    "nav_planner": [
        ("coverage", "dekking", ":material/groups:"),
        ("hours", "open-en-dicht", ":material/schedule:"),
        ("compare", "vergelijken", ":material/compare_arrows:"),
        ("priorities", "waar-eerst", ":material/format_list_numbered:"),
        ("gaps", "witte-vlekken", ":material/location_off:"),
        ("mixing", "wie-treft-wie", ":material/diversity_3:"),
        ("whatif", "wat-als", ":material/add_location_alt:"),
        ("circumstances", "crisis-en-weer", ":material/rainy:"),
        ("over_time", "door-de-tijd", ":material/history:"),
    ],
    "nav_about": [
        ("data", "gegevens", ":material/update:"),
        ("own_list", "eigen-lijst", ":material/upload_file:"),
        ("review", "nakijken", ":material/fact_check:"),
        ("sources", "bronnen", ":material/source_notes:"),
    ],
}
"""Sections of the menu by the key of their text, with per page: its script and text, its address, its icon."""

_CHANGING = frozenset({"own_list", "review"})
"""Pages that change what everyone sees: in the menu only where the server allows that; their address always works."""


def run_app() -> None:
    """Navigation and the page that the address asks for."""
    texts = current_texts()
    st.set_page_config(page_title=texts("app_title"), page_icon=str(_ASSETS / "icon.svg"), layout="wide")
    sections = {
        texts(section) if section else "": [_page(*one, texts) for one in pages] for section, pages in PAGES.items()
    }
    st.navigation(sections, position="hidden" if st.context.is_embedded else "top").run()


def _page(name: str, address: str, icon: str, texts: Catalogue) -> StreamlitPage:
    script = app_folder() / "pages" / f"{name}.py"
    shown = may_refresh() if name in _CHANGING else name != "over_time" or data.any_earlier()
    return st.Page(
        script, title=texts(f"page_{name}"), icon=icon, url_path=address, default=name == "map",
        visibility="visible" if shown else "hidden",
    )  # fmt: skip


def page(draw: Callable[[], None]) -> None:
    """Draw one page inside the frame; an error becomes a sentence for the visitor and a line in the log."""
    styles = "".join(f'@import url("{FROM_PAGE}{asset(file)}");' for file in ("palette.css", "frame.css"))
    st.html(f"<style>{styles}</style>")
    try:
        draw()
    except MeetingPlacesError as error:
        _log.warning("page failed", extra={"error": error.code, **error.facts()})
        st.error(current_texts().apology(error))
    except Exception as error:  # noqa: BLE001  the last resort: no visitor sees a traceback
        _log.exception("page failed")
        st.error(current_texts().apology(error))
    _document(key="document", data={"language": current_language(), "words": current_texts().section("frame")})


def page_title(title: str) -> None:
    """The page's heading with the link and the language beside it, and below it what of a link does not hold."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            draw_share_button(current_texts())
            _choose_language()
    ignored = ignored_parameters()
    if ignored:
        named = ", ".join(escape_markdown(name[:30]) for name in ignored[:5])
        st.info(current_texts()("link_ignored", parameters=named))
    if was_refused():
        st.warning(current_texts()("link_full"))
    tell_what_changed(current_texts())


def _choose_language() -> None:
    texts = current_texts()
    key = widget_key("language")
    if st.session_state.get(key) != texts.language:
        st.session_state[key] = texts.language
    st.segmented_control(
        texts("language_label"), LANGUAGES, key=key, label_visibility="collapsed", required=True,
        format_func=lambda language: catalogue(language)("language_name"), width="content",
        on_change=lambda: change(language=st.session_state[key]),
    )  # fmt: skip
