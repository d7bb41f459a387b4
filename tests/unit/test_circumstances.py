"""What is left when it rains, on a winter evening, in August and with all indoors shut."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scenario_samples import drawn
from test_homes import EAST, WEST, house

from meetingplaces.metrics.circumstances import (
    LEFT_COLUMNS,
    SWITCHES,
    TIMED,
    left,
    left_per_area,
    unlit_places,
)  # fmt: skip
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import norms_path

PLACES = pd.DataFrame(
    {
        "place_id": ["hall", "park", "lit square", "hut", "pavilion", "dark wood"],
        "setting": ["indoor", "outdoor", "outdoor", "outdoor", "sheltered", "outdoor"],
        "provides": [[], ["seat"], ["light"], ["shelter", "seat"], [], []],
    }
)
UNLIT = (PLACES["place_id"] == "dark wood").to_numpy(bool)
ALL = np.ones(len(PLACES), dtype=bool)
OPEN = Chosen(ALL, ALL)


def kept(*switches: str, opening: Chosen = OPEN) -> tuple[set[str], set[str]]:
    """Those that are there for sure, and those that are only perhaps."""
    stays = left(switches, PLACES, UNLIT, dict.fromkeys(TIMED, opening))
    assert not (stays.sure & ~stays.perhaps).any()
    names = PLACES["place_id"]
    return set(names[stays.sure]), set(names[stays.perhaps & ~stays.sure])


def states(**which: str) -> Chosen:
    """Open but for those that are `closed` or `unknown`."""
    told = PLACES["place_id"].map(which).fillna("open")
    return Chosen((told == "open").to_numpy(bool), (told != "closed").to_numpy(bool))


def test_without_a_switch_everything_is_left() -> None:
    assert kept() == (set(PLACES["place_id"]), set())


def test_with_indoors_shut_only_what_is_outside_is_left() -> None:
    assert kept("indoor_closed") == ({"park", "lit square", "hut", "pavilion", "dark wood"}, set())


def test_in_the_rain_one_is_dry_indoors_and_under_a_roof_and_perhaps_in_a_hut() -> None:
    assert kept("rain") == ({"hall", "pavilion"}, {"hut"})


def test_on_a_winter_evening_it_must_be_open_and_light() -> None:
    sure, perhaps = kept("winter_evening")
    assert sure == {"hall", "lit square"}
    # Whether there is light is not known; of the wood it is known that there is none.
    assert perhaps == {"park", "hut", "pavilion"}
    assert kept("winter_evening", opening=states(hall="closed")) == ({"lit square"}, perhaps)
    assert kept("winter_evening", opening=states(hall="unknown")) == ({"lit square"}, perhaps | {"hall"})


def test_in_august_only_what_its_hours_close_is_closed() -> None:
    assert kept("august", opening=states(hall="closed", park="unknown")) == (
        {"lit square", "hut", "pavilion", "dark wood"},
        {"park"},
    )


def test_switches_combine() -> None:
    assert kept("rain", "indoor_closed") == ({"pavilion"}, {"hut"})
    assert kept("indoor_closed", "rain", "winter_evening", opening=states(pavilion="closed")) == (set(), {"hut"})
    assert kept(*SWITCHES, opening=states(hut="closed")) == (set(), {"pavilion"})


@pytest.mark.parametrize("year", range(2023, 2033))
def test_the_moments_are_wednesdays_in_the_middle_of_the_month_in_dutch_time(year: int) -> None:
    moments = load_norms(norms_path()).moments
    winter, summer = (moments[switch].in_year(year) for switch in TIMED)
    assert (winter.isoweekday(), winter.month, winter.hour, str(winter.utcoffset())) == (3, 1, 20, "1:00:00")
    assert (summer.isoweekday(), summer.month, summer.hour, str(summer.utcoffset())) == (3, 8, 14, "2:00:00")
    assert all(15 <= moment.day <= 21 for moment in (winter, summer))


# A hall in West, a playground in East along an unlit path, and homes near each.
TOWN = """
n1 @0,0
n2 @1000,0
n3 @900,0
n4 @900,300
n5 @900,200
n6 @50,5 Tamenity=library
n7 @905,200 Tleisure=playground
w1 Thighway=residential,lit=yes Nn1,n3,n2
w2 Thighway=footway,lit=no Nn3,n5,n4
"""


def test_what_is_only_reached_by_unlit_ways_is_unlit(tmp_path: Path) -> None:
    unsaid = TOWN.replace("footway,lit=no", "footway")
    for text, dark in ((TOWN, ["osm/n7"]), (unsaid, [])):
        town = drawn(tmp_path, text + house("1", "50,10"))
        mask = unlit_places(town.places, town.walk.entrances, town.walk.network)
        assert town.places.loc[mask, "place_id"].tolist() == dark


def test_a_place_that_no_way_reaches_is_not_called_unlit(tmp_path: Path) -> None:
    town = drawn(tmp_path, TOWN + house("1", "50,10"))
    assert not unlit_places(town.places, town.walk.entrances.iloc[:0], town.walk.network).any()


def test_each_neighbourhood_keeps_and_loses_its_own(tmp_path: Path) -> None:
    homes = house("1", "60,10") + house("2", "70,10") + house("3", "60,-10") + house("4", "910,150") + "".join(
        house(str(number), f"{900 + number},-10") for number in range(5, 8)
    )  # fmt: skip
    town = drawn(tmp_path, TOWN + homes)
    stays = left(["indoor_closed"], town.places, np.zeros(len(town.places), dtype=bool), {})
    table = left_per_area(
        town.now(), stays, town.places, town.on_foot, town.homes, group="residents", budget_m=300
    ).set_index("area_code")
    assert tuple(table.reset_index().columns) == LEFT_COLUMNS
    assert table.loc[WEST, ["places_now_count", "places_sure_count", "share_now", "share_sure"]].tolist() == [
        1,
        0,
        1,
        0,
    ]
    assert table.loc[EAST, ["places_now_count", "places_sure_count", "share_now", "share_sure"]].tolist() == [
        1,
        1,
        1,
        1,
    ]
    assert table.loc["GM9999", ["places_now_count", "places_sure_count"]].tolist() == [2, 1]
    lost = table["reached_now"] - table["reached_sure"]
    assert lost[[WEST, EAST]].sum() == pytest.approx(lost["GM9999"])
    assert (table["reached_sure"] <= table["reached_perhaps"]).all()


def test_what_may_be_left_makes_a_band(tmp_path: Path) -> None:
    town = drawn(tmp_path, TOWN + house("1", "60,10") + house("2", "910,150"))
    none = np.zeros(len(town.places), dtype=bool)
    stays = Chosen(none, ~none)
    row = left_per_area(
        town.now(), stays, town.places, town.on_foot, town.homes, group="residents_65_plus", budget_m=300
    ).iloc[-1]
    assert row[["places_sure_count", "places_perhaps_count"]].tolist() == [0, 2]
    assert row["reached_sure"] == 0
    assert row["reached_perhaps"] == row["reached_now"] > 0
