"""Municipal records meet the places of OpenStreetMap."""

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from made_records import MadeSource, made_places, quality, second_source
from samples import all_categories

from meetingplaces.model.conflation import load_conflation
from meetingplaces.model.decisions import Decision
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.places import check_places
from meetingplaces.model.records import check_records, records_table
from meetingplaces.pipeline.attributes import attributes_of
from meetingplaces.pipeline.classify import places_table
from meetingplaces.pipeline.conflate import Conflated, conflate, osm_layer
from meetingplaces.storage.locations import conflation_path

RULES = load_conflation(conflation_path())
CATEGORIES = all_categories()


def place(identity: str, kind: str, shape, tags: dict[str, str] | None = None):
    category = CATEGORIES.by_key[kind]
    place_id = f"osm/{identity}"
    return {
        **attributes_of(tags or {}, category), "place_id": place_id, "category": kind, "weight": category.weight,
        "access": category.access, "near_street": None, "amenity_ids": [], "neighbourhood_codes": [],
        "records": [place_id], "area_m2": shape.area or pd.NA, "last_edit_on": "2023-05-01", "geometry": shape,
    }  # fmt: skip


def record(identity: str, kind: str, shape, source: str = "zwolle", **texts: str):
    return {"record_id": f"{source}/{identity}", "source_id": source, "kind": kind, "geometry": shape, **texts}


def at(x: float, y: float = 0.0) -> shapely.Point:
    return shapely.Point(200_000 + x, 500_000 + y)


def block(x: float, size: float) -> shapely.Polygon:
    return shapely.box(200_000 + x, 500_000, 200_000 + x + size, 500_000 + size)


def met(places: list, records: list, *decisions: Decision) -> Conflated:
    found = conflate(places_table(places), check_records(records_table(records), "test"), decisions, CATEGORIES, RULES)
    check_places(found.places, "test")
    found.municipal.checked("test")
    return found


def decided(number: int, decision: str, *who: str) -> Decision:
    pair = dict(zip(("first", "second"), who, strict=False))
    return Decision(number=number, decision=decision, decided_on="2026-11-22", **pair)


def merged(found: Conflated) -> dict[str, str]:
    pairs = found.municipal.pairs
    return dict(pairs[pairs["verdict"] == "merged"][["record_id", "place_id"]].to_numpy().tolist())


def doubtful(found: Conflated) -> dict[str, str]:
    pairs = found.municipal.pairs
    return dict(pairs[pairs["verdict"] == "doubtful"][["record_id", "place_id"]].to_numpy().tolist())


SPIL = {"name": "Buurthuis De Spil", "phone": "+31 38 123 45 67", "wheelchair": "yes"}


def test_a_place_known_to_both_becomes_one_that_lists_both_records():
    found = met(
        [place("n1", "neighbourhood_centre", at(0), SPIL)], [record("7", "village_hall", at(40), name="De Spil")]
    )
    (one,) = found.places.itertuples()
    assert (one.place_id, one.records) == ("osm/n1", ["osm/n1", "zwolle/7"])


def test_the_municipality_has_the_word_on_the_name_and_openstreetmap_on_shape_and_wheelchairs():
    ours = place("w1", "neighbourhood_centre", block(0, 20), SPIL)
    found = met(
        [ours], [record("7", "village_hall", at(30), name="Wijkcentrum De Spil", opening_hours="Mo 10:00-12:00")]
    )
    (one,) = found.places.itertuples()
    assert (one.name, one.opening_hours) == ("Wijkcentrum De Spil", "Mo 10:00-12:00")
    assert (one.category, one.wheelchair, one.geometry) == ("neighbourhood_centre", "yes", ours["geometry"])


def test_what_the_municipality_does_not_know_stays_as_openstreetmap_has_it():
    found = met(
        [place("n1", "neighbourhood_centre", at(0), SPIL)], [record("7", "village_hall", at(4), name="De Spil")]
    )
    assert found.places["phone"].tolist() == ["+31 38 123 45 67"]


