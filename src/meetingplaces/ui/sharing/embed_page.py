"""The page *Inbedden*: a piece of HTML with which another site shows this map."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import streamlit as st

from meetingplaces.ui import data, filtering, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.copying import copy_text
from meetingplaces.ui.filters import choose_view
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.link import share_query
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.settings import embed_origins
from meetingplaces.ui.view_state import ViewState

_LOWEST, _HIGHEST, _USUAL = 400, 2000, 900


def draw() -> None:
    """Title → choose → draw."""
    municipalities = data.municipalities()
    state = session.current_state("embed", municipalities)
    texts, loaded, categories = session.current_texts(), data.load(state.municipality, state.edition), data.categories()
    page_title(texts("page_embed"))
    st.write(texts("intro_embed"))
    choose_view(state, municipalities, loaded, categories, texts)
    fixed = st.toggle(texts("embed_fixed"), key="embed-fixed", help=texts("embed_fixed_help"))
    height = st.slider(texts("embed_height"), _LOWEST, _HIGHEST, _USUAL, 50, key="embed-height")
    count = len(filtering.visible_rows(loaded, state))
    st.html(f'<p role="status">{texts("embed_count", count=texts.number(count))}</p>')
    copy_text("embed", snippet(state, fixed, height, texts), texts("embed_code"), texts("embed_copy"), texts)
    _tell_where(texts)
    session.keep(state, municipalities)


def snippet(state: ViewState, fixed: bool, height: int, texts: Catalogue) -> str:
    """The HTML of a frame with the map; `{root}` in it stands for the address of this site."""
    shown = replace(state, fixed=fixed, language=texts.language, place=None, place_at=None, camera=None)
    address = "{root}?" + escape(urlencode({"embed": "true", **share_query(shown, "map")}), quote=True)
    return (
        f'<iframe src="{address}" title="{escape(texts("embed_title"), quote=True)}" width="100%" height="{height}" '
        'style="border:0" loading="lazy" allow="fullscreen; clipboard-write"></iframe>'
    )


def _tell_where(texts: Catalogue) -> None:
    origins = embed_origins()
    if origins:
        st.info(texts("embed_allowed", origins=escape_markdown(", ".join(origins))))
    else:
        st.warning(texts("embed_not_allowed"))
