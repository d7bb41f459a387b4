"""Typing an address on *Dichtbij* in a real browser: suggestions, the keys, failures, and that nobody keeps a word."""

import time
from pathlib import Path

import pytest
from address_standin import HOSTILE, KNOWN, OUDESTRAAT_12, AddressStandIn
from fault_server import Reply, closed_port
from map_view import DESKTOP, PHONE
from playwright.sync_api import expect
from serving import serving
from test_accessibility import serious_violations
from test_near import GRANTED, located, settled

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
REST_S = 5.5
"""A little longer than our server leaves the service alone after a failure."""
DOWN = "De adressendienst is nu niet te bereiken."
SECRET, SECRET_WORDS = "Geheimstraat 77", ("geheimstraat", "Geheimstraat")


@pytest.fixture(scope="module")
def service():
    """The stand-in for PDOK."""
    with AddressStandIn() as running:
        yield running


@pytest.fixture(scope="module")
def site(service, tmp_path_factory):
    """A server that asks the stand-in, and the folder in which it keeps whatever it keeps."""
    folder = tmp_path_factory.mktemp("address")
    (folder / "kept" / "tmp").mkdir(parents=True)
    (folder / "settings").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        kept = {"TMPDIR": folder / "kept" / "tmp", "MEETINGPLACES_CACHE": folder / "kept", "HOME": folder / "kept"}
        for name, value in {**service.settings(folder / "settings"), **kept}.items():
            patch.setenv(name, str(value))
        with serving(folder / "kept") as started:
            yield started, folder / "kept"


@pytest.fixture
def near(new_page, site, service):
    """Open the page as a fresh visitor, with the service well and knowing what it knows."""
    service.known = KNOWN
    service.well()

    def open_page(link="", **options):
        page = new_page(**options)
        page.goto(f"{site[0].url}/dichtbij{link}")
        settled(page)
        expect(field(page)).to_be_visible()
        return page

    return open_page


@pytest.fixture
def failing(service):
    """Let the service fail: `failing(Reply(503))`; afterwards our server has forgiven it."""
    yield service.failing
    service.well()
    time.sleep(REST_S)


def field(page):
    return page.get_by_role("combobox", name="adres").or_(page.get_by_role("combobox", name="address"))


def status(page):
    return field(page).locator("xpath=../..").locator("[role=status]")


def options(page):
    return page.get_by_role("option")


def typed(page, text):
    """Type it and wait for the suggestions."""
    field(page).click()
    page.keyboard.type(text, delay=20)
    expect(options(page).first).to_be_visible()
    return page


def here(page):
    return page.locator(".here")


def ways(page):
    return [int(told.replace(".", "").split(" m")[0]) for told in page.locator("button.entry .way").all_inner_texts()]


# --- from typing to a list --------------------------------------------------------------------------------------------


def test_a_suggestion_that_she_taps_sorts_the_list_from_there(near):
    page = typed(near(), "oudestr")
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
def test_of_a_street_or_postcode_it_says_that_it_is_roughly_there(near, chosen, told):
    page = typed(near(), "oudestr")
    options(page).filter(has_text=chosen).click()
    expect(here(page)).to_contain_text(told)


def test_with_the_keyboard_alone(near):
    page = typed(near(), "oudestr")
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


def test_escape_closes_the_list_and_then_empties_the_field(near):
    page = typed(near(), "oudestr")
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


