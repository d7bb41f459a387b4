"""The planner's pages in a real browser: what they say, on both sizes, with a keyboard, and by link."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from map_view import DESKTOP, MAP_FRAME, PHONE
from planner_view import BEST, PAGES, WITH_MAP, PlannerView
from playwright.sync_api import expect
from test_accessibility import LOOKS, serious_violations
from test_keyboard_and_phone import focused, tab_until

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
BUSY = {"wat-als": f"waar=binnen&erbij={BEST}&beste=2", "crisis-en-weer": "omstandigheden=binnendicht.winteravond"}
"""What makes a page show all that it has."""
ACROSS = """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
  .filter((one) => !one.closest(".scroll") && !one.closest('[data-baseweb="select"]'))
  .filter((one) => one.getBoundingClientRect().width && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def planner(new_page: Callable, server) -> Callable[..., PlannerView]:
    """Open a planner's page as a fresh visitor: `planner("dekking", "groep=65plus", size=PHONE)`."""

    def open_page(name: str, query: str = "", **options) -> PlannerView:
        return PlannerView(new_page(**options), server.url).goto(name, query)

    return open_page


@LOOKS
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_whole_and_asks_nobody_else(new_page, server, axe_script, name, size, scheme):
    page, problems, hosts = new_page(size=size, color_scheme=scheme), [], set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: problems.append(str(error)))
    # Streamlit looks for itself below the address of a page first, and finds itself above it.
    page.on("console", lambda it: problems.append(it.text) if it.type == "error" and "_stcore" not in str(it) else None)
    view = PlannerView(page, server.url).goto(name, BUSY.get(name, ""))
    for summary in page.get_by_test_id("stExpander").locator("summary").all():
        summary.click()
    # Where a pin on a map stands is what it says, so WCAG lets its size and the room around it be (2.5.8, essential).
    found = serious_violations(page, axe_script)
    assert [one for one in found if not ("target-size" in one and "leaflet-marker-icon" in one)] == []
    assert page.evaluate(ACROSS) == []
    assert [one for one in problems if "404" not in one] == []
    assert hosts <= {urlsplit(server.url).netloc, ""}
    expect(view.page.get_by_text("OpenStreetMap contributors").first).to_be_visible()
    expect(view.page.get_by_text("peildatum").first).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_english_when_asked(planner, name):
    view = planner(name, f"taal=en&{BUSY.get(name, '')}")
    expect(view.page.locator("html")).to_have_attribute("lang", "en")
    for dutch in ("woning", "inwoners", "binnen", "Meenemen", "gemeente"):
        assert dutch not in view.page.get_by_test_id("stMain").inner_text()


@pytest.mark.parametrize("measure", ["coverage", "gap", "distance", "space"])
def test_map_legend_and_table_of_coverage_say_the_same(planner, measure):
    view = planner("dekking", f"maat={measure}&groep=65plus")
    head, *rows = view.rows()
    column = next(number for number, label in enumerate(head) if "bar" in classes_of(view, number))
    told = {row[0]: row[column] for row in rows}
    bands = {colour: label for colour, label in view.legend() if label != "onbekend"}
    drawn = view.areas_drawn()
    assert len(drawn) == len(rows) - 1
    for fill, label in drawn:
        name, value = re.sub(r" \(\d+% binnen onze gegevens\)$", "", label).split(": ")
        assert told[name] == value
        if value == "onbekend":
            assert fill == "url(#unknown-area)"
        elif value.startswith("verder"):
            assert bands[rgb(fill)].endswith(f", of {value}")
        else:
            low, _between, high = bands[rgb(fill)].partition(", of ")[0].partition(" tot ")
            assert number(low) <= number(value) <= number(high or low)


def classes_of(view, column):
    cells = view.page.locator("table.figures tbody tr").nth(8).locator("th, td")
    return (cells.nth(column).get_attribute("class") or "").split()


def number(told):
    return float(re.sub(r"[^\d,]", "", told).replace(",", "."))


