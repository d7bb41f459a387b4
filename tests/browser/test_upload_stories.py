"""Stories of one's own, uploaded in a real browser: shown, kept, found on a card of the neighbourhood, taken back."""

import pytest
from map_view import DESKTOP, IDLE, KAMPEN, PHONE
from playwright.sync_api import expect
from serving import serving
from test_accessibility import serious_violations

from meetingplaces.storage.locations import app_folder
from meetingplaces.ui.settings import REFRESH_VARIABLE

STORY = """\
version: 1
stories:
  - title: {nl: Koffie op de hoek, en: Coffee on the corner}
    line: {nl: Elke dinsdag schuiven buren aan., en: Every Tuesday neighbours join.}
    link: https://example.org/koffie
    date: 2026-05-01
    neighbourhood: BU01660000
"""
LIBRARY = "osm-n4471473005"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server that allows changes."""
    folder = tmp_path_factory.mktemp("stories-data")
    (folder / KAMPEN).symlink_to(app_folder() / "mapdata" / KAMPEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(REFRESH_VARIABLE, "on")
        with serving(tmp_path_factory.mktemp("stories-site"), data=folder) as started:
            yield started


def given(page, text):
    page.locator("input[type=file]").set_input_files(
        {"name": "verhalen.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_file_is_corrected_shown_kept_found_on_a_card_and_taken_back(new_page, site, axe_script, size):
    page = new_page(size=size)
    page.goto(f"{site.url}/verhalen")
    expect(page.locator(IDLE)).to_be_attached(timeout=30_000)
    page.get_by_text("Verhalen toevoegen").click()
    given(page, STORY.replace("https:", "javascript:"))
    expect(page.get_by_text("Verhaal 1, regel 5, link: een link moet met https:// beginnen.")).to_be_visible()
    given(page, STORY)
    keep = page.get_by_role("button", name="Zet deze verhalen erbij")
    expect(keep).to_be_visible()
    assert serious_violations(page, axe_script) == []
    keep.click()
    expect(page.get_by_text("Deze verhalen staan er nu bij")).to_be_visible()

    other = new_page(size=size)
    other.goto(f"{site.url}/dichtbij?plek={LIBRARY}")
    other.locator(".card").get_by_text("Verhalen van hier (1)").click()
    expect(other.get_by_role("link", name="Koffie op de hoek")).to_have_attribute("href", "https://example.org/koffie")

    page.get_by_role("button", name="Haal weer weg").click()
    expect(page.get_by_role("button", name="Haal weer weg")).to_have_count(0)
    other.reload()
    expect(other.locator(".card").get_by_text("Klopt er iets niet?")).to_be_visible()
    expect(other.locator(".card").get_by_text("Verhalen van hier")).to_have_count(0)
