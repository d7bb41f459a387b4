"""Who has an open place within walking distance per day and part of the day, and what is open indoors and outdoors.

Premise: as in `coverage`, and hours are as written. A place is open in a part of the day when it is open for at least
half of it, so that a place that closes at 12:10 is no place for the afternoon. Limits: one week stands for the year, so
summer hours count in a summer week only; take an ordinary one (`opening.ordinary_week`).

Band: hours are unknown for most places in OpenStreetMap. Each number is therefore given three times: only with places
that are open by their hours; also with those assumed always open, as parks are; and also with those whose hours are
unknown. The truth lies between the first and the last. Source of the measure: own proposal.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import COVERAGE_COLUMNS, HomesOf, people_reached
from meetingplaces.metrics.opening import AMSTERDAM, Opening, OpenState, Span
from meetingplaces.model.categories import Setting
from meetingplaces.model.norms import DayPart

Counted = Literal["open", "open_or_assumed", "open_or_unknown"]
COUNTED: dict[Counted, tuple[OpenState, ...]] = {
    "open": ("open",),
    "open_or_assumed": ("open", "assumed_open"),
    "open_or_unknown": ("open", "assumed_open", "unknown"),
}
"""Which states of a place count as open, from the surest to the most generous."""

WEEKDAYS = range(1, 8)
"""Monday is 1, as in ISO 8601."""

OPEN_PLACES_COLUMNS = ("area_code", "weekday", "part", "setting", *(f"{state}_count" for state in get_args(OpenState)))
"""What `open_places` tells: per state how many places are in it."""


def part_states(of_places: Sequence[Opening], monday: date, parts: Sequence[DayPart]) -> NDArray[np.str_]:
    """The `OpenState` of each place in each part of the week that starts on `monday`: places × 7 days × parts.

    A state holds when it, or a surer one, lasts for at least half of the part: open, else assumed open, else unknown.
    """
    known = {one: _week_states(one, monday, parts) for one in set(of_places)}
    shape = (len(of_places), len(WEEKDAYS), len(parts))
    return np.array([known[one] for one in of_places], dtype="U12").reshape(shape)


def opening_coverage(
    states: NDArray[np.str_],
    parts: Sequence[DayPart],
    metres_to: Callable[[NDArray[np.bool_]], NDArray[Any]],
    homes: HomesOf,
    *,
    group: str,
    budget_m: float,
) -> pd.DataFrame:
    """People of a group with an open place within `budget_m` metres on foot, per area, day and part of the day.

    Formula: as `coverage`, with only the places that are open then.

    Parameters
    ----------
    states
        As `part_states` gives, for the places that `metres_to` knows; best without those that never count.
    metres_to
        Given which places are open (one per place), the metres on foot from each home to the nearest, `inf` when none
        is near. Asked once for each different set of places.
    homes, group, budget_m
        As for `coverage`.

    Returns
    -------
    DataFrame
        weekday (1 is Monday), part (its key), counted (key of `COUNTED`) and `COVERAGE_COLUMNS`. `share_low` and
        `share_high` tell of the rounding of people alone; the band of the hours is between the rows of `counted`.
    """
    measured: dict[bytes, pd.DataFrame] = {}
    tables = []
    for counted, day, part in itertools.product(COUNTED, WEEKDAYS, range(len(parts))):
        chosen = np.isin(states[:, day - 1, part], COUNTED[counted])
        key = chosen.tobytes()
        if key not in measured:
            measured[key] = people_reached(metres_to(chosen) <= budget_m, homes, group)
        tables.append(measured[key].assign(weekday=day, part=parts[part].key, counted=counted))
    return pd.concat(tables, ignore_index=True)[["weekday", "part", "counted", *COVERAGE_COLUMNS]]


def open_places(
    states: NDArray[np.str_], parts: Sequence[DayPart], places: pd.DataFrame, neighbourhoods: pd.DataFrame
) -> pd.DataFrame:
    """How many places are open indoors, outdoors and sheltered, per area, day and part: `OPEN_PLACES_COLUMNS`.

    It answers what is left after five o'clock or when it rains: "12 buiten, 0 binnen". Every combination has a row; 0
    says that no place is known. A place on a border counts in each neighbourhood it touches, and once in the last area,
    the municipality; one outside it counts nowhere.

    Parameters
    ----------
    states
        As `part_states` gives, for the rows of `places`.
    places
        Columns setting and neighbourhood_codes of `place_schema`, those that are to be counted.
    neighbourhoods
        Columns neighbourhood_code and municipality_code.
    """
    codes, whole = list(neighbourhoods["neighbourhood_code"]), str(neighbourhoods["municipality_code"].iloc[0])
    inside = [[*own, whole] if len(own) else [] for own in places["neighbourhood_codes"]]
    settings = places["setting"].to_numpy(str)
    rows = []
    for area, setting in itertools.product([*codes, whole], get_args(Setting)):
        here = np.array([area in own for own in inside], dtype=bool) & (settings == setting)
        for day, part in itertools.product(WEEKDAYS, range(len(parts))):
            then = states[here, day - 1, part]
            counts = [int((then == state).sum()) for state in get_args(OpenState)]
            rows.append((area, day, parts[part].key, setting, *counts))
    return pd.DataFrame(rows, columns=list(OPEN_PLACES_COLUMNS))


def _week_states(opening: Opening, monday: date, parts: Sequence[DayPart]) -> list[OpenState]:
    days = [monday + timedelta(days=n) for n in range(len(WEEKDAYS))]
    times = [tuple(datetime.combine(day, clock, AMSTERDAM) for clock in part.clock) for day in days for part in parts]
    spans = opening.spans(min(begin for begin, _ in times), max(end for _, end in times))
    return [_lasting(spans, begin, end) for begin, end in times]


def _lasting(spans: Sequence[Span], begin: datetime, end: datetime) -> OpenState:
    """The surest state that, with the surer ones, lasts for at least half of the time from `begin` to `end`."""
    lasted, nothing = timedelta(), timedelta()
    for state in COUNTED["open_or_unknown"]:
        lasted += sum((max(min(s.end, end) - max(s.start, begin), nothing) for s in spans if s.state == state), nothing)
        if 2 * lasted >= end - begin:
            return state
    return "closed"
