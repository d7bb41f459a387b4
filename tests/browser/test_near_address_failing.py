"""The field for an address on *Dichtbij* is polite, fails in words, and nobody keeps a word of what was typed."""

import time
from pathlib import Path

import pytest
from address_standin import OUDESTRAAT_12
from address_view import field, here, options, status, typed
from fault_server import Reply, closed_port
from playwright.sync_api import expect
from serving import serving
from test_near import GRANTED, located, settled

REST_S = 5.5
"""A little longer than our server leaves the service alone after a failure."""
DOWN = "De adressendienst is nu niet te bereiken."
SECRET, SECRET_WORDS = "Geheimstraat 77", ("geheimstraat", "Geheimstraat")


@pytest.fixture
def failing(address_service):
    """Let the service fail: `failing(Reply(503))`; afterwards our server has forgiven it."""
    yield address_service.failing
    address_service.well()
    time.sleep(REST_S)


# --- polite -----------------------------------------------------------------------------------------------------------


def test_a_word_typed_in_one_go_is_one_question_and_never_asked_twice(near_address, address_service):
    page = near_address()
    address_service.log.clear()
    field(page).focus()
    field(page).evaluate("""(input) => {
        for (const letter of "oudestraat") {
            input.value += letter;
            input.dispatchEvent(new Event("input"));
        }
    }""")
    expect(options(page).first).to_be_visible()
    assert [asked.query["q"] for asked in address_service.asked("/suggest")] == [["oudestraat"]]
    field(page).fill("oudestraa")
    expect(status(page)).to_contain_text("suggesties")
    field(page).fill("Oudestraat")
    expect(options(page).first).to_be_visible()
    assert [asked.query["q"] for asked in address_service.asked("/suggest")] == [["oudestraat"], ["oudestraa"]]


def test_two_letters_are_no_question(near_address, address_service):
    page = near_address()
    address_service.log.clear()
    field(page).click()
    page.keyboard.type("ou")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert address_service.log == []


def test_her_browser_asks_no_other_host_than_ours(near_address, address_site):
    page = near_address()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    typed(page, "oudestr")
    options(page).first.click()
    expect(here(page)).to_be_visible()
    assert hosts <= {address_site[0].url.removeprefix("http://")}


# --- when it does not work --------------------------------------------------------------------------------------------

FAULTS = {"busy": Reply(503), "silent": Reply(how="hang"), "nonsense": Reply(body=b"<html>onderhoud</html>")}


@pytest.mark.parametrize("fault", FAULTS)
def test_when_the_service_fails_she_is_told_so_and_the_page_goes_on(
    near_address, address_service, failing, address_site, fault
):
    page = near_address(**GRANTED)
    failing(FAULTS[fault])
    address_service.log.clear()
    field(page).click()
    page.keyboard.type(f"storing {fault}")
    if fault == "silent":
        expect(status(page)).to_have_text("We zoeken …")
    expect(status(page)).to_contain_text(DOWN, timeout=8_000)
    assert address_service.asked("/suggest"), "it was really asked"
    expect(page.locator("button.entry").first).to_be_visible()
    located(page)
    assert "Traceback" not in address_site[0].log()


def test_without_a_network_she_is_told_so_within_seconds(new_page, address_service, tmp_path, monkeypatch):
    monkeypatch.setattr(address_service, "url", f"http://{closed_port()}")
    for name, value in address_service.settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    with serving(tmp_path) as server:
        page = new_page()
        page.goto(f"{server.url}/dichtbij")
        settled(page)
        field(page).fill("oudestraat")
        expect(status(page)).to_contain_text(DOWN, timeout=8_000)
        expect(page.locator("button.entry").first).to_be_visible()
        assert "Traceback" not in server.log()


def test_what_she_chose_while_it_failed_can_be_chosen_again(near_address, address_service, failing):
    page = typed(near_address(), "oudestr")
    failing(Reply(503))
    options(page).first.click()
    expect(status(page)).to_contain_text(DOWN)
    expect(here(page)).to_have_count(0)
    address_service.well()
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


def test_an_address_that_she_chose_is_nowhere_but_in_the_memory_of_her_session(
    near_address, address_service, address_site, new_page
):
    address_service.known = (
        {
            **OUDESTRAAT_12,
            "id": "adr-secret",
            "weergavenaam": f"{SECRET}, 8261CK Kampen",
            "straatnaam": "Geheimstraat",
            "huis_nlt": "77",
        },
    )
    page = typed(near_address(), "geheimstr")
    options(page).first.click()
    expect(here(page)).to_contain_text(f"Vanaf: {SECRET}, Kampen")
    settled(page)
    assert kept_by(address_site[1]) == []
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
def test_nor_is_one_that_was_not_found_because_the_service_failed(near_address, failing, address_site, fault):
    page = near_address()
    failing(fault)
    field(page).click()
    page.keyboard.type(SECRET + " geheim")
    expect(status(page)).to_contain_text(DOWN, timeout=8_000)
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text(DOWN, timeout=8_000)
    assert "locatieserver" in address_site[0].log(), "the failure itself is told"
    assert kept_by(address_site[1]) == []
    assert "eheim" not in kept_in(page)
