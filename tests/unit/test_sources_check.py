"""`meetingplaces sources` and its check: one small question each, and what differs from the registry."""

import json

import pytest
import yaml
from fault_server import FaultServer, Reply
from municipal_services import BENCHES, SERVICES, body, collection, esri_page, source

from meetingplaces.cli import main
from meetingplaces.sources.municipal.checking import check_source


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.mark.parametrize("protocol", SERVICES)
def test_a_source_that_answers_as_the_registry_says_is_fine(protocol, server):
    asked = SERVICES[protocol].start(server)
    if protocol == "arcgis":
        server.on("/Banken/FeatureServer/0/query", body(esri_page(BENCHES[:1])))
    if protocol == "opendatasoft":
        row = {"NR": "1", "NAAM": "Bank", "geo_point_2d": {"lon": 5.9, "lat": 52.5}}
        server.on("/datasets/banken/records", body({"total_count": 3, "results": [row]}))
    found = check_source(asked, server.door())
    assert (found.status, found.differences) == ("fine", ())
    assert len(server.log) == 1
    if protocol != "ckan":
        assert {"NR", "NAAM"} <= set(found.found)


def test_a_check_asks_for_one_row_only(server):
    server.on("/wfs", body(collection(BENCHES[0])))
    check_source(source("wfs", f"{server.url}/wfs", layer="x"), server.door())
    assert server.log[0].query["count"] == ["1"]


@pytest.mark.parametrize(
    ("benches", "more", "differences"),
    [
        (BENCHES[:1], {"fields": {"name": "OMSCHRIJVING"}}, ("field_missing:OMSCHRIJVING",)),
        ([("1", "Bank", 52.5, 5.9)], {}, ("axes_swapped",)),
        ([("1", "Bank", -70.0, 5.9)], {}, ("outside_netherlands",)),
    ],
)
def test_what_differs_is_told(benches, more, differences, server):
    server.on("/items", body(collection(*benches, links=[])))
    found = check_source(source("ogc", f"{server.url}/items", **more), server.door())
    assert (found.status, found.differences) == ("differs", differences)


def test_a_service_that_fails_is_asked_once_and_told(server):
    server.on("/items", Reply(503))
    found = check_source(source("ogc", f"{server.url}/items"), server.door())
    assert (found.status, found.error.code) == ("failed", "source_busy")
    assert len(server.log) == 1


CAPABILITIES = b"""<WFS_Capabilities xmlns="http://www.opengis.net/wfs/2.0"><FeatureTypeList>
<FeatureType><Name>kampen:speelplekken</Name></FeatureType><FeatureType><Name>kampen:riolering</Name></FeatureType>
</FeatureTypeList></WFS_Capabilities>"""
PORTALS = {
    "arcgis": (b'{"services": [{"name": "Speelplekken"}], "folders": ["Riolering"]}', "Speelplekken"),
    "wfs": (CAPABILITIES, "kampen:speelplekken"),
    "opendatasoft": (b'{"results": [{"dataset_id": "buurthuizen"}]}', "buurthuizen"),
    "file": (b'{"dataset": [{"title": "Bankjes"}, {"title": "Riolering"}]}', "Bankjes"),
}


@pytest.mark.parametrize("protocol", PORTALS)
def test_a_portal_tells_which_of_its_layers_look_promising(protocol, server):
    content, promising = PORTALS[protocol]
    server.on("/portal", Reply(body=content))
    found = check_source(source(protocol, f"{server.url}/portal", use="portal", kind=None), server.door())
    assert (found.status, found.found) == ("fine", (promising,))


def test_a_portal_of_ckan_is_searched(server):
    server.on("/action/package_search", body({"success": True, "result": {"results": [{"name": "speelplekken-x"}]}}))
    found = check_source(source("ckan", f"{server.url}/action", use="portal", kind=None), server.door())
    assert found.found == ("speelplekken-x",)


@pytest.mark.parametrize("content", [b"<html>", b"{}", b'{"error": {"code": 499, "message": "Token Required"}}'])
@pytest.mark.parametrize("protocol", PORTALS)
def test_a_portal_that_lists_nothing_has_failed(protocol, content, server):
    server.on("/portal", Reply(body=content))
    found = check_source(source(protocol, f"{server.url}/portal", use="portal", kind=None), server.door())
    assert found.status == "failed"


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def one_source(server, tmp_path, monkeypatch):
    """A registry of one source on our server."""
    server.on("/items", body(collection(BENCHES[0], links=[])))
    made = source("ogc", f"{server.url}/items").model_dump(mode="json", exclude={"source_id"}, exclude_none=True)
    path = tmp_path / "sources.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "sources": {"kampen_benches": {**made, "hosts": []}}}))
    (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"private_hosts": [server.host]}))
    monkeypatch.setenv("MEETINGPLACES_ENDPOINTS", str(tmp_path / "endpoints.yaml"))
    monkeypatch.setattr("meetingplaces.storage.locations.sources_path", lambda: path)


@pytest.mark.usefixtures("one_source")
def test_the_command_lists_sources_and_says_which_nobody_has_seen(capsys):
    assert main(["sources"]) == 0
    assert capsys.readouterr().out == (
        "kampen_benches  GM0166  places, ogc: Banken (licence unknown; not yet seen)\n"
    )  # fmt: skip


@pytest.mark.usefixtures("one_source")
def test_the_command_checks_and_tells_what_it_found(capsys):
    assert main(["sources", "check"]) == 0
    assert capsys.readouterr().out == "kampen_benches: fine; it has NR, NAAM\n"


def test_the_command_tells_a_failure_in_a_sentence(server, one_source, capsys):
    server.on("/items", Reply(404, b"gone"))
    assert main(["sources", "check", "kampen_benches"]) == 0
    assert capsys.readouterr().out.startswith("kampen_benches: failed: Banken")


@pytest.mark.usefixtures("one_source")
def test_the_command_speaks_json(capsys):
    main(["sources", "check", "--json"])
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["status"], told["found"]) == ("fine", ["NR", "NAAM"])
    main(["sources", "--json"])
    assert json.loads(capsys.readouterr().out)[0]["source_id"] == "kampen_benches"


@pytest.mark.usefixtures("one_source")
def test_an_unknown_source_is_told_with_those_there_are(capsys):
    assert main(["sources", "check", "zutphen"]) == 1
    assert "kampen_benches" in capsys.readouterr().err
