"""The answer to what a resident asks, for the page and for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetingplaces.metrics.moments import open_then, states_within, window
from meetingplaces.metrics.near import Answer, Asked, Ways, answer, in_rd, street_near, ways_from
from meetingplaces.metrics.opening import Opening
from meetingplaces.model.norms import DayPart, Norms
from meetingplaces.ui import data
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.view_state import ALL_SETTINGS, Position, ViewState

_EVENING = "evening"


@dataclass(frozen=True)
class Where:
    """Where somebody is: the street (`None` when none is near) and the code of the neighbourhood (`None` outside)."""

    street: str | None
    neighbourhood: str | None
    within_data: bool


@dataclass(frozen=True)
class Found:
    """Everything that the page tells. `between` is when she wants to go, `None` when it does not matter."""

    between: tuple[datetime, datetime] | None
    openings: list[Opening]
    where: Where | None
    ways: Ways | None
    answer: Answer


def find(visit: Visit) -> Found:
    """What is asked, answered."""
    state, loaded = visit.state, visit.loaded
    hours = data.opening_hours(loaded, visit.categories)
    between = window(state.when, visit.now, evening(visit.norms)) if state.when else None
    opening = open_then(states_within(hours, *between)) if between else None
    ways = ways_of(loaded, visit.here, state.profile, visit.norms) if visit.here else None
    where = where_is(loaded, visit.here) if visit.here else None
    return Found(between, hours, where, ways, answer(loaded.places, asked_by(state), visit.categories, opening, ways))


def asked_by(state: ViewState) -> Asked:
    """What the state asks of a place, its opening hours apart."""
    return Asked(
        settings=frozenset() if state.settings == ALL_SETTINGS else state.settings,
        free="free" in state.needs,
        wheelchair="wheelchair" in state.needs,
        wishes=state.wishes,
        audience=state.audience,
        restricted=state.restricted,
    )


def ways_of(loaded: LoadedBundle, here: Position, profile: str, norms: Norms) -> Ways:
    """The ways from a position, on foot where the bundle has streets."""
    point = in_rd(here.longitude, here.latitude)
    if not loaded.bundle.has_walking:
        return ways_from(point, loaded.places)
    return ways_from(point, loaded.places, data.on_foot(loaded, profile, norms), loaded.barriers)


def where_is(loaded: LoadedBundle, here: Position) -> Where:
    """The street and neighbourhood of a position, and whether the data reach so far."""
    point = in_rd(here.longitude, here.latitude)
    street = street_near(point, loaded.walking.network) if loaded.bundle.has_walking else None
    west, south, east, north = loaded.bundle.manifest.extent.bounds
    within = west <= here.longitude <= east and south <= here.latitude <= north
    return Where(street, loaded.neighbourhood_at(point), within)


def evening(norms: Norms) -> DayPart:
    """The part of the day that is meant by an evening: that of this name, else the last."""
    return next((part for part in norms.day_parts if part.key == _EVENING), norms.day_parts[-1])
