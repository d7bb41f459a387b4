"""What if a place came, closed or got other hours: known by eye in drawn towns, and restored when undone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import all_categories
from scenario_samples import SIDES, Town, drawn, here, moved
from street_samples import CLOSE_M, joined, spots
from test_homes import EAST, WEST, house

from meetingplaces.metrics.coverage import coverage, people_reached
from meetingplaces.metrics.joining import snap
from meetingplaces.metrics.scenario import EFFECT_COLUMNS, Added, Scenario, distances_after, effects, fitting_added
from meetingplaces.metrics.selection import Selection
from meetingplaces.model.errors import NoStreetNearError, PlaceInWaterError, UnknownCategoryError, UnknownPlaceError
from meetingplaces.model.groups import GROUPS

NOTHING = Scenario()
# A home every 100 m along one street of a kilometre; five in each neighbourhood. The library is at the western end.
STREET = "n1 @0,0\nn2 @1000,0\nw1 Thighway=residential,name=Laan Nn1,n2\nn3 @0,5 Tamenity=library\n"
HOUSES = "".join(house(str(number), f"{50 + 100 * number},10") for number in range(10))
# A canal between two streets, and a bridge far to the east.
CANAL = """
n1 @0,0
n2 @1000,0
n3 @0,60
n4 @1000,60
n5 @0,25
n6 @990,25
n7 @990,35
n8 @0,35
n9 @50,5 Tamenity=library
w1 Thighway=residential,name=Zuidkade Nn1,n2
w2 Thighway=residential,name=Noordkade Nn3,n4
w3 Thighway=residential,name=Brug Nn2,n4
w4 Tnatural=water Nn5,n6,n7,n8,n5
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return drawn(tmp_path_factory.mktemp("street"), STREET + HOUSES)


@pytest.fixture(scope="module")
def canal(tmp_path_factory: pytest.TempPathFactory) -> Town:
    homes = house("1", "50,70") + house("2", "150,70") + house("3", "50,-10")
    return drawn(tmp_path_factory.mktemp("canal"), CANAL + homes)


def effect(town: Town, scenario: Scenario, budget_m: float = 300, group: str = "residents") -> pd.DataFrame:
    table = effects(town.before().sure, town.after(scenario).sure, town.homes, [group], budget_m)
    return table.set_index("area_code")


def test_a_place_that_comes_is_reached_by_who_lives_near_and_brings_them_nearer(street: Town) -> None:
    table = effect(street, Scenario(added=(here("library", 1000, 5),)))
    # 300 m: from 950, 850 and 750 m one gets there; everyone there is one of 200 / 5 people in East.
    assert table.loc[EAST, ["homes_gained_count", "gained", "lost"]].tolist() == [3, 120, 0]
    assert table.loc[EAST, ["gained_low", "gained_high"]].tolist() == pytest.approx([3 * 196 / 5, 3 * 204 / 5])
    assert table.loc[WEST, ["homes_gained_count", "gained"]].tolist() == [0, 0]
    assert table.loc["GM9999", ["people", "gained", "share_before"]].tolist() == pytest.approx([300, 120, 60 / 300])
    assert table.loc["GM9999", "share_after"] == pytest.approx(180 / 300)
    # In East the way was 550 to 950 m along the street and is 450 to 50: a mean of 500 less.
    assert table.loc[EAST, ["homes_nearer_count", "homes_farther_count"]].tolist() == [5, 0]
    assert table.loc[EAST, "saved_m"] == pytest.approx(500, abs=CLOSE_M)
    assert table.loc[WEST, "saved_m"] is pd.NA


def test_a_place_that_closes_is_lost_to_who_had_no_other(street: Town) -> None:
    table = effect(street, Scenario(closed=frozenset(["osm/n3"])))
    assert table.loc["GM9999", ["homes_lost_count", "lost", "homes_farther_count"]].tolist() == [3, 60, 10]
    assert table.loc["GM9999", "share_after"] == 0
    assert table.loc["GM9999", "saved_m"] is pd.NA


def test_a_place_that_moves_gives_and_takes(street: Town) -> None:
    table = effect(street, Scenario((here("library", 500, 5),), frozenset(["osm/n3"])))
    assert table.loc[WEST, ["homes_lost_count", "homes_gained_count"]].tolist() == [2, 2]
    assert table.loc[EAST, ["homes_lost_count", "homes_gained_count"]].tolist() == [0, 3]


def test_a_place_on_the_other_bank_of_a_canal_without_a_bridge_brings_nothing(canal: Town) -> None:
    south, north = (effect(canal, Scenario(added=(here("library", 120, north),))) for north in (24, 36))
    assert south.loc["GM9999", "homes_gained_count"] == 0
    assert north.loc["GM9999", "homes_gained_count"] == 2


