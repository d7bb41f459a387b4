"""Whether a place is open at a moment: open, assumed open, closed or unknown, by the clock in the Netherlands.

Premise: what is written is true. Limits: hours that are not wholly understood are unknown, never open (see
`opening_text`); so are hours with a comment such as "op afspraak". What closes on a public holiday is hardly ever
written down: then hours that say nothing of holidays are unknown instead of open, except where no hour and no weekday
is named (24/7, sunrise-sunset). Bevrijdingsdag (5 May) is a day off for some, in some years: there hours that do speak
of holidays are unknown too.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from opening_hours import OpeningHours, State, validate

from meetingplaces.metrics.opening_text import notation
from meetingplaces.model.categories import Categories
from meetingplaces.model.places import PUBLIC_ACCESS

OpenState = Literal["open", "assumed_open", "closed", "unknown"]
_Holidays = Literal["told", "untold", "no_matter"]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_HORIZON = timedelta(days=366)
_DAY = timedelta(days=1)
_SUN = re.compile(r"sunrise|sunset|dawn|dusk")
_WEEKDAY_OR_HOUR = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b|\d:\d\d")
_COMMENT_OR_SHIFT = re.compile(r'"[^"]*"|\([^)]*\)')


class Span(NamedTuple):
    """A stretch of time in one state, Europe/Amsterdam; `end` is no longer part of it."""

    start: datetime
    end: datetime
    state: OpenState


@dataclass(frozen=True, eq=False)
class _Hours:
    """Hours that are understood, what they say of public holidays, and whether `||` tells what holds outside them."""

    parsed: OpeningHours
    holidays: _Holidays
    fallback: bool


@dataclass(frozen=True)
class Opening:
    """When one place is open. `raw` is as written at the source, `None` when nothing is written."""

    raw: str | None
    assumed_always: bool
    hours: _Hours | None

    @property
    def understood(self) -> bool:
        """Whether there are hours, written and wholly understood."""
        return self.hours is not None

    def at(self, moment: datetime) -> OpenState:
        """The state at a moment with a time zone; `ValueError` without one."""
        local = _local(moment)
        if self.hours is None:
            return self._without_hours
        return _state(self.hours, local, *self.hours.parsed.state(local))

    def next_change(self, moment: datetime) -> tuple[datetime, OpenState] | None:
        """When the state next differs from that at `moment`, and what it is then; `None` when not within a year."""
        now, local = self.at(moment), _local(moment)
        spans = self._pieces(local, local + _HORIZON)
        return next(((span.start, span.state) for span in spans if span.state != now), None)

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """The states from `start` to `end` without gaps; neighbours differ."""
        pieces = self._pieces(_local(start), _local(end))
        runs = [list(run) for _, run in itertools.groupby(pieces, key=lambda piece: piece.state)]
        return [Span(run[0].start, run[-1].end, run[0].state) for run in runs]

    def week(self, first_day: date) -> list[tuple[date, list[Span]]] | None:
        """Seven days with all spans that are not closed, each under the day it starts on; `None` when unknown.

        A span that runs past midnight is kept whole, also past the seventh day; what began before the first day is
        left out. One of a whole day and longer is cut at each midnight.
        """
        if self.hours is None and not self.assumed_always:
            return None
        days = [first_day + n * _DAY for n in range(7)]
        found = self.spans(_midnight(first_day - _DAY), _midnight(first_day + 8 * _DAY))
        parts = [part for span in found if span.state != "closed" for part in _by_day(span)]
        return [(day, [part for part in parts if part.start.date() == day]) for day in days]

    @property
    def _without_hours(self) -> OpenState:
        return "assumed_open" if self.assumed_always else "unknown"

    def _pieces(self, start: datetime, end: datetime) -> Iterator[Span]:
        if self.hours is None:
            yield Span(start, end, self._without_hours)
            return
        for begin, until, state, comment in self.hours.parsed.intervals(start, end):
            cuts = [] if self.hours.holidays == "no_matter" else _holiday_edges(begin, until)
            for low, high in itertools.pairwise([begin, *cuts, until]):
                yield Span(low, high, _state(self.hours, low, state, comment))


def opening_of(raw: str | None, *, assumed_always: bool, latitude: float, longitude: float) -> Opening:
    """When a place is open.

    Parameters
    ----------
    raw
        As written at the source; may be anything. Empty counts as nothing written.
    assumed_always
        Whether a place without hours is taken to be open always, as a park is; see `Category.hours`.
    latitude, longitude
        EPSG:4326, for sunrise and sunset.
    """
    if raw is None or not raw.strip():
        return Opening(None, assumed_always, None)
    text = notation(raw)
    if text is None:
        return Opening(raw, False, None)
    at_sun = (round(latitude, 1), round(longitude, 1)) if _SUN.search(text) else None
    return Opening(raw, False, _read(text, at_sun))


def openings(places: pd.DataFrame, categories: Categories) -> list[Opening]:
    """When each of the places is open, in their order.

    Without hours a place is assumed open always when its category says so, everyone may enter, and it asks no money.

    Parameters
    ----------
    places
        Columns opening_hours, category, access, fee, latitude and longitude of `place_schema`.
    """
    always = {key for key, kind in categories.by_key.items() if kind.hours == "assumed_always"}
    assumed = places["category"].isin(always) & places["access"].isin(PUBLIC_ACCESS) & (places["fee"] != "yes")
    rows = zip(places["opening_hours"], assumed, places["latitude"], places["longitude"], strict=True)
    return [
        opening_of(raw if isinstance(raw, str) else None, assumed_always=bool(free), latitude=lat, longitude=lon)
        for raw, free, lat, lon in rows
    ]


def states_at(of_places: Sequence[Opening], moment: datetime) -> NDArray[np.str_]:
    """The `OpenState` of each place at a moment with a time zone."""
    local = _local(moment)
    state = {one: one.at(local) for one in set(of_places)}
    return np.array([state[one] for one in of_places], dtype="U12")


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The Dutch public holidays of a year, with Bevrijdingsdag, a day off for some."""
    days = OpeningHours("PH", timezone=AMSTERDAM, country="NL").intervals(
        _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
    )
    spans = [(start.date(), end.date()) for start, end, state, _ in days if state == State.OPEN]
    listed = {start + n * _DAY for start, end in spans for n in range((end - start).days)}
    return frozenset(listed | {date(year, 5, 5)})