def rgb(colour):
    return "rgb({}, {}, {})".format(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


def test_homes_are_drawn_in_their_colour_when_zoomed_in(planner):
    view = planner("dekking")
    assert view.map.locator(".leaflet-homes-pane canvas").count() == 0
    view.in_map("window.meetingMap.map.setView([52.5581, 5.9142], 16, { animate: false })")
    expect(view.map.locator(".leaflet-homes-pane canvas").first).to_be_attached()
    painted = """() => [...document.querySelectorAll(".leaflet-homes-pane canvas")].some((one) =>
      one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some((value, at) => at % 4 === 3 && value))"""
    assert view.in_map(painted)


def test_a_click_on_a_neighbourhood_chooses_it_everywhere(planner):
    view = planner("dekking")
    view.map.locator(".leaflet-container").click(position=view.point_of(5.9142, 52.5581))
    expect(view.answer.locator("strong")).to_have_text(re.compile("."))
    name = view.answer.locator("strong").inner_text()
    expect(view.page.get_by_role("combobox", name="Buurt")).to_have_value(name)
    expect(view.page.locator('tr[aria-current="true"] th')).to_have_text(name)
    expect(view.page).to_have_url(re.compile("buurt=BU0166"))
    view.page.go_back()
    expect(view.answer.locator("strong")).to_have_count(0)
    view.page.go_forward()
    expect(view.answer.locator("strong")).to_have_text(name)


def test_a_click_adds_a_place_and_undo_gives_every_number_back(planner):
    view = planner("wat-als", "waar=binnen&groep=65plus")
    expect(view.page.get_by_text("U hebt nog niets veranderd")).to_be_visible()
    view.map.locator(".leaflet-container").click(position=view.point_of(5.92919, 52.534535))
    expect(view.answer).to_contain_text("65-plussers komt een plek")
    expect(view.map.locator(".spot.added")).to_have_count(1)
    view.press("Alles terug")
    expect(view.page.get_by_text("U hebt nog niets veranderd")).to_be_visible()
    expect(view.map.locator(".spot")).to_have_count(0)


def test_the_best_spot_can_be_added_and_brings_what_it_promised(planner):
    view = planner("wat-als", "waar=binnen")
    view.press("Beste plek voor één")
    expect(view.map.locator(".spot.best")).to_have_count(1)
    promised = re.search(r"1\. Bij .*?: ([\d.]+) inwoners", view.page.get_by_test_id("stMain").inner_text())[1]
    view.press("Zet nummer 1 erbij")
    expect(view.answer).to_contain_text(f"Voor {promised} inwoners komt een plek")


def test_a_scenario_needs_no_map_and_no_mouse(planner):
    view = planner("wat-als", "waar=binnen")
    tab_until(view, lambda stop: stop["tag"] == "input" and "kies een straat" in stop["name"].lower())
    view.page.keyboard.type("Plataanstraat")
    expect(view.page.get_by_role("option", name="Plataanstraat", exact=True)).to_be_visible()
    view.page.keyboard.press("Enter")
    expect(view.answer).to_contain_text("komt een plek")
    assert view.answer.get_attribute("role") == "status"


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_and_shows_where_it_is(planner, name):
    view = planner(name, BUSY.get(name, ""))
    wanted = view.page.locator('[data-testid="stMain"] button:visible, .scroll').count()
    stops = []
    for _ in range(wanted + 60):
        view.page.keyboard.press("Tab")
        stops.append(focused(view))
        if stops[-1]["tag"] == "body" or stops[-1]["name"] == "CSV":
            break
    assert stops[-1]["name"] == "CSV", [(stop["tag"], stop["name"][:20]) for stop in stops]
    assert [stop for stop in stops if not stop["drawn"]] == []
    if view.page.locator(".scroll:visible").count():
        assert any("scroll" in stop["kind"].split() for stop in stops)
    assert any(stop["inFrame"] for stop in stops) == (name in WITH_MAP)


LINKS = {
    "dekking": "groep=65plus&afstand=300&waar=binnen&maat=gap&buurt=BU01660000",
    "open-en-dicht": "groep=65plus&buurt=BU01660000",
    "vergelijken": "met=BU01660000.BU01660001&loper=wheelchair",
    "waar-eerst": "weging=gap-5.residents_65_plus_share-2",
    "witte-vlekken": "groep=65plus&loper=rollator",
    "wie-treft-wie": "soort=library.park&afstand=800",
    "wat-als": f"waar=binnen&erbij={BEST}&beste=1",
    "crisis-en-weer": "omstandigheden=regen&moment=di.evening",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_link_shows_a_second_person_the_same(planner, name):
    first = planner(name, LINKS[name])
    second = PlannerView(planner("dekking", size=PHONE).page, first.url)
    second.page.goto(first.page.url)
    second.settled()
    assert first.rows() == second.rows()
    assert first.answer.all_inner_texts() == second.answer.all_inner_texts()


@SIZES
def test_wide_tables_scroll_inside_themselves_only(planner, size):
    view = planner("crisis-en-weer", BUSY["crisis-en-weer"], size=size)
    main = view.page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    numbers = view.page.locator("table.figures td.n").first
    assert numbers.evaluate("one => getComputedStyle(one).textAlign") == "right"
    expect(view.page.locator(".scroll table tfoot")).to_be_visible()


def test_turning_the_page_keeps_what_was_asked(planner):
    view = planner("dekking", "groep=65plus&waar=binnen")
    view.page.get_by_role("button", name="Voor planners").click()
    view.page.get_by_role("menuitem", name="Witte vlekken").click()
    expect(view.page.get_by_role("heading", name="Witte vlekken", level=1)).to_be_visible()
    expect(view.answer).to_contain_text("65-plussers binnen 500 m")
    expect(view.page.locator(MAP_FRAME)).to_have_count(1)
