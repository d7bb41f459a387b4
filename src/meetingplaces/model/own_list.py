"""A list of places that someone of the municipality gives us: how it is read, what it holds, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import geopandas as gpd
import shapely
from pydantic import BaseModel, ConfigDict, Field

from meetingplaces.model.provenance import Provenance
from meetingplaces.model.settings_file import settings_as

OWN_LIST_ID = r"own_[a-z0-9_]+"
"""What the `source_id` of an own list looks like; no dataset of the registry does."""

ListField = Literal[
    "name", "kind", "street", "number", "addition", "address", "postcode", "town", "latitude", "longitude", "x", "y",
    "opening_hours", "phone", "website", "email",
]  # fmt: skip
LIST_FIELDS: tuple[ListField, ...] = get_args(ListField)

Personal = Literal[
    "birth_date", "bsn", "person_name", "private_phone", "private_email", "private_address", "bank_account"
]  # fmt: skip
PERSONAL: tuple[Personal, ...] = get_args(Personal)

Fatal = Literal[
    "name_missing", "name_is_formula", "kind_unknown", "no_position", "coordinates_unreadable", "outside_netherlands",
    "outside_municipality", "address_not_found", "address_ambiguous", "geocoder_failed", "too_many_addresses",
    "row_repeated", "not_geocoded",
]  # fmt: skip
Mild = Literal["formula", "postcode_odd", "website_odd", "phone_private", "email_private"]
FATAL: tuple[Fatal, ...] = get_args(Fatal)
"""Because of these a row is left out; because of the others only a value is."""
MILD: tuple[Mild, ...] = get_args(Mild)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: its number as a spreadsheet shows it, the column, and what was found there."""

    row: int
    code: Fatal | Mild
    column: str
    found: str


@dataclass(frozen=True)
class Address:
    """An address as someone wrote it. `postcode` is `8261CK`; `number` is `12`, `12A` or `12-2`."""

    street: str | None
    number: str | None
    postcode: str | None
    town: str | None

    @property
    def complete(self) -> bool:
        """Whether it can be looked up: number with postcode, or number with street and town."""
        return bool(self.number and (self.postcode or (self.street and self.town)))

    @property
    def written(self) -> str | None:
        """`Oudestraat 133, 8261CK Kampen`, as far as known; `None` without street or number."""
        if not self.street or not self.number:
            return None
        place = " ".join(part for part in (self.postcode, self.town) if part)
        return ", ".join(part for part in (f"{self.street} {self.number}", place) if part)


@dataclass(frozen=True)
class ListRow:
    """One row that was read. `point` is in RD New, `None` when it must be found by the address."""

    row: int
    name: str | None
    kind: str | None
    address: Address
    opening_hours: str | None
    phone: str | None
    website: str | None
    email: str | None
    point: shapely.Geometry | None


@dataclass(frozen=True)
class ListReading:
    """What was read of a list: enough to show a preview, and to go on with.

    Attributes
    ----------
    file
        Its name.
    columns
        Its headings, in order.
    mapping
        The heading of each field that has one.
    refused
        Headings of columns that look personal, with why. Nothing of them is kept.
    rows
        In the order of the file.
    problems
        In the order of the rows. A row with a problem of `FATAL` is left out.
    sample
        The cells of the first rows as text, by heading, without what was refused: to see whether it was read well.
    """

    file: str
    columns: tuple[str, ...]
    mapping: Mapping[ListField, str]
    refused: Mapping[str, Personal]
    rows: tuple[ListRow, ...]
    problems: tuple[Problem, ...]
    sample: tuple[Mapping[str, str], ...] = ()

    @property
    def sound(self) -> tuple[ListRow, ...]:
        """The rows that nothing is wrong with but for single values; they may have only an address yet."""
        out = {problem.row for problem in self.problems if problem.code in FATAL}
        return tuple(row for row in self.rows if row.row not in out)

    @property
    def accepted(self) -> tuple[ListRow, ...]:
        """The sound rows that have a position."""
        return tuple(row for row in self.sound if row.point is not None)


@dataclass(frozen=True)
class OwnList:
    """An accepted list: where it comes from, and its records (`record_schema`, RD New), all with a position."""

    provenance: Provenance
    records: gpd.GeoDataFrame


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonalWords(_Strict):
    """Words by which text about people is known."""

    titles: frozenset[str]
    given_names: frozenset[str]
    public_mailboxes: frozenset[str]
    private_mail_hosts: frozenset[str]


class OwnListRules(_Strict):
    """All of `mapdata/own_list.yaml`."""

    version: Literal[1]
    headings: dict[ListField, tuple[str, ...]] = Field(min_length=1)
    kinds: dict[str, tuple[str, ...]]
    personal_headings: dict[Personal, frozenset[str]]
    personal_words: PersonalWords


def load_own_list_rules(path: Path) -> OwnListRules:
    """The rules written in `path`.

    Raises
    ------
    MissingFileError, FormatError
        There is no such file, or it is no YAML with each key once.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    return settings_as(path, OwnListRules)
