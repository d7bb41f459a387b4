"""Stories and moving places, read again when their file changes; a broken file is left out, with what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from meetingplaces.metrics.moving import MovingStops
from meetingplaces.model.errors import InputError
from meetingplaces.model.moving import MovingPlace, load_moving
from meetingplaces.model.stories import Story, load_stories
from meetingplaces.storage.locations import moving_path, stories_paths

_log = logging.getLogger("meetingplaces.ui")


def _read(load: Callable[[Path], Any], path: str) -> Any:
    try:
        return load(Path(path))
    except InputError as error:
        _log.warning("file left out", extra={"error": error.code, **error.facts()})
        return error


@st.cache_resource(max_entries=32, show_spinner=False)
def _stories(path: str, changed_ns: int) -> tuple[Story, ...] | InputError:
    found: tuple[Story, ...] | InputError = _read(load_stories, path)
    return found


def stories(municipality_code: str) -> tuple[list[Story], list[InputError]]:
    """All stories for everybody and for one municipality, newest first, and what is wrong with files left out."""
    files = [_stories(str(path), path.stat().st_mtime_ns) for path in stories_paths(municipality_code)]
    told = [story for one in files if not isinstance(one, InputError) for story in one]
    return sorted(told, key=lambda one: one.date, reverse=True), [one for one in files if isinstance(one, InputError)]


@st.cache_resource(max_entries=32, show_spinner=False)
def _moving(path: str, changed_ns: int) -> tuple[MovingPlace, ...] | InputError:
    found: tuple[MovingPlace, ...] | InputError = _read(load_moving, path)
    return found


def moving_places(municipality_code: str) -> tuple[tuple[MovingPlace, ...], list[InputError]]:
    """The places of a municipality that move or keep a timetable, and what is wrong with their file."""
    path = moving_path(municipality_code)
    found = _moving(str(path), path.stat().st_mtime_ns) if path else ()
    return ((), [found]) if isinstance(found, InputError) else (found, [])


@st.cache_resource(max_entries=32, show_spinner=False)
def _stops(path: str, changed_ns: int, _places: tuple[MovingPlace, ...]) -> MovingStops:
    return MovingStops.of(_places)


def moving_stops(municipality_code: str) -> MovingStops | None:
    """Every stop of those places, as a table and with its hours; `None` without any."""
    path, (places, _) = moving_path(municipality_code), moving_places(municipality_code)
    return _stops(str(path), path.stat().st_mtime_ns, places) if path and places else None
