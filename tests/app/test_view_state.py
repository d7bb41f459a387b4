"""A link and the state it stands for: there and back, and what junk does."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.ui.catalogue import LANGUAGES
from meetingplaces.ui.view_state import ALL_SETTINGS, Choices, Level, ViewState, from_query

MUNICIPALITIES = ("GM0166", "GM9999")
NEIGHBOURHOODS = {"GM0166": ("BU01660000", "BU0166AF08"), "GM9999": ("BU99990001",)}
PLACES = {"GM0166": ("osm/n1", "osm/w45", "osm/r6", "osm/gn12"), "GM9999": ("osm/n9",)}
CATEGORIES = ("park", "play_forest", "square")
CHOICES = Choices(MUNICIPALITIES, NEIGHBOURHOODS.__getitem__, PLACES.__getitem__, CATEGORIES)


@st.composite
def states(draw):
    municipality = draw(st.sampled_from(MUNICIPALITIES))
    return ViewState(
        municipality=municipality,
        neighbourhood=draw(st.sampled_from([None, OUTSIDE, *NEIGHBOURHOODS[municipality]])),
        settings=draw(st.frozensets(st.sampled_from(sorted(ALL_SETTINGS)))),
        categories=draw(st.frozensets(st.sampled_from(CATEGORIES))),
        level=draw(st.sampled_from(get_args(Level))),
        restricted=draw(st.booleans()),
        place=draw(st.sampled_from([None, *PLACES[municipality]])),
        language=draw(st.sampled_from([None, *LANGUAGES])),
    )


@given(states())
def test_a_link_gives_the_state_back(state):
    read = from_query(state.to_query(MUNICIPALITIES[0]), CHOICES)
    assert (read.state, read.ignored) == (state, [])


@given(states())
def test_a_link_needs_no_encoding(state):
    for name, value in state.to_query(MUNICIPALITIES[0]).items():
        assert all(sign.isascii() and (sign.isalnum() or sign in "-._~") for sign in name + value)


def test_the_default_state_has_an_empty_link():
    assert ViewState("GM0166").to_query("GM0166") == {}
    assert ViewState("GM9999").to_query("GM0166") == {"gemeente": "GM9999"}


NAMES = st.sampled_from(["gemeente", "buurt", "waar", "soort", "niveau", "drempel", "plek", "taal", "zzz"])


@given(st.dictionaries(NAMES | st.text(max_size=8), st.text(max_size=30)))
def test_junk_never_raises_and_is_named(query):
    read = from_query(query, CHOICES)
    assert read.state.municipality in MUNICIPALITIES
    assert set(read.ignored) <= set(query)
    assert "zzz" in read.ignored or "zzz" not in query


def test_good_parameters_survive_beside_bad_ones():
    read = from_query({"gemeente": "gm0166", "buurt": "<script>", "waar": "buiten.mars", "niveau": "kern"}, CHOICES)
    assert read.state == ViewState("GM0166", level="core")
    assert read.ignored == ["buurt", "waar"]


def test_a_place_of_another_municipality_is_not_this_ones():
    assert from_query({"gemeente": "GM0166", "plek": "osm-n9"}, CHOICES).ignored == ["plek"]


def test_parameters_of_streamlit_itself_are_left_alone():
    assert from_query({"embed": "true"}, CHOICES).ignored == []
