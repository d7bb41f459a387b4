"""A bundle that is not what it says is an error that names the file; what is unknown stays unknown."""

import json
import shutil
from dataclasses import replace
from hashlib import sha256

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from bundle_writer import CODE, content_of, facts_of
from pandas.testing import assert_frame_equal
from samples import EAST

from meetingplaces.model.bundle import COUNTS
from meetingplaces.model.errors import BundleBrokenError, BundleMissingError, NoWalkingError, SchemaError
from meetingplaces.model.groups import RESIDENT_COLUMNS
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.storage.bundle import list_bundles, open_bundle, write_bundle


@pytest.fixture
def copy(built_bundle, tmp_path):
    shutil.copytree(built_bundle.folder, tmp_path / CODE)
    return tmp_path


def changed(folder, **fields):
    path = folder / CODE / "bundle.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


# --- damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["places", "neighbourhoods", "supply", "homes", "entrances", "reach"])
def test_a_tampered_table_is_broken(copy, table):
    bundle = open_bundle(copy, CODE)
    path = bundle.folder / bundle.manifest.tables[table].name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleBrokenError) as told:
        getattr(bundle, table)()
    assert told.value.file == str(path)
    with pytest.raises(BundleBrokenError):
        bundle.check()


def without(bundle, table, lacking):
    """The same bundle as it was before these columns of a table were kept."""
    stored = bundle.manifest.tables[table]
    path = bundle.folder / stored.name
    getattr(bundle, table)().drop(columns=lacking).to_parquet(path, index=False)
    of_then = stored.model_copy(update={"sha256": sha256(path.read_bytes()).hexdigest()})
    tables = {**bundle.manifest.tables, table: of_then}
    return replace(bundle, manifest=bundle.manifest.model_copy(update={"tables": tables}))


def test_a_bundle_of_before_dogs_were_kept_says_that_it_does_not_know(copy):
    bundle = open_bundle(copy, CODE)
    now = bundle.places()
    then = without(bundle, "places", ["dogs"]).places()
    assert set(then["dogs"]) == {"unknown"}
    assert then.columns.tolist() == now.columns.tolist()


def test_in_a_bundle_of_before_children_and_young_people_were_kept_they_are_unknown_and_the_others_as_they_were(copy):
    bundle = open_bundle(copy, CODE)
    areas, homes = bundle.neighbourhoods(), bundle.homes()
    shares = ["residents_0_14_share", "residents_15_24_share"]
    people = [name for name in RESIDENT_COLUMNS if name.startswith(("residents_0_14", "residents_15_24"))]
    then = without(without(bundle, "neighbourhoods", shares), "homes", people)
    assert then.neighbourhoods()[shares].isna().all(axis=None)
    assert then.homes()[people].isna().all(axis=None)
    assert_frame_equal(then.neighbourhoods().drop(columns=shares), areas.drop(columns=shares))
    assert_frame_equal(then.homes().drop(columns=people), homes.drop(columns=people))


def test_a_bundle_without_the_share_of_older_residents_was_never_made_by_us(copy):
    broken = without(open_bundle(copy, CODE), "neighbourhoods", ["residents_65_plus_share"])
    with pytest.raises(SchemaError, match="residents_65_plus_share"):
        broken.neighbourhoods()


def test_a_missing_file_is_broken(copy):
    bundle = open_bundle(copy, CODE)
    bundle.drawing_path("shapes").unlink()
    with pytest.raises(BundleBrokenError, match="shapes"):
        bundle.check()


@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"[]", b"null", b"not json", b'{"schema_version": 2}', b"\xff\xfe", b"[" * 9000]
)
def test_a_junk_manifest_is_broken(copy, junk):
    (copy / CODE / "bundle.json").write_bytes(junk)
    with pytest.raises(BundleBrokenError) as told:
        open_bundle(copy, CODE)
    assert told.value.file.endswith("bundle.json")
    assert list_bundles(copy) == [CODE]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"schema_version": 9}, "schema_version"),
        ({"tables": {}}, "misses neighbourhoods, places, supply"),
        (
            {"tables": {"reach": {"name": "a.md", "sha256": "0" * 64, "size_bytes": 1}}},
            "misses barriers, edges, entrances, homes",
        ),
        ({"drawings": {}}, "misses background, outlines, shapes"),
        ({"counts": {"places": 1}}, "misses amenities"),
        ({"colour": "red"}, "colour"),
        ({"attribution": {"name": "../../etc/passwd", "sha256": "0" * 64, "size_bytes": 1}}, "attribution.name"),
        ({"attribution": {"name": "a.md", "sha256": "short", "size_bytes": 1}}, "attribution.sha256"),
        ({"municipality_code": "GM0001"}, "municipality_code"),
    ],
)
def test_a_manifest_that_says_something_odd_is_broken(copy, fields, named):
    changed(copy, **fields)
    with pytest.raises(BundleBrokenError, match=named):
        open_bundle(copy, CODE)


def test_no_bundle_is_missing_not_broken(tmp_path):
    with pytest.raises(BundleMissingError) as told:
        open_bundle(tmp_path, "GM0001")
    assert told.value.facts() == {"municipality_code": "GM0001", "folder": str(tmp_path)}
    assert list_bundles(tmp_path) == []
    assert list_bundles(tmp_path / "nowhere") == []


def test_only_folders_of_municipalities_with_a_manifest_are_bundles(copy):
    (copy / "GM0001").mkdir()
    (copy / "notes").mkdir()
    (copy / "notes" / "bundle.json").write_text("{}")
    (copy / "categories.yaml").write_text("x")
    assert list_bundles(copy) == [CODE]


# --- homes and streets ------------------------------------------------------------------------------------------------


