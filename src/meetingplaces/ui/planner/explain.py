"""How the numbers on screen are made, where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from meetingplaces.export.screen import Screen
from meetingplaces.ui.planner.page import Planning


def explain(planning: Planning, screen: Screen) -> None:
    """How the numbers of `screen` are made, what they do not know, and what each column means."""
    texts = planning.texts
    always = "".join(f"<li>{escape(one)}</li>" for one in screen.limits)
    columns = [(one.label, one.definition) for one in screen.columns if one.label != one.definition]
    with st.expander(texts("explain_title")):
        st.html(
            f"{_list(screen.method)}<p>{texts('explain_always')}</p><ul>{always}</ul>"
            f"<p>{texts('explain_columns')}</p>{_list(columns)}"
        )


def _list(told: Iterable[tuple[str, str]]) -> str:
    terms = "".join(f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>" for term, meaning in told)
    return f'<dl class="facts">{terms}</dl>'
