"""Places and square metres per 1,000 residents, with what is unknown kept unknown."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from meetingplaces.metrics.selection import counting
from meetingplaces.metrics.space import SPACE_COLUMNS, space
from meetingplaces.metrics.supply import supply_of
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import norms_path

A, B, C, D = "BU99990001", "BU99990002", "BU99990003", "BU99990004"
AREAS = gpd.GeoDataFrame(
    {
        "neighbourhood_code": [A, B, C, D],
        "municipality_code": "GM9999",
        "residents_count": pd.array([500, 2000, None, 0], dtype="Int64"),
        "extent_share": [1.0, 0.5, 1.0, 1.0],
    },
    geometry=[shapely.box(100 * west, 0, 100 * west + 100, 100) for west in range(4)],
    crs="EPSG:28992",
)
PARK, PLAYGROUND, LIBRARY, LONELY, COURT = range(5)
PLACES = gpd.GeoDataFrame(
    # A park over the border of A and B with a playground in it, a library as a point, and one place each in C and D.
    {"neighbourhood_codes": [[A, B], [A], [A], [C], [D]]},
    geometry=[
        shapely.box(50, 0, 150, 50),
        shapely.box(60, 10, 70, 20),
        shapely.Point(20, 20),
        shapely.Point(250, 50),
        shapely.box(310, 10, 320, 20),
    ],
    crs="EPSG:28992",
)


def measured(*rows: int) -> pd.DataFrame:
    return space(PLACES, np.isin(np.arange(len(PLACES)), rows), AREAS).set_index("area_code")


def test_ground_is_cut_at_the_border_and_counted_once() -> None:
    table = measured(PARK, PLAYGROUND)
    assert table.loc[[A, B, "GM9999"], "area_m2"].tolist() == [2500, 2500, 5000]
    assert table.loc[A, "area_m2_per_1000"] == 5000
    assert table.loc[B, "area_m2_per_1000"] == 1250


def test_a_place_over_the_border_is_there_for_both_and_one_in_all() -> None:
    table = measured(PARK, PLAYGROUND)
    assert table.loc[[A, B, "GM9999"], "places_count"].tolist() == [2, 1, 2]
    assert table.loc[[A, B], "places_per_1000"].tolist() == [4, 0.5]


def test_a_place_drawn_as_a_point_has_no_known_area() -> None:
    both, point, none = measured(PARK, LIBRARY), measured(LIBRARY), measured()
    assert both.loc[A, ["places_without_area_count", "area_m2"]].tolist() == [1, 2500]
    assert pd.isna(point.loc[A, "area_m2"])
    assert pd.isna(point.loc["GM9999", "area_m2"])
    assert none.loc[A, ["places_count", "area_m2", "area_m2_per_1000"]].tolist() == [0, 0, 0]


def test_without_residents_known_or_present_nothing_is_per_resident() -> None:
    table = measured(*range(5))
    for code in (C, D):
        assert table.loc[code, ["places_per_1000", "area_m2_per_1000"]].isna().all()
    assert table.loc[D, ["residents", "places_count", "area_m2"]].tolist() == [0, 1, 100]


def test_the_municipality_is_told_per_resident_of_the_neighbourhoods_whose_residents_are_known() -> None:
    whole = measured(*range(5)).loc["GM9999"]
    assert whole["residents"] == 2500
    assert whole[["places_count", "area_m2"]].tolist() == [5, 5100]
    # All but the place in C, whose residents nobody knows; D, where nobody lives, is known.
    assert whole["places_per_1000"] == 1000 * 4 / 2500
    assert whole["area_m2_per_1000"] == 1000 * 5100 / 2500


def test_ground_where_residents_are_unknown_is_not_held_against_those_of_the_others() -> None:
    areas = AREAS.assign(residents_count=pd.array([500, None, None, 0], dtype="Int64"))
    whole = space(PLACES, np.ones(5, dtype=bool), areas).set_index("area_code").loc["GM9999"]
    assert whole["area_m2_per_1000"] == 1000 * (2500 + 100) / 500
    assert whole["places_per_1000"] == 1000 * 4 / 500  # the park over the border is A's too


def test_where_no_residents_are_known_the_municipality_is_not_told_per_resident() -> None:
    areas = AREAS.assign(residents_count=pd.array([None] * 4, dtype="Int64"))
    whole = space(PLACES, np.ones(5, dtype=bool), areas).set_index("area_code").loc["GM9999"]
    assert whole[["residents", "places_per_1000", "area_m2_per_1000"]].isna().all()
    assert whole["places_count"] == 5


def test_the_columns_are_as_told_and_the_extent_goes_with_them() -> None:
    table = space(PLACES, np.ones(5, dtype=bool), AREAS)
    assert tuple(table) == SPACE_COLUMNS
    assert table["extent_share"].tolist() == pytest.approx([1, 0.5, 1, 1, 0.875])


def test_places_in_kampen_are_those_of_the_supply_table() -> None:
    bundle = open_bundle(norms_path().parent, "GM0166")
    places, supply = bundle.places(), bundle.supply()
    table = space(places, counting(places), bundle.neighbourhoods()).set_index("area_code")
    assert len(table) == 37
    for code, row in table.iterrows():
        assert row["places_count"] == supply_of(supply, str(code)).places_count
