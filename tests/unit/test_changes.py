"""What changed between two tables of places."""

import pytest
from samples import places_of

from meetingplaces.pipeline.changes import changes

BEFORE = """
n1 x5.9 y52.5 Tamenity=library,name=Bieb
n2 x5.91 y52.5 Tleisure=playground
n3 x5.92 y52.5 Tamenity=community_centre,name=De%20%Spil
"""


@pytest.fixture
def told(tmp_path):
    """The changes from one OPL text to the next, as `change place_id`."""

    def of(before: str, after: str) -> list[str]:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        found = changes(places_of(tmp_path / "a", before), places_of(tmp_path / "b", after))
        return [f"{row.change} {row.place_id}" for row in found.itertuples()]

    return of


def test_the_same_places_have_no_changes(told):
    assert told(BEFORE, BEFORE) == []


def test_what_is_new_and_what_is_no_more(told):
    after = BEFORE.replace("n2 x5.91", "n5 x5.95")
    assert told(BEFORE, after) == ["added osm/n5", "gone osm/n2"]


def test_from_nothing_everything_is_added(tmp_path):
    places = places_of(tmp_path, BEFORE)
    assert list(changes(places.iloc[:0], places)["change"]) == ["added"] * 3
    assert list(changes(places, places.iloc[:0])["change"]) == ["gone"] * 3


@pytest.mark.parametrize(("lon", "moved"), [("5.9001", []), ("5.901", ["moved osm/n1"])])
def test_seven_metres_is_no_move_and_seventy_is(told, lon, moved):
    assert told(BEFORE, BEFORE.replace("n1 x5.9 ", f"n1 x{lon} ")) == moved


def test_a_move_is_told_in_metres(tmp_path):
    (tmp_path / "b").mkdir()
    after = places_of(tmp_path / "b", BEFORE.replace("n1 x5.9 ", "n1 x5.901 "))
    (metres,) = changes(places_of(tmp_path, BEFORE), after)["moved_m"]
    assert 66 < metres < 69


def test_another_name_is_told_with_the_old_one(tmp_path):
    (tmp_path / "b").mkdir()
    after = places_of(tmp_path / "b", BEFORE.replace("name=Bieb", "name=Stadkamer"))
    (row,) = changes(places_of(tmp_path, BEFORE), after).itertuples()
    assert (row.change, row.name, row.name_before) == ("renamed", "Stadkamer", "Bieb")


def test_a_place_that_moved_and_was_renamed_has_two_changes(told):
    after = BEFORE.replace("n1 x5.9 ", "n1 x5.901 ").replace("Bieb", "Stadkamer")
    assert told(BEFORE, after) == ["moved osm/n1", "renamed osm/n1"]


def test_a_point_that_became_an_outline_is_the_same_place(told):
    after = """
    n11 x5.9199 y52.4999
    n12 x5.9201 y52.4999
    n13 x5.9201 y52.5001
    w1 Tamenity=community_centre,name=De%20%Spil Nn11,n12,n13,n11
    """ + "\n".join(BEFORE.strip().splitlines()[:2])
    assert told(BEFORE, after) == []


def test_namesakes_far_apart_are_different_places(told):
    assert told(BEFORE, BEFORE.replace("n3 x5.92", "n4 x5.93")) == ["added osm/n4", "gone osm/n3"]


def test_two_nameless_places_of_one_kind_are_not_taken_for_each_other(told):
    assert told(BEFORE, BEFORE.replace("n2 ", "n4 ")) == ["added osm/n4", "gone osm/n2"]