def test_every_field_knows_who_says_so_and_of_when_and_contradictions_are_kept():
    said = record("7", "village_hall", at(4), name="De Spil", phone="038-1234568", data_as_of="2026-02-01")
    origins = met([place("n1", "neighbourhood_centre", at(0), SPIL)], [said]).municipal.origins
    told = origins[origins["field"] == "phone"].set_index("record_id")
    assert told.loc["zwolle/7", ["value", "data_as_of", "used", "differs"]].tolist() == [
        "038-1234568",
        "2026-02-01",
        True,
        False,
    ]
    assert told.loc["osm/n1", ["value", "data_as_of", "used", "differs"]].tolist() == [
        "+31 38 123 45 67",
        "2023-05-01",
        False,
        True,
    ]
    assert set(origins["field"]) == {"name", "phone", "category", "wheelchair", "geometry"}


def test_the_same_phone_and_address_in_another_spelling_are_no_contradiction():
    tags = SPIL | {"addr:street": "Oudestraat", "addr:housenumber": "12", "website": "https://www.despil.nl/"}
    same = {"phone": "038 1234567", "address": "oudestr. 12, 8000 AA Zwolle", "website": "http://despil.nl"}
    found = met(
        [place("n1", "neighbourhood_centre", at(0), tags)],
        [record("7", "neighbourhood_centre", at(4), name="buurthuis de spil", **same)],
    )
    assert found.counts["municipal_conflicts"] == 0
    assert found.places["address"].tolist() == ["oudestr. 12, 8000 AA Zwolle"]


def test_of_two_official_records_the_newer_one_has_the_word():
    records = [
        record("1", "library", at(1), name="Bieb Oost Beta", data_as_of="2025-01-01"),
        record("1", "library", at(2), "alkmaar", name="Bieb Beta Oost", data_as_of="2024-01-01"),
    ]
    found = met([place("n1", "library", at(0), {"name": "Oost Beta"})], records)
    assert found.places["name"].tolist() == ["Bieb Oost Beta"]
    assert found.places["records"].tolist() == [["osm/n1", "alkmaar/1", "zwolle/1"]]


def test_a_place_that_only_the_municipality_knows_is_put_on_the_map_with_its_own_record():
    found = met([], [record("7", "village_hall", block(0, 10), name="De Spil", website="https://despil.nl")])
    (one,) = found.places.itertuples()
    assert (one.place_id, one.records, one.access, one.area_m2) == ("zwolle/7", ["zwolle/7"], "assumed_public", 100)
    assert (one.website, one.wheelchair, one.inferred) == ("https://despil.nl", "unknown", False)
    assert found.counts == {
        "municipal_records": 1,
        "municipal_merged": 0,
        "municipal_added": 1,
        "municipal_doubtful": 0,
        "municipal_conflicts": 0,
    }


def test_records_of_different_kinds_in_one_building_stay_two_places():
    found = met(
        [place("n1", "library", at(0), {"name": "De Spil"})], [record("7", "village_hall", at(0), name="De Spil")]
    )
    assert len(found.places) == 2
    assert found.municipal.pairs.empty


def test_three_benches_in_a_row_meet_three_benches_in_a_row_each_its_own():
    ours = [place(f"n{number}", "bench", at(6 * number)) for number in range(3)]
    theirs = [record(f"{number}", "bench", at(6 * number + 0.8, 0.5)) for number in range(3)]
    assert merged(met(ours, theirs)) == {"zwolle/0": "osm/n0", "zwolle/1": "osm/n1", "zwolle/2": "osm/n2"}


def test_benches_in_a_row_of_which_one_source_has_more_are_not_merged():
    ours = [place(f"n{number}", "bench", at(3 * number)) for number in range(2)]
    theirs = [record(f"{number}", "bench", at(3 * number + 0.8)) for number in range(3)]
    found = met(ours, theirs)
    assert merged(found) == {}
    assert len(found.places) == 5


def test_a_row_that_is_shifted_by_half_a_step_is_for_a_person_to_decide():
    ours = [place(f"n{number}", "bench", at(6 * number)) for number in range(3)]
    theirs = [record(f"{number}", "bench", at(6 * number + 2.9)) for number in range(3)]
    found = met(ours, theirs)
    assert merged(found) == {}
    assert set(doubtful(found)) == {"zwolle/0", "zwolle/1", "zwolle/2"}


