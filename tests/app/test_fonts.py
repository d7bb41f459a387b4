"""The small fonts have what our pages and Streamlit's own need."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from streamlit import file_util

from meetingplaces.ui.serving import fonts

STATIC = Path(file_util.get_static_dir())
UI = Path(fonts.__file__).parents[1]


@pytest.fixture(scope="module")
def small():
    """The fonts, and Streamlit's document with them."""
    made = fonts.SmallFonts()
    return made, made.into((STATIC / "index.html").read_bytes()).decode()


def opened(small, tmp_path, name):
    made, document = small
    style = made.answer("/static/css/" + re.search(r"style-\w+\.css", document)[0]).body.decode()
    body = made.answer("/static/media/" + re.search(rf"{name}-\w+\.woff2", style)[0]).body
    (tmp_path / name).write_bytes(body)
    return TTFont(tmp_path / name), len(body)


def test_every_icon_that_a_page_names_is_in_the_small_font(small, tmp_path):
    font, size = opened(small, tmp_path, "icons")
    drawn = set(fonts.ligatures(font))
    ours = {name for file in UI.rglob("*.py") for name in re.findall(r":material/(\w+):", file.read_text("utf-8"))}
    assert len(ours) > 20
    assert ours - drawn == set()
    assert {"keyboard_double_arrow_right", "more_vert", "check"} <= drawn, "Streamlit's own menu"
    assert size < 40_000


def test_no_page_makes_up_the_name_of_an_icon_as_it_runs():
    written = [file.name for file in UI.rglob("*.py") if re.search(r"material/[{%\"']", file.read_text("utf-8"))]
    assert written == []


@pytest.mark.parametrize("text", ["Ontmoetingskaart 0123 – ‘één’ “ï” … €", "Şişli Łódź Țara ≤ 5 km → ½ · ×"])
def test_the_small_font_has_the_letters_of_europe(small, tmp_path, text):
    font, size = opened(small, tmp_path, "letters")
    assert {ord(letter) for letter in text} - font.getBestCmap().keys() == set()
    assert size < 60_000


def test_the_document_names_the_small_fonts_and_every_file_that_it_names_is_there(small):
    made, document = small
    named = re.findall(r'"\.(/static/[^"]+)"', document)
    assert [path for path in named if not made.answer(path) and not (STATIC / path[1:]).is_file()] == []
    assert sum(made.answer(path) is not None for path in named) == 2
    assert "SourceSans" not in document


def test_other_letters_come_from_the_large_font_and_icons_from_the_small_one_alone(small):
    made, document = small
    style = made.answer("/static/css/" + re.search(r"style-\w+\.css", document)[0]).body.decode()
    assert "MaterialSymbols" not in style
    large, letters = style.index("SourceSansVF-Upright"), style.index("letters-")
    assert large < letters, "of equals a browser asks the last first"
    assert "unicode-range:U+20-17F" in style[large:]


def test_another_document_is_left_as_it_is(small):
    assert small[0].into(b"<html><head></head></html>") == b"<html><head></head></html>"
    assert small[0].answer("/static/../app.py") is None


def test_where_the_fonts_of_streamlit_are_not_as_known_its_page_is_left_as_it_is(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(file_util, "get_static_dir", lambda: str(tmp_path))
    document = (STATIC / "index.html").read_bytes()
    assert fonts.SmallFonts().into(document) == document
    assert "small fonts could not be made" in caplog.text
