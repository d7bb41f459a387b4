"""The map of the answer: what fits or may fit, and where she is; a tap on it says where she is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from meetingplaces.metrics.moving import Presence
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.moving import moving_spots
from meetingplaces.ui.near.found import Found
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.near.whereabouts import take_position
from meetingplaces.ui.session import change


def answer_map(visit: Visit, found: Found) -> None:
    """Draw it."""
    texts, here = visit.texts, visit.here
    rows = np.sort(np.concatenate([found.answer.rows["yes"], found.answer.rows["unknown"]])).tolist()
    spot = here and {"point": [here.longitude, here.latitude], "sign": 0, "kind": "here", "label": texts("near_here")}
    view = {
        "rows": rows,
        "focus": found.where.neighbourhood if found.where else None,
        "selected": visit.selected if visit.selected in rows else None,
        "spots": [*([spot] if spot else []), *moving_spots(_moving(found, visit), texts)],
        "pick": "spot",
    }
    st.html(f"<h2>{texts('near_map')}</h2><p>{texts('near_map_meaning')}</p>")
    planning_map(visit.loaded, visit.categories, texts, view, _picked)


def _moving(found: Found, visit: Visit) -> list[Presence]:
    """The stops of moving places that fit or may fit."""
    if found.moving is None:
        return []
    rows = found.moving.found.answer.rows
    return [found.moving.stops.presence(int(row), visit.now) for fit in ("yes", "unknown") for row in rows[fit]]


def _picked(message: Mapping[str, Any]) -> None:
    spot, place = message.get("spot"), message.get("place")
    if isinstance(spot, list) and len(spot) == 2:
        take_position(*spot)
    elif isinstance(place, str):
        change(place=place)
