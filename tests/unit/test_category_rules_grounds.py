"""What stands in school, day-care and club grounds, and green that needs a name or a seat."""

import pytest
from samples import CORNERS, all_categories, classified, kind_of

from meetingplaces.pipeline.amenities import enrich

SCHOOL = "w31 Tamenity=school Nn31,n32,n33,n34,n31"


@pytest.mark.parametrize("ground", ["amenity=school", "amenity=kindergarten", "amenity=childcare", "landuse=education"])
def test_a_playground_inside_a_school_or_day_care_is_not_public(tmp_path, ground):
    around = f"w31 T{ground} Nn31,n32,n33,n34,n31"
    assert kind_of(tmp_path, "leisure=playground", "tiny", around) == "dropped: inside_school_grounds"


def test_a_playground_inside_a_school_that_says_it_is_open_is_public(tmp_path):
    assert kind_of(tmp_path, "leisure=playground,access=yes", "tiny", SCHOOL) == "playground core outdoor public"


def test_a_playground_beside_a_school_is_public(tmp_path):
    beside = "w31 Tamenity=school Nn11,n12,n13,n14,n11\nn98 x5.901 y52.501 Tleisure=playground"
    found = classified(tmp_path, CORNERS + beside)
    assert found.places["place_id"].tolist() == ["osm/n98"]


def test_a_school_mapped_as_a_point_has_no_grounds(tmp_path):
    assert kind_of(tmp_path, "leisure=playground", "tiny", "n98 x5.9 y52.5 Tamenity=school").startswith("playground")


@pytest.mark.parametrize(
    "tags",
    ["amenity=bench", "leisure=pitch,sport=table_tennis", "leisure=pitch,sport=basketball", "leisure=picnic_table"],
)
def test_a_bench_or_table_on_a_schoolyard_is_not_public(tmp_path, tags):
    assert kind_of(tmp_path, tags, around=SCHOOL) == "dropped: inside_school_grounds"


@pytest.mark.parametrize("sport", ["soccer", "boules", "table_tennis"])
def test_a_pitch_inside_a_sports_centre_is_the_clubs(tmp_path, sport):
    around = "w31 Tleisure=sports_centre Nn31,n32,n33,n34,n31"
    assert kind_of(tmp_path, f"leisure=pitch,sport={sport}", around=around) == "dropped: inside_club_grounds"


def enriched(folder, tags, around=""):
    found = classified(folder, CORNERS + f"w99 T{tags} Nn21,n22,n23,n24,n21\n" + around)
    places, dropped = enrich(found.places, all_categories())
    return "osm/w99" in set(places["place_id"]), dict(dropped)


@pytest.mark.parametrize("tags", ["leisure=park", "leisure=garden,access=yes"])
def test_small_green_without_name_or_seat_is_dropped_and_counted(tmp_path, tags):
    assert enriched(tmp_path, tags) == (False, {"plantsoen_without_name_or_seat": 1})


def test_small_green_with_a_name_is_a_plantsoen(tmp_path):
    assert enriched(tmp_path, "leisure=park,name=Groenhof") == (True, {})


@pytest.mark.parametrize("seat", ["amenity=bench", "leisure=picnic_table"])
def test_small_green_with_somewhere_to_sit_is_a_plantsoen(tmp_path, seat):
    assert enriched(tmp_path, "leisure=park", f"n98 x5.9 y52.5 T{seat}") == (True, {})
    assert enriched(tmp_path, "leisure=park,bench=yes") == (True, {})


def test_a_seat_for_members_does_not_make_a_plantsoen(tmp_path):
    seat = "n98 x5.9 y52.5 Tamenity=bench,access=members"
    assert enriched(tmp_path, "leisure=park", seat) == (False, {"plantsoen_without_name_or_seat": 1})


def test_a_large_park_needs_neither_name_nor_seat(tmp_path):
    found = classified(tmp_path, CORNERS + "w99 Tleisure=park Nn31,n32,n33,n34,n31")
    assert found.places["category"].tolist() == ["park"]
