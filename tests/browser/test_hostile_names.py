import pytest
from hostile import AREA, HOURS, IMAGE, MUNICIPALITY, NAMES
from map_view import DESKTOP, PHONE, MapView
from playwright.sync_api import expect
from serving import serving


@pytest.fixture(scope="module")
def hostile_server(hostile_data, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hostile-server"), data=hostile_data) as started:
        yield started


def assert_nothing_ran(page):
    assert page.evaluate("window.hacked") is None
    assert all(frame.evaluate("window.hacked") is None for frame in page.frames)


def open_watched(new_page, url, **options):
    page, alarms = new_page(**options), []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    page.on("request", lambda request: alarms.append(request.url) if request.url.endswith("/x") else None)
    return MapView(page).goto(url), alarms


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_hostile_name_shows_literally_in_list_popup_tooltip_and_details(new_page, hostile_server, size):
    view, alarms = open_watched(new_page, hostile_server.url, size=size)
    assert sorted(view.page.locator("button.entry .name").all_inner_texts()) == sorted(NAMES)
    for number in range(len(NAMES)):
        name = view.entries.nth(number).locator(".name").inner_text()
        view.entries.nth(number).click()
        expect(view.details.locator("h3")).to_have_text(name)
        expect(view.details).to_contain_text(IMAGE)
        expect(view.details).to_contain_text(HOURS)
        view.expect_popup(name)
        expect(view.popup).to_contain_text(HOURS)
        place = view.look_at(number)
        view.marker(place).dispatch_event("mouseover")
        expect(view.map.locator(".leaflet-tooltip")).to_contain_text(name)
        view.marker(place).dispatch_event("mouseout")
    assert alarms == []
    assert_nothing_ran(view.page)


def test_names_of_areas_show_literally_wherever_they_are(new_page, hostile_server):
    view, alarms = open_watched(new_page, f"{hostile_server.url}/?buurt=BU01660000")
    expect(view.heading).to_contain_text(AREA)
    expect(view.page.get_by_role("combobox", name="Buurt")).to_have_value(AREA)
    expect(view.page.get_by_role("combobox", name="Gemeente")).to_have_value(MUNICIPALITY)
    expect(view.page.get_by_test_id("stExpander").filter(has_text="Cijfers")).to_contain_text(AREA)
    view.page.get_by_role("button", name="Over de gegevens").click()
    view.page.get_by_role("menuitem", name="Bronnen").click()
    expect(view.page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
    expect(view.page.get_by_role("heading", name=MUNICIPALITY, exact=True)).to_be_visible()
    assert alarms == []
    assert_nothing_ran(view.page)


def test_no_link_leads_to_a_script(new_page, hostile_server):
    view, _ = open_watched(new_page, hostile_server.url)
    for number in range(len(NAMES)):
        view.entries.nth(number).click()
        expect(view.entries.nth(number)).to_have_attribute("aria-pressed", "true")
        expect(view.details).to_be_visible()
        links = view.page.locator("a[href]").evaluate_all("links => links.map((link) => link.protocol)")
        assert set(links) <= {"http:", "https:"}
