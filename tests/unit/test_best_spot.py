"""The best spot for one more place equals trying every spot; two or three are as good as was proven."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_samples import SIDES, Town, at_node, drawn, moved, random_town
from test_homes import house

from meetingplaces.metrics.best_spot import BestSpots, best_spots, candidate_nodes, guaranteed_share
from meetingplaces.metrics.scenario import Added, Scenario, effects
from meetingplaces.model.groups import GROUPS
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder

GROUP = "residents_65_plus"
SEEDS = st.integers(0, 10_000)


def nodes_of(town: Town) -> np.ndarray:
    return candidate_nodes(town.walk.network, town.neighbourhoods, town.barriers)


def found(town: Town, budget_m: float, count: int = 1, metres: np.ndarray | None = None) -> BestSpots:
    nowhere = np.full(len(town.homes), np.inf, dtype=np.float32)
    metres = nowhere if metres is None else metres
    groups = [GROUP, *(group for group in GROUPS if group != GROUP)]
    return best_spots(metres, town.on_foot, nodes_of(town), town.homes, groups, budget_m=budget_m, count=count)


def tried(town: Town, budget_m: float) -> np.ndarray:
    """Which homes each candidate has within the budget, by Floyd and Warshall's way round all junctions."""
    network, homes = town.walk.network, town.on_foot.homes
    apart = np.full((len(network.node_xy),) * 2, np.inf)
    np.fill_diagonal(apart, 0)
    for (one, two), metres in zip(network.edges, network.length_m, strict=True):
        apart[one, two] = apart[two, one] = min(apart[one, two], metres)
    for node in range(len(apart)):
        apart = np.minimum(apart, apart[:, [node]] + apart[[node]])
    one, two = network.edges[homes.edge].T
    to_one, to_two = homes.offset_m, network.length_m[homes.edge] - homes.offset_m
    ways = np.minimum(apart[:, one] + to_one, apart[:, two] + to_two) + homes.distance_m
    return ways[nodes_of(town)] <= budget_m


@settings(deadline=None, max_examples=20)
@given(SEEDS, st.floats(20, 500))
def test_every_spot_brings_what_a_plain_search_says(seed: int, budget_m: float) -> None:
    town = random_town(seed)
    ranked = found(town, budget_m).ranked
    assert ranked[GROUP].is_monotonic_decreasing
    ranked, near = ranked.sort_values("node"), tried(town, budget_m)
    assert ranked["homes_count"].tolist() == near.sum(axis=1).tolist()
    for group in GROUPS:
        people = town.walk.homes[group].to_numpy(float)
        assert ranked[group].to_numpy(float) == pytest.approx(near @ people, abs=1e-5)


@settings(deadline=None, max_examples=20)
@given(SEEDS, st.floats(50, 250), st.integers(1, 3))
def test_spots_taken_one_by_one_are_as_good_as_was_proven(seed: int, budget_m: float, count: int) -> None:
    town = random_town(seed)
    spots, near, people = found(town, budget_m, count), tried(town, budget_m), town.walk.homes[GROUP].to_numpy(float)
    brought = [people[near[list(some)].any(axis=0)].sum() for some in itertools.combinations(range(len(near)), count)]
    taken = float(spots.chosen[GROUP].sum())
    assert taken >= spots.bound_share * max(brought) - 1e-4
    assert taken <= max(brought) + 1e-4
    rows = np.searchsorted(nodes_of(town), spots.chosen["node"])
    assert taken == pytest.approx(people[near[rows].any(axis=0)].sum(), abs=1e-4)


@settings(deadline=None, max_examples=20)
@given(SEEDS, st.floats(50, 250))
def test_the_runner_up_is_the_best_of_the_others(seed: int, budget_m: float) -> None:
    town = random_town(seed)
    spots, near, people = found(town, budget_m, 2), tried(town, budget_m), town.walk.homes[GROUP].to_numpy(float)
    missed = np.ones(len(people), dtype=bool)
    for _, spot in spots.chosen.iterrows():
        gains = (near & missed) @ people
        row = int(np.searchsorted(nodes_of(town), spot["node"]))
        assert gains[row] == pytest.approx(gains.max(), abs=1e-4)
        assert spot["runner_up"] == pytest.approx(np.delete(gains, row).max(), abs=1e-4)
        missed &= ~near[row]


@pytest.mark.parametrize(("count", "share"), [(1, 1.0), (2, 0.75), (3, 19 / 27), (1000, 1 - 1 / np.e)])
def test_the_bound_is_that_of_nemhauser_wolsey_and_fisher(count: int, share: float) -> None:
    assert guaranteed_share(count) == pytest.approx(share, abs=1e-3)


