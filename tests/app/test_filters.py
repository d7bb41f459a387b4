"""Filters, notices and errors of the map page, counted on the small bundle of the tests."""

import re

import pytest
from app_view import button, html_of, query, told, widget
from samples import EAST, FAR, MUNICIPALITY, WEST

from meetingplaces.model.errors import BundleBusyError
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui import data


@pytest.fixture(scope="module")
def places(built_bundle):
    return built_bundle.places()


def count(places, neighbourhood=None, weights=("core", "secondary"), restricted=False, **wanted):
    """Counted from the table, not by the code of the page."""
    codes = places["neighbourhood_codes"]
    kept = codes.map(lambda found: neighbourhood in found if neighbourhood else bool(found))
    kept &= places["weight"].isin(weights)
    if not restricted:
        kept &= ~places["access"].isin(RESTRICTED_ACCESS)
    for column, values in wanted.items():
        kept &= places[column].isin(values)
    return int(kept.sum())


def number_of(session):
    found = re.match(r"\d+", told(session))
    return int(found[0]) if found else 0


def test_choosing_a_setting_changes_the_number(opened, places):
    session = opened(buurt=WEST)
    widget(session, "button_group", "settings").set_value(["indoor"]).run()
    assert number_of(session) == count(places, WEST, setting=["indoor"])
    assert query(session)["waar"] == "binnen"


def test_places_with_a_threshold_are_shown_when_asked_for(opened, places):
    session = opened()
    session.toggle[0].set_value(True).run()
    assert number_of(session) == count(places, restricted=True) > count(places)
    assert query(session)["drempel"] == "ja"


def test_choosing_kinds_shows_only_those(opened, places):
    session = opened()
    widget(session, "multiselect", "categories").set_value(["library", "playground"]).run()
    assert number_of(session) == count(places, category=["library", "playground"])
    assert query(session)["soort"] == "library.playground"


def test_a_number_of_changed_filters_stands_on_the_button_that_hides_them(opened):
    assert opened().expander[0].label == "Meer filters (0 aangepast)"
    assert opened(niveau="kern", drempel="ja").expander[0].label == "Meer filters (2 aangepast)"


@pytest.mark.parametrize(
    ("link", "text", "gone"),
    [
        ({"soort": "theatre"}, "Alle soorten laten zien", "soort"),
        ({"waar": "geen"}, "Binnen, buiten en overdekt laten zien", "waar"),
        ({"buurt": EAST, "soort": "library"}, "In de hele gemeente kijken", "buurt"),
    ],
)
def test_an_empty_result_tells_what_to_widen_and_does_it(opened, link, text, gone):
    session = opened(**link)
    assert number_of(session) == 0
    assert "kennen we hier geen plek" in session.info[0].value
    step = button(session, text)
    promised = int(re.search(r"\((\d+)\)", step.label)[1])
    step.click().run()
    assert number_of(session) == promised > 0
    assert gone not in query(session)


def test_widening_to_places_with_a_threshold_keeps_its_promise(opened, places):
    session = opened(soort="cafe")
    button(session, "Ook plekken met een drempel").click().run()
    assert number_of(session) == count(places, restricted=True, category=["cafe"]) == 1


def test_no_step_is_offered_that_shows_nothing(opened):
    session = opened(soort="theatre", buurt=WEST)
    assert [one.label for one in session.button if "(0)" in one.label] == []


def test_junk_in_a_link_is_named_once_and_falls_back(opened, places):
    session = opened(gemeente="XX", buurt="<script>", waar="foo", zzz="1")
    assert told(session) == f"{count(places)} plekken in Driedorp"
    notice = session.info[0].value
    assert all(name in notice for name in ("gemeente", "buurt", "waar", "zzz"))
    session.toggle[0].set_value(True).run()
    assert not session.info


def test_the_notice_repeats_no_markup_from_the_link(opened):
    notice = opened(**{"**vet**": "1", "[x](javascript:y)": "1"}).info[0].value
    assert "**vet**" not in notice
    assert "](" not in notice


def test_a_neighbourhood_partly_outside_the_data_says_how_much_is_known(opened, built_bundle):
    table = built_bundle.neighbourhoods().set_index("neighbourhood_code")
    share = table.loc[FAR, "extent_share"]
    assert 0 < share < 1
    assert f"{share:.0%}" in opened(buurt=FAR).warning[0].value
    assert not opened(buurt=WEST).warning


def test_a_name_with_markup_is_escaped_in_the_details(opened):
    page = html_of(opened(plek="osm-n11"))
    assert "Buurthuis &lt;b&gt;De Spil&lt;/b&gt; &amp; Co" in page
    assert "<b>De Spil" not in page


def test_english_is_spoken_when_asked_for(opened, places):
    session = opened(taal="en", buurt=WEST)
    assert told(session) == f"{count(places, WEST)} places in Dorp West"
    assert widget(session, "selectbox", "neighbourhood").label == "Neighbourhood"
    assert session.expander[0].label.startswith("More filters")


def test_another_language_keeps_the_filters(opened, places):
    session = opened(buurt=WEST, waar="binnen")
    widget(session, "button_group", "language").set_value("en").run()
    assert number_of(session) == count(places, WEST, setting=["indoor"])
    assert query(session) == {"gemeente": MUNICIPALITY, "buurt": WEST, "waar": "binnen", "taal": "en"}


def test_places_just_outside_the_municipality_can_be_looked_at(opened):
    session = opened(buurt="erbuiten")
    assert told(session) == "1 plek in Net buiten de gemeente"


def test_an_error_of_ours_becomes_a_sentence_without_folders(opened, monkeypatch):
    def busy(_):
        raise BundleBusyError(MUNICIPALITY, "/srv/secret")

    monkeypatch.setattr(data, "load", busy)
    session = opened()
    assert session.error
    assert "/srv/secret" not in session.error[0].value
    assert not session.exception


def test_an_error_that_is_not_ours_becomes_an_apology(opened, monkeypatch):
    def fail(_):
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr(data, "load", fail)
    session = opened()
    assert "ging bij ons iets mis" in session.error[0].value
    assert "secret" not in session.error[0].value
    assert not session.exception