def test_leaving_the_field_closes_the_list_and_chooses_nothing(near):
    page = typed(near(), "oudestr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(options(page).first).to_be_hidden()
    expect(here(page)).to_have_count(0)


@pytest.mark.parametrize("text", ["8261ck 12", "8261 CK 12", "Oudestraat 12, Kampen"])
def test_a_complete_address_and_enter_is_enough(near, text):
    page = near()
    field(page).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(here(page)).to_contain_text("Vanaf: Oudestraat 12, Kampen (adres)")


def test_nothing_is_placed_on_what_is_merely_alike(near):
    page = typed(near(), "Oudestraat 12")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("2 suggesties")
    settled(page)
    expect(here(page)).to_have_count(0)
    field(page).fill("Oudestraat 13, Kampen")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Niets gevonden in deze gemeente.")
    expect(here(page)).to_have_count(0)


def test_an_address_in_another_municipality_is_told_as_any_position_there(near):
    page = near()
    field(page).fill("Oudestraat 12, Groningen")
    page.keyboard.press("Enter")
    expect(here(page)).to_have_text("Vanaf: Oudestraat 12, Groningen (adres), buiten de gemeente Kampen.")
    expect(page.get_by_text("U bent buiten Kampen.")).to_be_visible()


def test_she_can_have_it_forgotten(near):
    page = typed(near(), "oudestr")
    options(page).first.click()
    expect(here(page)).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Vergeet mijn plek").click()
    expect(here(page)).to_have_count(0)
    expect(field(page)).to_have_value("")
    expect(page.get_by_text("Wij weten niet waar u bent")).to_be_visible()


def test_her_device_takes_the_place_of_an_address(near):
    page = typed(near(**GRANTED), "oudestr")
    options(page).filter(has_text="Oudestraat 120").click()
    expect(here(page)).to_contain_text("Vanaf: Oudestraat 120")
    settled(page)
    located(page)
    expect(here(page)).not_to_contain_text("Vanaf")


def test_letters_and_digits_are_for_the_field_only(near):
    page = near()
    field(page).click()
    page.keyboard.type("rc13")
    expect(field(page)).to_have_value("rc13")
    expect(field(page)).to_be_focused()


def test_english(near):
    page = typed(near("?taal=en"), "oudestr")
    expect(status(page)).to_contain_text("4 suggestions")
    options(page).filter(has_text="street, roughly").click()
    expect(here(page)).to_have_text(
        "From: Oudestraat, Kampen (roughly: somewhere in this street), in Binnenstad Kampen (Kampen)."
    )


def test_a_hostile_suggestion_is_text_and_nothing_else(near):
    page = typed(near(), "img src")
    expect(options(page).first).to_contain_text(HOSTILE)
    options(page).first.click()
    expect(here(page)).to_contain_text(HOSTILE)
    settled(page)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


# --- polite -----------------------------------------------------------------------------------------------------------


def test_a_word_typed_in_one_go_is_one_question_and_never_asked_twice(near, service):
    page = near()
    service.log.clear()
    typed(page, "oudestraat")
    assert [asked.query["q"] for asked in service.asked("/suggest")] == [["oudestraat"]]
    field(page).fill("oudestraa")
    expect(status(page)).to_contain_text("suggesties")
    field(page).fill("Oudestraat")
    expect(options(page).first).to_be_visible()
    assert [asked.query["q"] for asked in service.asked("/suggest")] == [["oudestraat"], ["oudestraa"]]


def test_two_letters_are_no_question(near, service):
    page = near()
    service.log.clear()
    field(page).click()
    page.keyboard.type("ou")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert service.log == []


def test_her_browser_asks_no_other_host_than_ours(near, site):
    page = near()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    typed(page, "oudestr")
    options(page).first.click()
    expect(here(page)).to_be_visible()
    assert hosts <= {site[0].url.removeprefix("http://")}


# --- when it does not work --------------------------------------------------------------------------------------------

FAULTS = {"busy": Reply(503), "silent": Reply(how="hang"), "nonsense": Reply(body=b"<html>onderhoud</html>")}


@pytest.mark.parametrize("fault", FAULTS)
def test_when_the_service_fails_she_is_told_so_and_the_page_goes_on(near, service, failing, site, fault):
    page = near(**GRANTED)
    failing(FAULTS[fault])
    service.log.clear()
    field(page).click()
    page.keyboard.type(f"storing {fault}")
    if fault == "silent":
        expect(status(page)).to_have_text("We zoeken …")
    expect(status(page)).to_contain_text(DOWN, timeout=8_000)
    assert service.asked("/suggest"), "it was really asked"
    expect(page.locator("button.entry").first).to_be_visible()
    located(page)
    assert "Traceback" not in site[0].log()


def test_without_a_network_she_is_told_so_within_seconds(new_page, service, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "url", f"http://{closed_port()}")
    for name, value in service.settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    with serving(tmp_path) as server:
        page = new_page()
        page.goto(f"{server.url}/dichtbij")
        settled(page)
        field(page).fill("oudestraat")
        expect(status(page)).to_contain_text(DOWN, timeout=8_000)
        expect(page.locator("button.entry").first).to_be_visible()
        assert "Traceback" not in server.log()


def test_what_she_chose_while_it_failed_can_be_chosen_again(near, service, failing):
    page = typed(near(), "oudestr")
    failing(Reply(503))
    options(page).first.click()
    expect(status(page)).to_contain_text(DOWN)
    expect(here(page)).to_have_count(0)
    service.well()
    page.wait_for_timeout(REST_S * 1000)
    page.keyboard.press("Enter")
    expect(here(page)).to_contain_text("Vanaf: Oudestraat 12, Kampen")


# --- nobody keeps a word ----------------------------------------------------------------------------------------------


def kept_by(folder: Path) -> list[Path]:
    """Files of the server, its log among them, that hold what she typed or where that is."""
    told = [word.encode() for word in (*SECRET_WORDS, "5.912", "52.558")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files, "a check of the check: there is at least the log"
    return [path for path in files if any(word in path.read_bytes() for word in told)]


def kept_in(page) -> str:
    return page.url + page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")


def test_an_address_that_she_chose_is_nowhere_but_in_the_memory_of_her_session(near, service, site, new_page):
    service.known = (
        {
            **OUDESTRAAT_12,
            "id": "adr-secret",
            "weergavenaam": f"{SECRET}, 8261CK Kampen",
            "straatnaam": "Geheimstraat",
            "huis_nlt": "77",
        },
    )
    page = typed(near(), "geheimstr")
    options(page).first.click()
    expect(here(page)).to_contain_text(f"Vanaf: {SECRET}, Kampen")
    settled(page)
    assert kept_by(site[1]) == []
    assert "eheim" not in kept_in(page)
    assert "vanaf" not in page.url
    again = page.context.new_page()
    again.goto(page.url)
    settled(again)
    expect(again.locator(".here")).to_have_count(0)
    again.close()


@pytest.mark.parametrize(
    "fault",
    [
        Reply(500, body=b"cannot parse geheimstraat 77"),
        Reply(how="hang"),
        Reply(302, headers={"Location": "http://example.org/?q=geheimstraat+77"}),
    ],
    ids=["failing", "slow", "elsewhere"],
)
def test_nor_is_one_that_was_not_found_because_the_service_failed(near, failing, site, fault):
    page = near()
    failing(fault)
    field(page).click()
    page.keyboard.type(SECRET + " geheim")
    expect(status(page)).to_contain_text(DOWN, timeout=8_000)
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text(DOWN, timeout=8_000)
    assert "locatieserver" in site[0].log(), "the failure itself is told"
    assert kept_by(site[1]) == []
    assert "eheim" not in kept_in(page)


# --- small screens and without sight ----------------------------------------------------------------------------------


@SIZES
def test_the_suggestions_are_on_screen_and_large_enough_to_tap(near, size):
    page = typed(near(size=size), "oudestr")
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
def test_the_field_has_no_serious_violation(near, axe_script, state, size):
    page = near(size=size)
    state(page)
    assert serious_violations(page, axe_script) == []
