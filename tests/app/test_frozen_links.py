"""Frozen links on the pages: the data they were made with, and what is said and shown when these are not there."""

import shutil
import sys
from pathlib import Path

import pytest
from app_view import button, html_of, query, widget
from samples import MUNICIPALITY
from streamlit.testing.v1 import AppTest

from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.frozen import FROZEN, edition_of
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder
from meetingplaces.ui import data as loads
from meetingplaces.ui.link import PAGE_FIELDS

# The library that went: in the two_times data the earlier bundle has it, the present one has another.
LIBRARY, GONE, CAME = "Bibliotheek West", "osm-n10", "&lt;b&gt;Nieuwe&lt;/b&gt; Bieb"


@pytest.fixture
def data_folder(two_times, tmp_path, monkeypatch):
    """Driedorp as it is, and as it was when a link was made: kept for links, not to compare with."""
    shutil.copytree(two_times / MUNICIPALITY, tmp_path / MUNICIPALITY)
    [then] = (two_times / "earlier").glob(f"*/{MUNICIPALITY}")
    edition = edition_of(open_bundle(then.parent, MUNICIPALITY).manifest)
    shutil.copytree(then, tmp_path / FROZEN / edition / MUNICIPALITY)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def edition(data_folder):
    """What a link says of the data of then."""
    [folder] = (data_folder / FROZEN).iterdir()
    return folder.name


def opened(page="map", **link):
    session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=60)
    session.run()
    if page != "map":
        session.switch_page(f"pages/{page}.py")
    for name, value in link.items():
        session.query_params[name] = value
    session.run()
    assert not session.exception
    assert [one.value for one in session.error] == []
    return session


def notices(session):
    return " ".join(one.value for one in session.info)


def test_a_frozen_link_shows_the_place_of_then_and_says_so(data_folder, edition):
    session = opened(stand=edition, plek=GONE)
    assert LIBRARY in html_of(session)
    assert CAME not in html_of(session)
    assert "zoals in de link" in notices(session)
    assert "niet (meer)" not in " ".join(one.value for one in session.warning)


def test_one_click_leaves_it_for_the_newest_and_tells_what_is_gone(data_folder, edition):
    session = opened(stand=edition, plek=GONE)
    button(session, "Toon de nieuwste").click().run()
    assert "stand" not in query(session)
    assert "staat niet (meer) op de kaart" in session.warning[0].value
    assert any((one.key or "").startswith("gone-") and one.key != "gone-close" for one in session.button)
    assert "zoals in de link" not in notices(session)


@pytest.mark.parametrize("page", [page for page, fields in PAGE_FIELDS.items() if "edition" in fields])
def test_every_page_that_draws_the_municipality_draws_it_as_it_was(page, data_folder, edition, monkeypatch):
    drawn, load = [], loads.load

    def noted(code, *editions):
        loaded = load(code, *editions)
        if Path(sys._getframe(1).f_code.co_filename).name != "share_link.py":
            drawn.append(edition_of(loaded.bundle.manifest))
        return loaded

    session = opened(page)
    monkeypatch.setattr(loads, "load", noted)
    session.query_params["stand"] = edition
    session.run()
    assert set(drawn) == {edition}
    assert "zoals in de link" in notices(session)


def test_pages_that_change_the_data_are_about_the_newest_and_say_nothing(data_folder, edition):
    assert "link" not in notices(opened("data", stand=edition))


def test_without_its_bundle_the_newest_are_drawn_and_the_notice_says_so(data_folder, edition):
    shutil.rmtree(data_folder / FROZEN)
    session = opened(stand=edition)
    assert "niet meer bewaard" in notices(session)
    assert "plek" in html_of(session)
    button(session, "Verder met de nieuwste").click().run()
    assert "stand" not in query(session)
    assert not session.info


@pytest.mark.parametrize("damage", ["manifest", "table", "bytes"])
def test_a_broken_copy_is_told_and_the_newest_are_drawn(damage, data_folder, edition):
    folder = data_folder / FROZEN / edition / MUNICIPALITY
    if damage == "manifest":
        (folder / "bundle.json").write_text("{", encoding="utf-8")
    else:
        [table] = folder.glob("places-*.parquet")
        table.write_bytes(b"broken") if damage == "bytes" else table.unlink()
    session = opened(stand=edition)
    assert "niet te lezen of niet meer bewaard" in notices(session)
    assert str(data_folder) not in notices(session)


def test_data_that_did_not_change_since_are_told_to_be_the_same(data_folder):
    present = edition_of(open_bundle(data_folder, MUNICIPALITY).manifest)
    assert "sindsdien niet veranderd" in notices(opened(stand=present))


def test_a_bundle_kept_to_compare_with_serves_a_link_too_and_leads_to_what_changed(two_times, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(two_times))
    [then] = (two_times / "earlier").glob(f"*/{MUNICIPALITY}")
    session = opened(stand=edition_of(open_bundle(then.parent, MUNICIPALITY).manifest), plek=GONE)
    assert LIBRARY in html_of(session)
    link = f'href="./door-de-tijd?gemeente={MUNICIPALITY}&amp;eerder={then.parent.name}"'
    assert link in html_of(session)


def test_what_is_chosen_in_the_data_of_then_holds_until_one_leaves_them(data_folder, edition):
    session = opened(stand=edition)
    widget(session, "pills", "settings").set_value(["indoor"]).run()
    assert query(session) == {"gemeente": MUNICIPALITY, "stand": edition, "waar": "binnen"}
    button(session, "Toon de nieuwste").click().run()
    assert query(session) == {"waar": "binnen", "gemeente": MUNICIPALITY}


def test_only_the_name_of_an_edition_leads_to_a_folder(data_folder):
    session = opened(stand="../earlier")
    assert "stand" in notices(session)
    assert "stand" not in query(session)


def test_a_place_that_goes_while_she_looks_is_left_out_and_told(data_folder, edition):
    now = data_folder / MUNICIPALITY
    now.rename(data_folder / "aside")
    shutil.copytree(data_folder / FROZEN / edition / MUNICIPALITY, now)
    session = opened("whatif", dicht=GONE)
    assert query(session)["dicht"] == GONE
    shutil.rmtree(now)
    (data_folder / "aside").rename(now)
    session.run()
    assert not session.exception
    assert [one.value for one in session.error] == []
    assert "dicht" in notices(session)
    assert "dicht" not in query(session)
