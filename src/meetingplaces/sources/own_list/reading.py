"""From an uploaded file to rows of places: columns guessed, personal ones refused, every doubt told with its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.categories import Categories
from meetingplaces.model.errors import FormatError, PersonalColumnError, SchemaError
from meetingplaces.model.municipal import FieldMap
from meetingplaces.model.own_list import (
    LIST_FIELDS,
    Address,
    Fatal,
    ListField,
    ListReading,
    ListRow,
    Mild,
    OwnListRules,
    Personal,
    Problem,
)
from meetingplaces.model.plain_text import plain
from meetingplaces.sources.municipal.archives import FileLimits
from meetingplaces.sources.municipal.exchange import Rows
from meetingplaces.sources.municipal.files import read_file
from meetingplaces.sources.municipal.placing import in_rd_new
from meetingplaces.sources.municipal.points import points_of
from meetingplaces.sources.own_list.cells import (
    address_in,
    cell_text,
    house_number,
    mail_address,
    postcode_of,
    web_address,
)
from meetingplaces.sources.own_list.kinds import KindGuess
from meetingplaces.sources.own_list.personal import is_private_mail, is_private_phone, personal_columns

LIST_LIMITS = FileLimits(file_bytes=5 << 20, unpacked_bytes=50 << 20, members=500, rows=2_000)
"""A list of the places of one municipality is no larger; what is larger is a mistake or an attack."""
_MAX_COLUMNS = 100
_SAMPLE_ROWS = 5


@dataclass(frozen=True)
class ListChoices:
    """What a person chose: headings for fields (empty for none), and the kind of rows that do not tell theirs.

    `kinds` is the kind by the words that say too little, as a problem `kind_unknown` tells them; `kind` is that of
    all other rows.
    """

    mapping: Mapping[ListField, str] = field(default_factory=dict)
    kind: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)


def read_own_list(
    path: Path,
    choices: ListChoices,
    categories: Categories,
    rules: OwnListRules,
    *,
    today: date,
    name: str | None = None,
    limits: FileLimits = LIST_LIMITS,
) -> ListReading:
    """What a CSV, XLSX or GeoJSON file tells of places. Nothing is computed, followed or run, and nothing is stored.

    Parameters
    ----------
    name
        What to call the file, when it is not called so on disk.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is of another kind, damaged, larger than `limits`, or has no rows.
    SchemaError
        A chosen column or kind does not exist.
    PersonalColumnError
        A chosen column looks personal.
    CrsError
        Most of its coordinates do not lie in the Netherlands in any reading.
    """
    called = name or path.name
    rows = read_file(path, limits)
    columns = tuple(dict.fromkeys(heading for row in rows.fields for heading in row))
    if not rows.fields or len(columns) > _MAX_COLUMNS:
        raise FormatError(
            called,
            "its rows",
            f"1 or more rows of at most {_MAX_COLUMNS} columns",
            f"{len(rows.fields)} rows of {len(columns)} columns",
        )
    cells = {
        heading: [row[heading] for row in rows.fields if row.get(heading) not in (None, "")] for heading in columns
    }
    refused = personal_columns(cells, rules, today)
    mapping = _mapping(called, columns, refused, choices, rules)
    guess = KindGuess(categories, rules)
    strange = sorted({*choices.kinds.values(), *filter(None, [choices.kind])} - guess.keys)
    if strange:
        raise SchemaError(called, "kind", f"one of {', '.join(sorted(guess.keys))}", strange[0])
    points, astray = _points(rows, mapping, called)
    reader = _RowReader(mapping, guess, rules, choices, rows.formulas)
    read = [
        reader.read(number, fields, point, astray=bool(lost))
        for number, fields, point, lost in zip(_numbers(rows), rows.fields, points, astray, strict=True)
    ]
    problems = sorted([*reader.problems, *_repeated(read)], key=lambda problem: problem.row)
    sample = tuple(_as_text(row, refused) for row in rows.fields[:_SAMPLE_ROWS])
    return ListReading(called, columns, mapping, refused, tuple(read), tuple(problems), sample)


def _as_text(row: Mapping[str, Any], refused: Mapping[str, Personal]) -> dict[str, str]:
    """The cells of a row that hold something, as one line of text each."""
    told = {heading: cell_text(value) for heading, value in row.items() if heading not in refused}
    return {heading: text for heading, text in told.items() if text}


def _numbers(rows: Rows) -> tuple[int, ...]:
    """The number of each row: as in the spreadsheet, else counted from 1."""
    return rows.numbers or tuple(range(1, len(rows.fields) + 1))


def _mapping(
    file: str, columns: tuple[str, ...], refused: Mapping[str, Personal], choices: ListChoices, rules: OwnListRules
) -> dict[ListField, str]:
    guessed: dict[ListField, str] = {}
    for wanted in LIST_FIELDS:
        known = rules.headings.get(wanted, ())
        fitting = [one for one in columns if plain(one) in known and one not in refused]
        if fitting:
            guessed[wanted] = min(fitting, key=lambda one: known.index(plain(one)))
    for wanted, heading in choices.mapping.items():
        if heading and heading not in columns:
            raise SchemaError(file, f"column for {wanted}", f"one of {', '.join(columns)}"[:300], heading)
        if heading in refused:
            raise PersonalColumnError(file, heading, refused[heading])
    chosen = {**guessed, **choices.mapping}
    return {wanted: heading for wanted, heading in chosen.items() if heading}


def _points(rows: Rows, mapping: Mapping[ListField, str], file: str) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Per row its point or shape in RD New, and whether it lies outside the Netherlands."""
    pairs: tuple[tuple[ListField, ListField], ...] = (("longitude", "latitude"), ("x", "y"))
    pair = next(((mapping[x], mapping[y]) for x, y in pairs if x in mapping and y in mapping), None)
    if pair is None:
        located = rows.shapes
    else:
        fields = FieldMap(x=pair[0], y=pair[1])
        located = points_of(rows, fields, {one: one for one in pair}, Counter())
    shapes, astray, _ = in_rd_new(located, rows.crs, file)
    return shapes, astray


