"""Every protocol of municipal data over real HTTP: the same benches come out of all, all of them, twice the same."""

import json

import pandas as pd
import pytest
from fault_server import FaultServer, Reply
from municipal_services import BENCHES, FIRST_IN_RD, SERVICES, arcgis, body, collection, ogc, source, wfs

from meetingplaces.model.records import check_records
from meetingplaces.sources.municipal.connectors import CONNECTORS, fetch_source, read_source

KAMPEN = (5.7, 52.5, 6.1, 52.7)


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


def fetched(server, asked, folder, bounds=None):
    return fetch_source(asked, bounds, folder, server.door())


def test_every_protocol_of_the_registry_has_a_test():
    assert SERVICES.keys() == CONNECTORS.keys()


@pytest.mark.parametrize("protocol", SERVICES)
def test_the_same_benches_come_out_of_every_protocol(protocol, server, tmp_path):
    asked = SERVICES[protocol].start(server)
    snapshot = fetched(server, asked, tmp_path)
    first, second = (read_source(snapshot, asked) for _ in range(2))
    check_records(first.table, "benches")
    pd.testing.assert_frame_equal(first.table, second.table)
    assert first.table["record_id"].tolist() == ["kampen_benches/1", "kampen_benches/2", "kampen_benches/3"]
    assert first.table["name"].tolist() == [name for _, name, _, _ in BENCHES]
    assert first.table.geometry.iloc[0].x == pytest.approx(FIRST_IN_RD[0], abs=10)
    assert first.table.geometry.iloc[0].y == pytest.approx(FIRST_IN_RD[1], abs=10)
    assert not first.dropped
    assert not first.notes


@pytest.mark.parametrize("protocol", SERVICES)
def test_a_snapshot_says_where_it_came_from(protocol, server, tmp_path):
    snapshot = fetched(server, SERVICES[protocol].start(server), tmp_path)
    assert snapshot.path == tmp_path / "kampen_benches.zip"
    assert snapshot.origin.attribution == "Bron: Gemeente Kampen"
    assert snapshot.url.startswith(server.url)


@pytest.mark.parametrize("protocol", ["arcgis", "opendatasoft", "ckan"])
def test_a_service_that_tells_its_last_change_dates_the_data(protocol, server, tmp_path):
    asked = SERVICES[protocol].start(server)
    snapshot = fetched(server, asked, tmp_path)
    assert snapshot.data_as_of == "2026-01-01"


def test_arcgis_is_asked_for_the_next_page_from_what_came_not_from_what_was_asked(server, tmp_path):
    fetched(server, arcgis(server, maxRecordCount=1000), tmp_path)  # it says 1000, and gives 2
    offsets = [asked.query["resultOffset"] for asked in server.asked("/Banken/FeatureServer/0/query")]
    assert offsets == [["0"], ["2"]]


def test_arcgis_without_geojson_gives_the_same_in_its_own_format(server, tmp_path):
    asked = arcgis(server, supportedQueryFormats="JSON")
    table = read_source(fetched(server, asked, tmp_path), asked).table
    assert table["name"].tolist() == [name for _, name, _, _ in BENCHES]
    assert {each.query["f"][0] for each in server.asked("/Banken/FeatureServer/0/query")} == {"json"}


def test_arcgis_without_paging_is_asked_by_lists_of_identifiers(server, tmp_path):
    asked = arcgis(server, advancedQueryCapabilities={"supportsPagination": False})
    table = read_source(fetched(server, asked, tmp_path), asked).table
    assert len(table) == 3
    assert "resultOffset" not in server.asked("/Banken/FeatureServer/0/query")[0].query


def test_a_wfs_is_asked_in_the_words_of_its_version(server, tmp_path):
    fetched(server, wfs(server), tmp_path)
    fetched(server, wfs(server, version="1.0.0"), tmp_path)
    new, old = server.asked("/wfs")[0].query, server.asked("/wfs")[-1].query
    assert (new["typeNames"], new["startIndex"]) == (["kampen:banken"], ["0"])
    assert (old["typeName"], "startIndex" in old, "maxFeatures" in old) == (["kampen:banken"], False, False)


def test_a_next_link_of_ogc_is_used_as_it_is(server, tmp_path):
    fetched(server, ogc(server), tmp_path)
    assert server.asked("/items")[1].query == {"cursor": ["Dv4|Nwyr1Q"], "f": ["json"], "limit": ["2"]}


def test_a_source_of_the_whole_country_is_asked_for_the_bounds_of_the_municipality_only(server, tmp_path):
    fetched(server, ogc(server, by_bounds=True), tmp_path, KAMPEN)
    assert server.asked("/items")[0].query["bbox"] == ["5.700000,52.500000,6.100000,52.700000"]


