"""How a number is made, where it stands: premise, formula, limits and source of the measure on screen."""

from __future__ import annotations

from html import escape

import streamlit as st

from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.planner.screens import limits

_PARTS = ("premise", "formula", "limits", "source")


def explain(planning: Planning, measure: str) -> None:
    """What the measure with this key says, how, and what it does not know; and what none of the numbers knows."""
    texts = planning.texts
    with st.expander(texts("explain_title")):
        told = "".join(
            f"<dt>{texts(f'explain_{part}')}</dt><dd>{texts(f'measure_{measure}_{part}')}</dd>" for part in _PARTS
        )
        always = "".join(f"<li>{escape(one)}</li>" for one in limits(planning))
        st.html(f'<dl class="facts">{told}</dl><p>{texts("explain_always")}</p><ul>{always}</ul>')
