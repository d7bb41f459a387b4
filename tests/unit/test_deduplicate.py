"""One place mapped twice becomes one place; two places stay two."""

import pandas as pd
import pytest
from samples import CORNERS, places_of

from meetingplaces.pipeline.deduplicate import deduplicate

SMALL, LARGE = "Nn21,n22,n23,n24,n21", "Nn31,n32,n33,n34,n31"


@pytest.fixture
def merged(tmp_path):
    def of(text: str):
        places, counted = deduplicate(places_of(tmp_path, CORNERS + text))
        return places.set_index("place_id", drop=False).sort_index(), dict(counted)

    return of


def test_a_relation_and_its_outer_way_are_one_place_known_by_the_relation(merged):
    places, counted = merged(f"w1 Tleisure=park,name=Stadspark {LARGE}\nr2 Ttype=multipolygon,leisure=park Mw1@outer")
    assert places["place_id"].tolist() == ["osm/r2"]
    assert places.loc["osm/r2", "records"] == ["osm/r2", "osm/w1"]
    assert places.loc["osm/r2", "name"] == "Stadspark"
    assert counted == {"merged_area": 1}


def test_a_relation_without_its_pond_and_its_outer_way_are_one_place_also_when_only_the_way_is_as_big_as_a_park(merged):
    outer = """
    n91 x5.8993 y52.4995
    n92 x5.9007 y52.4995
    n93 x5.9007 y52.5005
    n94 x5.8993 y52.5005
    w1 Tleisure=park,name=Vijverhof Nn91,n92,n93,n94,n91
    w3 Tnatural=water Nn11,n12,n13,n14,n11
    r2 Ttype=multipolygon,leisure=park,name=Vijverhof Mw1@outer,w3@inner
    """
    places, _ = merged(outer)
    assert places["place_id"].tolist() == ["osm/r2"]
    assert places["area_m2"].iloc[0] < 10_000


def test_a_square_takes_in_its_pedestrian_area(merged):
    places, counted = merged(
        f"w1 Tplace=square,name=Markt {LARGE}\nw2 Thighway=pedestrian,area=yes,wheelchair=yes {SMALL}"
    )
    assert places["category"].tolist() == ["square"]
    assert places.loc["osm/w1", "wheelchair"] == "yes"
    assert counted == {"merged_area": 1}


def test_a_square_is_kept_also_when_its_pedestrian_area_sticks_out(merged):
    places, _ = merged(f"w1 Tplace=square,name=Markt {SMALL}\nw2 Thighway=pedestrian,area=yes {SMALL}")
    assert places["category"].tolist() == ["square"]


def test_a_nameless_pedestrian_area_with_the_point_of_a_square_in_it_is_that_square(merged):
    places, counted = merged(
        f"w1 Thighway=pedestrian,area=yes {SMALL}\nn9 x5.9 y52.5 Tplace=square,name=Grote%20%Markt"
    )
    kept = places.loc["osm/w1"]
    assert (kept["category"], kept["weight"], kept["inferred"]) == ("square", "core", False)
    assert kept["name"] == "Grote Markt"
    assert counted == {"merged_node_in_area": 1}


def test_a_node_inside_the_building_that_is_the_same_place_is_merged_and_fills_what_was_unknown(merged):
    places, counted = merged(
        f"w1 Tamenity=library,building=yes,fee=no {SMALL}\n"
        "n9 x5.9 y52.5 Tamenity=library,name=Bieb,opening_hours=24/7,wheelchair=limited,fee=yes,access=yes"
    )
    kept = places.loc["osm/w1"]
    assert len(places) == 1
    assert kept[["name", "opening_hours", "wheelchair", "fee"]].tolist() == ["Bieb", "24/7", "limited", "no"]
    assert kept["records"] == ["osm/w1", "osm/n9"]
    assert counted == {"merged_node_in_area": 1}


def test_whether_a_dog_may_come_is_taken_over_from_the_twin_that_says_so(merged):
    places, _ = merged(f"w1 Tleisure=playground {SMALL}\nn9 x5.9 y52.5 Tleisure=playground,dog=no")
    assert places.loc["osm/w1", "dogs"] == "no"


