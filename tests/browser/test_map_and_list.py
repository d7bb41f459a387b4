import pytest
from map_view import DESKTOP, KAMPEN, LINK, MAP_FRAME, PHONE, TOWN_CENTRE
from playwright.sync_api import expect

ALL = {"core", "secondary", "amenity"}
RESTRICTED = {"customers", "members", "referral"}


def matching(places, neighbourhood=TOWN_CENTRE, **wanted):
    """Counted from the export, not by the code of the page."""
    weights = wanted.pop("weights", {"core", "secondary"})
    restricted = wanted.pop("restricted", False)
    return [
        one for one in places
        if (neighbourhood in one["neighbourhood_codes"] if neighbourhood else one["neighbourhood_codes"])
        and one["weight"] in weights
        and (restricted or one["access"] not in RESTRICTED)
        and all(one[name] in values for name, values in wanted.items())
    ]  # fmt: skip


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("neighbourhood", [TOWN_CENTRE, None], ids=["town centre", "municipality"])
def test_map_list_and_heading_hold_what_show_counts(visit, shown, known_places, neighbourhood, size):
    view = visit(LINK if neighbourhood else "/", size=size)
    count = shown(neighbourhood)["places"]
    view.expect_count(count)
    assert count == len(matching(known_places, neighbourhood)) > 0


@pytest.mark.parametrize("neighbourhood", [TOWN_CENTRE, None], ids=["town centre", "municipality"])
def test_everything_switched_on_is_all_that_the_bundle_holds(visit, shown, known_places, neighbourhood):
    query = "niveau=voorzieningen&drempel=ja"
    view = visit(f"{LINK}&{query}" if neighbourhood else f"/?gemeente={KAMPEN}&{query}")
    counted = shown(neighbourhood)
    everything = counted["places"] + sum(counted["restricted"].values()) + sum(counted["amenities"].values())
    view.expect_count(everything)
    assert everything == len(matching(known_places, neighbourhood, weights=ALL, restricted=True))


def test_after_each_setting_map_list_and_heading_agree(visit, known_places):
    view = visit(LINK)
    view.expect_count(len(matching(known_places)))
    view.toggle_setting("Binnen")
    view.expect_count(len(matching(known_places, setting={"outdoor", "sheltered"})))
    view.toggle_setting("Overdekt")
    view.expect_count(len(matching(known_places, setting={"outdoor"})))
    view.toggle_setting("Buiten")
    expect(view.page.get_by_text("Met deze filters kennen we hier geen plek")).to_be_visible()
    view.expect_count(0)
    view.toggle_setting("Binnen")
    view.expect_count(len(matching(known_places, setting={"indoor"})))


def test_after_each_further_filter_map_list_and_heading_agree(visit, known_places):
    view = visit(LINK)
    view.open_more_filters()
    view.choose_level("Alleen kern")
    view.expect_count(len(matching(known_places, weights={"core"})))
    view.choose_level("Ook voorzieningen")
    view.expect_count(len(matching(known_places, weights=ALL)))
    view.toggle_restricted()
    view.expect_count(len(matching(known_places, weights=ALL, restricted=True)))
    view.choose_kind("Gebedshuis")
    view.expect_count(len(matching(known_places, restricted=True, category={"place_of_worship"})))
    view.choose_kind("Plein")
    view.expect_count(len(matching(known_places, restricted=True, category={"place_of_worship", "square"})))


def test_a_kind_is_offered_with_its_number(visit, known_places):
    view = visit(LINK)
    view.open_more_filters()
    box = view.page.get_by_role("combobox", name="Soort plek")
    box.click()
    box.fill("Gebeds")
    number = len(matching(known_places, category={"place_of_worship"}))
    expect(view.page.get_by_role("option", name=f"Gebedshuis ({number})")).to_be_visible()


def test_choosing_in_the_list_selects_on_the_map_and_opens_the_details(visit):
    view = visit(LINK)
    entry = view.entries.nth(2)
    name = entry.locator(".name").inner_text()
    entry.click()
    expect(view.details.get_by_role("heading", name=name)).to_be_visible()
    expect(entry).to_have_attribute("aria-pressed", "true")
    expect(view.map.locator(".place.selected")).to_have_count(1)
    view.expect_popup(name)


