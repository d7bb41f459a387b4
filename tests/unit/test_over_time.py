"""Coverage then and now on one map, in drawn towns where the answer is known by eye."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_samples import ADULT, ANY, Town, drawn
from test_homes import EAST, WEST, house

from meetingplaces.metrics.coverage import coverage
from meetingplaces.metrics.over_time import STEPS, BothTimes, both_times, coverage_over_time, map_facts
from meetingplaces.metrics.selection import chosen, counting
from meetingplaces.pipeline.differences import Compared, Seen, compare

EVERYWHERE = (3.0, 50.0, 8.0, 54.0)
BUDGET_M = 300.0
# A home every 100 m along a street of a kilometre: five in West, each a fifteenth of all residents, and five in East,
# each two fifteenths. A place at an end of the street is within 300 m of three homes.
STREET = "n1 @0,0\nn2 @1000,0\nw1 Thighway=residential,name=Laan Nn1,n2\n"
HOUSES = "".join(house(str(number), f"{50 + 100 * number},10") for number in range(10))
TOWN = STREET + HOUSES
WEST_LIBRARY = "n3 @0,5 Tamenity=library,name=Bieb\n"
EAST_CENTRE = "n4 @1000,5 Tamenity=community_centre,name=Spil\n"
WEST_PART, EAST_PART = 3 / 15, 6 / 15


@pytest.fixture
def over_time(tmp_path: Path):
    """The table from one drawing to the next, by area; the municipality is GM9999."""

    def of(before: str, after: str) -> pd.DataFrame:
        towns = []
        for name, text in (("then", before), ("now", after)):
            (tmp_path / name).mkdir(exist_ok=True)
            towns.append(drawn(tmp_path / name, TOWN + text))
        return between(*towns)

    return of


def compared(then: Town, now: Town) -> Compared:
    return compare(Seen(then.places, EVERYWHERE, "2023-01-30"), Seen(now.places, EVERYWHERE, "2024-06-01"))


def on_one_map(then: Town, now: Town) -> BothTimes:
    found = compared(then, now)
    return both_times((then.places, then.walk), (now.places, now.walk), found.pairs, found.differences, ADULT)


def between(then: Town, now: Town) -> pd.DataFrame:
    fits = [chosen(one.places, ANY).sure for one in (then, now)]
    table = coverage_over_time(on_one_map(then, now), fits[0], fits[1], now.homes, group="residents", budget_m=BUDGET_M)
    return table.set_index("area_code")


def shares(table: pd.DataFrame, area: str = "GM9999") -> list[float]:
    return [pytest.approx(float(table.loc[area, f"share_{step}"])) for step in STEPS]


def real(table: pd.DataFrame, area: str = "GM9999") -> tuple[float, float]:
    return tuple(pytest.approx(float(table.loc[area, f"real_{bound}"])) for bound in ("low", "high"))


def test_a_place_that_came_on_the_map_may_be_all_or_nothing_of_the_gain(over_time):
    table = over_time(WEST_LIBRARY, WEST_LIBRARY + EAST_CENTRE)
    assert shares(table) == [WEST_PART, WEST_PART, WEST_PART, WEST_PART + EAST_PART]
    assert real(table) == (0, EAST_PART)
    assert shares(table, WEST) == [0.6] * 4
    assert shares(table, EAST) == [0, 0, 0, 0.6]


def test_a_place_that_went_from_the_map_is_walked_to_where_it_was(over_time):
    table = over_time(WEST_LIBRARY + EAST_CENTRE, WEST_LIBRARY)
    assert shares(table) == [WEST_PART + EAST_PART] * 3 + [WEST_PART]
    assert real(table) == (-EAST_PART, 0)


def test_what_came_and_what_went_do_not_hide_each_other(over_time):
    table = over_time(WEST_LIBRARY, EAST_CENTRE)
    assert shares(table) == [WEST_PART, WEST_PART, WEST_PART, EAST_PART]
    assert real(table) == (-WEST_PART, EAST_PART)


def test_a_redrawn_place_changes_nothing_for_anyone(over_time):
    outline = "n11 @-10,5\nn12 @10,5\nn13 @10,25\nn14 @-10,25\nw3 Tamenity=library,name=Bieb Nn11,n12,n13,n14,n11\n"
    table = over_time(WEST_LIBRARY, outline)
    assert shares(table) == [WEST_PART] * 4
    assert real(table) == (0, 0)


def test_a_street_that_was_drawn_does_not_pose_as_a_place(over_time, tmp_path):
    # Then the library could only be reached over a detour; now a path is drawn to it.
    library = "n3 @0,200 Tamenity=library,name=Bieb\nn5 @0,199\n"
    detour = library + "n6 @-300,0\nn7 @-300,199\nw5 Thighway=footway Nn1,n6,n7,n5\n"
    path = detour + "w6 Thighway=footway Nn1,n5\n"
    table = over_time(detour, path)
    assert shares(table) == [1 / 15] * 4
    then = drawn(tmp_path / "then", TOWN + detour)
    told = coverage(then.before().sure, then.homes, "residents", BUDGET_M).set_index("area_code")
    assert float(told.loc["GM9999", "share"]) == 0


def test_access_that_became_known_is_better_mapping_to_who_asks_for_it(tmp_path):
    for name in ("then", "now"):
        (tmp_path / name).mkdir()
    then = drawn(tmp_path / "then", TOWN + EAST_CENTRE)
    now = drawn(tmp_path / "now", TOWN + EAST_CENTRE.replace("name=Spil", "name=Spil,wheelchair=yes"))
    fits = [(one.places["wheelchair"] == "yes").to_numpy(bool) & counting(one.places) for one in (then, now)]
    table = coverage_over_time(
        on_one_map(then, now), fits[0], fits[1], now.homes, group="residents", budget_m=BUDGET_M
    ).set_index("area_code")
    assert shares(table) == [0, EAST_PART, EAST_PART, EAST_PART]
    assert real(table) == (0, 0)


def test_a_move_with_another_address_is_a_sure_change(over_time):
    address = "n4 @{},5 Tamenity=community_centre,name=Spil,addr:street={},addr:housenumber=99\n"
    table = over_time(address.format(1000, "Laan"), address.format(0, "Kade"))
    assert shares(table) == [EAST_PART, EAST_PART, WEST_PART, WEST_PART]
    assert real(table) == (pytest.approx(WEST_PART - EAST_PART), pytest.approx(WEST_PART - EAST_PART))


def test_the_last_step_is_the_coverage_of_now(over_time, tmp_path):
    table = over_time(WEST_LIBRARY, EAST_CENTRE)
    now = drawn(tmp_path / "now", TOWN + EAST_CENTRE)
    told = coverage(now.before().sure, now.homes, "residents", BUDGET_M).set_index("area_code")["share"]
    assert table["share_now"].tolist() == pytest.approx(told.tolist())


SPOTS = st.lists(
    st.tuples(st.integers(0, 10), st.sampled_from(["amenity=library", "leisure=playground"])), max_size=4, unique=True
)


def places(spots: list[tuple[int, str]]) -> str:
    return "".join(f"n{100 + 10 * at + len(kind)} @{100 * at},5 T{kind}\n" for at, kind in spots)


@settings(max_examples=8, deadline=None)
@given(SPOTS, SPOTS)
def test_the_parts_add_up_and_real_change_is_within_its_bounds(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("towns")
    then, now = (drawn(folder, TOWN + places(one)) for one in (before, after))
    table = between(then, now)
    numbers = table[[f"share_{step}" for step in STEPS]].to_numpy(float)
    part = (table["share_now"] - table["share_mapped"]).to_numpy(float)
    assert np.all(table["real_low"].to_numpy(float) <= np.minimum(part, 0) + 1e-9)
    assert np.all(table["real_high"].to_numpy(float) >= np.maximum(part, 0) - 1e-9)
    told = coverage(then.before().sure, then.homes, "residents", BUDGET_M)["share"].to_numpy(float)
    # Nothing but places differs, so the places of then reach on the map of now whom they reached then.
    assert numbers[:, 0] == pytest.approx(told)


@settings(max_examples=5, deadline=None)
@given(SPOTS)
def test_a_town_compared_with_itself_has_no_change(tmp_path_factory, spots):
    town = drawn(tmp_path_factory.mktemp("town"), TOWN + places(spots))
    table = between(town, town)
    numbers = table[[f"share_{step}" for step in STEPS]].to_numpy(float)
    assert np.all(numbers == numbers[:, :1])
    assert not table[["real_low", "real_high"]].to_numpy(float).any()


def test_how_much_is_drawn_is_counted_and_unknown_without_streets(tmp_path):
    (tmp_path / "now").mkdir()
    town = drawn(tmp_path / "now", TOWN + WEST_LIBRARY + "n9 @10,5 Tamenity=bench\n")
    facts = map_facts(town.places, town.walk)
    assert facts["streets_m"] == pytest.approx(1000, abs=0.1)
    assert facts["benches_per_km"] == pytest.approx(1, abs=0.001)
    assert (facts["places"], facts["homes"], facts["hours_share"]) == (1, 10, 0)
    assert np.isnan(map_facts(town.places, None)["streets_m"])
