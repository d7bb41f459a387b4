"""What goes wrong with municipal services besides `fault_matrix`: the right error, and no place lost uncounted."""

import json

import pytest
from fault_server import FaultServer, Reply
from municipal_services import BENCHES, LAYER, SERVICES, arcgis, body, collection, esri_page, feature, source

from meetingplaces.model.errors import CrsError, FormatError, SchemaError
from meetingplaces.model.source_errors import (
    SourceAnswerError,
    SourceElsewhereError,
    SourceRefusedError,
    SourceTooLargeError,
)
from meetingplaces.sources import http_pages
from meetingplaces.sources.municipal.connectors import fetch_source, read_source

LAYER_ADDRESS, QUERY = "/Banken/FeatureServer/0", "/Banken/FeatureServer/0/query"


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


EMPTY = {
    "arcgis": body(collection(properties={"exceededTransferLimit": False})),
    "wfs": body(collection(numberMatched=0)),
    "ogc": body(collection(links=[])),
    "opendatasoft": body(collection()),
    "opendatasoft_v1": body({"nhits": 0, "records": []}),
    "amsterdam": body(collection(_links=[])),
}


@pytest.mark.parametrize("protocol", EMPTY)
def test_an_unexpected_empty_list_is_a_failure_and_not_a_municipality_without_benches(protocol, server, tmp_path):
    asked = SERVICES[protocol].start(server)
    server.on(SERVICES[protocol].places, EMPTY[protocol])
    with pytest.raises(SourceAnswerError) as caught:
        fetch_source(asked, None, tmp_path, server.door())
    assert "empty list" in caught.value.found
    assert not list(tmp_path.glob("*.zip"))


# --- ArcGIS -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LAYER_ADDRESS, QUERY])
def test_an_error_of_arcgis_with_a_good_status_is_an_error(path, server, tmp_path, shared_data):
    recorded = shared_data.parent / "contracts" / "samples" / "arcgis-generic" / "error-http200.json"
    asked = arcgis(server)
    server.on(path, Reply(body=recorded.read_bytes()))
    with pytest.raises(SourceAnswerError) as caught:
        fetch_source(asked, None, tmp_path, server.door())
    assert "error 400: Unable to complete operation." in caught.value.found


@pytest.mark.parametrize("form", ["JSON", "JSON, geoJSON"])
def test_arcgis_that_ignores_the_offset_is_noticed(form, server, tmp_path):
    asked = arcgis(server, supportedQueryFormats=form)
    page = collection(*BENCHES[:2]) if "geo" in form else esri_page(BENCHES[:2])
    more = [{**page, "exceededTransferLimit": True, "moment": number} for number in range(2)]  # not the same bytes
    server.on(QUERY, *map(body, more))
    with pytest.raises(SourceAnswerError, match="came before"):
        fetch_source(asked, None, tmp_path, server.door())


def test_arcgis_that_gives_fewer_than_it_listed_is_noticed(server, tmp_path):
    asked = arcgis(server, advancedQueryCapabilities={})
    server.on(QUERY, body({"objectIds": [1, 2, 3]}), body(esri_page(BENCHES[:2])))
    with pytest.raises(SourceAnswerError, match="3 records"):
        fetch_source(asked, None, tmp_path, server.door())


def test_a_broken_off_page_in_the_middle_stores_nothing(server, tmp_path):
    asked = arcgis(server)
    server.on(QUERY, body({**collection(*BENCHES[:2]), "exceededTransferLimit": True}), Reply(body=b'{"type": "Fea'))
    with pytest.raises(SourceAnswerError):
        fetch_source(asked, None, tmp_path, server.door())
    assert not list(tmp_path.iterdir())


def test_a_place_without_a_shape_is_left_out_and_counted(server, tmp_path):
    lost = {"type": "Feature", "id": "9", "geometry": None, "properties": {"NR": 9, "NAAM": "Nergens"}}
    server.on(LAYER_ADDRESS, body(LAYER))
    server.on(QUERY, body({**collection(BENCHES[0]), "features": [feature(*BENCHES[0]), lost]}), body(collection()))
    asked = source("arcgis", server.url + LAYER_ADDRESS)
    records = read_source(fetch_source(asked, None, tmp_path, server.door()), asked)
    assert len(records.table) == 1
    assert records.dropped == {"record_nowhere": 1}


# --- paging -----------------------------------------------------------------------------------------------------------


