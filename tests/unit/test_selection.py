"""Which places fit: what is unknown fits only perhaps, and what has a threshold never counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetingplaces.metrics.selection import Chosen, Selection, chosen, counting, fitting

PLACES = pd.DataFrame(
    [
        # category, setting, weight, access, fee, wheelchair, provides
        ("library", "indoor", "core", "public", "no", "yes", []),
        ("park", "outdoor", "core", "assumed_public", "assumed_no", "unknown", ["shelter"]),
        ("playground", "outdoor", "core", "assumed_public", "unknown", "limited", ["seat"]),
        ("cafe", "indoor", "secondary", "customers", "no", "yes", []),
        ("allotments", "outdoor", "secondary", "unknown", "yes", "no", []),
        ("bench", "outdoor", "amenity", "assumed_public", "assumed_no", "yes", ["seat"]),
        ("pavilion", "sheltered", "secondary", "assumed_public", "unknown", "unknown", []),
    ],
    columns=["category", "setting", "weight", "access", "fee", "wheelchair", "provides"],
)


def found(**asked: object) -> tuple[str, str]:
    fits = chosen(PLACES, Selection(**asked))
    return tuple(" ".join(PLACES["category"][mask]) for mask in (fits.sure, fits.perhaps))


@pytest.mark.parametrize(
    ("asked", "sure", "also"),
    [
        ({}, "library park playground allotments pavilion", ""),
        ({"core_only": True}, "library park playground", ""),
        ({"settings": frozenset({"indoor", "sheltered"})}, "library pavilion", ""),
        ({"categories": frozenset({"park", "cafe", "bench"})}, "park", ""),
        ({"free_only": True}, "library park", "playground pavilion"),
        ({"wheelchair_only": True}, "library", "park playground pavilion"),
        ({"free_only": True, "wheelchair_only": True}, "library", "park playground pavilion"),
        ({"dry_only": True}, "library park pavilion", ""),
    ],
)
def test_what_is_unknown_fits_only_perhaps(asked, sure, also):
    surely, perhaps = found(**asked)
    assert surely == sure
    assert sorted(perhaps.split()) == sorted([*sure.split(), *also.split()])


def test_where_one_must_buy_something_fits_but_does_not_count():
    indoor = Selection(settings=frozenset({"indoor"}))
    assert fitting(PLACES, indoor).sure.sum() == 2
    assert chosen(PLACES, indoor).sure.sum() == 1
    assert list(PLACES["category"][~counting(PLACES)]) == ["cafe", "bench"]


def test_opening_hours_come_from_the_caller_and_unknown_ones_are_perhaps():
    known, may = np.zeros(7, dtype=bool), np.ones(7, dtype=bool)
    known[0] = True
    may[1] = False
    fits = chosen(PLACES, Selection(core_only=True), Chosen(known, may))
    assert list(PLACES["category"][fits.sure]) == ["library"]
    assert list(PLACES["category"][fits.perhaps]) == ["library", "playground"]


def test_no_places_at_all_are_no_error():
    assert not chosen(PLACES[:0], Selection(free_only=True, dry_only=True)).perhaps.any()


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_asking_more_never_finds_more_and_sure_is_always_perhaps(asked):
    options = dict(zip(("core_only", "free_only", "wheelchair_only", "dry_only"), asked, strict=True))
    fits = chosen(PLACES, Selection(**options))
    assert (fits.sure <= fits.perhaps).all()
    for name in options:
        more = chosen(PLACES, Selection(**(options | {name: True})))
        assert (more.sure <= fits.sure).all()
        assert (more.perhaps <= fits.perhaps).all()
