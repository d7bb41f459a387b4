"""What goes on a sheet, in a booklet and in an offline page: all in words, in the language of the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from meetingplaces.export.ground import Ground


@dataclass(frozen=True)
class Symbol:
    """A shape in a box of 24 by 24 (an SVG path), its colour, whether it is hollow, and where its number stands."""

    path: str
    colour: str
    hollow: bool
    number_y: float


@dataclass(frozen=True)
class Fact:
    """What is known of a place. `label` may be empty; `url`, if any, is where the text leads (http or https)."""

    label: str
    text: str
    url: str | None = None


@dataclass(frozen=True)
class KitPlace:
    """A place as it is told. `lon_lat` in EPSG:4326; `answers` are the values that the offline page filters by."""

    name: str
    kind: str
    setting: str
    symbol: Symbol
    facts: tuple[Fact, ...]
    lon_lat: tuple[float, float]
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def described(self) -> str:
        """Kind and setting; only the setting when the place is already called after its kind."""
        return self.setting if self.name == self.kind else f"{self.kind} · {self.setting}"


@dataclass(frozen=True)
class Group:
    """Places that belong together, under a title."""

    title: str
    places: tuple[KitPlace, ...]


@dataclass(frozen=True)
class Choice:
    """One question of the offline page: its name in `KitPlace.answers`, its label, and the answers with their words."""

    name: str
    label: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Kit:
    """All that a writer needs. Places are numbered from 1 through all groups.

    `notes` are shown near the title, `sources` at the end. `words` are the fixed words of the form, by the names its
    template uses; `words["more"]` holds `{count}`. `link` leads to the same view on line.
    """

    language: str
    title: str
    subtitle: str
    made_on: str
    notes: tuple[str, ...]
    groups: tuple[Group, ...]
    legend: tuple[tuple[Symbol, str], ...]
    choices: tuple[Choice, ...]
    sources: tuple[str, ...]
    words: Mapping[str, str]
    ground: Ground
    link: str | None = None

    @property
    def places(self) -> tuple[KitPlace, ...]:
        """The places in the order of their numbers."""
        return tuple(place for group in self.groups for place in group.places)

    def first(self, count: int) -> Kit:
        """The same with the first `count` places only; groups that become empty are left out."""
        groups, left = [], count
        for group in self.groups:
            groups.append(replace(group, places=group.places[:left]))
            left -= len(groups[-1].places)
        return replace(self, groups=tuple(group for group in groups if group.places))
