"""Places without opening hours: which are assumed open always, and which are unknown."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from samples import all_categories

from meetingplaces.metrics.opening import AMSTERDAM, openings, states_at

NIGHT = datetime(2026, 11, 24, 22, tzinfo=AMSTERDAM)


def place(**changed: object) -> dict[str, object]:
    usual = {"opening_hours": None, "category": "park", "access": "assumed_public", "fee": "unknown"}
    return {**usual, "latitude": 52.56, "longitude": 5.91, **changed}


def state_of(**changed: object) -> str:
    return str(states_at(openings(pd.DataFrame([place(**changed)]), all_categories()), NIGHT)[0])


@pytest.mark.parametrize(
    "category",
    ["park", "plantsoen", "square", "pedestrian_area", "village_green", "playground", "play_forest", "youth_spot",
     "boules", "games", "fitness", "ball_pitch", "bandstand", "pavilion", "dog_park", "picnic_site", "seating_spot"],
)  # fmt: skip
def test_what_lies_open_outdoors_is_assumed_open(category: str) -> None:
    assert state_of(category=category) == "assumed_open"
    assert state_of(category=category, access="public") == "assumed_open"


@pytest.mark.parametrize(
    "category",
    ["allotments", "open_allotments", "community_garden", "petting_zoo", "play_garden", "marketplace", "terrace",
     "sports_ground", "swimming_spot", "nature_area", "recreation_area", "neighbourhood_centre", "library", "cafe",
     "place_of_worship", "toilets"],
)  # fmt: skip
def test_what_has_a_gate_a_keeper_or_a_timetable_is_unknown(category: str) -> None:
    assert state_of(category=category, access="public") == "unknown"


def test_no_building_is_assumed_open() -> None:
    kinds = all_categories().by_key.values()
    assert {kind.setting for kind in kinds if kind.hours == "assumed_always"} == {"outdoor", "sheltered"}


@pytest.mark.parametrize(
    "changed", [{"access": "members"}, {"access": "customers"}, {"access": "unknown"}, {"fee": "yes"}]
)
def test_a_threshold_takes_the_assumption_away(changed: dict[str, object]) -> None:
    assert state_of(**changed) == "unknown"


def test_hours_that_are_there_go_before_the_assumption() -> None:
    assert state_of(opening_hours="sunrise-sunset") == "closed"
    assert state_of(opening_hours="zie bord") == "unknown"
    assert state_of(opening_hours=" ") == "assumed_open"
    assert state_of(opening_hours=np.nan) == "assumed_open"


def test_restricted_places_follow_their_hours() -> None:
    assert state_of(category="cafe", access="customers", opening_hours="Mo-Su 17:00-23:00") == "open"


def test_states_stand_in_the_order_of_the_places() -> None:
    rows = [place(), place(opening_hours="Mo 10:00-12:00"), place(opening_hours="24/7"), place(category="library")]
    table = pd.DataFrame(rows * 50)
    states = states_at(openings(table, all_categories()), NIGHT)
    assert states.tolist() == ["assumed_open", "closed", "open", "unknown"] * 50
    assert states_at(openings(table[:0], all_categories()), NIGHT).tolist() == []
