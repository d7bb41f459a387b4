"""Coverage, gap, distances and choice, with what is unknown kept unknown."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from meetingplaces.metrics.coverage import HomesOf, choice, coverage, share_bounds, weighted_quantile

A, B, C = "BU99990001", "BU99990002", "BU99990003"
AREAS = gpd.GeoDataFrame(
    {"neighbourhood_code": [A, B, C], "municipality_code": "GM9999", "extent_share": [1.0, 0.5, 1.0]},
    geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(20, 0, 30, 10)],
    crs="EPSG:28992",
)
# Two homes of 2 people in A, four of 1 in B, and one of nobody knows how many in C.
HOMES = pd.DataFrame({"neighbourhood_code": [A, A, B, B, B, B, C], "residents": [2, 2, 1, 1, 1, 1, None]}).astype(
    {"residents": "Float64"}
)
HOMES["residents_low"], HOMES["residents_high"] = HOMES["residents"] * 0.5, HOMES["residents"] * 1.5
METRES = np.array([100, 900, 100, 200, 300, np.inf, 50], dtype=np.float32)


def measured(budget_m: float, metres: np.ndarray = METRES) -> pd.DataFrame:
    return coverage(metres, HomesOf(HOMES, AREAS), "residents", budget_m).set_index("area_code")


def test_share_and_gap_are_counted_in_people() -> None:
    table = measured(300)
    assert table.loc[[A, B, "GM9999"], "reached"].tolist() == [2, 3, 5]
    assert table.loc[[A, B, "GM9999"], "gap"].tolist() == [2, 1, 3]
    assert table.loc[[A, B, "GM9999"], "share"].tolist() == [0.5, 0.75, 0.625]


def test_at_the_budget_is_within_it() -> None:
    assert measured(100).loc[A, "reached"] == 2


def test_an_unknown_number_of_people_is_never_zero() -> None:
    table = measured(300)
    assert table.loc[C, ["people", "reached", "gap", "share"]].isna().all()
    assert table.loc[C, ["homes_count", "homes_reached_count", "homes_without_figures_count"]].tolist() == [1, 1, 1]
    assert table.loc["GM9999", "homes_without_figures_count"] == 1


def test_a_neighbourhood_without_homes_has_no_share() -> None:
    empty = coverage(METRES[:2], HomesOf(HOMES[:2], AREAS), "residents", 300).set_index("area_code")
    assert empty.loc[B, "homes_count"] == 0
    assert empty.loc[B, ["people", "share", "median_m"]].isna().all()


def test_no_figures_at_all_give_no_share_and_no_error() -> None:
    nobody = coverage(METRES[6:], HomesOf(HOMES[6:], AREAS), "residents", 300).set_index("area_code")
    assert pd.isna(nobody.loc["GM9999", "share"])
    assert np.isnan(nobody.loc["GM9999", "median_m"])


def test_the_interval_of_one_neighbourhood_is_in_numbers_not_in_its_share() -> None:
    row = measured(300).loc[A]
    assert row[["reached_low", "reached_high", "gap_low", "gap_high"]].tolist() == [1, 3, 1, 3]
    assert row[["share_low", "share_high"]].tolist() == [0.5, 0.5]


def test_the_share_of_all_lies_between_the_extremes_of_its_weights() -> None:
    row = measured(300).loc["GM9999"]
    # Least when A (0.5) has its most people (6) and B (0.75) its fewest (2).
    assert row["share_low"] == pytest.approx((0.5 * 6 + 0.75 * 2) / 8)
    assert row["share_high"] == pytest.approx((0.5 * 2 + 0.75 * 6) / 8)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1, 9), st.floats(0, 9)), min_size=1, max_size=6))
def test_share_bounds_equal_trying_every_combination(rows: list[tuple[float, float, float]]) -> None:
    share, low, more = (np.array(column) for column in zip(*rows, strict=True))
    tried = [
        float((share * np.array(people)).sum() / sum(people))
        for people in itertools.product(*zip(low, low + more, strict=True))
    ]
    assert share_bounds(share, low, low + more) == pytest.approx((min(tried), max(tried)))


def test_how_much_lies_inside_the_data_is_told() -> None:
    assert measured(300)["extent_share"].tolist() == pytest.approx([1, 0.5, 1, 2.5 / 3])


def test_median_and_ninetieth_percentile_are_weighted_by_people() -> None:
    table = measured(300)
    assert table.loc[B, "median_m"] == 200
    assert table.loc[B, "p90_m"] == np.inf
    assert weighted_quantile(np.array([10.0, 20.0]), np.array([1.0, 9.0]), 0.5) == 20
    assert weighted_quantile(np.array([10.0, 20.0]), np.array([0.1, 0.1]), 0.5) == 10


def test_choice_is_two_kinds_within_the_budget() -> None:
    reach_m = np.column_stack([METRES, [100, 100, 900, 200, 900, 900, 900]])
    table = choice(reach_m, HomesOf(HOMES, AREAS), "residents", 300).set_index("area_code")
    assert table.loc[[A, B], "reached"].tolist() == [2, 1]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 2000), min_size=7, max_size=7), st.lists(st.floats(0, 2000), min_size=7, max_size=7))
def test_one_more_place_never_lowers_coverage(before: list[float], added: list[float]) -> None:
    less, more = measured(500, np.array(before)), measured(500, np.minimum(before, added))
    assert (more["reached"] >= less["reached"]).dropna().all()
    assert (more["gap"] <= less["gap"]).dropna().all()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 2000), min_size=7, max_size=7), st.floats(0, 2000), st.floats(0, 500))
def test_a_bigger_budget_never_lowers_coverage(metres: list[float], budget_m: float, more_m: float) -> None:
    distances = np.array(metres)
    small, big = measured(budget_m, distances), measured(budget_m + more_m, distances)
    assert (big["share"] >= small["share"]).dropna().all()


def test_groups_add_up_to_the_whole() -> None:
    table = measured(300)
    assert table.loc["GM9999", "people"] == pytest.approx(table.loc[[A, B], "people"].sum())
    assert table.loc["GM9999", "reached"] + table.loc["GM9999", "gap"] == pytest.approx(table.loc["GM9999", "people"])
