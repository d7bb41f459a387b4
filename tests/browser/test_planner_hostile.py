"""Planner's pages on bundles that try to break them: hostile names everywhere, and no homes at all."""

import openpyxl
import pytest
from hostile import AREA, IMAGE, MUNICIPALITY, NAMES, STREET, build_hostile
from planner_view import PAGES, PlannerView
from playwright.sync_api import expect
from serving import serving
from test_hostile_names import assert_nothing_ran


@pytest.fixture(scope="module")
def hostile_server(hostile_data, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hostile-planner"), data=hostile_data) as started:
        yield started


@pytest.fixture(scope="module")
def homeless_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("homeless")
    with serving(folder, data=build_hostile(folder, on_foot=False)) as started:
        yield started


@pytest.fixture
def watched(new_page, hostile_server):
    """Open a page and hear of everything that should not happen: `view, alarms = watched("dekking")`."""

    def open_page(name, query=""):
        page, alarms = new_page(), []
        page.on("dialog", lambda dialog: alarms.append(dialog.message))
        page.on("request", lambda request: alarms.append(request.url) if request.url.endswith("/x") else None)
        return PlannerView(page, hostile_server.url).goto(name, query), alarms

    return open_page


SAID = {
    "dekking": [AREA, MUNICIPALITY],
    "open-en-dicht": [MUNICIPALITY],
    "vergelijken": [],
    "waar-eerst": [AREA],
    "witte-vlekken": [STREET, AREA],
    "wie-treft-wie": list(NAMES),
    "wat-als": [MUNICIPALITY],
    "crisis-en-weer": [AREA, MUNICIPALITY],
}
QUERY = {
    "witte-vlekken": "afstand=50",
    "wat-als": "dicht=osm-n1~osm-n2&afstand=150",
    "crisis-en-weer": "omstandigheden=regen.augustus",
    "waar-eerst": "weging=gap-5",
}


@pytest.mark.parametrize("name", PAGES)
def test_hostile_names_show_literally_on_every_page(watched, name):
    view, alarms = watched(name, QUERY.get(name, ""))
    text = view.page.get_by_test_id("stMain").inner_text()
    for said in SAID[name]:
        assert " ".join(said.split()) in " ".join(text.split()), said
    assert view.page.get_by_test_id("stMain").locator("img[src=x], svg[onload], b:text('Buurt')").count() == 0
    assert alarms == []
    assert_nothing_ran(view.page)


def test_hostile_names_are_text_in_select_boxes_and_buttons(watched):
    view, alarms = watched("wat-als", "dicht=osm-n1")
    expect(view.page.get_by_role("button", name=IMAGE)).to_be_visible()
    view.page.get_by_role("combobox", name="Welke plek").click()
    for name in NAMES[1:]:
        expect(view.page.get_by_role("option").filter(has_text=name)).to_be_visible()
    view.page.keyboard.press("Escape")
    view.page.get_by_role("combobox", name="kies een straat").click()
    expect(view.page.get_by_role("option", name=STREET)).to_be_visible()
    assert alarms == []
    assert_nothing_ran(view.page)


def test_hostile_names_are_text_in_what_the_map_tells(watched):
    view, alarms = watched("dekking")
    [(_, label)] = view.areas_drawn()
    assert label.startswith(f"{AREA}: ")
    view.map.locator(".leaflet-areas-pane path").first.dispatch_event("mouseover")
    expect(view.map.locator(".leaflet-tooltip")).to_contain_text(AREA)
    gaps, more = watched("witte-vlekken", "afstand=50")
    gaps.in_map("void window.meetingMap.planning.stretches.getLayers()[0].openTooltip()")
    expect(gaps.map.locator(".leaflet-tooltip")).to_contain_text(STREET)
    assert alarms + more == []
    assert_nothing_ran(gaps.page)


def test_a_formula_in_a_name_is_text_in_the_workbook(watched, tmp_path):
    view, _ = watched("witte-vlekken", "afstand=50")
    book = openpyxl.load_workbook(view.download("Excel", tmp_path))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(STREET in str(cell.value) for cell in cells)
    text = view.download("CSV", tmp_path).read_text(encoding="utf-8-sig")
    assert "'=2+3" in text


@pytest.mark.parametrize("name", PAGES)
def test_without_homes_a_page_says_what_is_missing_and_counts_nothing(new_page, homeless_server, name):
    view = PlannerView(new_page(), homeless_server.url)
    view.page.goto(f"{homeless_server.url}/{name}")
    expect(view.page.get_by_test_id("stAlert")).to_contain_text("kennen we nog geen woningen en straten")
    expect(view.page.get_by_test_id("stAlert")).to_contain_text(MUNICIPALITY)
    expect(view.page.locator("table.figures, .answer")).to_have_count(0)
