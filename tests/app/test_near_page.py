"""The page *Dichtbij*, without a browser: its question, its groups, and where a position is kept."""

import json
import re
from dataclasses import replace

import pytest
from app_view import button, html_of, query, told, widget
from samples import MUNICIPALITY
from streamlit.testing.v1 import AppTest

from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder, norms_path
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.near.card import Telling, card
from meetingplaces.ui.near.found import find
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.settings import NOW_VARIABLE, now
from meetingplaces.ui.view_state import ViewState

HERE = "5.9000_52.4965"
SUNDAY = "2026-11-22T15:00"


@pytest.fixture
def near(opened, monkeypatch):
    """Open a link to the page on a Sunday afternoon: `near(wanneer="nu")`."""
    monkeypatch.setenv(NOW_VARIABLE, SUNDAY)

    def open_page(**query_of_link: str) -> AppTest:
        session = opened(**query_of_link)
        return session.switch_page(str(app_folder() / "pages" / "near.py")).run()

    return open_page


STORIES = """\
version: 1
stories:
  - {title: {nl: Soep in de wijk, en: Soup}, line: {nl: Elke week soep., en: Soup.}, link: "https://example.org/b",
     date: 2024-05-01, neighbourhood: BU99990001}
  - {title: {nl: Lezen in de bieb, en: Reading}, line: {nl: Samen lezen., en: Reading.}, link: "https://example.org/a",
     date: 2023-05-01, place: osm/n10}
  - {title: {nl: Elders, en: Elsewhere}, line: {nl: Ver weg., en: Far.}, link: "https://example.org/c",
     date: 2023-05-01, place: osm/n11}
"""
MOVING = """\
version: 1
places:
  - {name: Zondagsmarkt, kind: markt, setting: outdoor, access: public, free: true,
     stops: [{where: Plein, hours: "Su,PH 12:00-17:00", longitude: 5.8915, latitude: 52.4965}]}
  - {name: Soepbus, kind: rijdende huiskamer, setting: sheltered,
     stops: [{where: Kerk, hours: "Su,PH 10:00-18:00", longitude: 5.9, latitude: 52.4966}]}
"""


@pytest.fixture
def data_folder(opened, built_bundle, tmp_path, monkeypatch):
    """A data folder of this test's own, with the small bundle in it."""
    (tmp_path / built_bundle.folder.name).symlink_to(built_bundle.folder)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return tmp_path


def where(session: AppTest) -> str:
    found = re.search(r'<p class="here">(.*?)</p>', html_of(session))
    return re.sub("<[^>]+>", "", found[1]) if found else ""


def listed(session: AppTest) -> dict[str, list[dict]]:
    """What the list was sent: entries by group."""

    [element] = [one for one in session.get("bidi_component") if "near-list" in one.proto.id]
    return {group["key"]: group["entries"] for group in json.loads(element.proto.json)["groups"]}


def test_without_a_position_the_places_are_listed_without_distances(near):
    session = near()
    assert not session.exception
    assert where(session) == ""
    assert "Wij weten niet waar u bent" in html_of(session)
    assert query(session) == {}


def test_a_shared_position_finds_street_and_neighbourhood(near):
    session = near(vanaf=HERE)
    assert where(session).startswith("U bent bij Woonerf, in Dorp")
    assert "Op volgorde van loopafstand" in html_of(session)


def test_a_position_stands_in_the_link_only_while_it_is_shared(near):
    session = near(vanaf=HERE)
    assert query(session)["vanaf"] == HERE
    button(session, "uit de link").click().run()
    assert "vanaf" not in query(session)
    assert where(session).startswith("U bent bij Woonerf")
    button(session, "in de link").click().run()
    assert query(session)["vanaf"] == HERE
    button(session, "Vergeet").click().run()
    assert "vanaf" not in query(session)
    assert where(session) == ""


def test_a_street_is_a_position_that_is_not_in_the_link(near):
    session = near()
    widget(session, "selectbox", "near_street").set_value("Woonerf").run()
    assert where(session).startswith("U bent bij Woonerf")
    assert "vanaf" not in query(session)


def test_the_question_is_in_the_link_and_comes_back_from_it(near):
    session = near()
    widget(session, "button_group", "near_when").set_value("now").run()
    widget(session, "button_group", "wishes").set_value(["free", "seat"]).run()
    widget(session, "button_group", "near_audience").set_value("older").run()
    asked = query(session)
    assert {name: asked[name] for name in ("wanneer", "eis", "wens", "voor")} == {
        "wanneer": "nu", "eis": "gratis", "wens": "zitplek", "voor": "ouderen",
    }  # fmt: skip
    assert told(near(**asked)) == told(session)


def test_on_a_sunday_a_library_that_is_open_on_weekdays_does_not_fit(near):
    session = near(wanneer="nu", waar="binnen")
    groups = listed(session)
    assert "Bibliotheek West" in [entry["name"] for entry in groups["no"]]
    library = next(entry for entry in groups["no"] if entry["name"] == "Bibliotheek West")
    assert library["hours"] == "Nu dicht, open morgen 10:00"
    assert library["doubt"].startswith("Past niet: open op dat moment")


def test_the_heading_counts_what_fits_and_what_is_unknown(near):
    session = near(eis="rolstoel")
    groups = listed(session)
    assert told(session) == f"{len(groups['yes'])} plek, van {len(groups['unknown'])} weten we het niet"


