"""Rows from tables without shapes: CSV in the ways it is written here, and the first sheet of a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from meetingplaces.model.errors import FormatError
from meetingplaces.sources.municipal.archives import FileLimits, check_rows
from meetingplaces.sources.municipal.exchange import Rows

_DELIMITERS = ";,\t|"
_MAX_COLUMNS = 500


def read_csv(path: Path, limits: FileLimits) -> Rows:
    """The rows of a CSV file: UTF-8 or Windows letters, with whichever delimiter its first line has most of.

    Raises
    ------
    FormatError
        It is no text, has no heading, or more rows than the limit. A row longer than the heading is counted, and left
        out, as nobody can tell which of its cells belongs where.
    """
    repairs: Counter[str] = Counter()
    text = _decoded(path, repairs)
    heading = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return _rows(path.name, lines, limits, repairs)
    except csv.Error as error:
        raise FormatError(path.name, f"line {lines.line_num}", "rows of a CSV file", str(error)) from error


def _decoded(path: Path, repairs: Counter[str]) -> str:
    body = path.read_bytes()
    if b"\0" in body:
        raise FormatError(path.name, f"byte {body.index(0)}", "text", "bytes that are no text")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        repairs["read_as_windows_text"] += 1
        return body.decode("cp1252", "replace")


def read_xlsx(path: Path, limits: FileLimits, sheet: str | None) -> Rows:
    """The rows of a sheet, the first one when none is named: values as they were last computed and stored.

    A formula without a stored value is missing, and counted as `formula_without_value`; a formula is never computed.

    Raises
    ------
    FormatError
        The workbook is damaged, has no such sheet, no heading, or more rows than the limit.
    """
    repairs: Counter[str] = Counter()
    try:
        formulas, values = (_cells(path, sheet, data_only=stored, limits=limits) for stored in (False, True))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError, EOFError) as error:
        raise FormatError(path.name, "the workbook", "an Excel workbook (.xlsx)", str(error)[:200]) from error
    empty = {
        (number, column)
        for number, (written, stored) in enumerate(zip(formulas, values, strict=False), start=1)
        for column, (cell, value) in enumerate(zip(written, stored, strict=False))
        if isinstance(cell, str) and cell.startswith("=") and value is None
    }
    repairs["formula_without_value"] += len(empty)
    return _rows(path.name, values, limits, +repairs, empty)


def _cells(path: Path, sheet: str | None, *, data_only: bool, limits: FileLimits) -> list[tuple[Any, ...]]:
    with path.open("rb") as stream:  # given a path, openpyxl goes by its ending, and what was fetched has none
        book = openpyxl.load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
        if sheet is not None and sheet not in book.sheetnames:
            raise FormatError(path.name, "its sheets", f"a sheet {sheet}", ", ".join(book.sheetnames))
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # what a file says of its own size is not to be believed
        found: list[tuple[Any, ...]] = []
        for row in page.iter_rows(max_col=_MAX_COLUMNS, values_only=True):
            check_rows(path.name, len(found), limits)
            found.append(row)
        return found


def _rows(
    name: str,
    lines: Iterable[Sequence[Any]],
    limits: FileLimits,
    repairs: Counter[str],
    formulas: Collection[tuple[int, int]] = (),
) -> Rows:
    cleaned = ((number, [_value(cell) for cell in line]) for number, line in enumerate(lines, start=1))
    filled = ((number, line) for number, line in cleaned if any(cell is not None for cell in line))
    heading = _heading(next(filled, (0, None))[1], name)
    fields: list[dict[str, Any]] = []
    numbers: list[int] = []
    dropped: Counter[str] = Counter()
    for number, line in filled:
        check_rows(name, len(fields) + 1, limits)
        if any(cell is not None for cell in line[len(heading) :]):
            dropped["row_longer_than_heading"] += 1
            continue
        fields.append(dict(zip(heading, [*line, *[None] * len(heading)], strict=False)))
        numbers.append(number)
    empty = frozenset((number, heading[column]) for number, column in formulas if column < len(heading))
    return Rows.of_fields(fields, numbers=tuple(numbers), formulas=empty, dropped=dropped, repairs=repairs)


def _heading(line: list[Any] | None, name: str) -> list[str]:
    """Names of the columns; one that comes twice is numbered, one without a name is called after its place."""
    if line is None:
        raise FormatError(name, "first row", "a heading with the names of the columns", "no rows")
    while line and line[-1] is None:
        line = line[:-1]
    names: list[str] = []
    for number, cell in enumerate(line, start=1):
        wanted = str(cell) if cell is not None else f"column_{number}"
        names.append(wanted if wanted not in names else f"{wanted}_{number}")
    return names


def _value(cell: Any) -> Any:
    """A cell as text, number or nothing; a moment in ISO 8601."""
    if isinstance(cell, str):
        return cell.strip() or None
    return cell.isoformat() if isinstance(cell, datetime | date | time) else cell
