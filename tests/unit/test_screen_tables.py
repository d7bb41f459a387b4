"""Tables on screen as files: every file is opened again by another program and compared with the screen."""

import csv
import io
import json
import zipfile
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screens import COLUMNS, HOSTILE, LONG, MADE_AT, hostile, kampen, village, words

from meetingplaces.export import xlsx
from meetingplaces.export.clean import clean
from meetingplaces.export.files import MEDIA_TYPES, table_file
from meetingplaces.export.screen import Column, Screen
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import ScreenError

SCREENS = {"village": village, "hostile": hostile, "kampen": kampen}
FORMATS = ("xlsx", "csv", "gpkg", "geojson")


@pytest.fixture(params=SCREENS)
def screen(request) -> Screen:
    return SCREENS[request.param]()


def workbook(screen: Screen) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(table_file(screen, "xlsx")))


def csv_rows(screen: Screen) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table_file(screen, "csv").decode("utf-8-sig"), newline="")))


def collection(screen: Screen) -> dict:
    return json.loads(table_file(screen, "geojson"))


def about(screen: Screen) -> list[tuple]:
    """The rows of the second sheet, without their empty cells."""
    rows = workbook(screen).worksheets[1].iter_rows(values_only=True)
    return [tuple(value for value in row if value is not None) for row in rows]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def test_a_workbook_tells_how_its_numbers_are_made():
    method = (("Berekening", "=1+1 mensen, gedeeld door alle mensen"), ("Bron", "Eigen voorstel"))
    told = about(village(method=method))
    at = told.index(("Hoe is dit berekend?",))
    assert tuple(told[at + 1 : at + 3]) == method
    assert ("Hoe is dit berekend?",) not in about(village())


def test_a_workbook_holds_the_values_of_the_screen(screen):
    head, *rows = workbook(screen).worksheets[0].iter_rows(values_only=True)
    assert head == tuple(clean(column.label) for column in screen.columns)
    assert len(rows) == len(screen.table)
    for column, cells in zip(screen.columns, zip(*rows, strict=True), strict=True):
        beyond = screen.is_beyond(column.key)
        for cell, value, is_beyond in zip(cells, screen.values(column.key), beyond, strict=True):
            if is_beyond:
                assert cell == column.beyond.label
            elif isinstance(value, date):
                assert cell == datetime(value.year, value.month, value.day)  # noqa: DTZ001
            elif isinstance(value, str) and len(value) > xlsx.MOST_CHARACTERS:
                assert cell == value[: xlsx.MOST_CHARACTERS - len(" … [ingekort]")] + " … [ingekort]"
            else:
                assert cell == value
                assert type(cell) is type(value) or isinstance(cell, int | float)


def test_unknown_is_an_empty_cell_and_zero_is_zero():
    sheet = workbook(village()).worksheets[0]
    assert [cell.value for cell in sheet["C"]][1:] == [0.47638291, 0, None, 1]
    assert sheet["C4"].value is None


def test_numbers_are_shown_as_on_screen_and_kept_as_given():
    sheet = workbook(village()).worksheets[0]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert formats["Dekking"] == "0.0%"
    assert formats["Adressen"] == "#,##0"
    assert formats["Cijfer"] == "#,##0.00"
    assert formats["Nagekeken op"] == "dd-mm-yyyy"
    assert sheet["D2"].value == 758.8765


def test_the_head_stays_in_sight_and_can_filter_every_row():
    sheet = workbook(village()).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J5"
    assert all(8 < width.width < 60 for width in sheet.column_dimensions.values())


@pytest.mark.parametrize(("language", "names"), [
    ("nl", ["Gegevens", "Definities en bronnen"]), ("en", ["Data", "Definitions and sources"]),
])  # fmt: skip
def test_the_sheets_are_named_in_the_language_of_the_visitor(language, names):
    assert workbook(village(language=language, words=words(language))).sheetnames == names


def test_the_second_sheet_tells_what_was_chosen_what_it_means_and_where_it_comes_from():
    told, screen = about(village()), village()
    assert told[0] == ("Gekozen",)
    assert ("Gemaakt op", "22-11-2026 14:05 UTC") in told
    assert ("Deze weergave", screen.link) in told
    assert set(screen.facts) <= set(told)
    assert [row for row in told if row in [(column.label, column.definition) for column in COLUMNS]] == [
        (column.label, column.definition) for column in COLUMNS
    ]
    assert (
        "OpenStreetMap", "© OpenStreetMap contributors", "ODbL 1.0, https://opendatacommons.org/licenses/odbl/1-0/",
        "30-01-2023", "22-11-2026", "0" * 64,
    ) in told  # fmt: skip
    assert [row[3] for row in told if len(row) == 6] == ["Peildatum", "30-01-2023", "2024"]
    assert told[-2:] == [("Beperkingen",), (screen.limits[0],)]


def test_no_text_becomes_a_formula_or_a_link():
    book = workbook(hostile())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert [book.worksheets[0].cell(row + 2, 1).value for row in range(5)] == [clean(text) for text in HOSTILE[:5]]
    assert all(book.worksheets[0].cell(row + 2, 1).quotePrefix for row in range(16))


