"""The answer to what a resident asks, for the page and for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd

from meetingplaces.metrics.moments import open_then, states_within, window
from meetingplaces.metrics.moving import MovingStops
from meetingplaces.metrics.near import Answer, Asked, Fit, Ways, answer, in_rd, street_near, ways_from, ways_to_points
from meetingplaces.metrics.opening import Opening
from meetingplaces.model.norms import DayPart, Norms
from meetingplaces.ui import data, own_files
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.view_state import Position, ViewState

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
    openings: Sequence[Opening]
    where: Where | None
    ways: Ways | None
    answer: Answer
    moving: FoundMoving | None = None

    def count(self, fit: Fit) -> int:
        """How many places, moving ones included, one per stop."""
        return len(self.answer.rows[fit]) + (len(self.moving.found.answer.rows[fit]) if self.moving else 0)


@dataclass(frozen=True)
class FoundMoving:
    """The stops of places that move, and the same answer about them: its rows are those of `stops`."""

    stops: MovingStops
    found: Found


def find(visit: Visit) -> Found:
    """What is asked, answered."""
    state, loaded = visit.state, visit.loaded
    hours = data.opening_hours(loaded, visit.categories)
    between = window(state.when, visit.now, evening(visit.norms)) if state.when else None
    opening = open_then(states_within(hours, *between)) if between else None
    ways = ways_of(loaded, visit.here, state.profile, visit.norms) if visit.here else None
    where = where_is(loaded, visit.here) if visit.here else None
    told = answer(loaded.places, asked_by(state), visit.categories, opening, ways)
    return Found(between, hours, where, ways, told, _moving(visit, between, where))


def _moving(visit: Visit, between: tuple[datetime, datetime] | None, where: Where | None) -> FoundMoving | None:
    """The same asked of the places that move or keep a timetable, `None` when the municipality has none."""
    stops, here = own_files.moving_stops(visit.state.municipality), visit.here
    if stops is None:
        return None
    opening = open_then(states_within(stops.openings, *between)) if between else None
    ways = ways_of(visit.loaded, here, visit.state.profile, visit.norms, to=stops.table) if here else None
    told = answer(stops.table, asked_by(visit.state), visit.categories, opening, ways)
    return FoundMoving(stops, Found(between, stops.openings, where, ways, told))


def asked_by(state: ViewState) -> Asked:
    """What the state asks of a place, its opening hours apart."""
    return Asked(
        settings=state.settings,
        free="free" in state.needs,
        wheelchair="wheelchair" in state.needs,
        wishes=state.wishes,
        audience=state.audience,
        restricted=state.restricted,
    )


def ways_of(
    loaded: LoadedBundle, here: Position, profile: str, norms: Norms, to: gpd.GeoDataFrame | None = None
) -> Ways:  # fmt: skip
    """The ways from a position, on foot where the bundle has streets: to its places, or to the points of a table."""
    point = in_rd(here.longitude, here.latitude)
    streets = (data.on_foot(loaded, profile, norms), loaded.barriers) if loaded.bundle.has_walking else ()
    return ways_from(point, loaded.places, *streets) if to is None else ways_to_points(point, to, *streets)


def where_is(loaded: LoadedBundle, here: Position) -> Where:
    """The street and neighbourhood of a position, and whether the data reach so far."""
    point = in_rd(here.longitude, here.latitude)
    street = street_near(point, loaded.walking.network) if loaded.bundle.has_walking else None
    within = loaded.bundle.manifest.extent.holds(here.longitude, here.latitude)
    return Where(street, loaded.neighbourhood_at(point), within)


def evening(norms: Norms) -> DayPart:
    """The part of the day that is meant by an evening: that of this name, else the last."""
    return next((part for part in norms.day_parts if part.key == _EVENING), norms.day_parts[-1])
