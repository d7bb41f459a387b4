"""axe-core on every page, with all its frames and open shadow roots, at both sizes, light and dark."""

import json
from itertools import pairwise

import pytest
from map_view import DESKTOP, IDLE, LINK, PHONE, MapView
from playwright.sync_api import expect

SERIOUS = {"serious", "critical"}
LOOKS = pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark")], ids=["desktop", "phone", "dark"]
)
"""How a page is looked at; colours do not depend on the size, so dark at one of them is enough."""


def closed(view):
    """The map as it opens."""


def details_open(view):
    view.entries.nth(1).click()
    expect(view.details).to_be_visible()
    expect(view.popup).to_be_visible()


def empty_result(view):
    for name in ("Binnen", "Buiten", "Overdekt"):
        view.toggle_setting(name)
    expect(view.page.get_by_text("Met deze filters kennen we hier geen plek")).to_be_visible()


def more_filters_open(view):
    view.open_more_filters()
    view.choose_level("Ook voorzieningen")
    view.choose_kind("Speelplek")


def figures_open(view):
    view.page.get_by_test_id("stExpander").filter(has_text="Cijfers").locator("summary").click()
    expect(view.page.get_by_text("Per 1.000 inwoners").first).to_be_visible()


STATES = [closed, details_open, empty_result, more_filters_open, figures_open]


def serious_violations(page, axe_script):
    """What is wrong, as readable lines."""
    for frame in page.frames:
        frame.evaluate(axe_script)
    found = page.evaluate(
        "() => axe.run(document, { resultTypes: ['violations'],"
        " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
    )
    return [
        f"{one['impact']} {one['id']}: {node['target']} {node['html'][:160]} {_reason(node)}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def _reason(node):
    return json.dumps([check["message"] for check in (*node["any"], *node["all"], *node["none"])])[:300]


@LOOKS
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_map_page_has_no_serious_violation(visit, axe_script, state, size, scheme):
    view = visit(LINK, size=size, color_scheme=scheme)
    state(view)
    assert serious_violations(view.page, axe_script) == []


@LOOKS
def test_the_sources_page_has_no_serious_violation(new_page, server, axe_script, size, scheme):
    page = new_page(size=size, color_scheme=scheme)
    page.goto(f"{server.url}/bronnen")
    expect(page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
    expect(page.get_by_text("SHA-256").first).to_be_visible()
    # Scripts name buttons and mend the menu once they are loaded.
    expect(page.get_by_role("button", name="Deellink kopiëren")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    page.wait_for_timeout(500)
    assert serious_violations(page, axe_script) == []


def test_the_page_about_the_data_has_no_serious_violation_in_the_dark(new_page, server, axe_script):
    page = new_page(color_scheme="dark")
    page.goto(f"{server.url}/gegevens")
    expect(page.get_by_role("button", name="Deellink kopiëren")).to_be_visible()
    expect(page.locator(IDLE)).to_be_attached()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert serious_violations(page, axe_script) == []


def test_a_notice_of_an_error_has_no_serious_violation(serve, new_page, axe_script, tmp_path):
    page = new_page()
    page.goto(serve(data=tmp_path).url)
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    assert serious_violations(page, axe_script) == []


def test_the_frame_of_the_map_has_a_name_a_person_understands(visit):
    for language, name in (("nl", "Kaart"), ("en", "Map")):
        view = visit(f"{LINK}&taal={language}")
        expect(view.page.locator("iframe")).to_have_attribute("title", name)


def test_headings_go_down_one_step_at_a_time(visit):
    view = visit(LINK)
    details_open(view)
    levels = view.page.locator("h1, h2, h3, h4").evaluate_all("all => all.map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), levels


def test_axe_sees_the_map_and_the_list(visit, axe_script):
    """A check of the check: a picture without a text inside the frame is found."""
    view: MapView = visit(LINK)
    view.in_map("() => document.body.append(Object.assign(document.createElement('img'), { src: 'x.png' }))")
    assert any("image-alt" in line for line in serious_violations(view.page, axe_script))
