"""The whole way for Kampen: `add` from an empty folder, with servers on this machine that hold the real data."""

import pytest
from fault_server import FaultServer, Reply
from geofabrik_standin import GeofabrikStandIn
from geopandas.testing import assert_geodataframe_equal
from overpass_standin import OverpassStandIn
from statline_standin import StatlineStandIn, health, key_figures

from meetingplaces.model.progress import Silent
from meetingplaces.pipeline.build import build
from meetingplaces.pipeline.jobs import Workshop, add
from meetingplaces.sources.endpoints import CbsEndpoints, Endpoints, GeofabrikEndpoints, OverpassEndpoints
from meetingplaces.storage.bundle import open_bundle


def _key_figures(server):
    """StatLine and RIVM with a little of Kampen."""
    statline = StatlineStandIn(server)
    statline.serve_year(2024, key_figures("GM0166", AantalInwoners=56_180, k_65JaarOfOuder=10_000))
    statline.serve("50150NED", health("GM0166", Eenzaam=(45.0, 44.0, 46.0)))
    return statline.endpoints


@pytest.fixture(scope="module")
def files(shared_data):
    return shared_data / "osm" / "kampen.osm.pbf", shared_data / "boundaries" / "kampen_buurten_2024_approx.geojson"


def test_kampen_from_nothing_is_the_same_as_kampen_built_from_the_files(files, tmp_path, categories):
    osm, areas = files
    quick = []

    def slowly(asked):
        quick.append(open_bundle(tmp_path / "data", "GM0166").places())
        return published

    with FaultServer() as server:
        server.on("/api/status", Reply(body=b"Rate limit: 0"))
        server.on("/api/interpreter", OverpassStandIn(osm).reply)
        server.on("/areas.geojson", Reply(body=areas.read_bytes()))
        geofabrik = GeofabrikStandIn(server, osm)
        published = Reply(body=osm.read_bytes())
        server.on(geofabrik.pbf, slowly)
        endpoints = Endpoints(
            private_hosts={server.host},
            overpass=OverpassEndpoints(mirrors=(server.url + "/api/interpreter",)),
            geofabrik=GeofabrikEndpoints(index=geofabrik.address),
            cbs=CbsEndpoints(areas=server.url + "/areas.geojson"),
            **_key_figures(server),
        )
        shop = Workshop(tmp_path / "data", tmp_path / "cache", server.door(), endpoints, categories)
        outcome = add("GM0166", shop, Silent())
    built = build("GM0166", osm, areas, tmp_path / "files", categories)
    assert_geodataframe_equal(quick[0], built.places(), check_less_precise=True)
    assert_geodataframe_equal(outcome.bundle.places(), built.places())
    assert outcome.bundle.manifest.counts == built.manifest.counts
    assert {"cbs", "rivm"} == set(outcome.bundle.figures()["source_id"].dropna()) - {"cbs_statline"}
