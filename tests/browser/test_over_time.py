"""The page Door de tijd in a real browser: its place in the menu, axe-core at both sizes, and a file taken along."""

import pytest
from map_view import DESKTOP, PHONE
from openpyxl import load_workbook
from playwright.sync_api import expect
from serving import serving
from test_accessibility import LOOKS, serious_violations


@pytest.fixture(scope="module")
def two_times_server(two_times, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("two_times_server"), data=two_times) as started:
        yield started


@pytest.fixture
def opened(new_page, two_times_server):
    """Open the page and wait until it is drawn."""

    def open_page(link: str = "", **options):
        page = new_page(**options)
        page.goto(f"{two_times_server.url}/door-de-tijd{link}")
        page.frame_locator("iframe").locator("html[data-drawn]").wait_for()
        expect(page.get_by_role("region", name="Wie een plek bereikt, toen en nu: Driedorp")).to_be_visible()
        return page

    return open_page


@LOOKS
def test_the_page_has_no_serious_violation(opened, axe_script, size, scheme):
    page = opened(size=size, color_scheme=scheme)
    page.get_by_text("Hoe weten we wat echt veranderd is?").click()
    expect(page.get_by_text("Zeker alleen de kaart", exact=True).first).to_be_visible()
    assert serious_violations(page, axe_script) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_is_as_wide_as_the_window(opened, size):
    page = opened(size=size)
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_a_name_from_outside_stays_text(opened):
    page = opened()
    link = page.get_by_role("link", name="<b>Nieuwe</b> Bieb")
    expect(link).to_have_attribute("href", "https://www.openstreetmap.org/node/901")
    expect(page.locator("table b")).to_have_count(0)


def test_the_menu_has_the_page_only_where_there_is_something_to_compare(new_page, two_times_server, server):
    for where, count in ((two_times_server, 1), (server, 0)):
        page = new_page()
        page.goto(f"{where.url}/dekking")
        page.get_by_text("Voor planners").first.click()
        expect(page.get_by_role("menuitem", name="Witte vlekken")).to_be_visible()
        expect(page.get_by_role("menuitem", name="Door de tijd")).to_have_count(count)


def test_without_anything_to_compare_the_address_says_how_to_keep_it(new_page, server):
    page = new_page()
    page.goto(f"{server.url}/door-de-tijd")
    expect(page.get_by_text("meetingplaces keep GM0166")).to_be_visible()


def test_the_workbook_holds_the_places_of_the_list(opened, tmp_path):
    page = opened()
    with page.expect_download() as told:
        page.get_by_role("button", name="Excel").nth(2).click()
    path = tmp_path / told.value.suggested_filename
    told.value.save_as(path)
    assert path.name == "verschillen-per-plek-gm9999.xlsx"
    cells = [str(cell.value) for sheet in load_workbook(path) for row in sheet for cell in row]
    assert "<b>Nieuwe</b> Bieb" in cells
    assert "https://www.openstreetmap.org/node/901" in cells
