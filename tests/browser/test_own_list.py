"""A planner adds her own list in a real browser, decides about a doubtful pair, and finds both readable."""

import io
import json
import shutil

import openpyxl
import pytest
from map_view import DESKTOP, IDLE, PHONE
from own_list_samples import CENTRES, HEADINGS, KNOWN, AddressServer, own_list
from playwright.sync_api import expect
from samples import MUNICIPALITY, municipality_files
from serving import serving
from test_accessibility import serious_violations

from meetingplaces.pipeline.build import build
from meetingplaces.sources.endpoints import ENDPOINTS_VARIABLE
from meetingplaces.storage.own_lists import keep_own_list, own_lists
from meetingplaces.ui.settings import REFRESH_VARIABLE

SLOW_MS = 20_000
LOOKS = pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def made(tmp_path_factory, categories):
    """A data folder with one doubtful pair; not to be changed."""
    folder = tmp_path_factory.mktemp("own-list")
    doubt = ("twijfel", "neighbourhood_centre", "Kompas <img src=x onerror=window.hacked=1>", 5.8921, 52.497)
    keep_own_list(folder / "data", MUNICIPALITY, own_list(doubt))
    build(MUNICIPALITY, *municipality_files(folder / "files"), folder / "data", categories)
    return folder / "data"


@pytest.fixture
def planner(made, tmp_path, monkeypatch):
    """A server on which a planner may change things, with a stand-in for PDOK: its address and its data folder."""
    data = shutil.copytree(made, tmp_path / "data")
    with AddressServer(*KNOWN) as addresses:
        service = addresses.url.removeprefix("http://")
        endpoints = tmp_path / "endpoints.yaml"
        endpoints.write_text(
            json.dumps({"private_hosts": [service], "locatieserver": {"free": f"{addresses.url}/free"}}),
            encoding="utf-8",
        )
        monkeypatch.setenv(ENDPOINTS_VARIABLE, str(endpoints))
        monkeypatch.setenv(REFRESH_VARIABLE, "on")
        with serving(tmp_path, data=data) as server:
            yield server.url, data


def excel() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in [HEADINGS, *CENTRES]:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def idle(page):
    """Wait until nothing runs and the frame speaks Dutch, which it does last."""
    page.wait_for_timeout(150)
    expect(page.locator(IDLE)).to_be_attached(timeout=SLOW_MS)
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Naar de inhoud", timeout=SLOW_MS)


@LOOKS
def test_an_excel_list_goes_from_upload_to_what_became_of_each_row(planner, new_page, axe_script, size, scheme):
    url, data = planner
    page = new_page(size=size, color_scheme=scheme)
    page.goto(f"{url}/eigen-lijst")
    page.locator("input[type=file]").set_input_files(
        {"name": "centra.xlsx", "mimeType": "application/octet-stream", "buffer": excel()}
    )
    expect(page.get_by_text("de eerste 5 van 10 rijen")).to_be_visible(timeout=SLOW_MS)
    idle(page)
    page.get_by_role("button", name="Adressen opzoeken").click()
    expect(page.get_by_text("Dorpsweg 300 9999AA Driedorp bestaat niet precies zo")).to_be_visible(timeout=SLOW_MS)
    idle(page)
    assert serious_violations(page, axe_script) == []
    page.get_by_role("button", name="Aannemen", exact=True).click()
    expect(page.get_by_role("cell", name="Samengevoegd met Bibliotheek West")).to_be_visible()
    idle(page)
    expect(page.get_by_role("cell", name="Nieuw op de kaart", exact=True)).to_have_count(4)
    assert serious_violations(page, axe_script) == []
    assert page.evaluate("window.hacked") is None
    assert [own.provenance.source_id for own in own_lists(data, MUNICIPALITY)] == ["own_buurthuizen", "own_centra"]


@LOOKS
def test_a_doubtful_pair_is_decided_and_the_decision_undone(planner, new_page, axe_script, size, scheme):
    url, _ = planner
    page = new_page(size=size, color_scheme=scheme)
    page.goto(f"{url}/nakijken")
    expect(page.get_by_role("heading", name="Twijfelgevallen (1)")).to_be_visible(timeout=SLOW_MS)
    idle(page)
    assert serious_violations(page, axe_script) == []
    page.get_by_role("button", name="Twee plekken").click()
    expect(page.get_by_role("heading", name="Twijfelgevallen (0)")).to_be_visible()
    expect(page.get_by_text("zijn twee plekken")).to_be_visible()
    idle(page)
    assert serious_violations(page, axe_script) == []
    page.get_by_role("button", name="Draai besluit 1 terug").click()
    expect(page.get_by_role("heading", name="Twijfelgevallen (1)")).to_be_visible()
    assert page.evaluate("window.hacked") is None


def test_on_a_public_server_neither_page_is_in_the_menu(new_page, server):
    page = new_page()
    page.goto(f"{server.url}/eigen-lijst")
    expect(page.get_by_text("kan alleen de beheerder")).to_be_visible(timeout=SLOW_MS)
    page.get_by_text("Over de gegevens").click()
    expect(page.get_by_role("menuitem", name="Gegevens")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Eigen lijst")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Nakijken")).to_have_count(0)
