"""How little a visitor has to download: no map before she asks for it, and nothing in a larger form than it needs."""

import re

import pytest
from map_view import IDLE, LINK, MAP_FRAME, PHONE, MapView
from playwright.sync_api import expect

MAP_FILES = re.compile(r"leaflet|st_folium|background-|outlines-|meetingmap")
WIDE_ICONS = """() => [...document.querySelectorAll('[data-testid="stIconMaterial"]')]
  .filter((one) => one.scrollWidth > 1.5 * parseFloat(getComputedStyle(one).fontSize)).map((one) => one.textContent)"""


def idle(page):
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
    expect(page.locator(IDLE)).to_be_attached(timeout=30_000)
    page.wait_for_load_state("networkidle")
    return page


def test_near_me_fetches_no_file_of_the_map_before_the_map_is_asked_for(new_page, server):
    page, asked = new_page(size=PHONE), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/dichtbij")
    idle(page)
    assert [url for url in asked if MAP_FILES.search(url)] == []
    page.get_by_role("button", name="Kaart laten zien").click()
    expect(page.locator(MAP_FRAME)).to_be_visible(timeout=20_000)
    expect(page.frame_locator(MAP_FRAME).locator(".leaflet-pane").first).to_be_attached(timeout=20_000)
    assert any("leaflet.js" in url for url in asked)


def test_on_a_phone_the_background_of_the_map_waits_until_she_gets_there(new_page, server):
    page, asked = new_page(size=PHONE), []
    page.on("request", lambda request: asked.append(request.url))
    view = MapView(page).goto(server.url + LINK)
    idle(page)
    assert [url for url in asked if "/background-" in url] == []
    assert any("/shapes-" in url for url in asked)
    page.locator(MAP_FRAME).scroll_into_view_if_needed()
    expect(view.map.locator(".leaflet-background-pane canvas").first).to_be_attached(timeout=20_000)
    assert len([url for url in asked if "/background-" in url]) == 1


def test_all_text_of_a_first_visit_is_sent_packed_and_kept(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL")
    page, answers = context.new_page(), []
    page.on("requestfinished", lambda request: answers.append(request.response()))
    page.goto(f"{server.url}/dichtbij")
    idle(page)
    files = [one for one in answers if re.search(r"\.(js|css|json)(\?|$)", one.url)]
    assert len(files) > 50
    long = [one for one in files if int(one.headers["content-length"]) >= 500]
    assert [one.url for one in long if one.headers.get("content-encoding") != "br"] == []
    assert [one.url for one in files if "immutable" not in one.headers["cache-control"]] == []
    assert [one.url for one in files if "content-security-policy" not in one.headers] == []
    context.close()


@pytest.mark.parametrize("link", ["/", "/dichtbij", "/gegevens", "/dekking"])
@pytest.mark.parametrize("size", [PHONE, (1280, 800)], ids=["phone", "desktop"])
def test_the_small_fonts_do_for_every_letter_and_icon(new_page, server, link, size):
    page, fonts = new_page(size=size), []
    page.on("request", lambda request: fonts.append(request.url) if "woff2" in request.url else None)
    page.goto(server.url + link)
    idle(page)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.get_by_test_id("stIconMaterial").count() > 0
    assert page.evaluate(WIDE_ICONS) == []
    assert [url for url in fonts if "/letters-" not in url and "/icons-" not in url] == []


def test_an_icon_that_is_not_in_the_font_would_be_seen(new_page, server):
    page = new_page()
    page.goto(server.url)
    idle(page)
    page.evaluate("document.querySelector('[data-testid=\"stIconMaterial\"]').textContent = 'rocket_launch'")
    assert page.evaluate(WIDE_ICONS) == ["rocket_launch"]
