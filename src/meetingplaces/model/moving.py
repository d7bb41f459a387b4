"""Places that move or are there at set times only (a bus, a market, a terrace), as written in a YAML file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from opening_hours import validate
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from meetingplaces.model.categories import Provision, Setting
from meetingplaces.model.settings_file import settings_as

_HOURS = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b.*\d:\d\d")
_SEASON = re.compile(r"[A-Za-z0-9 ,-]+")
Text = Annotated[str, Field(min_length=1, max_length=120)]


def _weekly(hours: str) -> str:
    if not _HOURS.search(hours) or not validate(hours):
        raise ValueError("is not a weekday with hours in the notation of OpenStreetMap, such as Tu 10:00-12:00")
    return hours


def _season(months: str) -> str:
    if not _SEASON.fullmatch(months) or not validate(f"{months} Mo 10:00-12:00"):
        raise ValueError("is not a season in the notation of OpenStreetMap, such as Apr-Sep")
    return months


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stop(_Strict):
    """Where it is and when. Longitude and latitude in degrees, EPSG:4326."""

    where: Text
    hours: Annotated[str, Field(max_length=200), AfterValidator(_weekly)]
    longitude: float = Field(ge=3.2, le=7.3)
    latitude: float = Field(ge=50.7, le=53.6)


class MovingPlace(_Strict):
    """A place that comes by. Without a `season` it comes the whole year round; what is `None` is not known."""

    name: Text
    kind: Text
    setting: Setting
    stops: tuple[Stop, ...] = Field(min_length=1)
    season: Annotated[str, Field(max_length=60), AfterValidator(_season)] | None = None
    access: Literal["public", "customers", "members"] | None = None
    free: bool | None = None
    wheelchair: bool | None = None
    dogs: bool | None = None
    audience: Text | None = None
    provides: tuple[Provision, ...] = ()
    website: Annotated[str, Field(pattern=r"^https://[^\s\"'<>]+$", max_length=500)] | None = None

    def hours_at(self, stop: Stop) -> str:
        """When it is at a stop, season and all, in the notation of OpenStreetMap."""
        if self.season is None:
            return stop.hours
        return "; ".join(f"{self.season} {rule.strip()}" for rule in stop.hours.split(";") if rule.strip())


class _File(_Strict):
    version: Literal[1]
    places: tuple[MovingPlace, ...]


def load_moving(path: Path) -> tuple[MovingPlace, ...]:
    """The moving places written in `path`, in their order.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    return settings_as(path, _File).places
