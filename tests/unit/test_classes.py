"""Borders of the classes of a map: in order, around every known value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.metrics.classes import class_borders

CLASSINGS = ("quantiles", "equal", "natural")
VALUES = st.lists(st.floats(0, 1e5) | st.just(np.nan) | st.just(np.inf), max_size=60).map(np.array)


def per_class(values: np.ndarray, borders: np.ndarray) -> list[int]:
    return np.histogram(values, borders)[0].tolist()


@given(VALUES, st.sampled_from(CLASSINGS), st.integers(3, 7))
def test_borders_rise_and_hold_every_finite_value(values, classing, count):
    borders = class_borders(values, classing, count)
    known = values[np.isfinite(values)]
    assert len(borders) <= count + 1
    assert (np.diff(borders) > 0).all() or len(borders) == 2
    assert (len(borders) > 0) == (len(known) > 0)
    assert (known >= borders.min(initial=np.inf)).all()
    assert (known <= borders.max(initial=-np.inf)).all()


def test_quantiles_hold_as_many_areas_each():
    values = np.array([1, 2, 3, 10, 20, 30, 100, 200, 300], dtype=float)
    assert per_class(values, class_borders(values, "quantiles", 3)) == [3, 3, 3]


def test_equal_classes_are_as_wide():
    assert class_borders(np.array([0, 1, 2, 100.0]), "equal", 4).tolist() == [0, 25, 50, 75, 100]


def test_natural_classes_keep_like_values_together():
    values = np.array([1, 2, 3, 50, 51, 52, 98, 99, 100], dtype=float)
    assert per_class(values, class_borders(values, "natural", 3)) == [3, 3, 3]


@pytest.mark.parametrize("classing", CLASSINGS)
def test_one_value_everywhere_is_one_class(classing):
    assert class_borders(np.array([0.4, 0.4, np.nan]), classing, 5).tolist() == [0.4, 0.4]