def test_the_open_card_tells_the_week_and_how_to_find_out(near):
    session = near(plek="osm-n10", vanaf=HERE)
    entry = next(entry for entries in listed(session).values() for entry in entries if entry["id"] == "osm/n10")
    assert entry["card"]["week"][0] == ["zondag", "gesloten"]
    hrefs = [link["href"] for link in entry["card"]["links"]]
    assert any(href.startswith("https://www.openstreetmap.org/directions") for href in hrefs)
    assert any(href.startswith("geo:") for href in hrefs)
    assert "https://www.openstreetmap.org/node/10" in hrefs
    assert not any("5.9000" in href or "52.4965" in href for href in hrefs), "her position is in no link"


def card_of(session: AppTest, place_id: str) -> dict:
    return next(one["card"] for entries in listed(session).values() for one in entries if one["id"] == place_id)


def test_only_the_open_card_is_sent_and_it_tells_how_to_say_that_it_is_wrong(near):
    session = near(plek="osm-n10")
    cards = [entry["card"] for entries in listed(session).values() for entry in entries if entry["card"]]
    assert len(cards) == 1
    report = cards[0]["correction"]
    assert "Openingstijden: ma t/m vr 10:00-17:00 (In de bron staat: Mo-Fr 10:00-17:00)" in report["text"]
    assert report["links"][0]["href"].startswith("https://www.openstreetmap.org/note/new#map=19/")
    assert cards[0]["stories"] is None, "there are none of this place"


def test_the_open_card_tells_the_stories_of_the_place_and_then_of_its_neighbourhood(near, data_folder):
    (data_folder / "GM9999.stories.yaml").write_text(STORIES, encoding="utf-8")
    told = card_of(near(plek="osm-n10"), "osm/n10")["stories"]
    assert told["title"] == "Verhalen van hier (2)"
    assert [one["text"] for one in told["members"]] == ["Lezen in de bieb", "Soep in de wijk"]
    assert told["members"][0]["href"] == "https://example.org/a"


def test_a_moving_place_is_asked_as_any_other_and_marked(near, data_folder):
    (data_folder / "GM9999.moving.yaml").write_text(MOVING, encoding="utf-8")
    groups = listed(near(vanaf=HERE, wanneer="nu", eis="gratis"))
    [market] = [one for one in groups["yes"] if one["name"] == "Zondagsmarkt"]
    assert (market["mark"], market["hours"]) == ("Komt langs", "Nu open, tot 17:00")
    assert "lopen" in market["way"]
    assert [one["doubt"] for one in groups["unknown"] if one["name"] == "Soepbus"] == ["Niet bekend: gratis"]
    nearest = [one["way"] for one in groups["yes"] if "lopen" in one["way"]]
    metres = [int(re.match(r"[\d.]+", way)[0].replace(".", "")) for way in nearest]
    assert metres == sorted(metres)


def test_a_moving_place_counts_in_the_heading_and_not_when_its_setting_is_not_asked(near, data_folder):
    without = told(near(waar="buiten"))
    (data_folder / "GM9999.moving.yaml").write_text(MOVING, encoding="utf-8")
    assert told(near(waar="buiten")) != without
    assert "Soepbus" not in [one["name"] for one in listed(near(waar="buiten"))["yes"]]


def test_a_broken_file_of_moving_places_is_told_and_the_list_stays(near, data_folder):
    (data_folder / "GM9999.moving.yaml").write_text(MOVING.replace("sheltered", "sky"), encoding="utf-8")
    session = near()
    assert any("GM9999" in one.value for one in session.warning)
    assert listed(session)["yes"]


def test_the_page_speaks_english(near):
    session = near(taal="en", wanneer="zondag", vanaf=HERE)
    assert "Asked: open at any time between 15:00 and 24:00." in html_of(session)


def test_a_setting_for_now_that_is_no_moment_is_told_with_an_apology(near, monkeypatch):
    session = near()
    monkeypatch.setenv(NOW_VARIABLE, "morgen")
    session.run()
    assert len(session.error) == 1
    assert not session.exception


def test_the_map_page_leads_here(opened):
    assert any("dichtbij" in link.proto.label.lower() for link in opened().get("page_link"))


@pytest.mark.parametrize(("phone", "hint"), [("038 123 45 67", "Bel, of kijk op"), (None, "Loop eens langs")])
def test_a_card_says_how_to_find_out_what_is_not_known(built_bundle, categories, phone, hint):
    loaded = LoadedBundle.of(built_bundle)
    loaded = replace(loaded, places=loaded.places.assign(phone=phone, website=None, wheelchair="unknown"))
    state = ViewState(MUNICIPALITY, needs=frozenset({"wheelchair"}))
    visit = Visit(state, None, now(), loaded, categories, load_norms(norms_path()), catalogue("nl"))
    found = find(visit)
    facts = dict(card(int(found.answer.rows["unknown"][0]), Telling(visit, found))["facts"])
    assert hint in facts["Zo komt u erachter"]
    sure = find(replace(visit, state=ViewState(MUNICIPALITY)))
    assert "Zo komt u erachter" not in dict(card(int(sure.answer.rows["yes"][0]), Telling(visit, sure))["facts"])
