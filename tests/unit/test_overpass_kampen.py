"""Both doors to OpenStreetMap on the same data: recorded answers, Kampen and a small village."""

import gzip
import json
from pathlib import Path

import pytest
from fault_server import FaultServer, Reply
from geopandas.testing import assert_geodataframe_equal
from overpass_standin import OverpassStandIn
from samples import MUNICIPALITY, municipality_files

from meetingplaces.model.categories import Categories
from meetingplaces.model.progress import Silent
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.boxes import places_question
from meetingplaces.pipeline.build import Ingredients, extract_wishes, make_bundle
from meetingplaces.pipeline.facts import cbs_provenance, osm_provenance
from meetingplaces.sources.cbs_areas import read_areas
from meetingplaces.sources.osm_extract import read_extract
from meetingplaces.sources.overpass import Overpass
from meetingplaces.sources.overpass_answer import read_overpass
from meetingplaces.storage.bundle import Bundle


@pytest.fixture(scope="module")
def kampen(shared_data) -> OverpassStandIn:
    return OverpassStandIn(shared_data / "osm" / "kampen.osm.pbf")


@pytest.fixture(scope="module")
def recorded(shared_data) -> Path:
    folder = shared_data.parent / "contracts" / "samples" / "overpass-kampen"
    if not folder.is_dir():
        pytest.skip("the recorded answers (../shared/contracts) are not beside the repository")
    return folder


def by_id(body: bytes) -> dict[tuple[str, int], dict]:
    return {(element["type"], element["id"]): element for element in json.loads(body)["elements"]}


@pytest.mark.parametrize("name", ["body_geom_qt", "streets"])
def test_our_stand_in_answers_as_the_real_engine_did(kampen, recorded, name):
    path = next(recorded.glob(f"answer_{name}.json*"))
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert by_id(kampen.answer((recorded / f"query_{name}.ql").read_text())) == by_id(body)


def through_overpass(engine: OverpassStandIn, code: str, areas: Path, folder: Path, categories: Categories) -> Bundle:
    """The map-only bundle, asked for over HTTP."""
    snapshot = Snapshot.of_file(areas)
    cbs = read_areas(snapshot, code)
    question = places_question(cbs.neighbourhoods, categories)
    with FaultServer() as server:
        server.on("/api/status", Reply(body=b"Rate limit: 0"))
        server.on("/api/interpreter", engine.reply)
        overpass = Overpass(server.door(), (server.url + "/api/interpreter",), folder)
        osm = overpass.fetch(question, folder, "osm.zip")
    found = read_overpass(osm, question)
    ingredients = Ingredients(code, cbs, found, (osm_provenance(osm, found), cbs_provenance(snapshot, cbs)))
    return make_bundle(ingredients, folder / "quick", categories, Silent(), with_walking=False)


def through_extract(osm: Path, code: str, areas: Path, folder: Path, categories: Categories) -> Bundle:
    """The same from a file, read for a bundle with everything in it; the walk itself changes no place."""
    snapshot = Snapshot.of_file(osm)
    cbs, extract = read_areas(Snapshot.of_file(areas), code), read_extract(snapshot, extract_wishes(categories))
    ingredients = Ingredients(code, cbs, extract, (osm_provenance(snapshot, extract),))
    return make_bundle(ingredients, folder / "extract", categories, Silent(), with_walking=False)


def same_places(one: Bundle, other: Bundle) -> None:
    assert_geodataframe_equal(one.places(), other.places(), check_less_precise=True)
    counted = ("places", "core", "restricted", "amenities", "outside")
    assert [one.manifest.counts[key] for key in counted] == [other.manifest.counts[key] for key in counted]


def test_both_doors_give_the_same_places_of_kampen(kampen, shared_data, tmp_path, categories):
    areas = shared_data / "boundaries" / "kampen_buurten_2024_approx.geojson"
    extract = through_extract(shared_data / "osm" / "kampen.osm.pbf", "GM0166", areas, tmp_path, categories)
    quick = through_overpass(kampen, "GM0166", areas, tmp_path, categories)
    assert len(quick.places()) > 300
    same_places(quick, extract)
    assert not quick.has_walking


def test_both_doors_give_the_same_places_of_a_village(tmp_path, categories):
    osm, areas = municipality_files(tmp_path / "files")
    extract = through_extract(osm, MUNICIPALITY, areas, tmp_path, categories)
    quick = through_overpass(OverpassStandIn(osm), MUNICIPALITY, areas, tmp_path, categories)
    assert len(quick.places()) > 10
    same_places(quick, extract)
