"""Who may meet at a place: the people of each group who can walk to it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from samples import all_categories
from street_samples import features_of
from test_homes import EAST, WEST, area, areas, house

from meetingplaces.metrics.coverage import HomesOf, people_reached
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.mixing import co_access
from meetingplaces.metrics.selection import Selection, chosen
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import load_norms
from meetingplaces.model.walking import WalkingContent
from meetingplaces.pipeline.classify import classify
from meetingplaces.pipeline.walking import walking
from meetingplaces.storage.locations import norms_path

# Two homes in the west, two in the east, a library between them and a far playground beyond the last.
TOWN = "n1 @-50,20\nn2 @600,20\nn3 @100,25 Tamenity=library\nn4 @500,25 Tleisure=playground\nw1 Thighway=path Nn1,n2\n"
HOMES = house("1", "10,15") + house("2", "90,15") + house("3", "110,15") + house("4", "190,15")
YOUNG_AND_OLD = areas(
    area(EAST, 100, households_count=2, residents_65_plus_share=0.5, one_person_households_share=None),
    area(WEST, 0, households_count=2, residents_65_plus_share=0.1, one_person_households_share=None),
)


@pytest.fixture
def town(tmp_path: Path):
    features = features_of(tmp_path, TOWN + HOMES)
    places = classify(features, all_categories()).places
    found = walking(features, places, YOUNG_AND_OLD, all_categories())
    content = WalkingContent(found.homes, found.entrances, found.reach, found.network, found.barriers)
    adult = load_norms(norms_path()).profile()
    return OnFoot(places, content, adult), HomesOf(found.homes, YOUNG_AND_OLD), places


def mixed(town, budget_m: float) -> pd.DataFrame:
    on_foot, homes, places = town
    table = co_access(on_foot, homes, chosen(places, Selection()), tuple(GROUPS), budget_m)
    return table.set_index(places["category"].to_numpy())


def test_a_place_between_two_neighbourhoods_has_the_mix_of_both(town):
    near, far = mixed(town, 50).loc["library"], mixed(town, 150).loc["library"]
    assert near["homes_reached_count"] == 2
    assert near[["residents", "residents_65_plus"]].tolist() == pytest.approx([100, 30])
    assert far[["residents", "residents_65_plus"]].tolist() == pytest.approx([200, 60])
    assert near["residents_low"] < near["residents"] < near["residents_high"]


def test_where_nobody_comes_there_are_none_and_what_is_unknown_is_not_none(town):
    row = mixed(town, 50).loc["playground"]
    assert row[["homes_reached_count", "residents"]].tolist() == [0, 0]
    for place in ("library", "playground"):
        assert np.isnan(mixed(town, 50).loc[place, "one_person_households"])


def test_all_who_reach_one_place_are_those_that_coverage_counts(town):
    on_foot, homes, places = town
    library = on_foot.to_places(chosen(places, Selection(categories=frozenset({"library"}))))
    table = people_reached(library.sure <= 150, homes, "residents_65_plus")
    assert table["reached"].iloc[-1] == pytest.approx(mixed(town, 150).loc["library", "residents_65_plus"])


def test_no_place_chosen_gives_no_rows(town):
    on_foot, homes, places = town
    nothing = chosen(places, Selection(categories=frozenset({"square"})))
    assert len(co_access(on_foot, homes, nothing, tuple(GROUPS), 500)) == 0
