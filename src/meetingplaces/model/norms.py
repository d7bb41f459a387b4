"""Norms: what is near, a choice, walkable for whom, a part of the day; each with its source in `mapdata/norms.yaml`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from meetingplaces.model.categories import Names
from meetingplaces.model.errors import UnknownProfileError
from meetingplaces.model.settings_file import settings_as

Text = Annotated[str, Field(min_length=1)]
ProfileKey = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
Hindrance = Literal["steps", "steep", "unlit", "loose", "rough", "obstacle", "raised_kerb"]
"""What may close a way to someone: the first five a stretch, the last two a point on it."""
Timed = Literal["winter_evening", "august"]
"""Circumstances that one moment of the year stands for."""
_WEDNESDAY = 2
# Text, since YAML reads 12:00 without quotes as the number 720.
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Budget(_Strict):
    """How far one walks to a place, in metres over the walking network. The kept distances end at 2,000."""

    metres: float = Field(gt=0, le=2000)
    source: Text
    note: Text | None = None


class Choice(_Strict):
    """From how many kinds of place on one has a choice."""

    kinds: int = Field(ge=2)
    source: Text


class Speed(_Strict):
    """How fast one walks, rests not counted."""

    metres_per_second: float = Field(gt=0, le=3)
    source: Text


class Closed(_Strict):
    """What someone does not pass, as far as it is mapped: a way of which nothing is known is open."""

    to: tuple[Hindrance, ...] = Field(min_length=1)
    source: Text


class Beside(_Strict):
    """How far from the way a seat may stand, in metres."""

    metres: float = Field(gt=0, le=100)
    source: Text
    note: Text | None = None


class Rest(_Strict):
    """How far someone walks from one seat to the next, in metres; the own home and the destination are seats too."""

    every_m: float = Field(gt=0, le=2000)
    source: Text
    beside: Beside


class Profile(_Strict):
    """How someone walks, and over what."""

    name: Names
    speed: Speed
    budget: Budget
    closed: Closed | None = None
    rest: Rest | None = None

    @property
    def plain(self) -> bool:
        """Whether everything that may be walked can be, without a rest: what the kept distances are made for."""
        return self.closed is None and self.rest is None


class DayPart(_Strict):
    """A part of every day, from `begins` up to `ends` by the clock in the Netherlands."""

    key: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: Names
    begins: Clock
    ends: Clock
    source: Text

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> DayPart:
        if self.begins >= self.ends:
            raise ValueError(f"begins {self.begins} is not before ends {self.ends}")
        return self

    @property
    def clock(self) -> tuple[time, time]:
        """When it begins and ends."""
        return time.fromisoformat(self.begins), time.fromisoformat(self.ends)


class YearlyMoment(_Strict):
    """The hour, by the clock in the Netherlands, of the third Wednesday of a month."""

    month: int = Field(ge=1, le=12)
    hour: int = Field(ge=0, le=23)
    source: Text

    def in_year(self, year: int) -> datetime:
        """When it is in that year."""
        first = date(year, self.month, 1)
        third = first + timedelta(days=(_WEDNESDAY - first.weekday()) % 7 + 14)
        return datetime.combine(third, time(self.hour), ZoneInfo("Europe/Amsterdam"))


class Norms(_Strict):
    """All norms of one file. What holds for the default profile holds where nothing else is asked for."""

    version: Literal[1]
    budgets: tuple[Budget, ...] = Field(min_length=1)
    profiles: dict[ProfileKey, Profile]
    default_profile: ProfileKey
    choice: Choice
    moments: dict[Timed, YearlyMoment]
    day_parts: tuple[DayPart, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _default_is_plain(self) -> Norms:
        default = self.profiles.get(self.default_profile)
        if default is None or not default.plain:
            raise ValueError(f"default_profile {self.default_profile} is not one of the profiles without limits")
        return self

    def profile(self, key: str | None = None) -> Profile:
        """The profile of this name, or the default one.

        Raises
        ------
        UnknownProfileError
            There is none of this name.
        """
        found = self.profiles.get(key or self.default_profile)
        if found is None:
            raise UnknownProfileError(str(key), ", ".join(self.profiles))
        return found

    @model_validator(mode="after")
    def _each_moment_is_there(self) -> Norms:
        if set(self.moments) != set(get_args(Timed)):
            raise ValueError(f"moments are {', '.join(get_args(Timed))}")
        return self

    @model_validator(mode="after")
    def _each_part_once(self) -> Norms:
        keys = [part.key for part in self.day_parts]
        if len(set(keys)) < len(keys):
            raise ValueError(f"day_parts has a key twice: {', '.join(keys)}")
        return self

    def of_budget(self, metres: float) -> Budget | None:
        """The norm of so many metres, `None` when it is a number of the user's own."""
        return next((budget for budget in self.budgets if budget.metres == metres), None)


def load_norms(path: Path) -> Norms:
    """The norms written in `path`.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    return settings_as(path, Norms)
