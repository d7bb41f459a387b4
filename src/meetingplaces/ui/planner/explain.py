"""How a number is made, where it stands: premise, formula, limits and source of the measure on screen."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from meetingplaces.export.screen import Screen
from meetingplaces.ui.planner.page import Planning

_PARTS = ("premise", "formula", "limits", "source")


def explain(planning: Planning, measure: str, screen: Screen, more: Mapping[str, str] | None = None) -> None:
    """What the measure with this key says, how, and what it does not know; and what each column of `screen` means.

    `more` has further terms that this page uses, with their meaning.
    """
    texts = planning.texts
    with st.expander(texts("explain_title")):
        told = {texts(f"explain_{part}"): texts(f"measure_{measure}_{part}") for part in _PARTS}
        always = "".join(f"<li>{escape(one)}</li>" for one in screen.limits)
        columns = {one.label: one.definition for one in screen.columns if one.label != one.definition}
        st.html(
            f"{_list({**told, **(more or {})})}<p>{texts('explain_always')}</p><ul>{always}</ul>"
            f"<p>{texts('explain_columns')}</p>{_list(columns)}"
        )


def _list(told: Mapping[str, str]) -> str:
    terms = "".join(f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>" for term, meaning in told.items())
    return f'<dl class="facts">{terms}</dl>'
