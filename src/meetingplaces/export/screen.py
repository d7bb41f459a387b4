"""What is on screen, described once; every file of this package is written from it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces.export.clean import clean
from meetingplaces.export.words import Words
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import ScreenError
from meetingplaces.model.provenance import Provenance
from meetingplaces.model.writing import written_day, written_number

Kind = Literal["text", "yes_no", "date", "whole", "number", "share", "people", "metres"]
Value = str | bool | date | int | float | None
DECIMALS: dict[Kind, int] = {"whole": 0, "number": 1, "share": 1, "people": 0, "metres": 0}
"""How many decimals are shown unless a column says otherwise; those of a share are decimals of its percentage."""
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TAKEN = {"fid", "geom", "geometry", "ogc_fid"}


@dataclass(frozen=True)
class Beyond:
    """How a number is told that lies beyond what was searched, and so is no number, but not unknown either.

    `key` is that of a `yes_no` column on the same screen that is true for such rows; `label` is what stands in place of
    the number, such as "verder dan 2.000 m".
    """

    key: str
    label: str


@dataclass(frozen=True)
class Column:
    """A column as it stands on screen: its key in the table, its head, what it holds and what that means.

    A `share` is a number in [0, 1] shown as a percentage; `people` may be a fraction, for people are spread over homes.
    `decimals` is how many are shown (see `DECIMALS`); files keep the number that was given.
    """

    key: str
    label: str
    kind: Kind
    definition: str
    decimals: int | None = None
    beyond: Beyond | None = None

    @property
    def shown_decimals(self) -> int:
        """How many decimals are shown, 0 for what is no number."""
        return DECIMALS.get(self.kind, 0) if self.decimals is None else self.decimals


@dataclass(frozen=True)
class Screen:
    """A table on screen, with all that must travel with it.

    Parameters
    ----------
    name
        For file and layer names: lower-case letters, digits, `_` and `-`, such as `dekking-gm0166`.
    title
        The heading above the table.
    language
        `nl` or `en`.
    table
        One row per row on screen, in that order. Unknown is NA or None; infinity is refused.
    columns
        Those on screen, in that order; all are in `table`, which may hold more.
    facts
        What was chosen, as label and value: municipality, group, budget, filters, moment, scenario.
    sources
        Of `Manifest.sources`.
    limits
        Sentences that say what the numbers do not know.
    link
        The address of this view.
    made_at
        When the file was asked for, with a time zone.
    words
        What writers need in words.
    method
        How the numbers are made, as label and text.
    geometry
        In RD New, one per row, all points or all lines or all areas; missing where a row has none, such as a total.

    Raises
    ------
    ScreenError
        A column is absent or double, a value is not of its kind, or the geometry does not go with the rows.
    """

    name: str
    title: str
    language: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    facts: tuple[tuple[str, str], ...]
    sources: tuple[Provenance, ...]
    limits: tuple[str, ...]
    link: str
    made_at: datetime
    words: Words
    method: tuple[tuple[str, str], ...] = ()
    geometry: gpd.GeoSeries | None = None

    def __post_init__(self) -> None:
        _check_names(self)
        _check_geometry(self.geometry, len(self.table))
        for column in self.columns:
            self.told(column.key)

    def column(self, key: str) -> Column:
        """The column with this key.

        Raises
        ------
        ScreenError
            There is none.
        """
        for column in self.columns:
            if column.key == key:
                return column
        raise ScreenError("columns", f"a column {key}", ", ".join(column.key for column in self.columns))

    def values(self, key: str) -> list[Value]:
        """The values of a column as plain Python values, text `clean`ed, unknown as None."""
        column = self.column(key)
        return [_plain(value, column, row) for row, value in enumerate(self.table[key])]

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """The rows, each with a plain value per column."""
        return zip(*(self.values(column.key) for column in self.columns), strict=True)

    def is_beyond(self, key: str) -> list[bool]:
        """For each row whether the number of this column lies beyond what was searched, see `Beyond`."""
        beyond = self.column(key).beyond
        return [flag is True for flag in self.values(beyond.key)] if beyond else [False] * len(self.table)

    def told(self, key: str) -> list[str]:
        """The values of a column as they read on screen."""
        column = self.column(key)
        label = clean(column.beyond.label) if column.beyond else ""
        pairs = zip(self.values(key), self.is_beyond(key), strict=True)
        return [label if beyond else self.written(column, value) for value, beyond in pairs]

    def numbers(self, key: str) -> list[float | None]:
        """The values of a column, which must be numbers, to be drawn.

        Raises
        ------
        ScreenError
            It holds something else.
        """
        if self.column(key).kind not in DECIMALS:
            raise ScreenError(key, "numbers", self.column(key).kind)
        return self.values(key)  # type: ignore[return-value]  # the kinds of `DECIMALS` are numbers

    def written(self, column: Column, value: Value) -> str:
        """A value as it reads on screen, such as 47,6%, 450 m or `unknown`."""
        match value:
            case None:
                return self.words.unknown
            case bool():
                return self.words.yes if value else self.words.no
            case date():
                return value.strftime(self.words.date_format)
            case str():
                return value
        scale, unit = {"share": (100, "%"), "metres": (1, " m")}.get(column.kind, (1, ""))
        return written_number(scale * value, column.shown_decimals, self.language) + unit

    def day(self, moment: str | None) -> str:
        """A date or timestamp in ISO 8601 as the visitor reads a day; a bare year stays, nothing is unknown."""
        return written_day(moment, self.words.date_format) if moment else self.words.unknown

    @property
    def made_at_written(self) -> str:
        """When the file was made, in UTC."""
        moment = self.made_at.astimezone(UTC)
        return f"{self.day(moment.isoformat())} {moment:%H:%M} UTC"


def _check_names(screen: Screen) -> None:
    if not _NAME.fullmatch(screen.name):
        raise ScreenError("name", "lower-case letters, digits, _ and -", screen.name)
    if screen.made_at.tzinfo is None:
        raise ScreenError("made_at", "a moment with a time zone", str(screen.made_at))
    for what in ("key", "label"):
        seen: set[str] = set()
        for column in screen.columns:
            name = clean(getattr(column, what))
            if name in seen:
                raise ScreenError("columns", f"each {what} once", f"{name} twice")
            seen.add(name)
    for column in screen.columns:
        if column.key in _TAKEN or not _KEY.fullmatch(column.key):
            raise ScreenError("columns", "a key of lower-case letters, digits and _", column.key)
        if column.key not in screen.table:
            raise ScreenError("columns", f"{column.key} in the table", ", ".join(map(str, screen.table)))


def _check_geometry(geometry: gpd.GeoSeries | None, rows: int) -> None:
    if geometry is None:
        return
    if len(geometry) != rows:
        raise ScreenError("geometry", f"{rows} rows as in the table", str(len(geometry)))
    if geometry.crs is None or geometry.crs.to_string() != RD_NEW:
        raise ScreenError("geometry", RD_NEW, str(geometry.crs))
    if len(set(shapely.get_dimensions(geometry.dropna().to_numpy())) - {-1}) > 1:
        found = ", ".join(sorted(geometry.geom_type.dropna().unique()))
        raise ScreenError("geometry", "all points, all lines or all areas", found)


def _plain(value: Any, column: Column, row: int) -> Value:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    try:
        return _OF_KIND.get(column.kind, _number)(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ScreenError(f"{column.key}, row {row + 1}", column.kind, repr(value)) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return clean(value)


def _yes_no(value: Any) -> bool:
    if value not in (True, False):
        raise ValueError
    return bool(value)


def _day(value: Any) -> date:
    if not isinstance(value, str | date):
        raise TypeError
    return pd.Timestamp(value).date()


def _whole(value: Any) -> int:
    if int(value) != value:
        raise ValueError
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, str) or not math.isfinite(value):
        raise ValueError
    return float(value)


_OF_KIND: dict[Kind, Callable[[Any], Value]] = {"text": _text, "yes_no": _yes_no, "date": _day, "whole": _whole}
