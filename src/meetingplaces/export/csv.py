"""Tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import geopandas as gpd

from meetingplaces.export.about import credit
from meetingplaces.export.clean import clean
from meetingplaces.export.records import FIELDS, place_records
from meetingplaces.export.screen import Screen
from meetingplaces.model.bundle import Manifest

BYTE_ORDER_MARK = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(places: gpd.GeoDataFrame, manifest: Manifest, stream: TextIO) -> None:
    """Write one row per place with `FIELDS` as columns, see `write_rows`."""
    write_rows(FIELDS, (record.values() for record in place_records(places, manifest)), stream)


def screen_csv(screen: Screen) -> bytes:
    """The table on screen as UTF-8, headed by its labels, see `write_rows`; each row ends with the attribution."""
    stream, sources = io.StringIO(newline=""), credit(screen.sources)
    head = [clean(column.label) for column in screen.columns]
    write_rows([*head, screen.words.attribution], ((*row, sources) for row in screen.rows()), stream)
    return stream.getvalue().encode()


def write_rows(head: Sequence[str], rows: Iterable[Iterable[Any]], stream: TextIO) -> None:
    """Write a head and rows; lists are joined with `;`, unknown is an empty cell.

    A byte order mark tells spreadsheets that this is UTF-8. Text that a spreadsheet would take for a formula gets an
    apostrophe before it (OWASP, CSV injection).
    """
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([safe_cell(value) for value in row])


def safe_cell(value: Any) -> Any:
    """A value as it may stand in a cell: lists joined, text that would run as a formula made plain text."""
    if isinstance(value, list):
        value = ";".join(value)
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value