def test_two_places_with_one_name_side_by_side_are_for_a_person_to_decide():
    ours = [
        place("n1", "playground", at(0), {"name": "Kerkstraat"}),
        place("n2", "playground", at(9), {"name": "Kerkstraat"}),
    ]
    found = met(ours, [record("7", "playground", at(5), name="Speelplaats Kerkstraat")])
    assert merged(found) == {}
    assert set(doubtful(found)) == {"zwolle/7"}


def test_a_renamed_building_at_the_same_address_is_for_a_person_to_decide():
    tags = {"name": "De Oude Naam", "addr:street": "Dorpsweg", "addr:housenumber": "3"}
    found = met(
        [place("n1", "village_hall", at(0), tags)],
        [record("7", "village_hall", at(60), name="Kulturhus Wilsum", address="Dorpsweg 3, 8274AG Wilsum")],
    )
    assert doubtful(found) == {"zwolle/7": "osm/n1"}
    assert found.municipal.pairs["reasons"].tolist() == [["name_other", "same_address"]]


def test_nameless_areas_are_one_when_they_have_the_same_shape_and_not_when_they_only_touch():
    ours = [place("w1", "park", block(0, 100))]
    same = met(ours, [record("7", "park", block(5, 100))])
    beside = met(ours, [record("7", "park", block(100, 100))])
    assert merged(same) == {"zwolle/7": "osm/w1"}
    assert merged(beside) == {}


def test_a_point_in_a_nameless_playground_is_that_playground():
    found = met([place("w1", "playground", block(0, 30))], [record("7", "play_garden", at(15, 15), name="De Wip")])
    assert merged(found) == {"zwolle/7": "osm/w1"}
    assert found.places["name"].tolist() == ["De Wip"]


def test_a_kind_we_do_not_show_is_left_out_and_counted():
    found = met([], [record("7", "town_hall", at(0)), record("8", "street_lamp", at(0))])
    assert found.dropped == {"municipal_kind_not_shown": 1}


def test_a_kind_we_do_not_know_is_an_error_that_names_the_record():
    with pytest.raises(SchemaError, match="zwolle/7") as caught:
        met([], [record("7", "spaceport", at(0))])
    assert caught.value.found == "spaceport"


# --- decisions --------------------------------------------------------------------------------------------------------

APART = [place("n1", "village_hall", at(0), {"name": "Noord"}), place("n2", "village_hall", at(500), {"name": "Oost"})]


def test_what_a_person_calls_the_same_is_merged_however_unlike():
    found = met(APART, [record("7", "village_hall", at(900), name="Zuid")], decided(1, "accept", "zwolle/7", "osm/n2"))
    assert merged(found) == {"zwolle/7": "osm/n2"}
    assert found.municipal.pairs["reasons"].tolist() == [["decided"]]
    assert found.places["name"].tolist() == ["Noord", "Zuid"]


def test_what_a_person_keeps_apart_is_never_merged_nor_asked_again():
    found = met(APART, [record("7", "village_hall", at(0), name="Noord")], decided(1, "apart", "osm/n1", "zwolle/7"))
    assert found.municipal.pairs.empty
    assert len(found.places) == 3


def test_records_kept_apart_do_not_meet_on_the_place_that_one_of_them_is_on():
    records = [
        record("1", "village_hall", at(0), "alkmaar", name="Noord"),
        record("7", "village_hall", at(1), name="Noord"),
    ]
    found = met(APART, records, decided(1, "apart", "alkmaar/1", "zwolle/7"))
    assert merged(found) == {"alkmaar/1": "osm/n1"}


def test_of_two_decisions_about_a_pair_the_later_one_holds():
    records = [record("7", "village_hall", at(0), name="Noord")]
    found = met(APART, records, decided(2, "accept", "zwolle/7", "osm/n1"), decided(1, "apart", "osm/n1", "zwolle/7"))
    assert merged(found) == {"zwolle/7": "osm/n1"}


def test_hiding_a_record_takes_it_off_the_map_and_leaves_its_twin():
    records = [record("7", "village_hall", at(0), name="Noord")]
    found = met(APART, records, decided(1, "hide", "zwolle/7"))
    assert found.places["place_id"].tolist() == ["osm/n1", "osm/n2"]
    assert found.dropped == {"hidden_by_decision": 1}
    assert met(APART, records, decided(1, "hide", "osm/n1")).places["place_id"].tolist() == ["osm/n2", "zwolle/7"]