def test_choosing_on_the_map_presses_the_list_entry_and_opens_the_details(visit):
    view = visit(LINK)
    place = view.look_at()
    view.marker(place).click()
    expect(view.entry(place["id"])).to_have_attribute("aria-pressed", "true")
    expect(view.details).to_be_visible()
    expect(view.popup).to_be_visible()
    view.expect_query(gemeente=KAMPEN, buurt=TOWN_CENTRE, plek=place["id"].replace("/", "-"))


def test_the_first_click_counts_on_a_map_that_is_partly_below_the_fold(visit):
    view = visit(LINK, size=(1280, 620))
    place = view.look_at()
    at = view.marker(place).bounding_box()
    frame = view.page.locator(MAP_FRAME).bounding_box()
    assert frame["y"] + frame["height"] > 620 > at["y"] + 28, "the map has to stick out below"
    view.page.mouse.click(at["x"] + 14, at["y"] + 14)
    expect(view.entry(place["id"])).to_have_attribute("aria-pressed", "true")


def test_one_place_is_selected_at_a_time(visit):
    view = visit(LINK)
    for number in (1, 4):
        view.entries.nth(number).click()
        expect(view.entries.nth(number)).to_have_attribute("aria-pressed", "true")
        expect(view.page.locator('button.entry[aria-pressed="true"]')).to_have_count(1)
        expect(view.map.locator(".place.selected")).to_have_count(1)
        expect(view.popup).to_have_count(1)


def test_a_place_picked_while_the_map_is_still_zooming_gets_its_popup(visit):
    view = visit(LINK)
    for number in (1, 4, 7, 10):
        view.in_map("() => { window.meetingMap.map.zoomOut(2); }")
        name = view.entries.nth(number).locator(".name").inner_text()
        view.entries.nth(number).click()
        view.expect_popup(name)


def test_closing_the_details_deselects_in_list_and_map(visit):
    view = visit(LINK)
    view.entries.nth(2).click()
    expect(view.map.locator(".place.selected")).to_have_count(1)
    view.page.get_by_role("button", name="Sluiten").click()
    expect(view.details).to_have_count(0)
    expect(view.page.locator('button.entry[aria-pressed="true"]')).to_have_count(0)
    expect(view.map.locator(".place.selected")).to_have_count(0)
    expect(view.popup).to_have_count(0)
    view.expect_query(gemeente=KAMPEN, buurt=TOWN_CENTRE)


def test_the_same_place_can_be_opened_again_after_closing(visit):
    view = visit(LINK)
    for _ in range(2):
        view.entries.nth(2).click()
        expect(view.details).to_be_visible()
        view.page.get_by_role("button", name="Sluiten").click()
        expect(view.details).to_have_count(0)


def test_a_place_picked_on_the_map_and_closed_opens_its_popup_from_the_list_too(visit):
    view = visit(LINK)
    place = view.look_at()
    view.marker(place).click()
    expect(view.details).to_be_visible()
    view.page.get_by_role("button", name="Sluiten").click()
    expect(view.popup).to_have_count(0)
    view.entry(place["id"]).click()
    expect(view.popup).to_be_visible()


def test_details_of_a_place_outside_the_filters_say_so(visit):
    view = visit(LINK)
    view.entries.first.click()
    expect(view.details).to_be_visible()
    setting = "Binnen" if "binnen" in view.entries.first.locator(".where").inner_text() else "Buiten"
    view.toggle_setting(setting)
    expect(view.page.get_by_text("Deze plek valt buiten de filters")).to_be_visible()
    expect(view.map.locator(".place.selected")).to_have_count(0)


def test_an_empty_result_offers_a_step_that_helps(visit, known_places):
    view = visit(f"{LINK}&waar=overdekt")
    view.expect_count(0)
    view.page.get_by_role("button", name="Binnen, buiten en overdekt laten zien").click()
    view.expect_count(len(matching(known_places)))


def test_the_improve_link_points_at_the_exact_object(visit):
    view = visit(LINK)
    view.entries.nth(1).click()
    element = view.entries.nth(1).get_attribute("data-place")
    kind, number = {"n": "node", "w": "way", "r": "relation"}[element[4]], element[5:]
    link = view.details.get_by_role("link", name="Verbeter in OpenStreetMap")
    expect(link).to_have_attribute("href", f"https://www.openstreetmap.org/{kind}/{number}")
