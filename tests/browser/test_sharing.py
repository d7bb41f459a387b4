"""Sharing in real Chromium: the copy button, the position of the map, arrow keys, a frame in a foreign page, notes."""

import http.server
import re
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from itertools import combinations
from urllib.parse import urlsplit

import pytest
from hostile import IMAGE, MARKDOWN, SCRIPT
from map_view import DESKTOP, IDLE, KAMPEN, LINK, PHONE, TOWN_CENTRE, MapView
from playwright.sync_api import expect
from serving import serving
from test_accessibility import LOOKS, serious_violations

from meetingplaces.storage.locations import app_folder
from meetingplaces.ui.notes import note_at, packed

SHARE = re.compile("Deellink kopiëren")
NOTES = packed([note_at(5.926, 52.561, IMAGE), note_at(5.927, 52.557, MARKDOWN + SCRIPT)])


def shared_link(page):
    page.get_by_role("button", name=SHARE).click()
    expect(page.get_by_text("Deze link laat hetzelfde zien")).to_be_visible()
    return page.get_by_role("textbox", name="Deze link").input_value()


def opened(new_page, url, **options):
    page = new_page(**options)
    page.goto(url)
    expect(page.locator(IDLE)).to_be_attached(timeout=30_000)
    return page


# The link


def test_the_button_copies_a_link_that_shows_the_same(visit, server):
    view = visit(f"{LINK}&waar=buiten", permissions=["clipboard-read", "clipboard-write"])
    view.entries.first.click()
    expect(view.details).to_be_visible()
    link = shared_link(view.page)
    expect(view.page.get_by_text("Gekopieerd.")).to_be_visible()
    assert view.page.evaluate("navigator.clipboard.readText()") == link
    assert len(link) < 400
    again = visit(link.removeprefix(server.url))
    expect(again.heading).to_have_text(view.heading.inner_text())
    expect(again.details.locator("h3")).to_have_text(view.details.locator("h3").inner_text())
    expect(again.page.get_by_text("begrepen we niet")).to_have_count(0)


def test_where_nothing_may_be_copied_the_text_stands_ready(visit):
    view = visit(LINK)
    view.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no'));"
        " document.execCommand = () => false; }"
    )
    link = shared_link(view.page)
    expect(view.page.get_by_text("Kopieer de tekst in het veld zelf")).to_be_visible()
    selected = "() => { const field = [...document.querySelectorAll('*')].map((one) => one.shadowRoot &&" \
        " one.shadowRoot.querySelector('textarea')).find(Boolean);" \
        " return field.value.slice(field.selectionStart, field.selectionEnd); }"  # fmt: skip
    assert view.page.evaluate(selected) == link


def test_the_position_of_the_map_goes_along_only_when_asked(visit, server):
    view = visit(LINK)
    view.in_map("() => window.meetingMap.map.setView([52.5552, 5.9111], 16.25, { animate: false })")
    assert "beeld" not in shared_link(view.page)
    view.page.get_by_role("checkbox", name="Met de kaart precies zoals die nu staat").check()
    link = view.page.get_by_role("textbox", name="Deze link").input_value()
    assert link.endswith("&beeld=5.9111_52.5552_16.25")
    again = visit(link.removeprefix(server.url))
    at = again.in_map("() => { const { map } = window.meetingMap, { lat, lng } = map.getCenter();"
                      " return [lng.toFixed(4), lat.toFixed(4), map.getZoom()]; }")  # fmt: skip
    assert at == ["5.9111", "52.5552", 16.25]


def test_escape_closes_the_panel_and_gives_the_focus_back(visit):
    view = visit(LINK)
    shared_link(view.page)
    view.page.get_by_role("textbox", name="Deze link").press("Escape")
    expect(view.page.get_by_role("textbox", name="Deze link")).to_be_hidden()
    expect(view.page.get_by_role("button", name=SHARE)).to_be_focused()


# Presenting


