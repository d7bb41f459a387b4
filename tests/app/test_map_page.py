"""The logic of the pages, run by Streamlit's own test runner on the bundle that ships; browsers come elsewhere."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder, data_folder
from meetingplaces.ui.report import area_report

TOWN_CENTRE = "BU01660000"


@pytest.fixture(autouse=True)
def shipped_data(monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def told_count(app: AppTest) -> int:
    heading = re.search(r'<h2 class="summary">(\d+|Geen|No)', html(app))
    return int(heading[1]) if heading[1].isdigit() else 0


def widget(app: AppTest, kind: str, label: str):
    return next(one for one in app.get(kind) if one.label.startswith(label))


def reported(code: str | None) -> dict:
    return area_report(open_bundle(data_folder(), "GM0166"), code)


@pytest.mark.parametrize("code", [None, TOWN_CENTRE, "BU01660007"])
def test_the_number_on_screen_is_that_of_show(code):
    assert told_count(opened(**({"buurt": code, "gemeente": "GM0166"} if code else {}))) == reported(code)["places"]


def test_the_figures_on_screen_are_those_of_show():
    figures, report = html(opened(gemeente="GM0166", buurt=TOWN_CENTRE)), reported(TOWN_CENTRE)
    rows = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td class="n">([\d.]+)</td>', figures))
    assert rows["Alle plekken"] == str(report["places"])
    assert rows["Waarvan kern"] == str(report["core"])
    assert rows["Speelplek"] == str(report["by_category"]["playground"])
    assert rows["Restaurant"] == str(report["restricted"]["restaurant"])
    assert rows["Bankje"] == str(report["amenities"]["bench"])


def test_choosing_a_neighbourhood_changes_the_number_and_the_link():
    app = opened()
    whole = told_count(app)
    widget(app, "selectbox", "Buurt").select(TOWN_CENTRE).run()
    assert told_count(app) < whole
    assert app.query_params["buurt"] == TOWN_CENTRE


def test_a_click_that_comes_with_the_address_of_before_loses_nothing():
    app = opened(gemeente="GM0166")
    widget(app, "selectbox", "Buurt").select(TOWN_CENTRE).run()
    app.query_params.pop("buurt")  # what a browser sends that has not heard of the new address yet
    widget(app, "button_group", "Waar").set_value(["outdoor"]).run()
    assert (app.query_params["buurt"], app.query_params["waar"]) == (TOWN_CENTRE, "buiten")


def test_back_brings_the_state_of_before():
    app = opened(gemeente="GM0166")
    widget(app, "selectbox", "Buurt").select(TOWN_CENTRE).run()
    narrow = told_count(app)
    app.query_params.pop("buurt")
    app.run()
    assert told_count(app) > narrow


def test_core_only_shows_fewer_and_amenities_are_told_apart():
    core = told_count(opened(gemeente="GM0166", niveau="kern"))
    app = opened(gemeente="GM0166", niveau="voorzieningen")
    assert core == reported(None)["core"]
    assert told_count(app) == reported(None)["places"]
    assert f"en {sum(reported(None)['amenities'].values())} voorzieningen" in html(app)


def test_places_with_a_threshold_come_on_request_only():
    report = reported(None)
    assert told_count(opened(drempel="ja")) == report["places"] + sum(report["restricted"].values())


def test_an_empty_result_tells_what_to_widen_and_the_button_does_it():
    app = opened(gemeente="GM0166", buurt=TOWN_CENTRE, waar="overdekt", soort="library")
    assert told_count(app) == 0
    assert "Geen plek bekend" in html(app)
    widget(app, "button", "Binnen, buiten en overdekt").click().run()
    assert told_count(app) == 1


def test_a_link_to_a_place_shows_all_we_know_of_it():
    body = html(opened(gemeente="GM0166", plek="osm-n4471473005"))
    assert "Openbare Bibliotheek Kampen" in body
    assert "Mo,We,Th 09:00-17:30; Tu,Fr 09:00-20:00; Sa 09:00-18:00" in body
    assert "https://www.openstreetmap.org/node/4471473005" in body
    assert "Toegankelijk met een rolstoel: niet bekend" in body
    assert "30-01-2023" in body


def test_closing_the_details_lets_go_of_the_place():
    app = opened(gemeente="GM0166", plek="osm-n4471473005")
    widget(app, "button", "Sluiten").click().run()
    assert 'class="details"' not in html(app)
    assert "plek" not in app.query_params


def test_a_selected_place_that_the_filters_leave_out_says_so():
    app = opened(gemeente="GM0166", plek="osm-n4471473005", waar="buiten")
    assert "valt buiten de filters" in app.caption[0].value


def test_junk_in_a_link_falls_back_with_a_notice():
    app = opened(gemeente="XX", buurt="<script>", waar="mars", zzz="1")
    assert told_count(app) == reported(None)["places"]
    assert "gemeente" in app.info[0].value
    assert "zzz" in app.info[0].value


@pytest.mark.parametrize(("code", "said"), [(TOWN_CENTRE, False), (None, True)])
def test_an_area_partly_outside_the_data_says_so(code, said):
    app = opened(**({"gemeente": "GM0166", "buurt": code} if code else {}))
    assert any("Daarbuiten weten we niet" in warning.value for warning in app.warning) == said


def test_a_neighbourhood_without_any_data_is_not_called_empty():
    neighbourhoods = open_bundle(data_folder(), "GM0166").neighbourhoods()
    code = neighbourhoods.loc[neighbourhoods["extent_share"] == 0, "neighbourhood_code"].iloc[0]
    app = opened(gemeente="GM0166", buurt=code)
    assert "geen gegevens" in app.warning[0].value
    assert "Geen plek bekend" in html(app)


def test_english_is_english_throughout():
    body = html(opened(taal="en"))
    assert "places in Kampen" in body
    assert "Not known" in html(opened(taal="en", gemeente="GM0166", plek="osm-n2732479766"))
    assert not re.search(r"\b(plekken|bekend|buurt|Bron:(?! CBS))\b", body)


def test_the_five_outdoor_kinds_of_the_study_are_named_even_when_none_is_known():
    body = html(opened(gemeente="GM0166", buurt=TOWN_CENTRE))
    assert "Plein: 2" in body
    assert "Park: 1" in body
    assert "Buurttuin: geen bekend" in body
    assert "Plantsoen: geen bekend" in body
    assert re.search(r"Stoep: 19 bankjes, 2 zitplekken, 2 terrassen", body)


def test_every_page_names_its_sources_dates_and_limits():
    body = html(opened())
    for told in ("© OpenStreetMap contributors", "30-01-2023", "Bron: CBS, Kadaster", "2024", "bij benadering"):
        assert told in body


def test_the_sources_page_tells_origin_licence_extent_and_every_dropped_row():
    app = AppTest.from_file(str(app_folder() / "pages" / "sources.py"), default_timeout=30).run()
    assert not app.exception
    body, manifest = html(app), open_bundle(data_folder(), "GM0166").manifest
    for told in ("ODbL 1.0", "CC BY 4.0", "5.841", "52.584", "41%"):
        assert told in body
    for source in manifest.sources:
        assert source.sha256[:16] in body
    assert len(re.findall('<tr><th scope="row">', body)) == sum(
        map(len, (manifest.counts, manifest.dropped, manifest.repairs))
    )
    assert "<code>" not in re.sub(r"<code>[0-9a-f]{16}…</code>", "", body), "a reason without a sentence"


def test_an_empty_data_folder_is_told_in_plain_words(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    app = opened()
    assert app.error[0].value == "Er zijn nog geen gegevens om te laten zien. De beheerder kan ze toevoegen."
