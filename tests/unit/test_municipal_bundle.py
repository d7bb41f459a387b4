"""A bundle with municipal records, own lists and decisions, built by the real pipeline."""

import hashlib
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from own_list_samples import origin, own_list
from samples import MUNICIPALITY, municipality_files

from meetingplaces.cli import main
from meetingplaces.export.geojson import write_geojson
from meetingplaces.model.bundle import MUNICIPAL_COUNTS, MUNICIPAL_TABLES
from meetingplaces.model.errors import FormatError, SchemaError, UnknownOwnListError
from meetingplaces.model.own_list import OwnList
from meetingplaces.pipeline.build import build
from meetingplaces.pipeline.conflate import osm_layer
from meetingplaces.storage.bundle import Bundle, open_bundle
from meetingplaces.storage.decisions import decide, decisions_path, undo
from meetingplaces.storage.own_lists import keep_own_list, own_lists, remove_own_list
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.details import details_html
from meetingplaces.ui.loaded import LoadedBundle

TODAY = date(2026, 11, 22)


# In Driedorp stand the library "Bibliotheek West" at 5.891 52.496 and a buurthuis at 5.892 52.497 (see samples.py).
LIST = own_list(
    ("bieb", "library", "Bibliotheek Driedorp West", 5.8911, 52.496),
    ("twijfel", "neighbourhood_centre", "Kompas", 5.8921, 52.497),
    ("huis", "village_hall", "De <b>Nieuwe</b> Hof", 5.8955, 52.4985),
)


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "data"


def built(data: Path, categories) -> Bundle:
    osm, areas = municipality_files(data.parent / "files")
    return build(MUNICIPALITY, osm, areas, data, categories)


def test_a_bundle_without_municipal_records_has_no_trace_of_them(built_bundle):
    manifest = built_bundle.manifest
    assert MUNICIPAL_TABLES.isdisjoint(manifest.tables)
    assert set(MUNICIPAL_COUNTS).isdisjoint(manifest.counts)
    assert built_bundle.municipal().records.empty
    assert "Municipal" not in (built_bundle.folder / manifest.attribution.name).read_text(encoding="utf-8")


def test_an_accepted_list_is_in_every_next_bundle_until_it_is_removed(data, categories, built_bundle):
    keep_own_list(data, MUNICIPALITY, LIST)
    for _ in range(2):
        bundle = built(data, categories)
        places = bundle.places().set_index("place_id")
        assert places.loc["osm/n10", "name"] == "Bibliotheek Driedorp West"
        assert places.loc["own_buurthuizen/huis", "neighbourhood_codes"] == ["BU99990001"]
        assert bundle.manifest.counts["municipal_records"] == 3
        assert [one.source_id for one in bundle.manifest.sources] == ["osm", "cbs", "own_buurthuizen"]
    remove_own_list(data, MUNICIPALITY, "own_buurthuizen")
    assert built(data, categories).manifest.version == built_bundle.manifest.version


def test_the_records_and_who_says_what_can_be_read_back(data, categories):
    keep_own_list(data, MUNICIPALITY, LIST)
    content = built(data, categories).municipal()
    assert set(content.records["record_id"]) == set(LIST.records["record_id"])
    told = content.origins[content.origins["field"] == "name"].set_index("record_id")
    assert told.loc["osm/n10", ["value", "used", "differs"]].tolist() == ["Bibliotheek West", False, True]
    assert told.loc["own_buurthuizen/bieb", ["value", "data_as_of", "used"]].tolist() == [
        "Bibliotheek Driedorp West",
        "2026-11-01",
        True,
    ]


def test_the_layer_of_openstreetmap_can_be_taken_out_of_the_bundle(data, categories, built_bundle):
    keep_own_list(data, MUNICIPALITY, LIST)
    bundle = built(data, categories)
    layer = osm_layer(bundle.places(), bundle.municipal().origins).set_index("place_id").sort_index()
    alone = built_bundle.places().set_index("place_id").sort_index()
    assert layer.index.tolist() == alone.index.tolist()
    assert layer[["name", "address", "opening_hours", "phone", "records"]].equals(
        alone[["name", "address", "opening_hours", "phone", "records"]]
    )


