"""What stands out among neighbourhoods, and an order by weights that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.metrics.ranking import standing_out, weighed

AREAS = pd.DataFrame(
    {"share": [0.9, 0.5, 0.1], "gap": [10.0, 500.0, 90.0], "same": [1.0, 1.0, 1.0]}, index=["A", "B", "C"]
)
WORSE = {"share": False, "gap": True, "same": True}


def test_the_number_farthest_from_the_whole_comes_first():
    found = standing_out(AREAS, pd.Series({"share": 0.5, "gap": 100.0, "same": 1.0}))
    assert found.loc[0, ["area", "measure", "value", "whole"]].tolist() == ["B", "gap", 500.0, 100.0]
    assert set(found["measure"]) == {"share", "gap"}


def test_what_is_unknown_does_not_stand_out():
    unknown = AREAS.assign(gap=[np.nan, 500.0, 90.0])
    found = standing_out(unknown, pd.Series({"share": 0.5, "gap": 100.0, "same": np.nan}))
    assert ("A", "gap") not in set(zip(found["area"], found["measure"], strict=True))


def test_the_order_follows_the_weights():
    assert weighed(AREAS, {"share": 1}, WORSE).index.tolist() == ["C", "B", "A"]
    assert weighed(AREAS, {"gap": 5, "share": 1}, WORSE).index.tolist() == ["B", "C", "A"]


def test_the_score_is_the_sum_of_its_parts_by_hand():
    found = weighed(AREAS, {"share": 3, "gap": 1}, WORSE)
    # C: share is worst (1), gap is (90 - 10) / 490 of the way.
    assert found.at["C", "score"] == pytest.approx(0.75 * 1 + 0.25 * 80 / 490)
    assert found[["share", "gap"]].sum(axis=1).tolist() == pytest.approx(found["score"].tolist())


def test_an_area_with_something_unknown_has_no_score_and_comes_last():
    found = weighed(AREAS.assign(gap=[np.nan, 500.0, 90.0]), {"share": 1, "gap": 1}, WORSE)
    assert found.index[-1] == "A"
    assert np.isnan(found.at["A", "score"])


def test_without_weights_there_is_no_order():
    assert weighed(AREAS, {"share": 0}, WORSE)["score"].isna().all()


def test_a_measure_that_is_the_same_everywhere_decides_nothing():
    both = weighed(AREAS, {"share": 1, "same": 5}, WORSE)
    assert both.index.tolist() == weighed(AREAS, {"share": 1}, WORSE).index.tolist()


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(1, 5))
def test_scores_lie_between_0_and_1(values, weight):
    score = weighed(pd.DataFrame({"gap": values}), {"gap": weight}, WORSE)["score"]
    assert score.between(0, 1 + 1e-12).all()
