import re

import pytest
from map_view import DESKTOP, KAMPEN, LINK, PHONE, TOWN_CENTRE
from playwright.sync_api import expect

# The element with focus, through shadow roots and frames: its role or tag, and its name or text.
FOCUSED = """() => {
  let one = document.activeElement;
  while (one) {
    if (one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
    else if (one.tagName === "IFRAME" && one.contentDocument.activeElement !== one.contentDocument.body) one = one.contentDocument.activeElement;
    else break;
  }
  const style = one.ownerDocument.defaultView.getComputedStyle(one);
  const drawn = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const around = one.closest('[data-baseweb], [role="group"], label, [data-testid="stSelectbox"]');
  return {
    tag: one.tagName.toLowerCase(), kind: one.className && one.className.baseVal === undefined ? String(one.className) : "",
    name: one.getAttribute("aria-label") || (one.labels && one.labels.length ? one.labels[0].innerText : "") || one.innerText || "",
    drawn: drawn || Boolean(around && around !== one && one.matches(":focus-visible")), inFrame: one.ownerDocument !== document,
  };
}"""  # noqa: E501


SIZES = """all => all.map((one) => {
  const box = one.getBoundingClientRect();
  return [box.width, box.height, one.innerText || one.getAttribute("aria-label")];
})"""


def focused(view):
    return view.page.evaluate(FOCUSED)


def tab_until(view, wanted, most=60):
    """Press Tab until `wanted` is true of what has focus; every stop on the way."""
    stops = []
    for _ in range(most):
        view.page.keyboard.press("Tab")
        stops.append(focused(view))
        if wanted(stops[-1]):
            return stops
    raise AssertionError(f"not reached: {[(stop['tag'], stop['name'][:30]) for stop in stops]}")


def test_tab_reaches_filters_then_list_then_map(visit):
    view = visit(LINK)
    stops = tab_until(view, lambda stop: "place" in stop["kind"].split())
    names = [stop["name"] for stop in stops]
    kinds = [stop["kind"] for stop in stops]

    def first(part):
        return next(
            number for number, name in enumerate(names) if part in name and kinds[number].split()[:1] != ["stMain"]
        )

    entry = next(number for number, kind in enumerate(kinds) if "entry" in kind)
    assert first("Gemeente") < first("Buurt") < first("Binnen") < first("Meer filters") < entry < len(stops) - 1
    assert stops[-1]["inFrame"]


def test_every_stop_shows_that_it_has_focus(visit):
    view = visit(LINK)
    stops = tab_until(view, lambda stop: "place" in stop["kind"].split())
    assert [stop["name"] for stop in stops if not stop["drawn"]] == []


def test_enter_on_a_list_entry_selects_it_and_the_focus_stays(visit):
    view = visit(LINK)
    tab_until(view, lambda stop: "entry" in stop["kind"])
    view.page.keyboard.press("Tab")
    entry = view.entries.nth(1)
    expect(entry).to_be_focused()
    view.page.keyboard.press("Enter")
    expect(view.details).to_be_visible()
    expect(entry).to_have_attribute("aria-pressed", "true")
    expect(view.popup).to_be_visible()
    expect(entry).to_be_focused()
    view.page.keyboard.press("Tab")
    expect(view.entries.nth(2)).to_be_focused()


def test_enter_on_a_marker_selects_it(visit):
    view = visit(LINK)
    place = view.look_at()
    view.marker(place).focus()
    view.page.keyboard.press("Enter")
    expect(view.entry(place["id"])).to_have_attribute("aria-pressed", "true")
    expect(view.details).to_be_visible()
    expect(view.popup).to_be_visible()


def test_enter_on_a_group_zooms_in(visit):
    view = visit(LINK)
    group = view.map.locator(".group").first
    before = view.in_map("window.meetingMap.map.getZoom()")
    group.focus()
    view.page.keyboard.press("Enter")
    view.page.wait_for_function(
        "([frame, before]) => frame.contentWindow.meetingMap.map.getZoom() > before",
        arg=[view.page.locator("iframe").element_handle(), before],
    )
    assert view.in_map("window.meetingMap.map.getZoom()") > before


def test_filters_work_without_a_mouse(visit):
    view = visit(LINK)
    tab_until(view, lambda stop: stop["name"].startswith("Buurt"))
    view.page.keyboard.type("Brunnepe")
    expect(view.page.get_by_role("option", name="Brunnepe")).to_be_visible()
    view.page.keyboard.press("Enter")
    expect(view.heading).to_contain_text("Brunnepe")
    view.expect_query(gemeente=KAMPEN, buurt="BU01660001")
    tab_until(view, lambda stop: stop["name"].startswith("Binnen"))
    view.page.keyboard.press("Enter")
    view.expect_query(gemeente=KAMPEN, buurt="BU01660001", waar="buiten.overdekt")


def test_the_details_can_be_closed_without_a_mouse(visit):
    view = visit(LINK)
    view.entries.first.click()
    expect(view.details).to_be_visible()
    view.page.get_by_role("button", name="Sluiten").focus()
    view.page.keyboard.press("Enter")
    expect(view.details).to_have_count(0)
    view.expect_query(gemeente=KAMPEN, buurt=TOWN_CENTRE)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_link_to_the_map_brings_the_map_into_view(visit, size):
    view = visit(LINK, size=size)
    link = view.page.get_by_role("link", name="Naar de kaart")
    link.focus()
    expect(link).to_be_in_viewport()
    view.page.keyboard.press("Enter")
    expect(view.page.locator("iframe")).to_be_in_viewport(ratio=0.5)
    tab_until(view, lambda stop: stop["inFrame"], most=3)


def test_a_phone_shows_the_list_before_the_map(visit):
    view = visit(LINK, size=PHONE)
    listed, drawn = view.entries.first.bounding_box(), view.page.locator("iframe").bounding_box()
    assert listed["y"] < drawn["y"]


@pytest.mark.parametrize("size", [PHONE, (320, 640)], ids=["phone", "smallest"])
def test_a_phone_never_scrolls_sideways(visit, size):
    view = visit(LINK, size=size)
    view.entries.first.click()
    expect(view.details).to_be_visible()
    view.open_more_filters()
    for _ in range(2):
        assert view.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert view.page.evaluate("(() => { const main = document.querySelector('[data-testid=stMain]');"
                                  " return main.scrollWidth <= main.clientWidth; })()")  # fmt: skip
        view.page.goto(re.sub(r"/\?.*", "/bronnen", view.page.url))
        expect(view.page.get_by_text("SHA-256").first).to_be_visible()


def test_everything_to_touch_is_at_least_24_pixels(visit):
    view = visit(LINK, size=PHONE)
    view.entries.first.click()
    expect(view.details).to_be_visible()
    view.look_at()
    targets = {
        "entries": view.entries, "markers": view.map.locator(".place, .group"),
        "zoom": view.map.locator(".leaflet-bar a"),
        "close": view.map.locator(".leaflet-popup-close-button"), "link": view.page.locator(".to-map"),
        "buttons": view.page.get_by_test_id("stMain").locator("button:visible, summary:visible, [role=radio]:visible"),
    }  # fmt: skip
    small = []
    for name, found in targets.items():
        assert found.count() > 0, name
        boxes = found.evaluate_all(SIZES)
        small += [(name, *box) for box in boxes if min(box[:2]) < 24]
    assert small == []