def test_arrow_keys_step_through_neighbourhoods_and_then_places(new_page, server):
    page = opened(new_page, f"{server.url}/presenteren?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    title = page.locator("section.present h2")
    expect(title).to_have_text("Binnenstad Kampen")
    # The keys come with the buttons, a moment after the words.
    expect(page.get_by_role("button", name="Volgende buurt")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(title).not_to_have_text("Binnenstad Kampen")
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text("Binnenstad Kampen")
    page.get_by_role("button", name="Plekken laten zien").click()
    expect(title).not_to_have_text("Binnenstad Kampen")
    first = title.inner_text()
    page.get_by_role("button", name="Volgende plek").click()
    expect(title).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text(first)


def test_full_screen_leaves_out_the_menu(new_page, server):
    page = opened(new_page, f"{server.url}/presenteren?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    page.get_by_role("button", name="Volledig scherm").click()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    page.get_by_role("button", name="Volledig scherm uit").click()
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_map_for_a_room_names_places_and_no_name_covers_another(new_page, server):
    page = opened(new_page, f"{server.url}/presenteren?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    page.get_by_role("button", name="Plekken laten zien").click()
    expect(page.get_by_role("button", name="Volgende plek")).to_be_visible()
    title = page.locator("section.present h2").inner_text()
    labels = page.frame_locator('iframe[src*="st_folium"]').locator(".room:visible")
    expect(labels.filter(has_text=title)).to_be_visible()
    boxes = labels.evaluate_all("all => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert len(boxes) > 1
    for one, other in combinations(boxes, 2):
        assert one["right"] < other["left"] or other["right"] < one["left"] or \
            one["bottom"] < other["top"] or other["bottom"] < one["top"]  # fmt: skip


# A frame in another site


@contextmanager
def foreign_site(folder, html):
    """Another origin: the same machine, another port."""
    (folder / "index.html").write_text(f"<!doctype html><html lang=nl><title>Gemeente</title>{html}", encoding="utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()


def snippet_of(new_page, server, fixed):
    page = opened(new_page, f"{server.url}/inbedden?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    if fixed:
        page.get_by_text("Keuzes vastzetten").click()
        expect(page.get_by_role("textbox", name="De code")).to_have_value(re.compile("keuze=vast"))
    return page.get_by_role("textbox", name="De code").input_value()


@pytest.mark.parametrize("fixed", [False, True], ids=["free", "fixed"])
def test_the_snippet_shows_the_map_in_a_foreign_page(new_page, tmp_path, monkeypatch, fixed):
    (tmp_path / "site").mkdir()
    with foreign_site(tmp_path / "site", "") as origin:
        monkeypatch.setenv("MEETINGPLACES_EMBED_ORIGINS", origin)
        with serving(tmp_path) as server:
            code = snippet_of(new_page, server, fixed)
            (tmp_path / "site" / "index.html").write_text(f"<!doctype html><title>x</title>{code}", encoding="utf-8")
            page = new_page()
            page.goto(origin)
            frame = page.frame_locator("iframe")
            expect(frame.locator("h2.summary")).to_contain_text("15 plekken in Binnenstad Kampen", timeout=30_000)
            inner = frame.frame_locator('iframe[src*="st_folium"]')
            expect(inner.locator("html")).to_have_attribute("data-drawn", "15", timeout=30_000)
            expect(frame.get_by_test_id("stTopNavLink")).to_have_count(0)
            expect(frame.get_by_role("combobox", name="Buurt")).to_have_count(0 if fixed else 1)
            frame.locator("button.entry").first.click()
            expect(frame.locator("section.details")).to_be_visible()
            link = frame.get_by_role("button", name=SHARE)
            link.click()
            shared = frame.get_by_role("textbox", name="Deze link").input_value()
            assert shared.startswith(server.url)
            assert "embed" not in shared


def test_a_site_that_was_not_named_cannot_show_the_map(new_page, server, tmp_path):
    with foreign_site(tmp_path, f'<iframe src="{server.url}/?embed=true" title="Kaart"></iframe>') as origin:
        page, problems = new_page(), []
        page.on("console", lambda message: problems.append(message.text))
        page.goto(origin)
        expect(page.frame_locator("iframe").locator("h2.summary")).to_have_count(0)
        page.wait_for_timeout(500)
        assert any("frame-ancestors" in problem for problem in problems)


# Notes


def test_a_tap_on_the_map_makes_a_note_that_travels_in_the_link(new_page, visit, server):
    page = opened(new_page, f"{server.url}/aantekeningen?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    view = MapView(page)
    expect(view.map.locator("html")).to_have_attribute("data-drawn", re.compile(r"^\d+$"), timeout=30_000)
    view.map.locator(".leaflet-container").click(position={"x": 60, "y": 200})
    field = page.get_by_role("textbox", name="Aantekening 1")
    field.fill("Hier een bank")
    field.press("Enter")
    expect(view.map.get_by_role("button", name="Aantekening 1: Hier een bank")).to_be_attached()
    expect(page).to_have_url(re.compile("notities="))
    with page.expect_download() as download:
        page.get_by_role("button", name="Aantekeningen bewaren").click()
    kept = download.value.path()
    page.get_by_role("button", name="Aantekening 1 weghalen").click()
    expect(field).to_have_count(0)
    page.locator("input[type=file]").set_input_files(kept)
    expect(field).to_have_value("Hier een bank")
    expect(page).to_have_url(re.compile("notities="))
    again = visit(f"/?{urlsplit(page.url).query}")
    expect(again.page.get_by_role("listitem").filter(has_text="Hier een bank")).to_be_visible()
    expect(again.map.get_by_role("button", name="Aantekening 1: Hier een bank")).to_be_attached()
    assert "bank" not in server.log()


def test_a_file_that_holds_no_notes_is_told_in_words(new_page, server, tmp_path):
    page = opened(new_page, f"{server.url}/aantekeningen?gemeente={KAMPEN}")
    for name, content in (("<b>x</b>.json", "[1]"), ("groot.json", "x" * 200_000)):
        file = tmp_path / name.replace("/", "-")
        file.write_text(content, encoding="utf-8")
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_text("verwacht" if name != "groot.json" else "te groot")).to_be_visible()
    expect(page.get_by_role("alert").locator("b")).to_have_count(0)


# Hostile text


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    """A server with the bundle that ships, and stories and a timetable that try to break out."""
    folder = tmp_path_factory.mktemp("hostile-files")
    (folder / KAMPEN).symlink_to(app_folder() / "mapdata" / KAMPEN)
    told = IMAGE.replace("'", "")
    (folder / f"{KAMPEN}.stories.yaml").write_text(
        "version: 1\nstories:\n  - title: {nl: '" + told + "', en: x}\n    line: {nl: '" + SCRIPT + "', en: x}\n"
        f"    link: https://example.org/?a=<script>\n    date: 2024-01-01\n    neighbourhood: {TOWN_CENTRE}\n",
        encoding="utf-8",
    )
    (folder / f"{KAMPEN}.moving.yaml").write_text(
        "version: 1\nplaces:\n  - name: '" + told + "'\n    kind: '" + SCRIPT + "'\n    setting: outdoor\n    stops:\n"
        "      - {where: '" + told + "', hours: 'Mo-Su,PH 00:00-24:00', longitude: 5.906, latitude: 52.555}\n",
        encoding="utf-8",
    )
    with serving(tmp_path_factory.mktemp("hostile-site"), data=folder) as started:
        yield started
    shutil.rmtree(folder, ignore_errors=True)


def test_hostile_stories_timetables_and_notes_show_as_text_and_run_nothing(new_page, hostile_site):
    page, alarms = new_page(), []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    page.on("request", lambda request: alarms.append(request.url) if request.url.endswith("/x") else None)
    view = MapView(page).goto(f"{hostile_site.url}{LINK}&notities={NOTES}")
    told = IMAGE.replace("'", "")
    expect(page.get_by_role("link", name=told)).to_have_attribute("href", "https://example.org/?a=%3Cscript%3E")
    expect(page.get_by_role("listitem").filter(has_text=SCRIPT)).to_have_count(3)
    expect(page.locator("ol li").first).to_have_text(IMAGE)
    expect(view.map.locator(".spot.moving")).to_have_count(1)
    expect(view.map.locator(".spot.note")).to_have_count(2)
    view.map.locator(".spot.note").first.dispatch_event("mouseover")
    expect(view.map.locator(".leaflet-tooltip")).to_contain_text(IMAGE)
    assert alarms == []
    assert all(frame.evaluate("window.hacked") is None for frame in page.frames)


# Accessibility

PAGES = {
    "verhalen": "Verhalen", "aantekeningen": "Aantekeningen", "presenteren": "Presenteren", "inbedden": "Inbedden",
}  # fmt: skip


@LOOKS
@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_a_serious_violation(new_page, hostile_site, axe_script, address, size, scheme):
    link = f"{hostile_site.url}/{address}?gemeente={KAMPEN}&buurt={TOWN_CENTRE}&notities={NOTES}"
    page = opened(new_page, link, size=size, color_scheme=scheme)
    expect(page.get_by_role("heading", name=PAGES[address], level=1)).to_be_visible()
    expect(page.get_by_role("button", name=SHARE)).to_be_visible()
    expect(page.locator('[data-testid="stSidebarNavItems"]:has(> div):not([role="none"])')).to_have_count(0)
    if address in {"aantekeningen", "presenteren"}:
        expect(MapView(page).map.locator(".spot.note")).to_have_count(2, timeout=30_000)
    assert serious_violations(page, axe_script) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_map_with_link_correction_and_gone_place_has_no_serious_violation(visit, axe_script, hostile_site, size):
    view = visit(f"{LINK}&plek=osm-n1&bij=5.914_52.558&notities={NOTES}", at=hostile_site, size=size)
    expect(view.page.get_by_text("staat niet (meer) op de kaart")).to_be_visible()
    assert serious_violations(view.page, axe_script) == []
    view.entries.first.click()
    view.page.get_by_text("Klopt er iets niet?").click()
    expect(view.page.get_by_role("link", name="Opmerking plaatsen in OpenStreetMap")).to_be_visible()
    shared_link(view.page)
    assert serious_violations(view.page, axe_script) == []