def test_a_place_in_the_water_is_refused(canal: Town) -> None:
    with pytest.raises(PlaceInWaterError) as told:
        canal.after(Scenario(added=(here("library", 1, 1), here("park", 500, 30))))
    assert told.value.facts()["category"] == "park"


def test_a_place_without_a_street_near_is_refused_with_the_distance(street: Town) -> None:
    with pytest.raises(NoStreetNearError) as told:
        street.after(Scenario(added=(here("library", 500, 201),)))
    assert (told.value.limit_m, told.value.nearest_m) == (200, "201")
    assert effect(street, Scenario(added=(here("library", 900, 199),))).loc["GM9999", "homes_gained_count"] == 2


@pytest.mark.parametrize(("longitude", "latitude"), [(52.5, 5.9), (0, 90), (-180, -90), (179.0, 0)])
def test_a_place_on_the_other_side_of_the_world_is_refused(street: Town, longitude: float, latitude: float) -> None:
    with pytest.raises(NoStreetNearError) as told:
        street.after(Scenario(added=(Added("library", longitude, latitude),)))
    assert told.value.nearest_m == ">100000"


def test_a_place_enclosed_by_a_railway_is_refused(tmp_path: Path) -> None:
    rails = "n11 @0,40\nn12 @1000,40\nw11 Trailway=rail Nn11,n12\n"
    with pytest.raises(NoStreetNearError) as told:
        drawn(tmp_path, STREET + rails + HOUSES).after(Scenario(added=(here("library", 500, 90),)))
    assert told.value.nearest_m == "90"


def test_without_any_street_no_place_can_come(tmp_path: Path) -> None:
    with pytest.raises(NoStreetNearError):
        drawn(tmp_path, house("1", "50,10")).after(Scenario(added=(here("library", 0, 0),)))


def test_a_park_that_closes_is_missed_only_by_who_came_in_at_its_gate(tmp_path: Path) -> None:
    park = """
    n21 @300,0
    n22 @300,200
    n23 @500,200
    n24 @500,30
    n25 @310,30
    n26 @310,190
    n27 @490,190
    n28 @490,30
    n29 @300,100
    n30 @310,100 Tbarrier=gate
    w21 Thighway=residential Nn21,n29,n22
    w22 Thighway=path Nn29,n30
    w23 Tleisure=park,access=yes,barrier=fence,name=Park Nn25,n30,n26,n27,n28,n25
    """
    laan = "n1 @0,0\nn2 @1000,0\nw1 Thighway=residential,name=Laan Nn1,n21,n2\n"
    # Both 30 m from the fence as the crow flies; the gate is 20 m and some 350 m away.
    town = drawn(tmp_path, laan + park + house("1", "290,100") + house("2", "480,-5"))
    table = effect(town, Scenario(closed=frozenset(["osm/w23"])), budget_m=200)
    assert table.loc["GM9999", ["homes_lost_count", "homes_farther_count"]].tolist() == [1, 2]


def test_only_what_fits_the_question_counts(street: Town) -> None:
    added = (here("library", 1000, 0), here("playground", 1000, 0))
    indoor = Selection(settings=frozenset(["indoor"]))
    assert fitting_added(added, indoor, all_categories()).tolist() == [True, False]
    assert fitting_added(added, Selection(wheelchair_only=True, free_only=True), all_categories()).all()
    same = street.after(Scenario(added=added[1:]), indoor)
    assert np.array_equal(same.sure, street.before(indoor).sure)


@pytest.mark.parametrize("kind", ["bench", "castle", ""])
def test_what_is_no_kind_of_place_cannot_come(street: Town, kind: str) -> None:
    with pytest.raises(UnknownCategoryError, match="library"):
        street.after(Scenario(added=(here(kind, 0, 0),)))


@pytest.mark.parametrize("change", [{"closed": frozenset(["osm/n404"])}, {"hours": {"osm/n404": "24/7"}}])
def test_a_place_that_is_not_there_cannot_change(street: Town, change: dict[str, object]) -> None:
    with pytest.raises(UnknownPlaceError, match="osm/n404"):
        Scenario(**change).check(street.places)


def test_other_hours_are_read_where_the_old_ones_were(tmp_path: Path) -> None:
    more = "n4 @100,5 Tamenity=library,opening_hours=Mo%20%10:00-12:00\nn5 @200,5 Tamenity=library\n"
    town = drawn(tmp_path, STREET + more + HOUSES)
    table = Scenario(hours={"osm/n3": "24/7"}).with_hours(town.places).set_index("place_id")["opening_hours"]
    assert table["osm/n3"] == "24/7"
    assert table["osm/n4"] == "Mo 10:00-12:00"
    assert pd.isna(table["osm/n5"])
    assert table.dtype == town.places["opening_hours"].dtype