def ordinary_week(day: date) -> date:
    """The first Monday from `day` on of a week without a public holiday in it."""
    monday = day + timedelta(days=-day.weekday() % 7)
    while any((monday + n * _DAY) in public_holidays((monday + n * _DAY).year) for n in range(7)):
        monday += 7 * _DAY
    return monday


@lru_cache(maxsize=4096)
def _read(text: str, at_sun: tuple[float, float] | None) -> _Hours | None:
    parsed = _parsed(text, at_sun)
    if parsed is None or _overrules_closing(text, parsed, at_sun):
        return None
    rules = _COMMENT_OR_SHIFT.sub("", text)
    told: _Holidays = (
        "told" if re.search(r"\bPH\b", rules) else "untold" if _WEEKDAY_OR_HOUR.search(rules) else "no_matter"
    )
    return _Hours(parsed, told, fallback="||" in rules)


def _parsed(text: str, at_sun: tuple[float, float] | None) -> OpeningHours | None:
    # Coordinates count only with the time zone found from them (opening-hours-py 2.1.4): without `auto_timezone` the
    # sun sets at 19:00 all year. `timezone` still decides which zone is answered in.
    return OpeningHours(text, timezone=AMSTERDAM, country="NL", coords=at_sun) if validate(text) else None


def _overrules_closing(text: str, parsed: OpeningHours, at_sun: tuple[float, float] | None) -> bool:
    """Whether it matters that a rule that closes, or tells of holidays, stands before another and is overruled by it.

    `Jul off; Mo-Fr 10:00-12:00` is open in July by the specification and surely not by its writer.
    """
    closing_last = "; ".join(sorted(text.split("; "), key=lambda rule: bool(re.search(r"\boff\b|^PH", rule))))
    if closing_last == text:
        return False
    other, span = _parsed(closing_last, at_sun), (_midnight(date(2026, 1, 1)), _midnight(date(2028, 1, 1)))
    return other is None or list(parsed.intervals(*span)) != list(other.intervals(*span))


def _state(hours: _Hours, local: datetime, state: State, comment: str) -> OpenState:
    """What a state of the library is worth: hours with a comment are not simply open, nor is a holiday."""
    day = local.date()
    if state == State.UNKNOWN or (state == State.OPEN and comment):
        return "unknown"
    if hours.holidays != "no_matter" and day in public_holidays(day.year):
        doubtful = (day.month, day.day) == (5, 5) if hours.holidays == "told" else state == State.OPEN
        if doubtful:
            return "unknown"
    if state == State.OPEN:
        return "open"
    # By the specification `||` holds whenever nothing before it does; opening-hours-py 2.1.4 asks it only for days on
    # which nothing before it holds at all.
    return "unknown" if hours.fallback else "closed"


def _holiday_edges(start: datetime, end: datetime) -> list[datetime]:
    """The midnights at which a public holiday begins or ends, between `start` and `end`."""
    days = {day + n * _DAY for year in range(start.year, end.year + 1) for day in public_holidays(year) for n in (0, 1)}
    return sorted(edge for edge in map(_midnight, days) if start < edge < end)


def _by_day(span: Span) -> list[Span]:
    if span.end - span.start < _DAY:
        return [span]
    midnights = [_midnight(span.start.date() + n * _DAY) for n in range(1, (span.end - span.start).days + 2)]
    cuts = [span.start, *(cut for cut in midnights if cut < span.end), span.end]
    return [Span(low, high, span.state) for low, high in itertools.pairwise(cuts)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _local(moment: datetime) -> datetime:
    """The moment in Dutch time, the only zone of which the library reads the clock."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone: the clock of the machine may be elsewhere")
    return moment.astimezone(AMSTERDAM)
