"""Numbers and street names on a printed map."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from meetingplaces.export.labels import Sizes, placed_names, placed_numbers

MAP = Sizes(width=1000, height=600, symbol=50, letters=20)
spots = arrays(float, st.tuples(st.integers(0, 25), st.just(2)), elements=st.floats(0, 600))


@given(spots)
def test_numbers_never_cover_each_other_and_stay_on_the_map(points):
    middles = placed_numbers(points, MAP)
    assert middles.shape == points.shape
    assert np.all(middles >= 25 - 1e-6)
    assert np.all(middles <= [975 + 1e-6, 575 + 1e-6])
    apart = np.abs(middles[:, None] - middles[None]).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min(initial=np.inf) >= 50 - 1e-6


def test_a_number_with_room_stands_on_its_spot():
    assert placed_numbers(np.array([[300.0, 300.0], [500.0, 100.0]]), MAP).tolist() == [[300, 300], [500, 100]]


def test_a_map_that_is_far_too_full_still_shows_every_number():
    middles = placed_numbers(np.full((400, 2), 300.0), MAP)
    assert middles.shape == (400, 2)
    assert np.isfinite(middles).all()


def street(*points):
    return np.array([[start, end] for start, end in pairwise(points)], dtype=float)


def test_a_name_is_written_along_its_street_and_never_upside_down():
    found = placed_names({"Oudestraat": street((800, 500), (200, 200))}, np.empty((0, 2)), MAP)
    (name,) = found
    assert (name.x, name.y) == (500, 350)
    assert name.turn == pytest.approx(np.degrees(np.arctan2(300, 600)))


def test_a_name_leaves_room_for_numbers_and_for_longer_streets():
    streets = {"Lange weg": street((100, 300), (900, 300)), "Kort": street((450, 305), (560, 305))}
    assert [one.name for one in placed_names(streets, np.empty((0, 2)), MAP)] == ["Lange weg"]
    assert placed_names(streets, np.array([[500.0, 300.0]]), MAP) == []


def test_a_name_longer_than_its_street_is_left_out():
    assert placed_names({"Burgemeester van Engelenweg": street((100, 100), (150, 100))}, np.empty((0, 2)), MAP) == []
