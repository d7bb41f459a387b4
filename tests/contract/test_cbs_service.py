"""The areas of CBS over real HTTP: the newest GeoPackage that is listed, else the pages of the OGC API."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from fault_server import FaultServer, Reply
from shapely.geometry import box, mapping

from meetingplaces.model.errors import UnknownMunicipalityError
from meetingplaces.model.source_errors import SourceAnswerError, SourceError, SourceRefusedError
from meetingplaces.sources.cbs_areas import read_areas
from meetingplaces.sources.cbs_figures import read_figures
from meetingplaces.sources.cbs_service import areas_snapshot
from meetingplaces.sources.endpoints import CbsEndpoints

BUURTEN = "/ogc/collections/buurten/items"
FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


def settings(server, **more):
    listed = {"downloads": (f"{server.url}/{{year}}/atom/index.xml", f"{server.url}/en-{{year}}/atom/index.xml")}
    return CbsEndpoints(**{**listed, "collections": f"{server.url}/ogc/collections", **more})


def links(*addresses):
    return Reply(body=FEED.format("".join(f'<entry><link href="{each}"/></entry>' for each in addresses)).encode())


def buurt(number, **more):
    west = 5.90 + number / 1000
    facts = {"buurtcode": f"BU0166000{number}", "buurtnaam": f"Buurt {number}", "wijkcode": "WK016600",
             "gemeentecode": "GM0166", "gemeentenaam": "Kampen", "water": "NEE", "jaar": 2024,
             "aantal_inwoners": 1000 + number, "percentage_personen_65_jaar_en_ouder": 20,
             "gemiddeld_inkomen_per_inwoner": -99995}  # fmt: skip
    shape = mapping(box(west, 52.55, west + 0.001, 52.551))
    return {"type": "Feature", "id": f"u{number}", "properties": {**facts, **more}, "geometry": shape}


def wijk():
    facts = {"wijkcode": "WK016600", "wijknaam": "Kampen-Stad", "gemeentecode": "GM0166", "gemeentenaam": "Kampen",
             "water": "NEE", "jaar": 2024, "percentage_personen_65_jaar_en_ouder": 22}  # fmt: skip
    return {"type": "Feature", "id": "w", "properties": facts, "geometry": mapping(box(5.9, 52.5, 5.95, 52.6))}


def page(*features, following=None):
    told = [{"rel": "next", "href": following}] if following else []
    return Reply(body=json.dumps({"type": "FeatureCollection", "features": features, "links": told}).encode())


def geopackage(folder):
    rows = gpd.GeoDataFrame.from_features([buurt(1), buurt(2)], crs="EPSG:4326").to_crs("EPSG:28992")
    rows.to_file(folder / "made.gpkg", layer="buurten", driver="GPKG")
    return (folder / "made.gpkg").read_bytes()


def collections(server):
    def items(asked):
        if "cursor" in asked.query:
            return page(buurt(2))
        assert asked.query["limit"] == ["1000"]
        return page(buurt(1), following=f"{server.url}{BUURTEN}?cursor=x%7Cy")

    server.on(BUURTEN, items)
    server.on("/ogc/collections/wijken/items", page(wijk()))
    server.on("/ogc/collections/gemeenten/items", page(gemeente()))


def gemeente():
    facts = {
        "gemeentecode": "GM0166",
        "gemeentenaam": "Kampen",
        "water": "NEE",
        "jaar": 2024,
        "aantal_inwoners": 56_000,
    }
    return {"type": "Feature", "id": "g", "properties": facts, "geometry": mapping(box(5.8, 52.4, 6.0, 52.7))}


def asked(server, folder, code="GM0166", *, renew=True, **more):
    return areas_snapshot(settings(server, **more), code, folder, server.door(), renew=renew)


def test_the_newest_version_in_the_list_of_downloads_is_fetched(server, tmp_path):
    names = [f"downloads/wijkenbuurten_2024{version}.gpkg" for version in ("", "_v10", "_v2")]
    server.on("/2024/atom/index.xml", links(*names))
    server.on("/2024/atom/downloads/wijkenbuurten_2024_v10.gpkg", Reply(body=geopackage(tmp_path)))
    snapshot = asked(server, tmp_path / "cbs")
    assert snapshot.path.name == "wijkenbuurten_2024_v10.gpkg"
    assert read_areas(snapshot, "GM0166").neighbourhoods["neighbourhood_code"].tolist() == ["BU01660001", "BU01660002"]
    assert snapshot.data_as_of == "2024"


def test_a_version_is_fetched_once(server, tmp_path):
    server.on("/2024/atom/index.xml", links("wijkenbuurten_2024.gpkg"))
    server.on("/2024/atom/wijkenbuurten_2024.gpkg", Reply(body=geopackage(tmp_path)))
    first = asked(server, tmp_path / "cbs")
    assert asked(server, tmp_path / "cbs") == first
    assert len(server.asked("/2024/atom/wijkenbuurten_2024.gpkg")) == 1
    before = len(server.log)
    assert asked(server, tmp_path / "cbs", renew=False) == first
    assert len(server.log) == before


def test_the_feed_may_lead_to_another_feed_and_an_edition_to_another_folder(server, tmp_path):
    server.on("/en-2026/atom/index.xml", links("wijken.xml", "https://elsewhere.example/wijkenbuurten_2026.gpkg"))
    server.on("/en-2026/atom/wijken.xml", links("downloads/WijkBuurtkaart_2026_v0.gpkg"))
    server.on("/en-2026/atom/downloads/WijkBuurtkaart_2026_v0.gpkg", Reply(body=geopackage(tmp_path)))
    assert asked(server, tmp_path / "cbs", edition=2026).path.name == "WijkBuurtkaart_2026_v0.gpkg"


LISTED = links("wijkenbuurten_2024.gpkg")


@pytest.mark.parametrize("feed", [Reply(404), Reply(503), Reply(body=b"<html>"), Reply(body=b"{}"), links(), LISTED])
def test_without_a_geopackage_the_pages_of_the_ogc_api_do(feed, server, tmp_path):
    server.on("/2024/atom/index.xml", feed)
    server.on("/2024/atom/wijkenbuurten_2024.gpkg", Reply(body=b"<html>Onderhoud</html>"))
    collections(server)
    snapshot = asked(server, tmp_path)
    areas = read_areas(snapshot, "GM0166")
    assert areas.neighbourhoods["neighbourhood_code"].tolist() == ["BU01660001", "BU01660002"]
    assert set(areas.neighbourhoods["district_name"]) == {"Kampen-Stad"}
    assert areas.neighbourhoods["residents_count"].tolist() == [1001, 1002]
    assert asked(server, tmp_path, renew=False).path == snapshot.path


def test_both_ways_give_the_same_neighbourhoods(server, tmp_path):
    collections(server)
    pages = read_areas(asked(server, tmp_path / "pages"), "GM0166").neighbourhoods
    server.on("/2024/atom/index.xml", LISTED)
    server.on("/2024/atom/wijkenbuurten_2024.gpkg", Reply(body=geopackage(tmp_path)))
    file = read_areas(asked(server, tmp_path / "file"), "GM0166").neighbourhoods
    columns = ["neighbourhood_code", "residents_count", "residents_65_plus_share", "boundary_year"]
    pd.testing.assert_frame_equal(pages[columns], file[columns])
    assert pages.area.tolist() == pytest.approx(file.area.tolist(), rel=1e-6)


def test_the_pages_hold_the_figures_of_every_level(server, tmp_path):
    collections(server)
    told = read_figures(asked(server, tmp_path), "GM0166").observations.set_index(["area_code", "indicator"])
    assert told.loc[("GM0166", "residents_count"), "value"] == 56_000
    assert told.loc[("WK016600", "residents_65_plus_share"), "value"] == pytest.approx(0.22)
    assert told.loc[("BU01660001", "income_per_resident"), "status"] == "unpublished"


def test_the_renamed_key_of_2026_is_tried_when_the_old_one_is_unknown(server, tmp_path):
    def items(question):
        if "gm_code" not in question.query:
            return Reply(400, b'{"detail": "unknown query parameter(s) found: gemeentecode"}')
        new = {"bu_code": "BU01660001", "bu_naam": "Een", "wk_code": "WK016600", "wk_naam": "Stad", "gm_code": "GM0166",
               "gm_naam": "Kampen", "jaar": "2026"}  # fmt: skip
        return page({**buurt(1), "id": question.path, "properties": new})

    for level in ("buurten", "wijken", "gemeenten"):
        server.on(f"/ogc/collections/{level}/items", items)
    areas = read_areas(asked(server, tmp_path, edition=2026), "GM0166").neighbourhoods
    assert areas["district_name"].tolist() == ["Stad"]
    assert areas["boundary_year"].tolist() == [2026]


def test_an_unknown_municipality_is_an_empty_list_and_told(server, tmp_path):
    server.on(BUURTEN, page())
    with pytest.raises(SourceAnswerError, match="areas of GM0999"):
        asked(server, tmp_path, "GM0999")


@pytest.mark.parametrize("status", [403, 406, 404])
def test_a_service_that_refuses_is_asked_once(status, server, tmp_path):
    server.on(BUURTEN, Reply(status))
    with pytest.raises(SourceRefusedError):
        asked(server, tmp_path)
    assert len(server.asked(BUURTEN)) == 1


def test_when_everything_fails_nothing_is_stored(server, tmp_path):
    server.on(BUURTEN, Reply(500, b'{"detail": "querying the features took too long (timeout encountered)"}'))
    with pytest.raises(SourceError, match="took too long"):
        asked(server, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_the_settings_name_is_used_as_it_is(server, tmp_path):
    geopackage(tmp_path)
    assert asked(server, tmp_path, areas=str(tmp_path / "made.gpkg")).path == tmp_path / "made.gpkg"
    assert not server.log


def test_a_municipality_that_the_country_does_not_hold_is_told_by_the_reader(server, tmp_path):
    server.on("/2024/atom/index.xml", LISTED)
    server.on("/2024/atom/wijkenbuurten_2024.gpkg", Reply(body=geopackage(tmp_path)))
    with pytest.raises(UnknownMunicipalityError):
        read_areas(asked(server, tmp_path / "cbs", "GM0308"), "GM0308")
