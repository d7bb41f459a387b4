"""The page on which a person decides whether two records are one place."""

import re
import shutil
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest
from app_view import button, html_of
from own_list_samples import own_list
from samples import MUNICIPALITY, municipality_files

from meetingplaces.pipeline.build import build
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.decisions import decisions_path, read_decisions
from meetingplaces.storage.locations import DATA_VARIABLE
from meetingplaces.storage.own_lists import keep_own_list
from meetingplaces.ui.settings import REFRESH_VARIABLE

PAIR = ("osm/n11", "own_buurthuizen/twijfel")


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory, categories) -> Path:
    """A data folder whose bundle has one doubtful pair, with hostile names on both sides; not to be changed."""
    folder = tmp_path_factory.mktemp("doubtful")
    keep_own_list(folder / "data", MUNICIPALITY, own_list(
        ("twijfel", "neighbourhood_centre", "Kompas <img src=x>", 5.8921, 52.497),
    ))  # fmt: skip
    build(MUNICIPALITY, *municipality_files(folder / "files"), folder / "data", categories)
    return folder / "data"


@pytest.fixture
def data(doubtful, tmp_path) -> Path:
    return shutil.copytree(doubtful, tmp_path / "data")


@pytest.fixture
def page(opened, data, monkeypatch):
    session = opened()
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    monkeypatch.setenv(REFRESH_VARIABLE, "on")
    return session.switch_page("pages/review.py").run()


def standing_decisions(data):
    return [(one.decision, one.first, one.second, one.undone_on is None)
            for one in read_decisions(decisions_path(data, MUNICIPALITY))]  # fmt: skip


def test_a_public_server_says_that_the_administrator_can_do_it(opened, monkeypatch):
    monkeypatch.delenv(REFRESH_VARIABLE, raising=False)
    session = opened().switch_page("pages/review.py").run()
    assert "alleen de beheerder" in session.info[0].value
    assert list(session.button) == []


def test_a_doubtful_pair_is_shown_side_by_side_with_source_and_date(page):
    assert not page.exception
    shown = html_of(page)
    assert "Twijfelgevallen (1)" in [one.value for one in page.header]
    assert "7 m uit elkaar; andere naam, dichtbij." in shown
    assert '<th scope="row">Bron</th><td>OpenStreetMap</td><td>Gemeente Driedorp</td>' in shown
    assert "<td>01-11-2026</td></tr>" in shown


def test_a_small_map_shows_both_with_the_same_in_words(page):
    shown = html_of(page)
    (drawn,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)
    svg = ElementTree.fromstring(b64decode(drawn))
    assert {"1", "2"} <= {one.text for one in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert "2 ligt 7 m ten " in shown


def test_it_is_said_why_nobody_is_sure(page):
    assert "De namen verschillen, maar het kan een nieuwe naam zijn voor dezelfde plek." in html_of(page)


def test_the_reason_of_a_choice_is_kept_with_it(page, data):
    page.text_input[0].set_value(" ik ben er geweest ").run()
    button(page, "Twee plekken").click().run()
    [decision] = read_decisions(decisions_path(data, MUNICIPALITY))
    assert decision.why == "ik ben er geweest"
    assert any("ik ben er geweest" in one.value for one in page.markdown)


def test_hostile_names_are_shown_as_text(page):
    assert "<img src=x" not in html_of(page)
    assert "Kompas &lt;img src=x&gt;" in html_of(page)
    button(page, "Twee plekken").click().run()
    assert any(r"Kompas \<img src\=x\>" in one.value for one in page.markdown)


@pytest.mark.parametrize(
    ("label", "decided"),
    [("Dezelfde plek", ("accept", *PAIR)), ("Twee plekken", ("apart", *PAIR)), ("Verberg", ("hide", PAIR[1], None))],
)
def test_a_choice_is_written_down_and_takes_the_pair_off_the_list(page, data, label, decided):
    button(page, label).click().run()
    assert standing_decisions(data) == [(*decided, True)]
    assert "Twijfelgevallen (0)" in [one.value for one in page.header]


def test_undoing_a_decision_brings_the_pair_back(page, data):
    button(page, "Twee plekken").click().run()
    button(page, "Draai besluit 1 terug").click().run()
    assert standing_decisions(data) == [("apart", *PAIR, False)]
    assert "Twijfelgevallen (1)" in [one.value for one in page.header]
    assert any("Teruggedraaid op" in one.value for one in page.markdown)


def test_the_next_build_follows_what_was_decided_on_the_page(page, data, categories, tmp_path):
    button(page, "Dezelfde plek").click().run()
    build(MUNICIPALITY, *municipality_files(tmp_path / "files"), data, categories)
    places = open_bundle(data, MUNICIPALITY).places().set_index("place_id")
    assert places.loc["osm/n11", "records"] == list(PAIR)


def test_without_municipal_records_there_is_nothing_to_review(opened, built_bundle, monkeypatch):
    monkeypatch.setenv(REFRESH_VARIABLE, "on")
    session = opened().switch_page("pages/review.py").run()
    assert not session.exception
    assert any("niets na te kijken" in one.value for one in session.markdown)
