"""Places as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from typing import Any, TextIO

import geopandas as gpd

from meetingplaces.export.records import FIELDS, place_records
from meetingplaces.model.bundle import Manifest

BYTE_ORDER_MARK = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(places: gpd.GeoDataFrame, manifest: Manifest, stream: TextIO) -> None:
    """Write one row per place; lists are joined with `;`, unknown is an empty cell.

    A byte order mark tells spreadsheets that this is UTF-8. Text that a spreadsheet would take for a formula gets an
    apostrophe before it (OWASP, CSV injection).
    """
    stream.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    for record in place_records(places, manifest):
        writer.writerow({name: safe_cell(value) for name, value in record.items()})


def safe_cell(value: Any) -> Any:
    """A value as it may stand in a cell: lists joined, text that would run as a formula made plain text."""
    if isinstance(value, list):
        value = ";".join(value)
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value