def test_a_municipality_without_anything_in_a_national_source_is_no_failure(server, tmp_path):
    server.on("/items", body(collection(links=[])))
    asked = source("ogc", f"{server.url}/items", by_bounds=True)
    assert read_source(fetched(server, asked, tmp_path, KAMPEN), asked).table.empty


def test_amsterdam_gets_its_key_in_a_header_and_only_there(server, tmp_path, monkeypatch):
    monkeypatch.setenv("MEETINGPLACES_AMSTERDAM_KEY", "geheim")
    snapshot = fetched(server, SERVICES["amsterdam"].start(server), tmp_path)
    assert server.log[0].headers["X-Api-Key"] == "geheim"
    assert "geheim" not in (tmp_path / "kampen_benches.zip.origin.json").read_text() + str(snapshot)


# --- recorded answers of real services --------------------------------------------------------------------------------


@pytest.fixture
def samples(shared_data):
    return shared_data.parent / "contracts" / "samples"


def test_the_recorded_polygons_of_arnhem_are_read(samples, server, tmp_path):
    page = json.loads((samples / "arcgis-arnhem" / "e6a_parking.first2.json").read_bytes())
    server.on("/0", body({"fields": page["fields"], "objectIdField": "OBJECTID", "maxRecordCount": 1000,
                          "advancedQueryCapabilities": {"supportsPagination": True}}))  # fmt: skip
    server.on("/0/query", body(page), body({**page, "features": [], "exceededTransferLimit": False}))
    asked = source("arcgis", f"{server.url}/0", fields={"address": ["STRAAT"]})
    table = read_source(fetched(server, asked, tmp_path), asked).table
    assert table.geometry.geom_type.tolist() == ["Polygon", "Polygon"]
    assert table.area.between(5, 30).all()  # parking bays
    assert server.asked("/0/query")[1].query["resultOffset"] == ["2"]


def test_the_recorded_answer_of_eindhoven_is_read_and_its_latitude_first_does_not_confuse(samples, server, tmp_path):
    page = json.loads((samples / "opendatasoft-v1-recorded" / "eindhoven_1_parkings.json").read_bytes())
    server.on("/search/", body({**page, "nhits": len(page["records"])}))
    asked = source("opendatasoft_v1", f"{server.url}/search/", layer="p", fields={"address": ["straat"]})
    table = read_source(fetched(server, asked, tmp_path), asked).table
    assert len(table) == len(page["records"])
    assert table.geometry.x.between(150_000, 170_000).all()


def test_the_recorded_answer_of_amsterdam_is_read_though_it_misnames_its_axes(samples, server, tmp_path):
    content = json.loads((samples / "amsterdam-dso" / "parkeervakken-geojson.first1.json").read_bytes())
    server.on("/v1/p/", body({**content, "_links": []}))
    asked = source("amsterdam", f"{server.url}/v1/p/", fields={"address": ["straatnaam"]})
    records = read_source(fetched(server, asked, tmp_path), asked)
    assert records.table["address"].tolist() == ["Akersingel"]
    assert records.notes == ()


def test_an_answer_in_rd_new_of_pdok_is_seen_to_be_so(samples, server, tmp_path):
    content = (samples / "pdok-ogc" / "gokoala-expected_multiple_gpkgs_bbox_wgs84_output_rd.json").read_bytes()
    server.on("/items", body({**json.loads(content), "links": []}))
    asked = source("ogc", f"{server.url}/items", fields={"address": ["component_thoroughfarename"]})
    table = read_source(fetched(server, asked, tmp_path), asked).table
    assert len(table) == 10
    assert table.geometry.y.between(565_000, 568_000).all()


def test_the_recorded_rest_points_of_utrecht_are_read_though_they_misname_their_system(shared_data, server, tmp_path):
    server.on("/wfs", Reply(body=(shared_data / "municipal" / "utrecht_prov_rustpunten.geojson").read_bytes()))
    fields = {"name": "BEDRIJFSNAAM", "address": ["ADRES", "POSTCD", "WOONPLAATS"]}
    asked = source("wfs", f"{server.url}/wfs", layer="r", version="1.0.0", fields=fields, kind="picnic_site")
    records = read_source(fetched(server, asked, tmp_path), asked)
    assert len(records.table) == 47
    assert records.notes == ("crs_guessed:EPSG:4326",)
    assert "Lekdijk-West 35 3411 MV Lopik" in records.table["address"].tolist()