def test_what_is_said_beats_what_is_assumed(merged):
    places, _ = merged(f"w1 Tleisure=playground {SMALL}\nn9 x5.9 y52.5 Tleisure=playground,fee=yes,access=customers")
    assert places.loc["osm/w1", ["fee", "access"]].tolist() == ["yes", "customers"]
    places, _ = merged(f"w1 Tleisure=playground,access=yes,fee=no {SMALL}\nn9 x5.9 y52.5 Tleisure=playground")
    assert places.loc["osm/w1", ["fee", "access"]].tolist() == ["no", "public"]


def test_a_node_in_the_building_with_another_name_is_another_place(merged):
    places, counted = merged(
        f"w1 Tamenity=place_of_worship,name=Bovenkerk {SMALL}\nn9 x5.9 y52.5 Tamenity=place_of_worship,name=Kapel"
    )
    assert (len(places), counted) == (2, {})


def test_names_that_differ_in_capitals_and_dashes_do_not_contradict(merged):
    places, _ = merged(
        f"w1 Tamenity=place_of_worship,name=Sint-Jan {SMALL}\nn9 x5.9 y52.5 Tamenity=place_of_worship,name=SINT%20%JAN"
    )
    assert len(places) == 1


def test_a_nameless_building_takes_in_one_of_two_cafes_and_the_other_stays(merged):
    places, _ = merged(
        f"w1 Tamenity=cafe,building=yes {SMALL}\n"
        "n8 x5.9 y52.5 Tamenity=cafe,name=De%20%Unie\nn9 x5.9001 y52.5 Tamenity=cafe,name=Why%20%Not"
    )
    assert sorted(places["name"]) == ["De Unie", "Why Not"]


def test_a_node_of_another_kind_in_the_building_stays(merged):
    places, counted = merged(f"w1 Tamenity=library {SMALL}\nn9 x5.9 y52.5 Tamenity=cafe")
    assert (len(places), counted) == (2, {})


def test_a_node_outside_the_building_stays(merged):
    places, _ = merged(f"w1 Tamenity=library {SMALL}\nn9 x5.91 y52.5 Tamenity=library")
    assert len(places) == 2


def test_a_small_nameless_playground_inside_a_large_one_stays(merged):
    places, _ = merged(f"w1 Tleisure=playground {LARGE}\nw2 Tleisure=playground {SMALL}")
    assert len(places) == 2


def test_a_nameless_playground_with_the_point_of_a_speeltuin_in_it_is_that_speeltuin(merged):
    places, _ = merged(f"w1 Tleisure=playground {SMALL}\nn9 x5.9 y52.5 Tleisure=playground,name=Speeltuin%20%De%20%Wip")
    assert places["category"].tolist() == ["play_garden"]


def test_two_playgrounds_beside_each_other_stay_two(merged):
    places, _ = merged(
        f"w1 Tleisure=playground {SMALL}\nn95 x5.9020 y52.4996\nn96 x5.9020 y52.5004\n"
        "w2 Tleisure=playground Nn22,n95,n96,n23,n22"
    )
    assert len(places) == 2


def test_relation_way_and_node_of_one_park_become_one(merged):
    places, counted = merged(
        f"w1 Tleisure=park {LARGE}\nr2 Ttype=multipolygon,leisure=park Mw1@outer\n"
        "n9 x5.9 y52.5 Tleisure=park,name=Stadspark"
    )
    assert places["place_id"].tolist() == ["osm/r2"]
    assert set(places.loc["osm/r2", "records"]) == {"osm/r2", "osm/w1", "osm/n9"}
    assert counted == {"merged_area": 1, "merged_node_in_area": 1}


def test_nothing_in_nothing_out(tmp_path):
    places, counted = deduplicate(places_of(tmp_path, "n1 x5.9 y52.5"))
    assert (len(places), dict(counted)) == (0, {})


def test_unknown_in_both_stays_unknown(merged):
    places, _ = merged(f"w1 Tamenity=library {SMALL}\nn9 x5.9 y52.5 Tamenity=library")
    assert places.loc["osm/w1", ["wheelchair", "fee"]].tolist() == ["unknown", "unknown"]
    assert pd.isna(places.loc["osm/w1", "opening_hours"])
