"""The state of all pages of one visitor: what a link restores, see `link`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from meetingplaces.metrics.moments import When
from meetingplaces.metrics.near import Wish
from meetingplaces.metrics.selection import ANY_SETTING
from meetingplaces.model.categories import Audience, Setting
from meetingplaces.model.groups import Group
from meetingplaces.ui.catalogue import Language

Level = Literal["core", "secondary", "amenity"]
Need = Literal["free", "wheelchair"]
Circumstance = Literal["indoor_closed", "rain", "winter_evening", "august"]
Classing = Literal["quantiles", "equal", "natural"]

DEFAULT_LEVEL: Level = "secondary"


@dataclass(frozen=True)
class Moment:
    """A part of a day of the week: Monday is 1, as in ISO 8601; `part` is a key of the day parts in norms.yaml."""

    weekday: int
    part: str


@dataclass(frozen=True)
class Spot:
    """A place that is not there yet: its kind, and where (EPSG:4326, to 6 decimals, a tenth of a metre)."""

    category: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Position:
    """Where somebody is, EPSG:4326, never more precise than 4 decimals: about 10 metres."""

    longitude: float
    latitude: float

    @classmethod
    def near(cls, longitude: float, latitude: float) -> Position:
        """The position, rounded."""
        return cls(round(longitude, 4), round(latitude, 4))


@dataclass(frozen=True)
class Camera:
    """What a map shows: its middle (EPSG:4326, to 4 decimals) and its zoom, in quarters."""

    longitude: float
    latitude: float
    zoom: float


@dataclass(frozen=True)
class Edition:
    """The data as somebody saw them: the day the bundle was built (ISO 8601), and a mark of its content."""

    built_on: str
    mark: str

    @property
    def name(self) -> str:
        """As `storage.frozen.edition_of` names it."""
        return f"{self.built_on}.{self.mark}"


@dataclass(frozen=True)
class Note:
    """A visitor's own mark on the map (EPSG:4326, to 5 decimals, a metre) with her text, which is not to be trusted."""

    longitude: float
    latitude: float
    text: str


@dataclass(frozen=True)
class ViewState:
    """What a visitor has chosen, on all pages together: a choice made on one page holds on the others.

    `neighbourhood` is a code, `OUTSIDE`, or `None` for the whole municipality; no `categories` means every kind;
    `budget_m` `None` stands for the budget of the profile. `hours` are other opening hours by `place_id`, as in
    OpenStreetMap; `best_count` is how many best spots for one more place are looked for; `earlier` the date of the
    earlier bundle to compare with, `None` for the latest. `place` may be one that is no longer there; `place_at` is
    where it was (longitude and latitude to 4 decimals). `fixed` hides the filters; with an `edition` the data are
    shown as they were then.
    """

    municipality: str
    neighbourhood: str | None = None
    settings: frozenset[Setting] = ANY_SETTING
    categories: frozenset[str] = frozenset()
    level: Level = DEFAULT_LEVEL
    restricted: bool = False
    place: str | None = None
    language: Language | None = None
    # What a resident asks. `here` only when she put it into her link: where she is, is nobody's business.
    when: When | None = None
    wishes: frozenset[Wish] = frozenset()
    audience: Audience | None = None
    here: Position | None = None
    with_map: bool = False
    # How a planner looks at them.
    measure: str = "coverage"
    group: Group = "residents"
    budget_m: int | None = None
    profile: str = "adult"
    needs: frozenset[Need] = frozenset()
    moment: Moment | None = None
    classing: Classing = "quantiles"
    class_count: int = 5
    compared: tuple[str, ...] = ()
    weights: tuple[tuple[str, int], ...] = ()
    # What would be different.
    added: tuple[Spot, ...] = ()
    closed: frozenset[str] = frozenset()
    hours: tuple[tuple[str, str], ...] = ()
    best_count: int = 0
    circumstances: frozenset[Circumstance] = frozenset()
    # What it is held against.
    earlier: str | None = None
    # What a link carries besides. The first two are of the moment it was made: they go when something is changed.
    camera: Camera | None = None
    place_at: tuple[float, float] | None = None
    edition: Edition | None = None
    fixed: bool = False
    notes: tuple[Note, ...] = ()
