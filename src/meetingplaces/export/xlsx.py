"""The table on screen as a workbook: real numbers on one sheet, what they mean and where they come from on another.

XlsxWriter rather than openpyxl: it only writes, which is all we want, needs nothing else, is the faster of the two, and
`write_string` makes text of whatever it is given.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from meetingplaces.export.about import about_rows, definition_rows, method_rows, source_head, source_rows
from meetingplaces.export.clean import clean
from meetingplaces.export.screen import Column, Screen, Value
from meetingplaces.model.errors import ScreenError

MOST_CHARACTERS = 32_767
"""In a cell of Excel, counted in UTF-16 (Excel specifications and limits)."""
MOST_ROWS = 1_048_576
"""On a sheet of Excel, the head included."""
_WIDEST, _NARROWEST, _ROWS_MEASURED = 48, 9, 200
_ABOUT_WIDTHS = (30, 60, 60, 16, 16, 40)
_STRFTIME_AS_CELL_FORMAT = {"%d": "dd", "%m": "mm", "%Y": "yyyy"}


def screen_xlsx(screen: Screen) -> bytes:
    """A workbook with the table (labels as head, unknown an empty cell) and a sheet of definitions and sources.

    A number beyond what was searched is told in words, which sums and means pass over.
    Shares are numbers in [0, 1] shown as percentages, days are dates. Text longer than a cell of Excel holds ends with
    a mark, and the second sheet tells how many there are.

    Raises
    ------
    ScreenError
        There are more rows than a sheet holds.
    """
    if len(screen.table) >= MOST_ROWS:
        raise ScreenError("table", f"at most {MOST_ROWS - 1} rows", str(len(screen.table)))
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        made_at = screen.made_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": clean(screen.title)[:255], "created": made_at})
        writer = _Writer(screen, book)
        writer.write_data()
        writer.write_about()
    return stream.getvalue()


class _Writer:
    """Both sheets of one workbook, and how many texts did not fit."""

    def __init__(self, screen: Screen, book: xlsxwriter.Workbook) -> None:
        self.screen, self.book, self.cut_count = screen, book, 0
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write_data(self) -> None:
        """The table, its head frozen and with filters; prints on as many pages as it is long, the head on each."""
        screen, sheet = self.screen, self.book.add_worksheet(self.screen.words.data_sheet)
        for index, column in enumerate(screen.columns):
            values = screen.values(column.key)
            # The quote prefix keeps text text when its cell is edited, as an apostrophe typed before it would.
            form = self.book.add_format(
                {"num_format": _cell_format(column, screen.words.date_format), "quote_prefix": column.kind == "text"}
            )
            sheet.set_column(index, index, _width(screen, column, values))
            self.text(sheet, 0, index, column.label, self.head)
            label = column.beyond.label if column.beyond else ""
            for row, (value, beyond) in enumerate(zip(values, screen.is_beyond(column.key), strict=True), start=1):
                self.value(sheet, row, index, label if beyond else value, form)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(screen.table), len(screen.columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)

    def write_about(self) -> None:
        """What was chosen, what columns mean, how numbers are made, sources and limits, under each other."""
        screen, words = self.screen, self.screen.words
        sheet = self.book.add_worksheet(words.definitions_sheet)
        for index, width in enumerate(_ABOUT_WIDTHS):
            sheet.set_column(index, index, width)
        row = self.block(sheet, 0, (words.facts,), about_rows(screen))
        definitions = [(label, meaning) for label, _, meaning in definition_rows(screen)]
        row = self.block(sheet, row, (words.column, words.meaning), definitions)
        if screen.method:
            row = self.block(sheet, row, (words.method,), method_rows(screen))
        row = self.block(sheet, row, source_head(screen), source_rows(screen))
        limits = [(limit,) for limit in screen.limits]
        if self.cut_count:
            limits.append((words.cut_note.format(count=self.cut_count),))
        for index, (limit,) in enumerate(((words.limits,), *limits)):
            sheet.merge_range(row + index, 0, row + index, 1, "", self.wrapped)
            self.text(sheet, row + index, 0, limit, self.wrapped if index else self.head)

    def block(self, sheet: Worksheet, row: int, head: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
        """Write a head and rows from `row` on; the row where the next block starts."""
        for at, (cells, form) in enumerate([(head, self.head), *((cells, self.wrapped) for cells in rows)], start=row):
            for index, text in enumerate(cells):
                self.text(sheet, at, index, text, form)
        return at + 2

    def value(self, sheet: Worksheet, row: int, index: int, value: Value, form: Format) -> None:
        """Write a value by its own kind; unknown is left out, so that no sum or mean takes it for 0."""
        match value:
            case None:
                pass
            case bool():
                sheet.write_boolean(row, index, value, form)
            case str():
                self.text(sheet, row, index, value, form)
            case date():
                sheet.write_datetime(row, index, value, form)
            case _:
                sheet.write_number(row, index, value, form)

    def text(self, sheet: Worksheet, row: int, index: int, text: str, form: Format) -> None:
        """Write text as text, whatever it looks like, cut where Excel would call the file broken."""
        fitting = _fitting(clean(text), self.screen.words.cut_mark)
        self.cut_count += fitting is not None
        sheet.write_string(row, index, clean(text) if fitting is None else fitting, form)


def _fitting(text: str, mark: str) -> str | None:
    """The text cut to what a cell holds, with the mark at its end; None when it fits as it is."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return None
    return units[: 2 * (MOST_CHARACTERS - len(mark))].decode("utf-16-le", errors="ignore") + mark


def _cell_format(column: Column, date_format: str) -> str:
    places = "." + "0" * column.shown_decimals if column.shown_decimals else ""
    match column.kind:
        case "text" | "yes_no":
            return "General"
        case "date":
            for code, written in _STRFTIME_AS_CELL_FORMAT.items():
                date_format = date_format.replace(code, written)
            return date_format
        case "share":
            return f"0{places}%"
        case _:
            return f"#,##0{places}"


def _width(screen: Screen, column: Column, values: list[Value]) -> float:
    """Wide enough for the first rows and the longest word of the head, within reason."""
    written = [len(screen.written(column, value)) for value in values[:_ROWS_MEASURED] if value is not None]
    words = [len(word) for word in column.label.split()]
    return min(max(_NARROWEST, *written, *words, len(column.label) / 3) + 3, _WIDEST)
