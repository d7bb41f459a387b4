"""Where moving places are at a moment, by the clock in the Netherlands.

Premise and limits are those of `opening`: hours that say nothing of a public holiday are unknown on one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from meetingplaces.metrics.opening import OpenState, opening_of
from meetingplaces.model.moving import MovingPlace, Stop

_RANK: dict[OpenState, int] = {"open": 0, "assumed_open": 0, "closed": 1, "unknown": 2}


@dataclass(frozen=True)
class Presence:
    """A moving place at one of its stops: whether it is there, and when that becomes what (`None`: not in a year)."""

    place: MovingPlace
    stop: Stop
    state: OpenState
    change: tuple[datetime, OpenState] | None


def presences(places: Iterable[MovingPlace], moment: datetime) -> list[Presence]:
    """Every stop of every place at a moment with a time zone: those that are there, then by who comes first."""
    found = [_presence(place, stop, moment) for place, stop in chain.from_iterable(map(_stops, places))]
    return sorted(found, key=lambda one: (_RANK[one.state], one.change is None, one.change or (moment,)))


def _stops(place: MovingPlace) -> list[tuple[MovingPlace, Stop]]:
    return [(place, stop) for stop in place.stops]


def _presence(place: MovingPlace, stop: Stop, moment: datetime) -> Presence:
    opening = opening_of(
        place.hours_at(stop), assumed_always=False, latitude=stop.latitude, longitude=stop.longitude
    )  # fmt: skip
    return Presence(place, stop, opening.at(moment), opening.next_change(moment))
