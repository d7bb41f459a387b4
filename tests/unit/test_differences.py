"""What differs between two bundles, and whether that is the world or only its map."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import places_of

from meetingplaces.pipeline.differences import Seen, compare, per_area

EVERYWHERE = (5.0, 52.0, 6.0, 53.0)
THEN, LATER = "2023-01-30", "2024-06-01"
LIBRARY = "n1 x5.9 y52.5 Tamenity=library,name=Bieb"
PLAYGROUND = "n2 x5.91 y52.5 Tleisure=playground"
CENTRE = "n3 x5.92 y52.5 Tamenity=community_centre,name=De%20%Spil"
BEFORE = "\n".join((LIBRARY, PLAYGROUND, CENTRE))


def seen(folder: Path, text: str, as_of: str | None, bounds: tuple[float, ...] = EVERYWHERE) -> Seen:
    folder.mkdir(exist_ok=True)
    return Seen(places_of(folder, text), bounds, as_of)


@pytest.fixture
def told(tmp_path):
    """The differences from one OPL text to the next, as `what place_id nature rule`."""

    def of(before: str, after: str, *, as_of: str | None = THEN, then=EVERYWHERE, now=EVERYWHERE) -> list[str]:
        found = compare(seen(tmp_path / "a", before, as_of, then), seen(tmp_path / "b", after, LATER, now))
        return [f"{row.what} {row.place_id} {row.nature} {row.rule}" for row in found.differences.itertuples()]

    return of


def test_a_place_that_came_or_went_on_the_map_is_never_said_to_have_opened_or_closed(told):
    assert told(BEFORE, BEFORE.replace("n2 x5.91", "n5 x5.95")) == [
        "gone osm/n2 unknown vanished",
        "added osm/n5 unknown appeared",
    ]


def test_a_point_that_became_an_outline_is_only_drawn_anew(told):
    after = f"""
    n11 x5.9199 y52.4999
    n12 x5.9201 y52.4999
    n13 x5.9201 y52.5001
    w1 Tamenity=community_centre,name=De%20%Spil Nn11,n12,n13,n11
    {LIBRARY}
    {PLAYGROUND}
    """
    assert told(BEFORE, after) == ["redrawn osm/w1 mapped redrawn"]


def test_hours_and_access_that_became_known_are_no_change(told):
    after = BEFORE.replace("name=Bieb", "name=Bieb,opening_hours=Mo-Fr%20%10:00-17:00,wheelchair=yes,fee=no")
    assert told(BEFORE, after) == [
        "hours osm/n1 mapped became_known",
        "fee osm/n1 mapped became_known",
        "wheelchair osm/n1 mapped became_known",
    ]


def test_a_name_that_became_known_is_no_change(told):
    after = BEFORE.replace("leisure=playground", "leisure=playground,name=De%20%Wip")
    assert told(BEFORE, after) == ["renamed osm/n2 mapped became_known"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("de%20%spil", ["renamed osm/n3 mapped spelling"]),
        ("De%20%Spíl!", ["renamed osm/n3 mapped spelling"]),
        ("De%20%Spin", ["renamed osm/n3 unknown other_value"]),
    ],
)
def test_another_spelling_is_the_map_and_another_name_cannot_be_told(told, name, expected):
    assert told(BEFORE, BEFORE.replace("De%20%Spil", name)) == expected


def test_hours_in_other_capitals_and_spaces_are_the_same(told):
    hours = "name=Bieb,opening_hours={}"
    before, after = (
        BEFORE.replace("name=Bieb", hours.format(one)) for one in ("Mo-Fr%20%10:00-17:00", "mo-fr10:00-17:00")
    )
    assert told(before, after) == []


def test_what_somebody_took_out_cannot_be_told(told):
    before = BEFORE.replace("name=Bieb", "name=Bieb,wheelchair=no")
    assert told(before, BEFORE) == ["wheelchair osm/n1 unknown no_longer_known"]


@pytest.mark.parametrize(
    ("checked_then", "checked_now", "nature"),
    [
        ("2022-05-01", "2024-03-01", "changed seen_twice"),
        ("2022-05-01", "2022-06-01", "unknown other_value"),
        (None, "2024-03-01", "unknown other_value"),
    ],
)
def test_only_two_surveys_on_the_spot_make_another_value_a_real_change(told, checked_then, checked_now, nature):
    def library(hours: str, checked: str | None) -> str:
        return f"{LIBRARY},opening_hours={hours}" + (f",check_date={checked}" if checked else "")

    before, after = library("Mo-Fr", checked_then), library("Mo-Th", checked_now)
    assert told(before, after) == [f"hours osm/n1 {nature}"]


def test_a_survey_proves_nothing_when_the_day_of_the_earlier_data_is_unknown(told):
    before = f"{LIBRARY},opening_hours=Mo-Fr,check_date=2022-05-01"
    after = f"{LIBRARY},opening_hours=Mo-Th,check_date=2024-03-01"
    assert told(before, after, as_of=None) == ["hours osm/n1 unknown other_value"]


def test_a_place_that_lies_elsewhere_has_changed_only_when_its_address_says_so_too(told):
    address = ",addr:street={},addr:housenumber=1,addr:city=Kampen"
    moved = LIBRARY.replace("x5.9 ", "x5.902 ")
    assert told(LIBRARY, moved) == ["moved osm/n1 unknown elsewhere"]
    before, after = LIBRARY + address.format("Laan"), moved + address.format("Kade")
    assert told(before, after) == ["moved osm/n1 changed other_address"]
    assert told(before, moved + address.format("laan")) == ["moved osm/n1 unknown elsewhere"]


def test_an_outline_that_still_touches_the_old_one_was_not_moved(told):
    corners = (
        "n11 x5.90{a} y52.5\nn12 x5.90{b} y52.5\nn13 x5.90{b} y52.502\nw1 Tamenity=library,name=Bieb Nn11,n12,n13,n11"
    )
    assert told(corners.format(a="00", b="30"), corners.format(a="10", b="60")) == ["moved osm/w1 mapped redrawn"]


def test_a_record_that_nobody_edited_since_was_there_already(told):
    edited = "n5 v1 t{} x5.95 y52.5 Tamenity=library,name=Nieuw"
    old, new = (f"{BEFORE}\n{edited.format(day)}" for day in ("2021-03-01T00:00:00Z", "2023-03-01T00:00:00Z"))
    assert told(BEFORE, old) == ["added osm/n5 mapped already_mapped"]
    assert told(BEFORE, new) == ["added osm/n5 unknown appeared"]
    assert told(BEFORE, old, as_of=None) == ["added osm/n5 unknown appeared"]
    assert told(BEFORE, old, as_of="2022") == ["added osm/n5 mapped already_mapped"]


def test_what_lies_outside_the_other_data_says_nothing(told):
    small = (5.0, 52.0, 5.915, 53.0)
    assert told(BEFORE.replace(CENTRE, ""), BEFORE, then=small) == ["added osm/n3 mapped outside_data"]
    assert told(BEFORE, BEFORE.replace(CENTRE, ""), now=small) == ["gone osm/n3 mapped outside_data"]


def test_two_records_that_are_now_one_place_are_no_closure(told, tmp_path):
    then, now = seen(tmp_path / "a", BEFORE, THEN), seen(tmp_path / "b", LIBRARY, LATER)
    now.places["records"] = [["osm/n1", "osm/n2"] for _ in range(len(now.places))]
    found = compare(then, now).differences.set_index("place_id")
    assert found.loc["osm/n2", "rule"] == "part_of_another"
    assert found.loc["osm/n3", "rule"] == "vanished"


def test_benches_are_no_places_that_come_or_go(told):
    assert told(BEFORE, f"{BEFORE}\nn9 x5.93 y52.5 Tamenity=bench") == []


def test_row_numbers_are_those_of_the_whole_tables(tmp_path):
    bench = "n9 x5.93 y52.5 Tamenity=bench"
    then = seen(tmp_path / "a", f"{bench}\n{BEFORE}", THEN)
    now = seen(tmp_path / "b", f"{bench}\n{LIBRARY}\nn7 x5.94 y52.5 Tamenity=library", LATER)
    found = compare(then, now)
    for row in found.differences.itertuples():
        places, at = (now, row.row_after) if row.what == "added" else (then, row.row_before)
        assert places.places["place_id"].iloc[at] == row.place_id
    (pair,) = found.pairs.itertuples()
    assert then.places["place_id"].iloc[pair.before] == now.places["place_id"].iloc[pair.after] == "osm/n1"


PLACES = st.lists(
    st.tuples(
        st.sampled_from(["amenity=library", "leisure=playground", "amenity=bench", "amenity=cafe", "leisure=park"]),
        st.integers(0, 40),
        st.sampled_from(
            ["", ",name=Bieb", ",name=De%20%Spil,wheelchair=no", ",opening_hours=24/7,check_date=2022-01-01"]
        ),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(PLACES)
def test_a_bundle_compared_with_itself_has_no_difference(tmp_path_factory, drawn):
    lines = [f"n{row + 1} x5.9{at:02} y52.5 T{kind}{more}" for row, (kind, at, more) in enumerate(drawn)]
    own = seen(tmp_path_factory.mktemp("own"), "\n".join([*lines, "n99 x5.99 y52.5"]), THEN)
    found = compare(own, own)
    assert found.differences.empty
    assert len(found.pairs) == (own.places["weight"] != "amenity").sum()


def test_differences_are_counted_per_area_and_once_in_all(tmp_path):
    then, now = (
        seen(tmp_path / "a", BEFORE, THEN),
        seen(tmp_path / "b", BEFORE.replace("n2 ", "n5 ") + ",wheelchair=yes", LATER),
    )
    found = compare(then, now).differences
    assert found["what"].tolist() == ["gone", "added", "wheelchair"]
    table = per_area(found, [["A"], ["A", "B"], []], ["A", "B", "C"])
    assert table["differences"].tolist() == [2, 1, 0, 2]
    assert table["added"].tolist() == [1, 1, 0, 1]
    assert per_area(found.iloc[:0], [], ["A"])["differences"].tolist() == [0, 0]
    assert table[["mapped", "changed", "unknown"]].sum(axis=1).tolist() == table["differences"].tolist()