def test_an_export_names_all_sources_of_a_place(data, categories):
    keep_own_list(data, MUNICIPALITY, LIST)
    bundle = built(data, categories)
    text = io.StringIO()
    write_geojson(bundle.places(), bundle.manifest, text)
    by_id = {one["properties"]["place_id"]: one["properties"] for one in json.loads(text.getvalue())["features"]}
    assert by_id["osm/n10"]["sources"] == ["osm", "own_buurthuizen"]
    assert by_id["own_buurthuizen/huis"]["sources"] == ["own_buurthuizen"]
    assert "Gemeente Driedorp" in by_id["own_buurthuizen/huis"]["attribution"]


def test_benches_of_the_municipality_make_a_seating_spot_with_a_name_of_its_own(data, categories):
    benches = [(f"{number}", "bench", None, 5.8905 + number * 0.0001, 52.504) for number in range(3)]
    keep_own_list(data, MUNICIPALITY, own_list(*benches))
    places = built(data, categories).places().set_index("place_id")
    assert places.loc["own_buurthuizen/g0", "amenity_ids"] == [f"own_buurthuizen/{number}" for number in range(3)]


def test_decisions_hold_through_every_build_and_undoing_restores_the_bundle(data, categories):
    keep_own_list(data, MUNICIPALITY, LIST)
    before = built(data, categories)
    path = decisions_path(data, MUNICIPALITY)
    decide(path, "accept", ("own_buurthuizen/twijfel", "osm/n11"), "", TODAY)
    decide(path, "hide", ("osm/n12",), "", TODAY)
    for _ in range(2):
        after = built(data, categories)
        places = after.places().set_index("place_id")
        assert places.loc["osm/n11", "records"] == ["osm/n11", "own_buurthuizen/twijfel"]
        assert "osm/n12" not in places.index
        assert after.manifest.dropped["hidden_by_decision"] == 1
    undo(path, 1, TODAY)
    undo(path, 2, TODAY)
    assert built(data, categories).manifest.version == before.manifest.version


def test_hiding_works_without_any_municipal_record(data, categories):
    decide(decisions_path(data, MUNICIPALITY), "hide", ("osm/n11",), "", TODAY)
    bundle = built(data, categories)
    assert "osm/n11" not in set(bundle.places()["place_id"])
    assert not bundle.manifest.has_municipal


def test_a_broken_file_of_decisions_stops_the_build_and_the_old_bundle_stays(data, categories):
    before = built(data, categories).manifest
    path = decisions_path(data, MUNICIPALITY)
    path.parent.mkdir(parents=True)
    path.write_text("- {oops\n", encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        built(data, categories)
    assert (caught.value.file, caught.value.where) == (str(path), "line 1")
    assert open_bundle(data, MUNICIPALITY).manifest == before


# --- own lists on disk ------------------------------------------------------------------------------------------------


def test_a_list_is_read_back_as_it_was_kept(data):
    keep_own_list(data, MUNICIPALITY, LIST)
    (found,) = own_lists(data, MUNICIPALITY)
    assert found.provenance == LIST.provenance
    assert found.records.drop(columns="geometry").equals(LIST.records.drop(columns="geometry"))
    assert found.records.distance(LIST.records).max() < 0.02


def test_a_list_under_the_same_name_replaces_the_old_one(data):
    keep_own_list(data, MUNICIPALITY, LIST)
    keep_own_list(data, MUNICIPALITY, own_list(("1", "library", "Nieuw", 5.89, 52.5)))
    assert [own.records["name"].tolist() for own in own_lists(data, MUNICIPALITY)] == [["Nieuw"]]


def test_removing_a_list_that_is_not_there_names_those_that_are(data):
    keep_own_list(data, MUNICIPALITY, LIST)
    with pytest.raises(UnknownOwnListError) as caught:
        remove_own_list(data, MUNICIPALITY, "../../secret")
    assert caught.value.present == "own_buurthuizen"


@pytest.mark.parametrize("source_id", ["osm", "own_../x", "zwolle_centres"])
def test_a_list_may_not_pass_for_another_source(data, source_id):
    with pytest.raises(SchemaError):
        keep_own_list(data, MUNICIPALITY, OwnList(origin(source_id), LIST.records))


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"provenance": {}, "features": []}', '{"provenance": 1, "features": 1}']
)
def test_a_broken_list_is_named(data, text):
    path = keep_own_list(data, MUNICIPALITY, LIST)
    path.write_text(text, encoding="utf-8")
    with pytest.raises((FormatError, SchemaError)) as caught:
        own_lists(data, MUNICIPALITY)
    assert caught.value.file == str(path)


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory, categories) -> Path:
    """A data folder with a bundle that has doubtful pairs; not to be changed."""
    data = tmp_path_factory.mktemp("reviewed") / "data"
    keep_own_list(data, MUNICIPALITY, LIST)
    built(data, categories)
    return data