def test_two_records_of_one_source_that_a_person_calls_the_same_share_a_place():
    records = [record("7", "village_hall", at(900), name="Zuid"), record("8", "village_hall", at(905), name="Zuid")]
    found = met(APART, records, decided(1, "accept", "zwolle/7", "zwolle/8"))
    assert found.places["records"].tolist() == [["osm/n1"], ["osm/n2"], ["zwolle/7", "zwolle/8"]]


def test_a_decision_about_a_record_that_is_gone_waits_and_does_no_harm():
    waiting = [
        decided(1, "accept", "zwolle/9", "osm/n1"),
        decided(2, "apart", "zwolle/9", "osm/n2"),
        decided(3, "hide", "zwolle/9"),
    ]
    assert_geodataframe_equal(met(APART, [], *waiting).places, places_table(APART))


# --- properties -------------------------------------------------------------------------------------------------------


def made(seed: int, count: int = 60) -> MadeSource:
    return second_source(made_places(count, seed, CATEGORIES), seed + 1)


def conflated(source: MadeSource, *decisions: Decision) -> Conflated:
    return conflate(source.places, source.records, decisions, CATEGORIES, RULES)


def same(one: Conflated, two: Conflated) -> bool:
    tables = zip(
        (one.places, one.municipal.origins, one.municipal.pairs),
        (two.places, two.municipal.origins, two.municipal.pairs), strict=True,
    )  # fmt: skip
    return all(first.equals(second) for first, second in tables) and one.counts == two.counts


SEEDS = st.integers(0, 10_000)


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_conflating_with_nothing_changes_nothing(seed):
    places = made(seed).places
    assert_geodataframe_equal(conflate(places, records_table([]), [], CATEGORIES, RULES).places, places)


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_input_does_not_matter(seed):
    source, chance = made(seed), np.random.default_rng(seed)
    shuffled = source.records.iloc[chance.permutation(len(source.records))].reset_index(drop=True)
    turned = source.places.iloc[chance.permutation(len(source.places))].reset_index(drop=True)
    one, two = conflated(source), conflate(turned, shuffled, [], CATEGORIES, RULES)
    assert one.municipal.pairs.equals(two.municipal.pairs)
    assert one.municipal.origins.equals(two.municipal.origins)
    by_id = [found.places.set_index("place_id").sort_index() for found in (one, two)]
    assert by_id[0].equals(by_id[1])


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_the_layer_of_openstreetmap_comes_out_as_it_went_in(seed):
    source = made(seed)
    found = conflated(source)
    assert_geodataframe_equal(osm_layer(found.places, found.municipal.origins), source.places)
    again = conflate(osm_layer(found.places, found.municipal.origins), found.municipal.records, [], CATEGORIES, RULES)
    assert same(found, again)


@given(SEEDS, st.data())
@settings(max_examples=5, deadline=None)
def test_deciding_and_undoing_restores(seed, data):
    source = made(seed)
    before = conflated(source)
    pair = data.draw(st.sampled_from(range(len(before.municipal.pairs))))
    who = before.municipal.pairs.loc[pair, ["place_id", "record_id"]].tolist()
    verb = data.draw(st.sampled_from(["accept", "apart", "hide"]))
    decision = decided(1, verb, *(who[:1] if verb == "hide" else who))
    after = conflated(source, decision)
    assert ((after.municipal.pairs[["place_id", "record_id"]] == who).all(axis=1).any()) == (verb == "accept")
    assert same(conflated(source, decision.model_copy(update={"undone_on": decision.decided_on})), before)


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_no_record_is_lost_and_none_is_on_two_places(seed):
    source = made(seed)
    found = conflated(source)
    members = sorted(one for own in found.places["records"] for one in own)
    assert members == sorted([*source.places["place_id"], *source.records["record_id"]])


def test_fewer_than_one_in_a_hundred_merges_is_false():
    found = [quality(source, conflated(source).municipal.pairs) for source in (made(seed, 1500) for seed in range(3))]
    assert sum(one.merged for one in found) > 2000
    assert sum(one.false for one in found) < 0.01 * sum(one.merged for one in found)
    assert all(one.recall > 0.7 for one in found)