def test_a_bundle_without_homes_and_streets_can_be_written_and_says_so_when_asked(built_bundle, tmp_path):
    facts = facts_of(built_bundle)
    facts["counts"] = {name: facts["counts"][name] for name in COUNTS}
    bundle = write_bundle(tmp_path, facts, replace(content_of(built_bundle, 0), walking=None))
    again = open_bundle(tmp_path, CODE)
    assert again.manifest == bundle.manifest
    assert not again.has_walking
    assert len(again.places()) == len(built_bundle.places())
    for table in (again.homes, again.entrances, again.reach, again.network, again.barriers, again.walking):
        with pytest.raises(NoWalkingError, match=CODE):
            table()


def test_a_manifest_with_homes_must_count_them(copy):
    changed(copy, counts=dict.fromkeys(COUNTS, 0))
    with pytest.raises(BundleBrokenError, match="misses homes, homes_not_joined"):
        open_bundle(copy, CODE)


@pytest.mark.parametrize("damage", ["fewer distances", "an edge too far", "an edge below none", "water in degrees"])
def test_walking_tables_that_do_not_fit_each_other_are_not_written(built_bundle, tmp_path, damage):
    walk = built_bundle.walking()
    if damage == "fewer distances":
        wrong = replace(walk, reach=pd.DataFrame({"library": np.zeros(len(walk.homes) + 1, dtype=np.float32)}))
    elif damage == "water in degrees":
        wrong = replace(walk, barriers=gpd.GeoDataFrame(geometry=[shapely.Point(5.9, 52.5)], crs=4326))
    else:
        edge = len(walk.network.edges) if damage == "an edge too far" else -2
        wrong = replace(walk, entrances=walk.entrances.assign(edge=np.int32(edge)))
    with pytest.raises(SchemaError):
        write_bundle(tmp_path, facts_of(built_bundle), replace(content_of(built_bundle, 0), walking=wrong))
    assert list(tmp_path.iterdir()) == []


# --- round trip -------------------------------------------------------------------------------------------------------


def test_what_is_unknown_is_unknown_after_a_round_trip(built_bundle):
    places = built_bundle.places().set_index("place_id")
    assert pd.isna(places.loc["osm/n13", "opening_hours"])
    assert places.loc["osm/n13", "wheelchair"] == "unknown"
    assert places.loc["osm/n10", "area_m2"] is pd.NA
    assert pd.isna(places.loc["osm/n10", "checked_on"])
    residents = built_bundle.neighbourhoods().set_index("neighbourhood_code")["residents_count"]
    assert residents[EAST] is pd.NA
    supply = built_bundle.supply()
    assert supply.loc[supply["area_code"] == EAST, "per_1000"].isna().all()


def test_tables_come_back_as_they_were_written(built_bundle, tmp_path):
    content = content_of(built_bundle, 0)
    bundle = write_bundle(tmp_path, facts_of(built_bundle), content)
    assert_frame_equal(bundle.places(), content.places)
    assert_frame_equal(bundle.neighbourhoods(), content.neighbourhoods)
    assert_frame_equal(bundle.supply(), content.supply)
    for name in ("homes", "entrances", "reach", "barriers"):
        assert_frame_equal(getattr(bundle, name)(), getattr(content.walking, name))
    assert np.array_equal(bundle.network().node_xy, content.walking.network.node_xy)


def test_a_bundle_without_any_place_can_be_written_and_read(built_bundle, tmp_path):
    content = content_of(built_bundle, 0)
    bundle = write_bundle(tmp_path, facts_of(built_bundle), replace(content, places=content.places.iloc[:0]))
    assert len(bundle.places()) == 0


# --- the bundle of Driedorp -------------------------------------------------------------------------------------------


def test_counts_of_the_manifest_are_those_of_the_tables(built_bundle):
    places, counts = built_bundle.places(), built_bundle.manifest.counts
    inside = places["neighbourhood_codes"].map(len) > 0
    restricted = places["access"].isin(RESTRICTED_ACCESS)
    assert counts["places"] == (inside & ~restricted & (places["weight"] != "amenity")).sum()
    assert counts["core"] == (inside & ~restricted & (places["weight"] == "core")).sum()
    assert counts["restricted"] == (inside & restricted & (places["weight"] != "amenity")).sum() == 1
    assert counts["amenities"] == (inside & (places["weight"] == "amenity")).sum()
    assert counts["outside"] == (~inside).sum() == 1
    assert counts["neighbourhoods_partly_outside_extent"] == 1


def test_every_loss_is_counted_with_its_reason(built_bundle):
    assert built_bundle.manifest.dropped == {
        "inside_school_grounds": 1,
        "outside_municipality": 1,
        "residential_care": 1,
    }
    assert built_bundle.manifest.repairs == {"extent_from_nodes": 1, "merged_area": 1}


def test_drawings_have_the_places_in_the_order_of_the_table_and_names_as_plain_data(built_bundle):
    drawn = json.loads(built_bundle.drawing_path("shapes").read_text())["places"]
    assert [place["place_id"] for place in drawn] == built_bundle.places()["place_id"].tolist()
    assert "Buurthuis <b>De Spil</b> & Co" in [place.get("name") for place in drawn]
    for place in drawn:
        assert not {"name", "opening_hours"} & {key for key, value in place.items() if value in (None, False, 0)}


def test_a_drawn_park_is_where_the_park_is(built_bundle):
    drawn = {
        place["place_id"]: place for place in json.loads(built_bundle.drawing_path("shapes").read_text())["places"]
    }
    ring = np.cumsum(np.array(drawn["osm/w30"]["rings"][0]).reshape(-1, 2), axis=0) / 100_000
    assert ring.min(axis=0).tolist() == pytest.approx([5.899, 52.4995])
    assert ring.max(axis=0).tolist() == pytest.approx([5.901, 52.501])