def _repeated(rows: list[ListRow]) -> list[Problem]:
    """Rows that say exactly what an earlier one says."""
    seen: dict[tuple[object, ...], int] = {}
    found = []
    for row in rows:
        spot = None if row.point is None else shapely.to_wkb(row.point)
        content = (row.name, row.kind, row.address, spot)
        first = seen.setdefault(content, row.row)
        if first != row.row and (row.name or row.address.complete or spot):
            found.append(Problem(row.row, "row_repeated", "", str(first)))
    return found


class _RowReader:
    """Reads row after row and notes what is wrong."""

    def __init__(
        self,
        mapping: Mapping[ListField, str],
        guess: KindGuess,
        rules: OwnListRules,
        choices: ListChoices,
        formulas: frozenset[tuple[int, str]],
    ) -> None:
        self.problems: list[Problem] = []
        self._mapping, self._guess, self._rules, self._choices, self._formulas = (
            mapping,
            guess,
            rules,
            choices,
            formulas,
        )

    def read(self, number: int, fields: Mapping[str, Any], point: shapely.Geometry | None, *, astray: bool) -> ListRow:
        """The row as a place, as far as it can be read."""
        told = {wanted: cell_text(fields.get(heading)) for wanted, heading in self._mapping.items()}
        self._note_formulas(number)
        name = self._name(number, told.get("name"))
        address = self._address(number, told)
        words = told.get("kind") or name or ""
        chosen = self._choices.kinds.get(words) or self._choices.kind
        kind = self._guess.of(told.get("kind")) or self._guess.of(name) or chosen
        if kind is None:
            self._note(number, "kind_unknown", "kind", words)
        if point is None:
            self._note_position(number, told, address, astray=astray)
        return ListRow(
            number, name, kind, address, told.get("opening_hours"), self._phone(number, told.get("phone")),
            self._website(number, told.get("website")), self._email(number, told.get("email")), point,
        )  # fmt: skip

    def _note(self, number: int, code: Fatal | Mild, wanted: ListField, found: str) -> None:
        self.problems.append(Problem(number, code, self._mapping.get(wanted, ""), found))

    def _note_formulas(self, number: int) -> None:
        for wanted, heading in self._mapping.items():
            if (number, heading) in self._formulas and wanted != "name":
                self._note(number, "formula", wanted, heading)

    def _name(self, number: int, name: str | None) -> str | None:
        """The name; a formula is none, whether it was typed as one or came as text that would run as one."""
        heading = self._mapping.get("name")
        if (number, heading) in self._formulas or (name or "").startswith("="):
            self._note(number, "name_is_formula", "name", name or "")
            return None
        if heading is not None and name is None:
            self._note(number, "name_missing", "name", "")
        return name

    def _address(self, number: int, told: Mapping[ListField, str | None]) -> Address:
        whole = address_in(told.get("address"))
        postcode = postcode_of(told.get("postcode"))
        if told.get("postcode") and postcode is None:
            self._note(number, "postcode_odd", "postcode", told["postcode"] or "")
        return Address(
            street=told.get("street") or whole.street,
            number=house_number(told.get("number"), told.get("addition")) or whole.number,
            postcode=postcode or whole.postcode,
            town=told.get("town") or whole.town,
        )

    def _note_position(
        self, number: int, told: Mapping[ListField, str | None], address: Address, *, astray: bool
    ) -> None:
        """Coordinates that are there but wrong are never replaced by the address: one of both is a mistake."""
        written = " ".join(told[one] or "" for one in ("longitude", "latitude", "x", "y") if told.get(one))
        where: ListField = "longitude" if "longitude" in self._mapping else "x"
        if astray:
            self._note(number, "outside_netherlands", where, written)
        elif written:
            self._note(number, "coordinates_unreadable", where, written)
        elif not address.complete:
            self._note(number, "no_position", "address", address.written or told.get("address") or "")

    def _phone(self, number: int, phone: str | None) -> str | None:
        if phone is None or not is_private_phone(phone):
            return phone
        self._note(number, "phone_private", "phone", "06")
        return None

    def _website(self, number: int, website: str | None) -> str | None:
        link = web_address(website) if website else None
        if website and link is None:
            self._note(number, "website_odd", "website", website)
        return link

    def _email(self, number: int, email: str | None) -> str | None:
        address = mail_address(email) if email else None
        if email and (address is None or is_private_mail(address, self._rules)):
            self._note(number, "email_private", "email", "@")
            return None
        return address
