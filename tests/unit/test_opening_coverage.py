"""Who has an open place near, per day and part of the day, with what is assumed and what is unknown told apart."""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf, people_reached
from meetingplaces.metrics.opening import Opening, opening_of
from meetingplaces.metrics.opening_coverage import open_places, opening_coverage, part_states
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import norms_path

A, B, WHOLE = "BU99990001", "BU99990002", "GM9999"
MONDAY = date(2026, 11, 23)
PARTS = load_norms(norms_path()).day_parts  # 9 to 12, 12 to 17, 17 to 22
AREAS = gpd.GeoDataFrame(
    {"neighbourhood_code": [A, B], "municipality_code": WHOLE, "extent_share": 1.0},
    geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)],
    crs="EPSG:28992",
)
HOMES = pd.DataFrame({"neighbourhood_code": [A, A, B, B], "residents": [3.0, 1.0, 2.0, 2.0]})
HOMES["residents_low"], HOMES["residents_high"] = HOMES["residents"], HOMES["residents"]
# A library, a park without hours and a community centre without hours; metres from each home to each of them.
METRES = np.array([[100, 900, 900], [900, 100, 900], [900, 100, 200], [900, 900, 200]], dtype=float)


def hours(raw: str | None, *, assumed_always: bool = False) -> Opening:
    return opening_of(raw, assumed_always=assumed_always, latitude=52.56, longitude=5.91)


OPENINGS = [hours("Mo-Fr 09:00-17:00; We 09:00-21:00"), hours(None, assumed_always=True), hours(None)]


def nearest(chosen: NDArray[np.bool_]) -> NDArray[Any]:
    return METRES[:, chosen].min(axis=1, initial=np.inf)


def measured(of_places: list[Opening] = OPENINGS) -> pd.Series:
    """The share, by area, weekday, part and what is counted."""
    states = part_states(of_places, MONDAY, PARTS)
    table = opening_coverage(states, PARTS, nearest, HomesOf(HOMES, AREAS), group="residents", budget_m=500)
    return table.set_index(["area_code", "weekday", "part", "counted"])["share"].sort_index()


# --- the state in a part ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "states"),
    [
        ("Mo-Fr 09:00-17:00", ["open", "open", "closed"]),
        ("Mo-Fr 10:30-14:30", ["open", "open", "closed"]),
        ("Mo-Fr 10:31-14:29", ["closed", "closed", "closed"]),
        ("Mo-Fr 09:00-10:00,11:30-12:00,20:00-03:00", ["open", "closed", "closed"]),
        ("Mo-Fr 19:30-23:00", ["closed", "closed", "open"]),
        ('Mo-Fr 09:00-10:00, Mo-Fr 10:00-11:00 "op afspraak"', ["unknown", "closed", "closed"]),
        ("sunrise-sunset", ["open", "open", "closed"]),
        ("op afspraak", ["unknown", "unknown", "unknown"]),
    ],
)
def test_open_in_a_part_is_open_for_at_least_half_of_it(raw: str, states: list[str]) -> None:
    assert part_states([hours(raw)], MONDAY, PARTS)[0, 0].tolist() == states


def test_each_day_of_the_week_has_its_own_states() -> None:
    states = part_states(OPENINGS, MONDAY, PARTS)
    assert states.shape == (3, 7, 3)
    assert states[0, :, 2].tolist() == ["closed", "closed", "open", "closed", "closed", "closed", "closed"]
    assert set(states[1].ravel()) == {"assumed_open"}
    assert set(states[2].ravel()) == {"unknown"}


def test_no_places_have_no_states() -> None:
    assert part_states([], MONDAY, PARTS).shape == (0, 7, 3)


# --- coverage ---------------------------------------------------------------------------------------------------------


def test_the_share_follows_the_hours() -> None:
    share = measured()
    assert share[A, 1, "morning", "open"] == 0.75
    assert share[A, 1, "evening", "open"] == 0
    assert share[A, 3, "evening", "open"] == 0.75
    assert share[A, 7, "morning", "open"] == 0