def review(data: Path, capsys, *options: str) -> tuple[int, str, str]:
    code = main(["review", MUNICIPALITY, "--data", str(data), *options])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_review_lists_what_a_person_must_decide(reviewed, capsys):
    code, out, _ = review(reviewed, capsys)
    assert code == 0
    assert "1 doubtful pairs, 1 merged." in out
    assert "osm/n11 own_buurthuizen/twijfel: Buurthuis <b>De Spil</b> & Co | Kompas (6.8 m; other name, near)" in out


def test_review_as_json_has_pairs_and_decisions(reviewed, capsys):
    report = json.loads(review(reviewed, capsys, "--json")[1])
    (pair,) = report["doubtful"]
    assert (pair["place_id"], pair["record_id"], pair["weight"]) == ("osm/n11", "own_buurthuizen/twijfel", "core")
    assert [pair["record_id"] for pair in report["merged"]] == ["own_buurthuizen/bieb"]
    assert report["decisions"] == []


def test_what_was_decided_is_off_the_list_and_back_after_undoing(reviewed, capsys, tmp_path):
    data = shutil.copytree(reviewed, tmp_path / "data")
    pair = ("osm/n11", "own_buurthuizen/twijfel")
    assert "decision 1 written" in review(data, capsys, "--apart", *pair, "--why", "leeszaal is apart")[1]
    report = json.loads(review(data, capsys, "--json")[1])
    assert report["doubtful"] == []
    assert (report["decisions"][0]["decision"], report["decisions"][0]["why"]) == ("apart", "leeszaal is apart")
    assert json.loads(review(data, capsys, "--undo", "1", "--json")[1])["undone_on"] is not None
    assert len(json.loads(review(data, capsys, "--json")[1])["doubtful"]) == 1


def test_a_record_that_nobody_knows_is_not_decided_about(reviewed, capsys):
    code, _, err = review(reviewed, capsys, "--hide", "osm/n424242")
    assert code == 1
    assert "osm/n424242" in err
    assert not decisions_path(reviewed, MUNICIPALITY).exists()


def test_the_same_input_makes_the_same_bundle(reviewed, categories, tmp_path):
    keep_own_list(tmp_path / "data", MUNICIPALITY, LIST)
    names = [file.sha256 for file in built(tmp_path / "data", categories).manifest.stored_files()]
    assert names == [file.sha256 for file in open_bundle(reviewed, MUNICIPALITY).manifest.stored_files()]
    assert hashlib.sha256(b"").hexdigest() not in names


# --- the place card ---------------------------------------------------------------------------------------------------


def test_the_place_card_tells_what_the_municipality_and_openstreetmap_each_say(reviewed, categories):
    loaded = LoadedBundle.of(open_bundle(reviewed, MUNICIPALITY))
    row = loaded.places.index[loaded.places["place_id"] == "osm/n10"][0]
    page = details_html(loaded, row, "", categories, catalogue("nl"))
    both = "Gemeente Driedorp zegt Bibliotheek Driedorp West (01-11-2026); OpenStreetMap zegt Bibliotheek West"
    assert f"<dt>Bronnen verschillen</dt><dd>Naam: {both}" in page
    assert "Gemeente Driedorp, gegevens van 01-11-2026; OpenStreetMap" in page


def test_the_card_of_a_place_that_only_the_municipality_knows_does_not_name_openstreetmap(reviewed, categories):
    loaded = LoadedBundle.of(open_bundle(reviewed, MUNICIPALITY))
    row = loaded.places.index[loaded.places["place_id"] == "own_buurthuizen/huis"][0]
    page = details_html(loaded, row, "", categories, catalogue("nl"))
    assert "OpenStreetMap" not in page
    assert "Bronnen verschillen" not in page
    assert "De &lt;b&gt;Nieuwe&lt;/b&gt; Hof" in page
