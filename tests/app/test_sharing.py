"""Stories, moving and gone places, frozen links, presenting, embedding and notes on the pages, without a browser."""

from urllib.parse import parse_qsl

import pytest
from app_view import button, html_of, query
from streamlit.testing.v1 import AppTest

from meetingplaces.storage.locations import DATA_VARIABLE, app_folder
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.notes import note_at, packed
from meetingplaces.ui.settings import SITE_VARIABLE
from meetingplaces.ui.sharing.embed_page import snippet
from meetingplaces.ui.view_state import ViewState

STORY = """\
version: 1
stories:
  - title: {{nl: "<b>Soep</b> in de wijk", en: Soup}}
    line: {{nl: Elke week soep., en: Soup every week.}}
    link: https://example.org/soep
    date: 2024-05-01
    {where}
"""
BUS = """\
version: 1
places:
  - name: "<img src=x onerror=alert(1)>"
    kind: rijdende huiskamer
    setting: sheltered
    stops: [{where: Dorpsplein, hours: "Mo-Su,PH 00:00-24:00", longitude: 5.9, latitude: 52.5}]
"""


@pytest.fixture
def data_folder(built_bundle, tmp_path, monkeypatch):
    """A data folder of this test's own, with the small bundle in it."""
    (tmp_path / built_bundle.folder.name).symlink_to(built_bundle.folder)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def loaded(built_bundle):
    return LoadedBundle.of(built_bundle)


def opened(page: str = "", **link: str) -> AppTest:
    script = f"pages/{page}.py" if page else "app.py"
    session = AppTest.from_file(str(app_folder() / script), default_timeout=30)
    for name, value in link.items():
        session.query_params[name] = value
    session.run()
    assert not session.exception
    return session


def write_story(folder, where: str) -> None:
    (folder / "GM9999.stories.yaml").write_text(STORY.format(where=where), encoding="utf-8")


# Stories


def test_the_card_of_a_place_shows_its_story_with_the_title_as_text(data_folder, loaded):
    place = loaded.places["place_id"].iloc[0]
    write_story(data_folder, f"place: {place}")
    body = html_of(opened(plek=place.replace("/", "-")))
    assert "&lt;b&gt;Soep&lt;/b&gt; in de wijk" in body
    assert "<b>Soep" not in body
    assert "Elke week soep" not in html_of(opened())


def test_a_neighbourhood_shows_its_story_and_the_page_lists_it_first(data_folder, loaded):
    code = next(iter(loaded.neighbourhood_names))
    write_story(data_folder, f"neighbourhood: {code}")
    assert "Elke week soep" in html_of(opened(buurt=code))
    body = html_of(opened("stories", gemeente="GM9999", buurt=code))
    assert body.index("Van dit gebied") < body.index("Elke week soep") < body.index("Voor iedereen")
    assert body.index("Voor iedereen") < body.index("Wij in de wijk 2") < body.index("Van elders")


def test_stories_are_found_by_a_word_of_title_line_or_area(data_folder):
    write_story(data_folder, "municipality: GM9999")
    session = opened("stories")
    session.text_input[0].set_value("SOEP").run()
    assert "1 verhaal" in html_of(session)
    session.text_input[0].set_value("driedorp").run()
    assert "Elke week soep" in html_of(session)
    session.text_input[0].set_value("zzz").run()
    assert "0 verhalen" in html_of(session)


@pytest.mark.parametrize("page", ["", "stories"])
def test_a_broken_file_is_told_with_its_name_and_key_and_the_page_goes_on(data_folder, page):
    write_story(data_folder, "municipality: Driedorp")
    session = opened(page)
    assert any("GM9999" in one.value and "municipality" in one.value for one in session.warning)
    assert str(data_folder) not in session.warning[0].value
    assert ("Wij in de wijk 2" if page else "plek") in html_of(session)


def test_a_corrected_file_is_read_at_the_next_click(data_folder):
    write_story(data_folder, "municipality: Driedorp")
    assert opened("stories").warning
    write_story(data_folder, "municipality: GM9999")
    assert "Elke week soep" in html_of(opened("stories"))


# Places that move


def test_a_moving_place_is_listed_as_text_with_whether_it_is_there(data_folder):
    (data_folder / "GM9999.moving.yaml").write_text(BUS, encoding="utf-8")
    body = html_of(opened())
    assert "&lt;img src=x onerror=alert(1)&gt;</strong>: er nu" in body
    assert "<img src=x" not in body


