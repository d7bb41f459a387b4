"""A frozen link in real Chromium: made, then the data change, then opened; and what cannot be kept."""

import json
import re
import shutil

import pytest
from map_view import DESKTOP, PHONE
from playwright.sync_api import expect
from samples import MUNICIPALITY
from serving import serving
from test_accessibility import serious_violations

LIBRARY, CAME = "Bibliotheek West", "<b>Nieuwe</b> Bieb"
FREEZE = "Met de stand van de gegevens van nu"


@pytest.fixture
def folder(two_times, tmp_path):
    """Driedorp as it was, in a folder of this test's own; `two_times` has it as it is."""
    [then] = (two_times / "earlier").glob(f"*/{MUNICIPALITY}")
    shutil.copytree(then, tmp_path / "data" / MUNICIPALITY)
    return tmp_path / "data"


@pytest.fixture
def server(folder, tmp_path):
    with serving(tmp_path, data=folder) as started:
        yield started


def refresh(folder, two_times):
    """Put the present bundle in place as a refresh does: the files first, then the manifest in one step."""
    now = two_times / MUNICIPALITY
    shutil.copytree(
        now, folder / MUNICIPALITY, dirs_exist_ok=True, ignore=shutil.ignore_patterns("bundle.json", ".lock")
    )
    part = folder / MUNICIPALITY / "bundle.json.part"
    manifest = json.loads((now / "bundle.json").read_text(encoding="utf-8"))
    part.write_text(json.dumps({**manifest, "built_at": "2031-11-03T10:00:00Z"}), encoding="utf-8")
    part.rename(folder / MUNICIPALITY / "bundle.json")


def drawn(page, address):
    """Open an address; the first page of a server that just started takes a while on a busy machine."""
    page.goto(address)
    page.frame_locator("iframe").locator("html[data-drawn]").wait_for(timeout=60_000)
    return page


def panel(page):
    """Open the share panel; the box that freezes, and the field with the link."""
    page.get_by_role("button", name="Deellink kopiëren").click()
    field = page.get_by_role("textbox", name="Deze link")
    expect(field).to_be_visible()
    return page.get_by_role("checkbox", name=FREEZE), field


def frozen_link(page):
    box, field = panel(page)
    box.check()
    expect(field).to_have_value(re.compile(r"&stand=[0-9-]{10}\.[0-9a-f]{8}$"))
    return field.input_value()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_who_opens_a_frozen_link_sees_what_was_prepared_and_leaves_it_with_one_click(
    size, new_page, server, folder, two_times, axe_script
):
    link = frozen_link(drawn(new_page(), f"{server.url}/?plek=osm-n10"))
    refresh(folder, two_times)
    page = drawn(new_page(size=size), link)
    card = page.locator("section.details").filter(has_text=LIBRARY).first
    expect(card).to_be_visible()
    expect(page.get_by_text("zoals in de link")).to_be_visible()
    expect(page.get_by_text(CAME)).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert serious_violations(page, axe_script) == []
    page.get_by_role("button", name="Toon de nieuwste").click()
    expect(page.get_by_text("staat niet (meer) op de kaart")).to_be_visible()
    expect(page.get_by_text("zoals in de link")).to_have_count(0)
    expect(page.get_by_text(CAME).first).to_be_visible()
    assert "stand" not in page.url


def test_every_page_says_it_and_a_lost_copy_is_told(new_page, server, folder, two_times, axe_script):
    link = frozen_link(drawn(new_page(), server.url))
    refresh(folder, two_times)
    page = new_page()
    page.goto(link.replace("/?", "/dichtbij?"))
    expect(page.get_by_text("zoals in de link")).to_be_visible()
    shutil.rmtree(folder / "frozen")
    page = drawn(new_page(), link)
    expect(page.get_by_text("niet te lezen of niet meer bewaard")).to_be_visible()
    expect(page.get_by_text(CAME).first).to_be_visible()
    assert serious_violations(page, axe_script) == []


def test_what_cannot_be_kept_is_told_and_the_link_stays_as_it_was(new_page, server, folder):
    (folder / "frozen").write_text("in the way", encoding="utf-8")
    page = drawn(new_page(), server.url)
    box, field = panel(page)
    box.click()
    expect(page.get_by_text("konden niet worden bewaard")).to_be_visible()
    expect(box).not_to_be_checked()
    expect(field).not_to_have_value(re.compile("stand="))


def test_where_nothing_is_kept_it_is_not_offered(new_page, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MEETINGPLACES_FROZEN", "0")
    with serving(tmp_path, data=folder) as started:
        box, field = panel(drawn(new_page(), started.url))
        expect(field).to_have_value(re.compile("gemeente="))
        expect(box).to_have_count(0)
