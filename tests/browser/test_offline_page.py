"""The offline page as it comes off a USB stick: opened from a file, in a browser that has no network."""

from pathlib import Path

import pytest
from map_view import DESKTOP, PHONE
from playwright.sync_api import Page, expect
from test_accessibility import serious_violations

from meetingplaces.cli import main

AREA = "BU01660000"


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """The page of the town centre of Kampen in both languages, with the places just as the command makes them."""
    folder = tmp_path_factory.mktemp("stick")
    for language in ("nl", "en"):
        output = folder / f"{language}.html"
        main(["sheet", "GM0166", "--neighbourhood", AREA, "--kind", "html", "--language", language,
              "--output", str(output)])  # fmt: skip
    return {language: folder / f"{language}.html" for language in ("nl", "en")}


@pytest.fixture
def open_file(contexts, files):
    """Open it without network; `asked` holds what the page asked for, `wrong` what the browser complained of."""
    pages = []

    def opened(language: str = "nl", **options) -> Page:
        page = contexts(offline=True, **options).new_page()
        pages.append(page)
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.wrong.append(message.text))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(files[language].as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


def listed(page: Page) -> int:
    return page.locator(".place:visible").count()


def test_it_is_small_and_asks_for_nothing(open_file, files):
    page = open_file()
    page.get_by_role("button", name="Inzoomen").click()
    assert files["nl"].stat().st_size < 2_000_000
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.wrong == []


@pytest.mark.parametrize(
    ("language", "count", "title"), [("nl", "15 van 15 plekken", "Kaart"), ("en", "15 of 15 places", "Map")]
)
def test_it_speaks_both_languages(open_file, language, count, title):
    page = open_file(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("status")).to_have_text(count)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Openbare Bibliotheek Kampen")).to_be_visible()


def test_list_and_map_have_the_same_numbers(open_file):
    page = open_file()
    on_map = page.locator(".marker").evaluate_all("all => all.map((one) => one.dataset.number)")
    in_list = page.locator(".place").evaluate_all("all => all.map((one) => one.dataset.number)")
    assert on_map == in_list == [str(number) for number in range(1, 16)]


def test_choices_change_list_map_and_count_together(open_file):
    page = open_file()
    page.get_by_role("checkbox", name="Binnen").uncheck()
    expect(page.get_by_role("status")).to_have_text("7 van 15 plekken")
    assert listed(page) == 7
    assert page.locator(".marker:visible").count() == 7
    page.get_by_label("Soort").select_option("square")
    expect(page.get_by_role("status")).to_have_text("2 van 15 plekken")
    page.get_by_role("button", name="Alle keuzes wissen").click()
    expect(page.get_by_role("status")).to_have_text("15 van 15 plekken")


def test_what_is_not_known_is_an_answer_of_its_own(open_file):
    page = open_file()
    wheelchair = page.get_by_role("group", name="Rolstoel")
    wheelchair.get_by_role("checkbox", name="Niet bekend").uncheck()
    expect(page.get_by_role("status")).to_have_text("2 van 15 plekken")
    for box in wheelchair.get_by_role("checkbox").all():
        box.uncheck()
    expect(page.get_by_role("status")).to_contain_text("0 van 15 plekken. Geen plek die hierbij past")


def test_the_map_zooms_and_moves_by_button_and_by_key(open_file):
    page = open_file()
    drawn, svg = page.locator(".map"), page.locator(".map > svg")
    whole = svg.get_attribute("viewBox")
    page.get_by_role("button", name="Inzoomen").click()
    near = svg.get_attribute("viewBox")
    assert near != whole
    page.get_by_role("button", name="Naar rechts").click()
    assert svg.get_attribute("viewBox") != near
    drawn.focus()
    page.keyboard.press("0")
    assert svg.get_attribute("viewBox") == whole
    page.keyboard.press("+")
    assert svg.get_attribute("viewBox") == near
    page.keyboard.press("ArrowDown")
    assert svg.get_attribute("viewBox") != near


def test_symbols_keep_their_size_when_zoomed_and_the_scale_tells_the_truth(open_file):
    page = open_file()
    first, bar = page.locator(".marker").first, page.locator(".scale path")

    def metres_per_pixel() -> float:
        return float(page.locator(".scale text").text_content().removesuffix(" m")) / bar.bounding_box()["width"]

    before, size = metres_per_pixel(), first.bounding_box()["width"]
    assert size >= 24
    for _ in range(3):
        page.get_by_role("button", name="Inzoomen").click()
    zoom = float(page.locator(".map").get_attribute("data-zoom"))
    assert first.bounding_box()["width"] == pytest.approx(size, rel=0.05)
    assert metres_per_pixel() == pytest.approx(before / zoom, rel=0.03)


def test_from_list_to_map_and_back(open_file):
    page = open_file()
    page.get_by_role("button", name="Toon 5 op de kaart").click()
    expect(page.locator('.marker[data-number="5"]')).to_be_focused()
    expect(page.locator('.marker[data-number="5"]')).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#place-5")).to_be_focused()


def test_without_javascript_list_and_map_are_there_and_no_dead_button(open_file):
    page = open_file(java_script_enabled=False)
    assert listed(page) == 15
    assert page.locator(".marker:visible").count() == 15
    assert page.locator("button:visible").count() == 0


def test_the_text_to_copy_holds_every_place(open_file):
    page = open_file()
    page.get_by_text("Alleen tekst, om te kopiëren").click()
    text = page.locator("pre").inner_text()
    names = page.locator(".place h4").all_inner_texts()
    assert [name for name in names if name.split("\n")[-1].strip() not in text] == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_serious_violation(open_file, axe_script, language, scheme, size):
    page = open_file(language, size=size, color_scheme=scheme, bypass_csp=True)
    assert serious_violations(page, axe_script) == []


def test_nothing_sticks_out_on_a_phone(open_file):
    page = open_file(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def overlapping(page: Page) -> int:
    """Pairs of symbols on the map that cover each other's middle."""
    boxes = page.locator(".marker:visible circle").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.x, box.y, box.width])"
    )
    return sum(
        abs(one[0] - other[0]) < one[2] / 2 and abs(one[1] - other[1]) < one[2] / 2
        for row, one in enumerate(boxes)
        for other in boxes[:row]
    )


def test_symbols_never_cover_each_other_at_any_zoom_and_come_to_their_spots(open_file):
    page = open_file()
    lines = []
    for _ in range(5):
        assert overlapping(page) == 0
        lines.append(page.locator(".lead:visible").count())
        page.get_by_role("button", name="Inzoomen").click()
    assert lines[-1] < lines[0]
