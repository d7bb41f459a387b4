"""White spots as stretches of street: drawn by eye, and together exactly the gap of the measure."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_samples import SIDES, Town, drawn, moved, random_town
from street_samples import ORIGIN
from test_homes import EAST, WEST, house

from meetingplaces.metrics.coverage import coverage
from meetingplaces.metrics.gaps import GAP_COLUMNS, gaps
from meetingplaces.model.groups import GROUPS

# The Laan runs through both neighbourhoods; a library at its western end. A footpath without a name branches off.
LAAN = """
n1 @0,0
n2 @400,0
n3 @1000,0
n4 @400,300
n5 @-300,0
n6 @0,5 Tamenity=library
w1 Thighway=residential,name=Laan Nn5,n1,n2,n3
w2 Thighway=footway Nn2,n4
"""
HOUSES = "".join(house(str(number), f"{50 + 100 * number},10") for number in range(10))


def gaps_of(town: Town, budget_m: float, group: str = "residents") -> gpd.GeoDataFrame:
    return gaps(town.before().sure, town.walk.homes, town.walk.network, group, budget_m)


def extent(row: pd.Series) -> list[int]:
    """West, south, east and north of a stretch, in metres from the origin."""
    return [round(value - ORIGIN[n % 2]) for n, value in enumerate(row["geometry"].bounds)]


def test_a_street_is_told_per_neighbourhood_with_its_people_and_distance(tmp_path: Path) -> None:
    table = gaps_of(drawn(tmp_path, LAAN + HOUSES), 300)
    assert tuple(table.columns) == GAP_COLUMNS
    assert table["neighbourhood_code"].tolist() == [EAST, WEST]
    assert table["street"].tolist() == ["Laan", "Laan"]
    assert table["people"].tolist() == pytest.approx([200, 40])
    assert table.loc[0, ["people_low", "people_high"]].tolist() == pytest.approx([196, 204])
    assert table["homes_count"].tolist() == [5, 2]
    # In West 350 and 450 m and 15 m for the doors; half of the people live within the nearer.
    assert table["median_m"].tolist() == pytest.approx([765, 365], abs=0.1)
    assert not table["street_is_near"].any()
    assert str(table.crs) == "EPSG:28992"


def test_the_shape_of_a_stretch_is_where_its_homes_are(tmp_path: Path) -> None:
    bends = LAAN.replace("Nn5,n1,n2,n3", "Nn5,n1,n2,n7,n8,n3") + "n7 @600,0\nn8 @800,0\n"
    table = gaps_of(drawn(tmp_path, bends + house("1", "650,10") + house("2", "700,10")), 300)
    assert extent(table.iloc[0]) == [600, 0, 800, 0]


def test_what_lies_apart_in_a_street_is_told_apart(tmp_path: Path) -> None:
    # A side street parts the Laan at 700; the homes between it and 400 are reached by a second library.
    parted = LAAN.replace("Nn5,n1,n2,n3", "Nn5,n1,n2,n7,n8,n3") + (
        "n7 @700,0\nn8 @900,0\nn9 @700,90\nn10 @900,90\nw3 Thighway=path,name=Pad Nn7,n9\n"
        "w4 Thighway=path,name=Weg Nn8,n10\n"
        "n20 @800,5 Tamenity=library\n"
    )
    homes = house("1", "600,10") + house("2", "800,10") + house("3", "950,10")
    table = gaps_of(drawn(tmp_path, parted + homes), 100)
    assert table["street"].tolist() == ["Laan", "Laan"]
    assert sorted(table["homes_count"]) == [1, 1]
    assert sorted(extent(row)[0] for _, row in table.iterrows()) == [400, 900]


def test_a_path_without_a_name_is_told_by_the_street_near_it_or_by_none(tmp_path: Path) -> None:
    table = gaps_of(drawn(tmp_path, LAAN + house("1", "410,150")), 100)
    assert table["street"].isna().tolist() == [True]
    shorter = LAAN.replace("@400,300", "@400,150")
    table = gaps_of(drawn(tmp_path, shorter + house("1", "410,150")), 100)
    assert table.loc[0, ["street", "street_is_near"]].tolist() == ["Laan", True]


def test_beyond_the_search_is_told_apart_from_a_distance(tmp_path: Path) -> None:
    island = "n11 @600,400\nn12 @800,400\nw11 Thighway=residential,name=Eiland Nn11,n12\n"
    table = gaps_of(drawn(tmp_path, LAAN + island + HOUSES + house("90", "700,410")), 300).set_index("street")
    assert bool(table.loc["Eiland", "beyond_search"])
    assert table.loc["Eiland", "median_m"] is pd.NA
    assert not table.loc["Laan", "beyond_search"].any()


def test_homes_that_no_street_reaches_are_a_row_without_a_shape(tmp_path: Path) -> None:
    moat = "n11 @595,495\nn12 @615,495\nn13 @615,515\nn14 @595,515\nw11 Twaterway=canal Nn11,n12,n13,n14,n11\n"
    table = gaps_of(drawn(tmp_path, LAAN + moat + HOUSES + house("90", "605,505")), 300)
    lost = table[table.geometry.is_empty]
    assert lost["homes_count"].tolist() == [1]
    assert lost["neighbourhood_code"].tolist() == [EAST]
    assert lost["street"].isna().all()
    assert table["homes_count"].sum() == 8


def test_unknown_people_are_not_zero_people(tmp_path: Path) -> None:
    unknown = SIDES.assign(residents_count=pd.array([100, None], dtype="Int64"))
    table = gaps_of(drawn(tmp_path, LAAN + HOUSES, unknown), 300).set_index("neighbourhood_code")
    assert table.loc[EAST, ["people", "people_low", "people_high"]].isna().all()
    assert table.loc[EAST, ["homes_count", "homes_without_figures_count"]].tolist() == [5, 5]
    assert table.loc[EAST, "median_m"] == pytest.approx(765, abs=0.1)
    # What is unknown stands last.
    assert table.index.tolist() == [WEST, EAST]


def test_when_everyone_is_reached_there_is_no_gap(tmp_path: Path) -> None:
    table = gaps_of(drawn(tmp_path, LAAN + HOUSES), 1500)
    assert table.empty
    assert tuple(table.columns) == GAP_COLUMNS


def random_metres(town: Town, seed: int) -> np.ndarray:
    metres = np.random.default_rng(seed).uniform(0, 1000, len(town.homes))
    return np.where(metres > 900, np.inf, metres).astype(np.float32)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.floats(1, 2000))
def test_stretches_add_up_to_the_gap_of_the_measure(seed: int, budget_m: float) -> None:
    town = random_town(seed, homes=40)
    metres = random_metres(town, seed)
    for group in GROUPS:
        table = gaps(metres, town.walk.homes, town.walk.network, group, budget_m)
        measure = coverage(metres, town.homes, group, budget_m).set_index("area_code")
        rows = table.groupby("neighbourhood_code").agg("sum", numeric_only=True).reindex([WEST, EAST], fill_value=0)
        for bound in ("", "_low", "_high"):
            gap = measure.loc[[WEST, EAST], f"gap{bound}"].to_numpy(float)
            assert rows[f"people{bound}"].to_numpy(float) == pytest.approx(gap, abs=1e-9)
        missed = measure["homes_count"] - measure["homes_reached_count"]
        assert rows["homes_count"].tolist() == missed[[WEST, EAST]].tolist()


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000), st.floats(-50_000, 50_000), st.floats(-50_000, 50_000))
def test_moving_the_origin_moves_the_shapes_and_nothing_else(seed: int, east: float, north: float) -> None:
    here, there = random_town(seed), moved(random_town(seed), east, north)
    metres = random_metres(here, seed)
    one, two = (gaps(metres, town.walk.homes, town.walk.network, "residents", 300) for town in (here, there))
    pd.testing.assert_frame_equal(one.drop(columns="geometry"), two.drop(columns="geometry"))
    assert two.geometry.geom_equals_exact(one.translate(east, north), 1e-6).all()
