"""Where moving places are at a moment, by the clock in the Netherlands, and their stops as a table to ask questions of.

Premise and limits are those of `opening`: hours that say nothing of a public holiday are unknown on one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd

from meetingplaces.metrics.opening import Opening, OpenState, opening_of
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.moving import MovingPlace, Stop

_RANK: dict[OpenState, int] = {"open": 0, "assumed_open": 0, "closed": 1, "unknown": 2}


@dataclass(frozen=True)
class Presence:
    """A moving place at one of its stops: whether it is there, and when that becomes what (`None`: not in a year)."""

    place: MovingPlace
    stop: Stop
    opening: Opening
    state: OpenState
    change: tuple[datetime, OpenState] | None


@dataclass(frozen=True)
class MovingStops:
    """Every stop of every moving place, in the order of their file.

    `table` (RD New) has a row per stop, with the columns of `place_schema` that `metrics.near` asks about and
    `place_id` as `moving/0-1`: the second stop of the first place. What nobody wrote down is unknown. `openings` are
    when it is there.
    """

    stops: tuple[tuple[MovingPlace, Stop], ...]
    openings: tuple[Opening, ...]
    table: gpd.GeoDataFrame

    @classmethod
    def of(cls, places: Iterable[MovingPlace]) -> MovingStops:
        """The stops of these places."""
        numbered = [(f"moving/{at}-{n}", place, stop)
                    for at, place in enumerate(places) for n, stop in enumerate(place.stops)]  # fmt: skip
        stops = tuple((place, stop) for _, place, stop in numbered)
        return cls(stops, tuple(_opening(*one) for one in stops), _table([_row(*one) for one in numbered]))

    def presence(self, row: int, moment: datetime) -> Presence:
        """Whether the place of a row is at its stop at a moment with a time zone."""
        opening = self.openings[row]
        return Presence(*self.stops[row], opening, opening.at(moment), opening.next_change(moment))


def presences(places: Iterable[MovingPlace], moment: datetime) -> list[Presence]:
    """Every stop of every place at a moment with a time zone: those that are there, then by who comes first."""
    stops = MovingStops.of(places)
    found = [stops.presence(row, moment) for row in range(len(stops.stops))]
    return sorted(found, key=lambda one: (_RANK[one.state], one.change is None, one.change or (moment,)))


def _opening(place: MovingPlace, stop: Stop) -> Opening:
    return opening_of(place.hours_at(stop), assumed_always=False, latitude=stop.latitude, longitude=stop.longitude)


_COLUMNS = (
    "place_id", "category", "setting", "weight", "access", "fee", "wheelchair", "dogs", "audience", "provides",
    "longitude", "latitude",
)  # fmt: skip


def _row(place_id: str, place: MovingPlace, stop: Stop) -> tuple[Any, ...]:
    def said(value: bool | None, yes: str, no: str) -> str:
        return "unknown" if value is None else yes if value else no

    return (
        place_id, "moving", place.setting, "secondary", place.access or "unknown", said(place.free, "no", "yes"),
        said(place.wheelchair, "yes", "no"), said(place.dogs, "yes", "no"), place.audience, list(place.provides),
        stop.longitude, stop.latitude,
    )  # fmt: skip


def _table(rows: list[tuple[Any, ...]]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs=WGS84)
    return gpd.GeoDataFrame(frame, geometry=points).to_crs(RD_NEW)
