"""What a planner takes along, through the browser: every file opens, and holds what was on screen."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pytest
from PIL import Image
from planner_view import BEST, PlannerView

QUESTION = "groep=65plus&waar=binnen&afstand=300"
ASKED = {
    "dekking": f"{QUESTION}&buurt=BU01660000",
    "open-en-dicht": QUESTION,
    "vergelijken": f"{QUESTION}&met=BU01660000.BU01660001",
    "waar-eerst": QUESTION,
    "witte-vlekken": QUESTION,
    "wie-treft-wie": QUESTION,
    "wat-als": f"{QUESTION}&erbij={BEST}",
    "crisis-en-weer": f"{QUESTION}&omstandigheden=regen",
}
WITH_SHAPES = ("dekking", "waar-eerst", "witte-vlekken", "wie-treft-wie", "crisis-en-weer")
WITH_DRAWING = ("dekking", "vergelijken", "crisis-en-weer")


@pytest.fixture
def planner(new_page: Callable, server) -> Callable[[str], PlannerView]:
    """Open a page with the question that all files here must hold."""
    return lambda name: PlannerView(new_page(), server.url).goto(name, ASKED[name])


def table_on_screen(view: PlannerView, name: str) -> list[list[str]]:
    """Head and rows of the table that the first files are made from, closed or not."""
    if name == "open-en-dicht":
        return []
    if name == "vergelijken":
        view.page.get_by_text("Alles in één tabel").click()
    tables = view.page.locator(".scroll table.figures")
    return tables.first.locator("tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
    )


def numbers(told: str) -> float | None:
    """A number as it reads on screen, in Dutch; `None` when it is none."""
    bare = told.removesuffix(" m").removesuffix("%").replace(".", "").replace(",", ".")
    try:
        return float(bare) / (100 if told.endswith("%") else 1)
    except ValueError:
        return None


def assert_same(shown: str, kept: object, decimals: int) -> None:
    """The value in a file is that on screen, rounded as there."""
    value = numbers(shown)
    if value is None:
        assert kept in (None, "", shown) or shown.startswith("verder"), (shown, kept)
    else:
        assert float(str(kept)) == pytest.approx(value, abs=0.51 * 10**-decimals), (shown, kept)


def decimals_of(shown: str) -> int:
    fraction = shown.rstrip(" m%").partition(",")[2]
    return len(fraction) + (2 if shown.endswith("%") else 0)


@pytest.mark.parametrize("name", ASKED)
def test_the_workbook_holds_the_table_on_screen_with_what_was_asked_and_the_sources(planner, name, tmp_path):
    view = planner(name)
    shown = table_on_screen(view, name)
    book = openpyxl.load_workbook(view.download("Excel", tmp_path))
    sheet = book.worksheets[0]
    everything = "\n".join(str(cell) for one in book for row in one.iter_rows(values_only=True) for cell in row if cell)
    for told in ("65-plussers", "300 m", "Binnen", "OpenStreetMap", "CBS", "30-01-2023"):
        assert told in everything, told
    assert "erbij=" in everything or name != "wat-als"
    if shown:
        rows = list(sheet.iter_rows(values_only=True))
        head = next(number for number, row in enumerate(rows) if row[0] == shown[0][0])
        columns = [rows[head].index(label) for label in shown[0]]
        kept = rows[head + 1 : head + len(shown)]
        assert [row[columns[0]] for row in kept] == [row[0] for row in shown[1:]]
        for told, row in zip(shown[1:], kept, strict=True):
            for text, column in zip(told[1:], columns[1:], strict=True):
                assert_same(text, row[column], decimals_of(text))


@pytest.mark.parametrize("name", ASKED)
def test_the_csv_holds_the_rows_on_screen(planner, name, tmp_path):
    view = planner(name)
    shown = table_on_screen(view, name)
    text = view.download("CSV", tmp_path).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = [row for row in csv.reader(text.decode("utf-8-sig").splitlines(), delimiter=separator(text)) if row]
    names = [row[0] for row in rows]
    for row in shown[1:]:
        assert row[0] in names
    assert len(rows) > len(shown[1:])


def separator(text: bytes) -> str:
    first = text.decode("utf-8-sig").splitlines()[0]
    return max(",;\t", key=first.count)


@pytest.mark.parametrize("name", WITH_SHAPES)
def test_shapes_open_where_they_lie_with_the_rows_on_screen(planner, name, tmp_path):
    view = planner(name)
    shown = table_on_screen(view, name)
    names = [row[0] for row in shown[1:]]
    layer = pyogrio.read_dataframe(view.download("GeoPackage", tmp_path))
    found = json.loads(view.download("GeoJSON", tmp_path).read_text(encoding="utf-8"))
    assert layer.crs.to_epsg() == 28992
    first = next(column for column in layer if set(layer[column].dropna()) & set(names))
    in_features = [feature["properties"][first] for feature in found["features"]]
    assert list(layer[first]) == in_features or set(layer[first]) == set(in_features)
    assert set(layer[first]) <= set(names)
    drawn = layer.to_crs(4326).total_bounds
    assert 5.6 < drawn[0] < drawn[2] < 6.2
    assert 52.3 < drawn[1] < drawn[3] < 52.8


@pytest.mark.parametrize("name", WITH_DRAWING)
def test_a_drawing_is_a_picture_with_title_and_source(planner, name, tmp_path):
    view = planner(name)
    picture = Image.open(view.download("Afbeelding (PNG)", tmp_path))
    assert min(picture.size) > 500
    assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24)) > 5
    drawing: Path = view.download("Afbeelding (SVG)", tmp_path)
    words = " ".join(ElementTree.fromstring(drawing.read_text(encoding="utf-8")).itertext())
    for told in ("Kampen", "65-plussers", "300 m", "OpenStreetMap", "CBS"):
        assert told in words, told


def test_each_table_of_a_scenario_has_its_own_files(planner, tmp_path):
    view = planner("wat-als")
    paths = [view.download("CSV", tmp_path, number) for number in range(2)]
    assert [path.name for path in paths] == ["wat-als-groepen-gm0166.csv", "wat-als-buurten-gm0166.csv"]
    assert "65-plussers" in paths[0].read_text(encoding="utf-8-sig")
    assert "Kampen" in paths[1].read_text(encoding="utf-8-sig")
