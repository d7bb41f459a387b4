"""When somebody wants to go: now, later today, tonight or on Sunday, and what is open then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from meetingplaces.metrics.opening import AMSTERDAM, Opening, OpenState
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.norms import DayPart

When = Literal["now", "today", "evening", "sunday"]

_SUNDAY = 6
_SUREST_FIRST: tuple[OpenState, ...] = ("open", "assumed_open", "unknown", "closed")


def window(when: When, now: datetime, evening: DayPart) -> tuple[datetime, datetime]:
    """From when to when somebody wants to go, Europe/Amsterdam; for `now` both are the same moment.

    What has begun counts from now on: on a Sunday afternoon Sunday is what is left of it. After the evening the next
    one is meant.

    Parameters
    ----------
    now
        With a time zone.
    """
    local = now.astimezone(AMSTERDAM)
    today = local.date()
    if when == "now":
        return local, local
    if when == "today":
        return local, _at(today + timedelta(days=1))
    if when == "sunday":
        sunday = today + timedelta(days=(_SUNDAY - today.weekday()) % 7)
        return max(local, _at(sunday)), _at(sunday + timedelta(days=1))
    begins, ends = evening.clock
    day = today if local < _at(today, ends) else today + timedelta(days=1)
    return max(local, _at(day, begins)), _at(day, ends)


def states_within(of_places: Sequence[Opening], start: datetime, end: datetime) -> NDArray[np.str_]:
    """The surest `OpenState` of each place at any time from `start` up to `end`: open, else assumed open, else unknown.

    When both are the same moment, the state at that moment.
    """
    known = {one: _surest(one, start, end) for one in set(of_places)}
    return np.array([known[one] for one in of_places], dtype="U12")


def open_then(states: NDArray[np.str_]) -> Chosen:
    """Surely open are those that are open, or that we take to be; perhaps also those whose hours are unknown."""
    sure = np.isin(states, ("open", "assumed_open"))
    return Chosen(sure, sure | (states == "unknown"))


def _surest(one: Opening, start: datetime, end: datetime) -> OpenState:
    states = {one.at(start)} | ({span.state for span in one.spans(start, end)} if start < end else set())
    return next(state for state in _SUREST_FIRST if state in states)


def _at(day: date, clock: time = time()) -> datetime:
    return datetime.combine(day, clock, AMSTERDAM)
