"""The page, its components and the map follow the visitor's system, or what an embedding site asks."""

import pytest
from map_view import IDLE, LINK, MapView
from playwright.sync_api import expect

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 25, 28)"}
GROUND = {"light": "rgb(241, 239, 234)", "dark": "rgb(34, 38, 43)"}
WATER = {"light": [188, 220, 236], "dark": [28, 52, 66]}
DRAWN_IN = """([red, green, blue]) => [...document.querySelectorAll(".leaflet-background-pane canvas")].some((tile) => {
  const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) return true;
  }
  return false;
})"""

INK = {"light": "rgb(26, 26, 26)", "dark": "rgb(242, 242, 242)"}
FOCUS = """() => {
  let one = document.activeElement;
  while (one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
  const name = [one.tagName, one.getAttribute("aria-label") || one.innerText || one.dataset.testid].join(" ");
  for (let around = one; around && around !== document.body; around = around.parentElement) {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(around);
    if (outlineStyle === "solid" && parseFloat(outlineWidth) >= 2) return [name, outlineColor];
  }
  return [name, "no line"];
}"""
"""What has the focus, and the colour of the line around it or around the field that it is in."""


def expect_scheme(view, page, its_map):
    """The page is light or dark, and the map: its ground, what is drawn on a canvas, and its popups."""
    expect(view.page.get_by_test_id("stApp")).to_have_css("background-color", PAPER[page])
    expect(view.entries.first).to_have_css("background-color", PAPER[page])
    expect(view.map.locator(".leaflet-container")).to_have_css("background-color", GROUND[its_map])
    view.frame.wait_for_function(DRAWN_IN, arg=WATER[its_map])
    other = "light" if its_map == "dark" else "dark"
    assert not view.frame.evaluate(DRAWN_IN, WATER[other])


def test_page_and_map_follow_the_system_also_when_it_changes(visit):
    view = visit(LINK, color_scheme="dark")
    expect_scheme(view, "dark", "dark")
    view.page.emulate_media(color_scheme="light")
    expect_scheme(view, "light", "light")
    view.page.emulate_media(color_scheme="dark")
    expect_scheme(view, "dark", "dark")


@pytest.mark.parametrize(("system", "asked"), [("dark", "light"), ("light", "dark")])
def test_a_site_that_shows_the_map_in_a_frame_may_choose(visit, system, asked):
    view = visit(f"{LINK}&embed=true&embed_options={asked}_theme", color_scheme=system)
    expect_scheme(view, asked, asked)


def test_with_a_base_map_the_map_stays_a_light_plate(serve, new_page, monkeypatch):
    monkeypatch.setenv("MEETINGPLACES_BASEMAP", "pdok-grijs")
    page = new_page(color_scheme="dark")
    page.route("https://service.pdok.nl/**", lambda route: route.abort())
    expect_scheme(MapView(page).goto(serve().url + LINK), "dark", "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_line_in_the_colour_of_the_text_is_around_whatever_has_the_focus(new_page, server, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(f"{server.url}/inbedden")
    expect(page.get_by_role("button", name="Code kopiëren")).to_be_visible()
    expect(page.locator(IDLE)).to_be_attached()
    told = []
    while len(told) < 40 and (not told or not told[-1][0].startswith("TEXTAREA")):
        page.keyboard.press("Tab")
        told.append(page.evaluate(FOCUS))
    assert told[-1][0].startswith("TEXTAREA"), told
    assert len(told) > 15
    assert [one for one in told if one[1] != INK[scheme]] == []