def test_text_longer_than_a_cell_is_cut_with_a_mark_and_that_is_told():
    table = pd.DataFrame({"name": [LONG, "x" * 32_767, "👵" * 20_000]})
    screen = village(table=table, columns=COLUMNS[:1], geometry=None)
    one, whole, emoji = (row[0] for row in workbook(screen).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(one) == 32_767
    assert one.endswith(" … [ingekort]")
    assert whole == "x" * 32_767
    assert len(emoji.encode("utf-16-le")) <= 2 * 32_767
    assert emoji.removesuffix(" … [ingekort]") == "👵" * 16_377
    assert about(screen)[-1] == (
        "Teksten die zijn ingekort omdat een cel van Excel niet meer dan 32.767 tekens kan bevatten: 2.",
    )
    assert not [row for row in about(village()) if any("ingekort" in cell for cell in row)]


def test_more_rows_than_a_sheet_holds_are_refused_and_none_is_lost(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)
    assert len(list(workbook(village()).worksheets[0].iter_rows())) == 5
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    with pytest.raises(ScreenError, match="at most 3 rows"):
        table_file(village(), "xlsx")


def test_a_workbook_is_well_formed_and_refers_to_nothing_outside(screen):
    with zipfile.ZipFile(io.BytesIO(table_file(screen, "xlsx"))) as parts:
        assert parts.testzip() is None
        relations = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
    assert relations
    assert not any("External" in text for text in relations)


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_csv_holds_the_values_of_the_screen_and_whom_to_credit(screen):
    head, *rows = csv_rows(screen)
    assert head == [*(clean(column.label) for column in screen.columns), "Naamsvermelding"]
    for cells, values in zip(rows, screen.rows(), strict=True):
        for cell, value in zip(cells, values, strict=False):
            if isinstance(value, str):
                assert cell.removeprefix("'") == value
            else:
                assert cell == ("" if value is None else str(value))
    assert rows[0][-1].startswith("©") == (screen.sources[0].attribution[0] == "©")


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe_in_csv():
    told = [row[0] for row in csv_rows(hostile())[1:]]
    assert told[:6] == ["'=1+1", "'+31 6", "'-1", '\'@SUM(A1:A9)="x"', "'\t=2+2", "'\n=3+3"]
    assert told[14].startswith("'=HYPERLINK")
    assert told[15] == LONG


def test_a_hostile_label_is_no_formula_either():
    screen = village(columns=(Column("name", "=1+1", "text", ""), *COLUMNS[1:]))
    assert csv_rows(screen)[0][0] == "'=1+1"
    assert workbook(screen).worksheets[0]["A1"].data_type == "s"


# --- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_screen_gives_the_same_file(form):
    assert table_file(village(), form) == table_file(village(), form)
    assert form in MEDIA_TYPES


@pytest.mark.parametrize("form", FORMATS)
def test_a_screen_without_rows_is_a_file_with_a_head(form, tmp_path):
    screen = village(table=village().table.iloc[:0], geometry=village().geometry.iloc[:0])
    path = tmp_path / f"empty.{form}"
    path.write_bytes(table_file(screen, form))
    if form in {"gpkg", "geojson"}:
        assert len(pyogrio.read_dataframe(path)) == 0
    else:
        assert len(csv_rows(screen) if form == "csv" else list(workbook(screen).worksheets[0].iter_rows())) == 1


@pytest.mark.parametrize("form", ["gpkg", "geojson"])
def test_without_geometry_there_is_no_map_file(form):
    with pytest.raises(ScreenError, match="one per row"):
        table_file(village(geometry=None), form)


@pytest.mark.filterwarnings("ignore:File /vsimem/.* has GPKG application_id")  # only because it has no name here
@settings(deadline=None, max_examples=40)
@given(
    texts=st.lists(st.text(max_size=40), min_size=1, max_size=4),
    number=st.floats(-1e300, 1e300),
    whole=st.integers(-(2**53), 2**53),
)
def test_any_text_and_any_number_come_back_from_every_file(texts, number, whole):
    table = pd.DataFrame({"name": texts, "index": number, "homes_count": whole}, dtype=object)
    points = gpd.GeoSeries.from_xy(np.arange(len(texts)), 0, crs=RD_NEW)
    screen = village(table=table, columns=(COLUMNS[0], COLUMNS[8], COLUMNS[1]), geometry=points)
    wanted = [clean(text) for text in texts]
    sheet = list(workbook(screen).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] or "" for row in sheet] == wanted
    assert [row[1:] for row in sheet] == [(pytest.approx(number, rel=1e-15), whole)] * len(texts)
    rows = csv_rows(screen)[1:]
    assert [row[0].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in wanted]
    assert [(float(row[1]), int(row[2])) for row in rows] == [(number, whole)] * len(texts)
    told = [feature["properties"] for feature in collection(screen)["features"]]
    assert [(one["name"], one["index"], one["homes_count"]) for one in told] == [
        (text, number, whole) for text in wanted
    ]
    opened = pyogrio.read_dataframe(io.BytesIO(table_file(screen, "gpkg")))
    assert opened["name"].tolist() == wanted
    assert opened["index"].tolist() == [number] * len(texts)
    assert opened["homes_count"].tolist() == [whole] * len(texts)


def test_the_moment_of_the_file_is_the_one_that_was_given():
    assert workbook(village()).properties.created == MADE_AT.replace(tzinfo=None)