def test_what_is_assumed_and_what_is_unknown_are_counted_apart() -> None:
    share = measured()
    assert share[A, 7, "evening"].to_dict() == {"open": 0, "open_or_assumed": 0.25, "open_or_unknown": 0.25}
    assert share[B, 7, "evening"].to_dict() == {"open": 0, "open_or_assumed": 0.5, "open_or_unknown": 1}
    assert share[WHOLE, 7, "evening"].to_dict() == {"open": 0, "open_or_assumed": 0.375, "open_or_unknown": 0.625}


def test_every_area_day_part_and_way_of_counting_has_one_row() -> None:
    share = measured()
    assert share.index.is_unique
    assert len(share) == 3 * 7 * 3 * 3


def test_it_equals_coverage_with_only_the_open_places() -> None:
    states = part_states(OPENINGS, MONDAY, PARTS)
    table = opening_coverage(states, PARTS, nearest, HomesOf(HOMES, AREAS), group="residents", budget_m=500)
    evening = table[(table["weekday"] == 3) & (table["part"] == "evening") & (table["counted"] == "open_or_assumed")]
    alone = people_reached(nearest(np.array([True, True, False])) <= 500, HomesOf(HOMES, AREAS), "residents")
    pd.testing.assert_frame_equal(evening[alone.columns].reset_index(drop=True), alone)


def test_each_set_of_open_places_is_measured_once() -> None:
    asked = []

    def metres_to(chosen: NDArray[np.bool_]) -> NDArray[Any]:
        asked.append(chosen.tolist())
        return nearest(chosen)

    states = part_states(OPENINGS, MONDAY, PARTS)
    opening_coverage(states, PARTS, metres_to, HomesOf(HOMES, AREAS), group="residents", budget_m=500)
    assert len(asked) == len({tuple(one) for one in asked}) == 6


RAW = st.sampled_from([None, "24/7", "Mo-Fr 09:00-17:00", "Sa 10:00-14:00", "sunrise-sunset", "op afspraak", "off"])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(RAW, st.booleans()), min_size=3, max_size=3))
def test_counting_more_as_open_never_lowers_the_share(places: list[tuple[str | None, bool]]) -> None:
    share = measured([hours(raw, assumed_always=always) for raw, always in places]).unstack("counted")
    assert (share["open"] <= share["open_or_assumed"]).all()
    assert (share["open_or_assumed"] <= share["open_or_unknown"]).all()


# --- indoors and outdoors ---------------------------------------------------------------------------------------------


def counted(neighbourhoods: list[list[str]]) -> pd.DataFrame:
    places = pd.DataFrame({"setting": ["indoor", "outdoor", "indoor"], "neighbourhood_codes": neighbourhoods})
    table = open_places(part_states(OPENINGS, MONDAY, PARTS), PARTS, places, AREAS)
    return table.set_index(["area_code", "weekday", "part", "setting"])


def test_in_the_evening_there_is_less_indoors_than_outdoors() -> None:
    table = counted([[A], [A], [B]])
    assert table.loc[(A, 1, "morning", "indoor")].tolist() == [1, 0, 0, 0]
    assert table.loc[(A, 1, "evening", "indoor")].tolist() == [0, 0, 1, 0]
    assert table.loc[(A, 1, "evening", "outdoor")].tolist() == [0, 1, 0, 0]
    assert table.loc[(B, 1, "evening", "indoor")].tolist() == [0, 0, 0, 1]
    assert table.loc[(B, 1, "evening", "sheltered")].tolist() == [0, 0, 0, 0]
    assert table.loc[(WHOLE, 1, "evening", "indoor")].tolist() == [0, 0, 1, 1]
    assert list(table.columns) == ["open_count", "assumed_open_count", "closed_count", "unknown_count"]


def test_a_place_on_a_border_counts_on_both_sides_and_once_in_all() -> None:
    table = counted([[A, B], [], [B]])
    assert table.loc[(A, 1, "morning", "indoor"), "open_count"] == 1
    assert table.loc[(B, 1, "morning", "indoor"), "open_count"] == 1
    assert table.loc[(WHOLE, 1, "morning", "indoor"), "open_count"] == 1
    assert table.loc[(WHOLE, 1, "morning", "outdoor")].tolist() == [0, 0, 0, 0]
