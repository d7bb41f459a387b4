from map_view import LINK
from playwright.sync_api import expect

LOOK = "() => { const map = window.meetingMap.map, c = map.getCenter(); return [c.lat, c.lng, map.getZoom()]; }"


def marked(view):
    """Look somewhere of one's own choice, and leave a mark in the frame that a reload would wipe out."""
    view.in_map("() => { window.mark = 1; meetingMap.map.setView([52.5571, 5.9150], 15.5, { animate: false }); }")
    return view.in_map(LOOK)


def test_a_filter_neither_reloads_nor_moves_the_map(visit):
    view = visit(LINK)
    before = marked(view)
    drawn = view.map.locator("html").get_attribute("data-drawn")
    view.toggle_setting("Binnen")
    expect(view.map.locator("html")).not_to_have_attribute("data-drawn", drawn)
    view.open_more_filters()
    view.choose_level("Ook voorzieningen")
    view.toggle_restricted()
    view.choose_kind("Speelplek")
    expect(view.map.locator("html")).to_have_attribute("data-drawn", view.heading_numbers().split()[0])
    assert view.in_map("window.mark") == 1
    assert view.in_map(LOOK) == before


def test_an_empty_result_and_back_neither_reloads_nor_moves_the_map(visit):
    view = visit(LINK)
    before = marked(view)
    for name in ("Binnen", "Buiten", "Overdekt"):
        view.toggle_setting(name)
    expect(view.map.locator("html")).to_have_attribute("data-drawn", "0")
    view.toggle_setting("Binnen")
    expect(view.map.locator("html")).not_to_have_attribute("data-drawn", "0")
    assert view.in_map("window.mark") == 1
    assert view.in_map(LOOK) == before


def test_picking_a_place_in_view_does_not_reload_the_map(visit):
    view = visit(LINK)
    marked(view)
    view.entries.nth(1).click()
    expect(view.popup).to_be_visible()
    view.page.get_by_role("button", name="Sluiten").click()
    expect(view.details).to_have_count(0)
    assert view.in_map("window.mark") == 1


def test_another_neighbourhood_moves_the_map_without_reloading_it(visit):
    view = visit(LINK)
    before = marked(view)
    view.choose_area("Centrum IJsselmuiden")
    expect(view.heading).to_contain_text("Centrum IJsselmuiden")
    view.page.wait_for_function("([frame, before]) => frame.contentWindow.meetingMap.map.getCenter().lng !== before",
                                arg=[view.page.locator("iframe").element_handle(), before[1]])  # fmt: skip
    assert view.in_map("window.mark") == 1
    outline = view.in_map("() => window.meetingMap.focus.getLayers()[0].getBounds().toBBoxString()")
    seen = view.in_map("() => window.meetingMap.map.getBounds().toBBoxString()")
    west, south, east, north = map(float, outline.split(","))
    map_west, map_south, map_east, map_north = map(float, seen.split(","))
    assert map_west <= west < east <= map_east
    assert map_south <= south < north <= map_north
