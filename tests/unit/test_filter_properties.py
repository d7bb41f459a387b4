"""One more filter never adds a place."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import EAST, FAR, MUNICIPALITY, WEST, all_categories

from meetingplaces.metrics.selection import ANY_SETTING
from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.filtering import visible_rows
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.view_state import ViewState

LEVELS = ["core", "secondary", "amenity"]
states = st.builds(
    ViewState,
    municipality=st.just(MUNICIPALITY),
    neighbourhood=st.sampled_from([None, WEST, EAST, FAR, OUTSIDE]),
    settings=st.frozensets(st.sampled_from(sorted(ANY_SETTING))),
    categories=st.frozensets(st.sampled_from(["library", "park", "bench", "cafe", "playground"]), max_size=3),
    level=st.sampled_from(LEVELS),
    restricted=st.booleans(),
)


@pytest.fixture(scope="module")
def loaded(built_bundle):
    return LoadedBundle(built_bundle, built_bundle.places(), built_bundle.neighbourhoods(), built_bundle.supply())


def rows(loaded, state) -> set[int]:
    return set(visible_rows(loaded, state).tolist())


@settings(max_examples=60, deadline=None)
@given(
    state=states,
    setting=st.sampled_from(sorted(ANY_SETTING)),
    category=st.sampled_from(sorted(all_categories().by_key)),
)
def test_a_filter_never_adds_places(loaded, state, setting, category):
    seen = rows(loaded, state)
    assert rows(loaded, replace(state, settings=state.settings - {setting})) <= seen
    assert rows(loaded, replace(state, restricted=False)) <= seen
    assert rows(loaded, replace(state, level="core")) <= seen
    if state.categories:
        assert rows(loaded, replace(state, categories=state.categories | {category})) >= seen
    else:
        assert rows(loaded, replace(state, categories=frozenset({category}))) <= seen
    if state.neighbourhood not in (None, OUTSIDE):
        assert seen <= rows(loaded, replace(state, neighbourhood=None))


@settings(max_examples=60, deadline=None)
@given(state=states)
def test_only_what_was_asked_for_is_shown(loaded, state):
    for row in rows(loaded, state):
        place = loaded.places.iloc[row]
        assert place["setting"] in state.settings
        assert not state.categories or place["category"] in state.categories
        assert state.restricted or place["access"] not in RESTRICTED_ACCESS
        assert LEVELS.index(place["weight"]) <= LEVELS.index(state.level)


def test_kinds_and_settings_together_show_every_place_once(loaded):
    everything = rows(loaded, ViewState(MUNICIPALITY, level="amenity", restricted=True))
    by_kind = [
        rows(loaded, ViewState(MUNICIPALITY, level="amenity", restricted=True, categories=frozenset({key})))
        for key in sorted(set(loaded.places["category"]))
    ]
    assert set().union(*by_kind) == everything
    assert sum(map(len, by_kind)) == len(everything)
