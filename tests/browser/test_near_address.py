"""Typing an address on *Dichtbij* in a real browser: suggestions, the keys, small screens, and without sight."""

import pytest
from address_standin import HOSTILE
from address_view import field, here, options, ready, status, typed
from map_view import DESKTOP, PHONE
from playwright.sync_api import expect
from test_accessibility import serious_violations
from test_near import GRANTED, located, settled

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def ways(page):
    return [int(told.replace(".", "").split(" m")[0]) for told in page.locator("button.entry .way").all_inner_texts()]


# --- from typing to a list --------------------------------------------------------------------------------------------


def test_a_suggestion_that_she_taps_sorts_the_list_from_there(near_address):
    page = typed(near_address(), "oudestr")
    expect(status(page)).to_contain_text("4 suggesties")
    options(page).filter(has_text="Oudestraat 12,").click()
    expect(here(page)).to_have_text("Vanaf: Oudestraat 12, Kampen (adres), in Binnenstad Kampen (Kampen).")
    settled(page)
    expect(field(page)).to_have_value("Oudestraat 12, 8261CK Kampen")
    expect(status(page)).to_contain_text("Gevonden: Oudestraat 12, Kampen.")
    assert len(ways(page)) >= 9
    assert ways(page) == sorted(ways(page))


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("straat, ongeveer", "Vanaf: Oudestraat, Kampen (ongeveer: ergens in deze straat)"),
        ("postcode, ongeveer", "Vanaf: 8261 CK, Oudestraat, Kampen (ongeveer: ergens in dit postcodegebied)"),
    ],
)
def test_of_a_street_or_postcode_it_says_that_it_is_roughly_there(near_address, chosen, told):
    page = typed(near_address(), "oudestr")
    options(page).filter(has_text=chosen).click()
    expect(here(page)).to_contain_text(told)


def test_with_the_keyboard_alone(near_address):
    page = typed(near_address(), "oudestr")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(field(page)).not_to_have_attribute("aria-activedescendant", "option-0")
    for key, active in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", 3)):
        page.keyboard.press(key)
        marked = page.get_by_role("option", selected=True)
        expect(marked).to_have_count(0 if active is None else 1)
        if active is not None:
            expect(marked).to_have_attribute("id", f"option-{active}")
            expect(field(page)).to_have_attribute("aria-activedescendant", f"option-{active}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(here(page)).to_contain_text("Vanaf: Oudestraat 12, Kampen (adres)")
    settled(page)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_attribute("aria-expanded", "false")


def test_escape_closes_the_list_and_then_empties_the_field(near_address):
    page = typed(near_address(), "oudestr")
    page.keyboard.press("Escape")
    expect(options(page).first).to_be_hidden()
    expect(field(page)).to_have_value("oudestr")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    expect(status(page)).to_be_empty()
    expect(here(page)).to_have_count(0)


def test_leaving_the_field_closes_the_list_and_chooses_nothing(near_address):
    page = typed(near_address(), "oudestr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(options(page).first).to_be_hidden()
    expect(here(page)).to_have_count(0)


@pytest.mark.parametrize("text", ["8261ck 12", "8261 CK 12", "Oudestraat 12, Kampen"])
def test_a_complete_address_and_enter_is_enough(near_address, text):
    page = near_address()
    field(page).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(here(page)).to_contain_text("Vanaf: Oudestraat 12, Kampen (adres)")


def test_nothing_is_placed_on_what_is_merely_alike(near_address):
    page = typed(near_address(), "Oudestraat 12")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("2 suggesties")
    settled(page)
    expect(here(page)).to_have_count(0)
    field(page).fill("Oudestraat 13, Kampen")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Niets gevonden in deze gemeente.")
    expect(here(page)).to_have_count(0)


def test_an_address_in_another_municipality_is_told_as_any_position_there(near_address):
    page = near_address()
    field(page).fill("Oudestraat 12, Groningen")
    page.keyboard.press("Enter")
    expect(here(page)).to_have_text("Vanaf: Oudestraat 12, Groningen (adres), buiten de gemeente Kampen.")
    expect(page.get_by_text("U bent buiten Kampen.")).to_be_visible()


def test_she_can_have_it_forgotten_and_the_server_says_it_no_more(near_address):
    page, told = near_address(), []
    # A lambda, as playwright cannot look into `list.append`.
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(frame)))  # noqa: PLW0108
    page.reload()
    typed(ready(page), "oudestr")
    options(page).filter(has_text="Oudestraat 12,").click()
    expect(here(page)).to_be_visible()
    settled(page)
    assert any(b"Oudestraat 12, Kampen" in frame for frame in told), "a check of the check: frames can be read"
    told.clear()
    page.get_by_role("button", name="Vergeet mijn plek").click()
    expect(here(page)).to_have_count(0)
    expect(field(page)).to_have_value("")
    expect(page.get_by_text("Wij weten niet waar u bent")).to_be_visible()
    page.get_by_text("Nu open").click()
    settled(page)
    assert told
    assert not any(b"Oudestraat 12, Kampen" in frame for frame in told)


def test_her_device_takes_the_place_of_an_address(near_address):
    page = typed(near_address(**GRANTED), "oudestr")
    options(page).filter(has_text="Oudestraat 120").click()
    expect(here(page)).to_contain_text("Vanaf: Oudestraat 120")
    settled(page)
    located(page)
    expect(here(page)).not_to_contain_text("Vanaf")


def test_letters_and_digits_are_for_the_field_only(near_address):
    page = near_address()
    field(page).click()
    page.keyboard.type("rc13")
    expect(field(page)).to_have_value("rc13")
    expect(field(page)).to_be_focused()


def test_english(near_address):
    page = typed(near_address("?taal=en"), "oudestr")
    expect(status(page)).to_contain_text("4 suggestions")
    options(page).filter(has_text="street, roughly").click()
    expect(here(page)).to_have_text(
        "From: Oudestraat, Kampen (roughly: somewhere in this street), in Binnenstad Kampen (Kampen)."
    )


def test_a_hostile_suggestion_is_text_and_nothing_else(near_address):
    page = typed(near_address(), "img src")
    expect(options(page).first).to_contain_text(HOSTILE)
    options(page).first.click()
    expect(here(page)).to_contain_text(HOSTILE)
    settled(page)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


# --- small screens and without sight ----------------------------------------------------------------------------------


@SIZES
def test_the_suggestions_are_on_screen_and_large_enough_to_tap(near_address, size):
    page = typed(near_address(size=size), "oudestr")
    width, height = size
    box = page.get_by_role("listbox").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    for option in [field(page), *options(page).all()]:
        assert option.bounding_box()["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def opened(page):
    typed(page, "oudestr")
    page.keyboard.press("ArrowDown")


def chosen(page):
    opened(page)
    page.keyboard.press("Enter")
    expect(here(page)).to_be_visible()
    settled(page)


@SIZES
@pytest.mark.parametrize("state", [opened, chosen], ids=lambda state: state.__name__)
def test_the_field_has_no_serious_violation(near_address, axe_script, state, size):
    page = near_address(size=size)
    state(page)
    assert serious_violations(page, axe_script) == []
