"""The workbook opened by LibreOffice, without a dialog, and compared with the screen. Skipped where it is absent."""

import csv
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from screens import hostile, kampen, village

from meetingplaces.export.clean import clean
from meetingplaces.export.files import table_file
from meetingplaces.export.screen import Screen
from meetingplaces.export.xlsx import MOST_CHARACTERS

SOFFICE = shutil.which("soffice")
# Comma, double quote, UTF-8, from line 1, then: cells as they are stored rather than shown, and every sheet (-1).
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false,false,false,-1"

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here (Debian: libreoffice-calc-nogui)")


def sheets(screen: Screen, folder: Path) -> list[list[list[str]]]:
    """Both sheets, as LibreOffice reads them."""
    path = folder / "screen.xlsx"
    path.write_bytes(table_file(screen, "xlsx"))
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", AS_CSV,
         "--outdir", folder, path],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    names = (screen.words.data_sheet, screen.words.definitions_sheet)
    texts = [(folder / f"screen-{name}.csv").read_bytes().decode() for name in names]
    return [list(csv.reader(text.splitlines(keepends=True))) for text in texts]


@pytest.mark.parametrize("make", [village, hostile, kampen])
def test_libreoffice_reads_the_values_of_the_screen(make, tmp_path):
    screen = make()
    (head, *rows), about = sheets(screen, tmp_path)
    assert head == [clean(column.label) for column in screen.columns]
    assert len(rows) == len(screen.table)
    for number, column in enumerate(screen.columns):
        beyond = screen.is_beyond(column.key)
        for row, value, is_beyond in zip(rows, screen.values(column.key), beyond, strict=True):
            compare(row[number], column.beyond.label if is_beyond else value)
    told = {cell for row in about for cell in row}
    assert {clean(source.attribution) for source in screen.sources} <= told
    assert {column.definition for column in screen.columns} <= told


def compare(cell: str, value: object) -> None:
    match value:
        case None:
            assert cell == ""
        case bool():
            assert cell == str(value).upper()
        case str():
            assert cell[: MOST_CHARACTERS - 20] == value[: MOST_CHARACTERS - 20]
        case date():
            assert cell == value.strftime("%m/%d/%Y")  # as 1033, American English, writes it
        case _:
            number = float(cell.removesuffix("%")) / (100 if cell.endswith("%") else 1)
            assert number == pytest.approx(value, rel=1e-12)
