"""Datasets of a municipality in `add` and `refresh`: fetched, merged with OpenStreetMap, and never in the way."""

import json

import pytest
from fault_server import FaultServer, Reply
from municipal_services import feature, source
from samples import MUNICIPALITY
from test_jobs import Online

from meetingplaces.model.municipal import Registry
from meetingplaces.model.progress import Silent
from meetingplaces.pipeline.jobs import add, refresh
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.jobs import last_job

LIBRARIES = [("1", "Bibliotheek Dorp West", 5.8911, 52.496), ("2", "Leeszaal Oost", 5.9065, 52.5015)]


def body(*rows: tuple[str, str, float, float]) -> Reply:
    return Reply(body=json.dumps({"type": "FeatureCollection", "features": [feature(*row) for row in rows]}).encode())


@pytest.fixture
def online(tmp_path, categories):
    with FaultServer() as server:
        town = Online(server, tmp_path, categories)
        server.on("/libraries.geojson", body(*LIBRARIES))
        facts = {"source_id": "driedorp_libraries", "municipalities": [MUNICIPALITY], "kind": "library"}
        dataset = source("file", f"{server.url}/libraries.geojson", **facts)
        town.shop.registry.by_id[dataset.source_id] = dataset
        yield town


def names(online) -> dict[str, str]:
    places = open_bundle(online.shop.data, MUNICIPALITY).places().set_index("place_id")
    return places.loc[places["category"] == "library", "name"].to_dict()


MERGED = {"osm/n10": "Bibliotheek Dorp West", "driedorp_libraries/2": "Leeszaal Oost"}


def test_add_merges_the_datasets_of_the_municipality_with_openstreetmap(online):
    outcome = add(MUNICIPALITY, online.shop, Silent())
    assert names(online) == MERGED
    told = {one.source_id: one for one in outcome.bundle.manifest.sources}["driedorp_libraries"]
    assert (told.attribution, told.url) == ("Bron: Gemeente Kampen", f"{online.server.url}/libraries.geojson")
    assert outcome.bundle.manifest.counts["municipal_merged"] == 1


def test_refreshing_only_the_municipal_data_asks_nobody_else(online):
    add(MUNICIPALITY, online.shop, Silent())
    online.server.on("/libraries.geojson", body(LIBRARIES[1]))
    asked = len(online.server.log)
    outcome = refresh(MUNICIPALITY, online.shop, Silent(), only=("municipal",))
    assert {one.path for one in online.server.log[asked:]} == {"/libraries.geojson"}
    assert outcome.done == ("municipal",)
    assert names(online) == {"osm/n10": "Bibliotheek West", "driedorp_libraries/2": "Leeszaal Oost"}


@pytest.mark.parametrize(
    "fault", [Reply(status=403), Reply(body=b"<html>storing</html>"), Reply(body=b'{"features": []}')]
)
def test_a_dataset_that_fails_is_told_and_what_was_kept_serves_on(online, fault):
    add(MUNICIPALITY, online.shop, Silent())
    online.server.on("/libraries.geojson", fault)
    outcome = refresh(MUNICIPALITY, online.shop, Silent())
    assert len(outcome.failures) == 1
    assert names(online) == MERGED
    attempts = last_job(online.shop.data, MUNICIPALITY).attempts
    assert attempts["driedorp_libraries"].error["code"] == outcome.failures[0].code
    assert attempts["osm"].error is None


def test_what_was_not_asked_is_not_told_as_an_attempt(online):
    add(MUNICIPALITY, online.shop, Silent())
    before = last_job(online.shop.data, MUNICIPALITY).attempts
    online.server.on("/libraries.geojson", Reply(status=403))
    refresh(MUNICIPALITY, online.shop, Silent(), only=["municipal"])
    after = last_job(online.shop.data, MUNICIPALITY).attempts
    assert {one for one in after if after[one] != before[one]} == {"driedorp_libraries"}


def test_a_dataset_that_never_answered_leaves_a_map_of_openstreetmap_alone(online):
    online.server.on("/libraries.geojson", Reply(status=403))
    outcome = add(MUNICIPALITY, online.shop, Silent())
    assert names(online) == {"osm/n10": "Bibliotheek West"}
    assert len(outcome.failures) == 1
    assert not outcome.bundle.manifest.has_municipal


def test_a_municipality_without_datasets_is_never_due_for_them(online):
    online.shop.registry.by_id.clear()
    add(MUNICIPALITY, online.shop, Silent())
    assert refresh(MUNICIPALITY, online.shop, Silent(), only=("municipal",)).done == ()
    assert isinstance(online.shop.registry, Registry)
