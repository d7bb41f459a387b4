"""The files that one brings along, downloaded from the map page as a visitor does."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from map_view import LINK
from PIL import Image


@pytest.fixture
def downloaded(visit, tmp_path):
    """Open the map, press the button with this text, and give the file."""

    def download(text: str) -> Path:
        page = visit(f"{LINK}&waar=buiten").page
        page.get_by_test_id("stExpander").get_by_text("Meenemen", exact=True).click()
        with page.expect_download() as told:
            page.get_by_role("button", name=text).click()
        path = tmp_path / told.value.suggested_filename
        told.value.save_as(path)
        return path

    return download


def written(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


@pytest.mark.parametrize(("text", "name"), [("A4-blad", "sheet"), ("Buurtboekje", "booklet")])
def test_the_paper_holds_what_the_list_shows(downloaded, text, name):
    path = downloaded(text)
    assert path.name == f"{name}-bu01660000.pdf"
    told = written(path)
    assert "Botermarkt" in told
    assert "Bibliotheek" not in told  # the filter is on outdoor places


def test_the_page_without_internet_is_small_and_whole(downloaded):
    path = downloaded("Zonder internet")
    assert path.stat().st_size < 2_000_000
    assert "Botermarkt" in path.read_text(encoding="utf-8")


def test_the_qr_code_opens_this_view(downloaded, server):
    path = downloaded("QR-code (PNG)")
    [found] = zxingcpp.read_barcodes(Image.open(path))
    assert found.text == f"{server.url}{LINK.replace('?', '?v=1&')}&waar=buiten"