@settings(deadline=None, max_examples=10)
@given(SEEDS, st.floats(-50_000, 50_000), st.floats(-50_000, 50_000))
def test_moving_the_origin_changes_nothing(seed: int, east: float, north: float) -> None:
    town = random_town(seed)
    here_, there = found(town, 200, 2), found(moved(town, east, north), 200, 2)
    what = ["node", *GROUPS, "homes_count"]
    pd.testing.assert_frame_equal(here_.ranked[what], there.ranked[what])
    pd.testing.assert_frame_equal(here_.chosen[what], there.chosen[what])


def test_homes_that_have_a_place_are_not_counted_again() -> None:
    town = random_town(7)
    metres = np.where(np.arange(len(town.homes)) % 2 == 0, 100, 200.5).astype(np.float32)
    ranked = found(town, 200, metres=metres).ranked
    assert ranked["homes_count"].max() <= len(town.homes) // 2
    assert found(town, 201, metres=metres).chosen.empty
    assert found(town, 201, 3, metres=metres).bound_share == 1


def test_at_the_budget_is_within_it_in_the_ranking_as_in_the_scenario(tmp_path: Path) -> None:
    cross = "n1 @0,0\nn2 @300,0\nn3 @600,0\nn4 @300,90\nw1 Thighway=path Nn1,n2,n3\nw2 Thighway=path Nn2,n4\n"
    town = drawn(tmp_path, cross + house("1", "10,10") + house("2", "590,10"))
    middle = town.on_foot.to_points(at_node(town.walk.network, int(found(town, 301).chosen["node"].iloc[0])))
    for budget_m in np.unique(middle.sure).tolist():
        scenario = (middle.sure <= budget_m).sum()
        ranked = found(town, budget_m).ranked.set_index("node")["homes_count"]
        assert ranked[int(found(town, 301).chosen["node"].iloc[0])] == scenario


def test_of_equal_spots_the_lowest_node_is_taken(tmp_path: Path) -> None:
    lane = "n1 @0,0\nn2 @100,0\nw1 Thighway=path Nn1,n2\n"
    spots = found(drawn(tmp_path, lane + house("1", "50,0")), 100)
    assert spots.ranked["node"].tolist() == [0, 1]
    assert spots.chosen["node"].tolist() == [0]
    assert spots.chosen["runner_up"].tolist() == spots.chosen[GROUP].tolist()


def test_a_place_is_not_thought_of_in_the_water_or_outside_the_municipality_or_on_a_loose_path(tmp_path: Path) -> None:
    streets = """
    n1 @0,0
    n2 @500,0
    n3 @500,-90
    n4 @0,900
    n5 @0,1100
    n6 @700,500
    n7 @710,500
    n11 @480,-80
    n12 @520,-80
    n13 @520,-100
    n14 @480,-100
    n15 @-50,0
    n16 @550,0
    w1 Thighway=residential Nn15,n1,n2,n16
    w2 Thighway=footway,bridge=yes Nn2,n3
    w3 Thighway=residential Nn1,n4,n5
    w4 Thighway=path Nn6,n7
    w5 Tnatural=water Nn11,n12,n13,n14,n11
    """
    town = drawn(tmp_path, streets + house("1", "50,5"))
    xy = town.walk.network.node_xy[nodes_of(town)] - (190_000, 500_000)
    assert {(round(x), round(y)) for x, y in xy} == {(-50, 0), (0, 0), (500, 0), (550, 0)}


def test_a_group_that_nobody_knows_is_unknown_not_zero(tmp_path: Path) -> None:
    lane = "n1 @0,0\nn2 @100,0\nw1 Thighway=path Nn1,n2\n"
    no_figures = SIDES.assign(residents_65_plus_share=pd.array([None, None], dtype="Float64"))
    spots = found(drawn(tmp_path, lane + house("1", "50,0"), no_figures), 100)
    assert spots.ranked[GROUP].isna().all()
    assert spots.chosen.empty
    assert spots.ranked["residents"].notna().all()


def test_without_streets_there_is_no_spot(tmp_path: Path) -> None:
    town = drawn(tmp_path, house("1", "50,0"))
    assert found(town, 500).ranked.empty
    assert found(town, 500).chosen.empty


def test_the_best_spot_in_kampen_brings_as_a_place_that_comes_what_was_promised() -> None:
    bundle = open_bundle(app_folder() / "mapdata", "GM0166")
    town = Town(bundle.places(), bundle.walking(), bundle.neighbourhoods())
    before = town.before().sure
    spots = found(town, 500, 3, before)
    added = tuple(Added("library", spot.longitude, spot.latitude) for spot in spots.chosen.itertuples())
    for count in (1, 3):
        table = effects(before, town.after(Scenario(added[:count])).sure, town.homes, [GROUP], 500)
        assert table["gained"].iloc[-1] == pytest.approx(spots.chosen[GROUP].iloc[:count].sum(), abs=1e-4)
        assert table["homes_gained_count"].iloc[-1] == spots.chosen["homes_count"].iloc[:count].sum()