def test_a_next_link_to_another_host_is_not_followed(server, tmp_path):
    links = [{"rel": "next", "href": "https://elsewhere.example/items?cursor=2"}]
    server.on("/items", body(collection(*BENCHES, links=links)))
    with pytest.raises(SourceElsewhereError):
        fetch_source(source("ogc", f"{server.url}/items"), None, tmp_path, server.door())


@pytest.mark.parametrize("protocol", ["ogc", "amsterdam"])
def test_links_that_lead_in_a_circle_end(protocol, server, tmp_path):
    link = {"rel": "next", "href": "?cursor=1"}
    pages = [body(collection(*BENCHES, links=[link], _links=[link], moment=number)) for number in range(3)]
    server.on("/items", *pages)
    with pytest.raises(SourceAnswerError, match="came before"):
        fetch_source(source(protocol, f"{server.url}/items"), None, tmp_path, server.door())


def test_pages_without_end_come_to_an_end(server, tmp_path, monkeypatch):
    monkeypatch.setattr(http_pages, "MAX_PAGES", 5)

    def endless(asked):
        start = int(asked.query["startIndex"][0])
        return body(collection((str(start), "Bank", 5.9, 52.5)))

    server.on("/wfs", endless)
    with pytest.raises(SourceTooLargeError):
        fetch_source(source("wfs", f"{server.url}/wfs", layer="x"), None, tmp_path, server.door())
    assert len(server.log) == 5


def test_a_wfs_that_stops_before_its_own_total_is_noticed(server, tmp_path):
    server.on("/wfs", body(collection(*BENCHES, numberMatched=5)), body(collection(numberMatched=5)))
    with pytest.raises(SourceAnswerError, match="5 records"):
        fetch_source(source("wfs", f"{server.url}/wfs", layer="x"), None, tmp_path, server.door())


def test_a_wfs_of_old_that_leaves_features_out_is_noticed(server, tmp_path):
    server.on("/wfs", body(collection(*BENCHES, totalFeatures=50)))
    with pytest.raises(SourceAnswerError, match="50 records"):
        fetch_source(source("wfs", f"{server.url}/wfs", layer="x", version="1.0.0"), None, tmp_path, server.door())


def test_the_exception_of_a_wfs_is_told_in_its_own_words(server, tmp_path):
    told = b'<?xml version="1.0"?><ows:ExceptionReport><ows:ExceptionText>Unknown layer x</ows:ExceptionText>'
    server.on("/wfs", Reply(body=told))
    with pytest.raises(SourceAnswerError, match="Unknown layer x"):
        fetch_source(source("wfs", f"{server.url}/wfs", layer="x"), None, tmp_path, server.door())


# --- Opendatasoft, CKAN -----------------------------------------------------------------------------------------------


def test_an_error_of_opendatasoft_is_told_in_its_own_words(server, tmp_path, shared_data):
    recorded = shared_data.parent / "contracts" / "samples" / "opendatasoft-v21" / "error-limit-too-large.json"
    asked = SERVICES["opendatasoft"].start(server)
    server.on("/datasets/banken/exports/geojson", Reply(400, recorded.read_bytes()))
    with pytest.raises(SourceRefusedError, match="limit API parameter"):
        fetch_source(asked, None, tmp_path, server.door())
    server.on("/datasets/banken/exports/geojson", Reply(200, recorded.read_bytes()))
    with pytest.raises(SourceAnswerError, match="limit API parameter"):
        fetch_source(asked, None, tmp_path, server.door())


def test_more_records_than_the_older_api_can_give_are_not_taken_for_all(server, tmp_path, shared_data):
    recorded = shared_data.parent / "contracts" / "samples" / "opendatasoft-v1-recorded" / "eindhoven_1_parkings.json"
    asked = SERVICES["opendatasoft_v1"].start(server)
    server.on("/search/", Reply(body=recorded.read_bytes()))
    with pytest.raises(SourceAnswerError, match="10260"):
        fetch_source(asked, None, tmp_path, server.door())


def test_a_file_of_ckan_on_a_host_that_was_not_agreed_is_not_fetched(server, tmp_path):
    asked = SERVICES["ckan"].start(server)
    far = {"name": "b", "format": "csv", "url": "https://elsewhere.example/b.csv"}
    server.on("/api/3/action/package_show", body({"success": True, "result": {"resources": [far]}}))
    with pytest.raises(SourceElsewhereError, match="elsewhere"):
        fetch_source(asked, None, tmp_path, server.door())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}, "Not found"),
        (
            {"success": True, "result": {"resources": [{"name": "x", "format": "PDF", "url": "https://x.example"}]}},
            "pdf",
        ),
        ({"success": True, "result": {"resources": []}}, "no files"),
    ],
)
def test_a_dataset_of_ckan_without_the_file_is_told(answer, told, server, tmp_path):
    asked = SERVICES["ckan"].start(server)
    server.on("/api/3/action/package_show", body(answer))
    with pytest.raises(SourceAnswerError, match=told):
        fetch_source(asked, None, tmp_path, server.door())


