"""Uploading stories on *Verhalen*: who may, what is shown first, what is kept, and taking it back."""

import shutil

import pytest
from app_view import button, html_of

from meetingplaces.storage.locations import DATA_VARIABLE
from meetingplaces.storage.story_files import kept_stories
from meetingplaces.ui.settings import REFRESH_VARIABLE

STORIES = """\
version: 1
stories:
  - title: {nl: "<img src=x onerror=alert(1)>", en: Soup}
    line: {nl: "**Elke** week.", en: Every week.}
    link: https://example.org/soep?<script>
    date: 2024-05-01
    neighbourhood: BU99990001
  - title: {nl: Ver weg, en: Far}
    line: {nl: Elders., en: Elsewhere.}
    link: https://example.org/ver
    date: 2024-05-01
    place: osm/n424242
"""


@pytest.fixture
def page(opened, built_bundle, tmp_path, monkeypatch):
    """The page where changes are allowed: `page(text)` has a file uploaded."""
    session = opened()
    monkeypatch.setenv(DATA_VARIABLE, str(shutil.copytree(built_bundle.folder.parent, tmp_path / "data")))
    monkeypatch.setenv(REFRESH_VARIABLE, "on")
    session.switch_page("pages/stories.py").run()

    def upload(text, name="verhalen.yaml"):
        session.file_uploader[0].set_value((name, text.encode(), "application/yaml"))
        return session.run()

    upload.session = session
    return upload


def test_where_changes_are_not_allowed_nothing_can_be_uploaded(page, monkeypatch):
    monkeypatch.delenv(REFRESH_VARIABLE)
    assert not page.session.run().file_uploader


def test_a_file_is_shown_before_it_is_kept_and_hostile_text_stays_text(page):
    session = page(STORIES)
    assert not session.exception
    body = html_of(session)
    assert "Dit komt erbij (2)" in body
    assert "&lt;img src=x onerror=alert(1)&gt;" in body
    assert "<img src=x" not in body
    assert "<script" not in body
    assert ["n424242" in one.value for one in session.warning] == [True]
    assert kept_stories("GM9999") == []


def test_a_kept_file_is_listed_and_taken_back(page):
    session = page(STORIES)
    button(session, "Zet deze verhalen erbij").click().run()
    assert len(kept_stories("GM9999")) == 1
    assert any("staan er nu bij" in one.value for one in session.success)
    assert html_of(session).count("https://example.org/ver") == 2, "in the list, and in the upload that is still there"
    button(session, "Haal weer weg").click().run()
    assert kept_stories("GM9999") == []
    assert html_of(session).count("https://example.org/ver") == 1
    assert not session.exception


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("https://example.org/ver", "javascript:alert(1)"),
         "Verhaal 2, regel 10, link: een link moet met https:// beginnen. Er staat: &#x27;javascript:alert(1)&#x27;"),
        (("{nl: Elders., en: Elsewhere.}", "Elders."), "Verhaal 2, regel 9, line: hier moeten regels met namen staan"),
        (("place: osm/n424242", "place: x"), "Verhaal 2, regel 12, place: dit moet een code zijn"),
        (("Elders.", "Bel Truus 06-12345678"), "Verhaal 2: hier staat iets van een persoon in (privénummer"),
        (("version: 1", "version: 2"), "Het hele bestand, regel 1, version: dit moet een van de woorden zijn"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_by_story_line_and_key_and_nothing_is_kept(page, change, told):
    session = page(STORIES.replace(*change))
    assert told in html_of(session)
    assert not [one for one in session.button if "Zet deze" in one.label]


def test_what_is_no_yaml_is_told_by_the_name_its_owner_knows(page):
    session = page("stories: [", name="mijn_lijst.yaml")
    assert "mijn_lijst" in session.error[0].value
    assert not session.exception


def test_of_very_many_mistakes_the_first_are_told(page):
    many = "version: 1\nstories:\n" + "  - {}\n" * 30
    assert "… en nog 100" in html_of(page(many))