def test_unknown_people_stay_unknown(tmp_path: Path) -> None:
    unknown = SIDES.assign(residents_count=pd.array([100, None], dtype="Int64"))
    table = effect(drawn(tmp_path, STREET + HOUSES, unknown), Scenario(added=(here("library", 1000, 0),)))
    assert table.loc[EAST, ["people", "gained", "lost", "share_after"]].isna().all()
    assert table.loc[EAST, "homes_gained_count"] == 3
    assert table.loc["GM9999", "gained"] == 0


# --- properties -------------------------------------------------------------------------------------------------------

ANYWHERE = st.tuples(st.sampled_from(["library", "park", "playground"]), st.floats(0, 1000), st.floats(-150, 150))


@settings(deadline=None, max_examples=25)
@given(st.lists(ANYWHERE, max_size=3), ANYWHERE, st.floats(10, 1500))
def test_one_more_place_never_lowers_coverage(street: Town, some: list, another: tuple, budget_m: float) -> None:
    fewer, more = (
        coverage(street.after(Scenario(tuple(here(*one) for one in added))).sure, street.homes, "residents", budget_m)
        for added in (some, [*some, another])
    )
    assert (more["reached"] >= fewer["reached"]).all()
    assert (more["median_m"] <= fewer["median_m"]).all()


@settings(deadline=None, max_examples=25)
@given(st.lists(ANYWHERE, max_size=3), st.booleans(), st.floats(10, 1500))
def test_closing_then_reopening_restores_every_number(canal: Town, some: list, close: bool, budget_m: float) -> None:
    added = tuple(here(kind, east, 60 + abs(north)) for kind, east, north in some)
    canal.after(Scenario(added, frozenset(["osm/n9"] if close else [])))
    again = canal.after(NOTHING)
    assert np.array_equal(again.sure, canal.before().sure)
    assert np.array_equal(again.perhaps, canal.before().perhaps)
    table = effects(canal.before().sure, again.sure, canal.homes, list(GROUPS), budget_m)
    assert (table[["gained", "lost", "homes_nearer_count", "homes_farther_count"]].fillna(0) == 0).all(axis=None)
    assert (table["share_after"] == table["share_before"]).all()


@settings(deadline=None, max_examples=25)
@given(st.lists(ANYWHERE, max_size=3), st.booleans(), st.floats(10, 1500))
def test_groups_and_neighbourhoods_add_up(street: Town, some: list, close: bool, budget_m: float) -> None:
    scenario = Scenario(tuple(here(*one) for one in some), frozenset(["osm/n3"] if close else []))
    before, after = street.before().sure, street.after(scenario).sure
    table = effects(before, after, street.homes, list(GROUPS), budget_m)
    assert tuple(table.columns) == EFFECT_COLUMNS
    for group, rows in table.groupby("group"):
        for column in ("gained", "gained_low", "gained_high", "lost", "homes_gained_count", "homes_lost_count"):
            assert rows[column].iloc[:-1].sum() == pytest.approx(rows[column].iloc[-1])
        was, will = (people_reached(metres <= budget_m, street.homes, group) for metres in (before, after))
        net = (rows["gained"] - rows["lost"]).to_numpy(float)
        assert (will["reached"] - was["reached"]).to_numpy(float) == pytest.approx(net)
        assert rows["share_after"].to_numpy(float) == pytest.approx(will["share"].to_numpy(float))


def test_adding_and_closing_equal_a_search_from_the_start(canal: Town) -> None:
    scenario = Scenario((here("library", 700, 80), here("park", 300, -40)), frozenset(["osm/n9"]))
    fresh = canal.on_foot.to_points(joined(canal.walk.network, (700, 80), (300, -40)))
    assert canal.after(scenario).sure == pytest.approx(fresh.sure, abs=1e-3)


@settings(deadline=None, max_examples=10)
@given(st.floats(-50_000, 50_000), st.floats(-50_000, 50_000))
def test_moving_the_origin_changes_nothing(canal: Town, east: float, north: float) -> None:
    far = moved(canal, east, north)
    # On both banks, and in the water itself.
    points = spots((700, 80), (300, 24), (300, 36))
    shifted = spots((700 + east, 80 + north), (300 + east, 24 + north), (300 + east, 36 + north))
    tables = []
    for town, places in ((canal, points), (far, shifted)):
        new = snap(places, town.walk.network, town.barriers)
        after = distances_after(town.before(), town.on_foot, town.now(), town.now(), new)
        tables.append(
            effects(town.before().sure, after.sure, town.homes, list(GROUPS), 300).set_index(["group", "area_code"])
        )
    pd.testing.assert_frame_equal(*tables, check_exact=False, atol=1e-3)