# --- where things are -------------------------------------------------------------------------------------------------


def turned(benches):
    return [(number, name, y, x) for number, name, x, y in benches]


def in_rd(benches):
    return [(n, name, 190_524.0 + int(n), 507_615.0) for n, name, _, _ in benches]


def on_the_web(benches):
    return [(n, name, 658_009.5 + int(n), 6_901_100.0) for n, name, _, _ in benches]


@pytest.mark.parametrize(
    ("written", "notes"),
    [
        (turned(BENCHES), ("axes_swapped",)),
        (in_rd(BENCHES), ()),
        (on_the_web(BENCHES), ()),
        ([(n, name, y, x) for n, name, x, y in in_rd(BENCHES)], ("axes_swapped",)),
    ],
)
def test_swapped_axes_and_unnamed_systems_are_seen_by_the_dutch_bounds(written, notes, server, tmp_path):
    server.on("/items", body(collection(*written, links=[])))
    asked = source("ogc", f"{server.url}/items")
    records = read_source(fetch_source(asked, None, tmp_path, server.door()), asked)
    assert records.table.geometry.x.between(190_000, 191_500).all()
    assert records.table.geometry.y.between(507_000, 509_000).all()
    assert records.notes == notes


def test_a_declared_system_that_the_numbers_contradict_is_not_believed(server, tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    server.on("/items", body(collection(*BENCHES, crs=crs, links=[])))
    asked = source("ogc", f"{server.url}/items")
    records = read_source(fetch_source(asked, None, tmp_path, server.door()), asked)
    assert records.notes == ("crs_guessed:EPSG:4326",)


def test_benches_in_another_country_are_an_error_that_says_where_they_are(server, tmp_path):
    server.on("/items", body(collection(*[(n, name, x - 80, y - 12) for n, name, x, y in BENCHES], links=[])))
    asked = source("ogc", f"{server.url}/items")
    snapshot = fetch_source(asked, None, tmp_path, server.door())
    with pytest.raises(CrsError, match=r"x -74\.088"):
        read_source(snapshot, asked)


def test_a_single_bench_at_zero_zero_is_left_out_and_counted(server, tmp_path):
    server.on("/items", body(collection(*BENCHES, ("4", "Nul", 0.0, 0.0), links=[])))
    asked = source("ogc", f"{server.url}/items")
    records = read_source(fetch_source(asked, None, tmp_path, server.door()), asked)
    assert records.dropped == {"record_outside_netherlands": 1}
    assert len(records.table) == 3


# --- what the registry says and the answer does not -------------------------------------------------------------------


def test_a_field_of_the_registry_that_is_gone_is_told_with_those_there_are(server, tmp_path):
    server.on("/items", body(collection(*BENCHES, links=[])))
    asked = source("ogc", f"{server.url}/items", fields={"name": "OMSCHRIJVING"})
    snapshot = fetch_source(asked, None, tmp_path, server.door())
    with pytest.raises(SchemaError, match="OMSCHRIJVING") as caught:
        read_source(snapshot, asked)
    assert caught.value.found == "only NR, NAAM"


@pytest.mark.parametrize("content", [[1, 2], {"no": "features"}, {"features": 3}, "text"])
@pytest.mark.parametrize("protocol", ["ogc", "wfs", "amsterdam", "arcgis", "opendatasoft", "opendatasoft_v1"])
def test_json_that_is_something_else_is_refused(protocol, content, server, tmp_path):
    asked = SERVICES[protocol].start(server)
    server.on(SERVICES[protocol].first, body(content))
    with pytest.raises(SourceAnswerError):
        fetch_source(asked, None, tmp_path, server.door())


def test_a_snapshot_that_holds_something_else_is_told_by_its_file(server, tmp_path):
    asked = SERVICES["ogc"].start(server)
    snapshot = fetch_source(asked, None, tmp_path, server.door())
    snapshot.path.write_bytes(json.dumps({}).encode())
    with pytest.raises(FormatError, match=r"kampen_benches\.zip"):
        read_source(snapshot, asked)
