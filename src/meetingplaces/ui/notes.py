"""A visitor's own notes, written into a link or a small file. Nothing here stores them anywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from meetingplaces.model.errors import FormatError, SchemaError
from meetingplaces.ui.squeezing import squeezed, unsqueezed
from meetingplaces.ui.view_state import Note

MOST_NOTES, LONGEST_TEXT, LONGEST_LINK = 40, 300, 2000
_MOST_BYTES = 100_000


def note_at(longitude: float, latitude: float, text: str) -> Note:
    """A note with its position rounded, and its text on one line, without signs that cannot be seen, cut at 300."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return Note(round(longitude, 5), round(latitude, 5), line[:LONGEST_TEXT].rstrip())


def packed(notes: Iterable[Note]) -> str:
    """The notes as letters, digits, `-` and `_`, compressed."""
    return squeezed(json.dumps(_rows(notes), ensure_ascii=False, separators=(",", ":")))


def unpacked(text: str) -> tuple[Note, ...]:
    """What `packed` was given; `ValueError` for anything that it cannot have written."""
    try:
        return _notes(json.loads(unsqueezed(text, LONGEST_LINK, _MOST_BYTES)))
    except RecursionError as error:
        raise ValueError(str(error)) from error


def fit_in_link(notes: Iterable[Note]) -> bool:
    """Whether a link can carry them: at most 40 notes, and at most 2,000 signs."""
    notes = tuple(notes)
    return len(notes) <= MOST_NOTES and len(packed(notes)) <= LONGEST_LINK


def notes_file(notes: Iterable[Note]) -> bytes:
    """The notes as a JSON file, UTF-8."""
    rows = [{"longitude": one.longitude, "latitude": one.latitude, "text": one.text} for one in notes]
    return json.dumps({"version": 1, "notes": rows}, ensure_ascii=False, indent=1).encode()


def notes_of_file(content: bytes, name: str) -> tuple[Note, ...]:
    """The notes in a file of `notes_file`.

    Raises
    ------
    FormatError
        It is not JSON.
    SchemaError
        It is something else than notes, or holds more than a link can carry.
    """
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FormatError(name, "the file itself", "JSON", "something else") from error
    try:
        notes = _notes([[row["longitude"], row["latitude"], row["text"]] for row in read["notes"]])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SchemaError(name, "notes", "longitude, latitude and text of each note", "something else") from error
    if not fit_in_link(notes):
        raise SchemaError(name, "notes", f"at most {MOST_NOTES} notes, together {LONGEST_LINK} signs", str(len(notes)))
    return notes


def _rows(notes: Iterable[Note]) -> list[list[Any]]:
    return [[one.longitude, one.latitude, one.text] for one in notes]


def _notes(rows: Any) -> tuple[Note, ...]:
    if not isinstance(rows, list) or len(rows) > MOST_NOTES:
        raise ValueError("not a list of a few notes")
    return tuple(_note(row) for row in rows)


def _note(row: Any) -> Note:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[2], str):
        raise ValueError("not a note")
    longitude, latitude = row[:2]
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in (longitude, latitude)):
        raise ValueError("not a position")
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError("not on earth")
    return note_at(float(longitude), float(latitude), row[2])