def test_a_moving_place_follows_the_choice_of_indoor_outdoor_and_sheltered(data_folder):
    (data_folder / "GM9999.moving.yaml").write_text(BUS, encoding="utf-8")
    assert "Dorpsplein" not in html_of(opened(waar="binnen.buiten"))
    assert "Dorpsplein" in html_of(opened(waar="overdekt"))


def test_a_broken_timetable_is_told_and_the_page_goes_on(data_folder):
    (data_folder / "GM9999.moving.yaml").write_text(BUS.replace("sheltered", "sky"), encoding="utf-8")
    session = opened()
    assert any("GM9999" in one.value and "setting" in one.value for one in session.warning)


# Links


def test_a_gone_place_is_told_with_what_is_near_and_one_of_these_can_be_chosen(data_folder, loaded):
    row = loaded.places[loaded.places["weight"] == "core"].iloc[0]
    session = opened(plek="osm-n999999", bij=f"{row['longitude']:.4f}_{row['latitude']:.4f}")
    assert "staat niet (meer) op de kaart" in session.warning[0].value
    near = [one for one in session.button if (one.key or "").startswith("gone-")]
    assert 1 < len(near) <= 6
    near[0].click().run()
    assert query(session)["plek"] in {place.replace("/", "-") for place in loaded.row_of}
    assert "bij" not in query(session)
    assert not any("niet (meer)" in one.value for one in session.warning)


def test_a_gone_place_without_a_position_is_told_too_and_can_be_let_go(data_folder):
    session = opened(plek="osm-n999999")
    assert "staat niet (meer) op de kaart" in session.warning[0].value
    button(session, "Verder zonder deze plek").click().run()
    assert query(session) == {}


def test_a_change_drops_what_the_link_told_of_its_moment_and_keeps_what_it_froze(data_folder):
    session = opened(beeld="5.9_52.5_15", bij="5.9_52.5", stand="2020-01-30.0123abcd")
    session.segmented_control[0].set_value("en").run()
    assert set(query(session)) == {"gemeente", "stand", "taal"}


# Presenting


def test_steps_go_through_the_neighbourhoods_and_places(data_folder, loaded):
    session = opened("present")
    assert "Driedorp" in html_of(session)
    button(session, "Plekken laten zien").click().run()
    assert query(session)["plek"]
    button(session, "Buurten laten zien").click().run()
    assert "plek" not in query(session)


def test_a_view_with_forty_notes_shows_them_and_still_has_a_qr_code(data_folder, monkeypatch):
    monkeypatch.setenv(SITE_VARIABLE, "https://kaart.example.org")
    notes = packed([note_at(5.9 + n / 1000, 52.5, f"aantekening {n}") for n in range(40)])
    body = html_of(opened("present", notities=notes))
    assert "aantekening 39" in body
    assert 'src="data:image/svg+xml;base64,' in body


# Embedding


def test_the_frame_shows_what_was_chosen_with_fixed_or_free_choices():
    texts = catalogue("nl")
    code = snippet(ViewState("GM9999", level="core", place="osm/n1"), True, 700, texts)
    address = code.split('"')[1].replace("&amp;", "&")
    assert dict(parse_qsl(address.partition("?")[2])) == {
        "embed": "true", "v": "1", "gemeente": "GM9999", "niveau": "kern", "keuze": "vast", "taal": "nl",
    }  # fmt: skip
    assert 'height="700"' in code
    assert "keuze" not in snippet(ViewState("GM9999"), False, 700, texts)


def test_fixed_choices_are_not_offered(data_folder):
    assert any(one.label == "Gemeente" for one in opened().selectbox)
    assert not opened(keuze="vast").selectbox


# Notes


def test_a_note_is_made_at_a_place_changed_and_removed(data_folder):
    session = opened("notes")
    button(session, "Aantekening maken").click().run()
    assert "notities" in query(session)
    session.text_input[0].set_value("Hier **soep** <b>").run()
    assert session.text_input[0].value == "Hier **soep** <b>"
    before = query(session)["notities"]
    assert "Hier **soep** &lt;b&gt;" in html_of(opened(notities=before))
    button(session, "Aantekening 1 weghalen").click().run()
    assert "notities" not in query(session)


def test_what_does_not_fit_is_refused_and_what_was_there_stays(data_folder):
    full = packed([note_at(5.9, 52.5, "x")] * 40)
    session = opened("notes", notities=full)
    button(session, "Aantekening maken").click().run()
    assert "past niet meer in de link" in session.error[0].value
    assert query(session)["notities"] == full


def test_notes_are_nowhere_in_the_data_folder(data_folder):
    opened("notes", notities=packed([note_at(5.9, 52.5, "geheime tekst")]))
    assert [path.name for path in data_folder.iterdir()] == ["GM9999"]
