"""A link and the state it stands for: there and back, and what junk does."""

from typing import get_args
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetingplaces.metrics.classes import Classing
from meetingplaces.metrics.moments import When
from meetingplaces.metrics.near import Wish
from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Audience
from meetingplaces.ui.catalogue import LANGUAGES
from meetingplaces.ui.link import (
    MOST_ADDED,
    MOST_BEST,
    MOST_COMPARED,
    MOST_METRES,
    Choices,
    from_query,
    share_query,
    to_query,
)
from meetingplaces.ui.notes import MOST_NOTES, fit_in_link, note_at
from meetingplaces.ui.view_state import (
    ALL_SETTINGS,
    Camera,
    Circumstance,
    Edition,
    Group,
    Level,
    Moment,
    Need,
    Position,
    Spot,
    ViewState,
)

MUNICIPALITIES = ("GM0166", "GM9999")
NEIGHBOURHOODS = {"GM0166": ("BU01660000", "BU0166AF08"), "GM9999": ("BU99990001",)}
PLACES = {"GM0166": ("osm/n1", "osm/w45", "osm/r6", "osm/gn12"), "GM9999": ("osm/n9",)}
CATEGORIES = ("park", "play_forest", "square")
MEASURES, WEIGHED = ("coverage", "gap", "distance"), ("share", "gap", "places_per_1000")
PROFILES, PARTS = ("adult", "rollator"), ("morning", "evening")
EARLIER = {"GM0166": ("2023-01-30", "2021"), "GM9999": ("2024-05",)}
CHOICES = Choices(
    MUNICIPALITIES, NEIGHBOURHOODS.__getitem__, PLACES.__getitem__, CATEGORIES, MEASURES, WEIGHED, PROFILES, PARTS,
    EARLIER.__getitem__,
)  # fmt: skip
SPOTS = st.builds(
    Spot,
    st.sampled_from(CATEGORIES),
    st.integers(3300000, 7220000).map(lambda unit: unit / 1000000),
    st.integers(50700000, 53600000).map(lambda unit: unit / 1000000),
)
HERE = st.builds(
    Position,
    st.integers(33000, 72200).map(lambda unit: unit / 10000),
    st.integers(507000, 536000).map(lambda unit: unit / 10000),
)
DEGREES = st.tuples(st.integers(33000, 72200), st.integers(507000, 536000)).map(
    lambda at: (at[0] / 10000, at[1] / 10000)
)
CAMERAS = st.builds(lambda at, zoom: Camera(*at, zoom / 4), DEGREES, st.integers(32, 76))
EDITIONS = st.builds(
    Edition, st.dates().map(lambda day: day.isoformat()), st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
)
NOTES = (
    st.lists(st.builds(lambda at, text: note_at(*at, text), DEGREES, st.text(max_size=400)), max_size=MOST_NOTES)
    .filter(fit_in_link)
    .map(tuple)
)
HOURS = st.sampled_from(["24/7", "Mo-Fr 09:00-22:00", "Mo-Su 10:00-17:00; PH off", "Sa,Su 13:00-01:00"])


def subsets(kind):
    return st.frozensets(st.sampled_from(get_args(kind)))


@st.composite
def states(draw):
    municipality = draw(st.sampled_from(MUNICIPALITIES))
    places, areas = st.sampled_from(PLACES[municipality]), st.sampled_from(NEIGHBOURHOODS[municipality])
    hours = draw(st.dictionaries(places, HOURS.filter(lambda told: "/" not in told), max_size=3))
    weights = draw(st.dictionaries(st.sampled_from(WEIGHED), st.integers(0, 5)))
    return ViewState(
        municipality=municipality,
        neighbourhood=draw(st.none() | st.just(OUTSIDE) | areas),
        settings=draw(st.frozensets(st.sampled_from(sorted(ALL_SETTINGS)))),
        categories=draw(st.frozensets(st.sampled_from(CATEGORIES))),
        level=draw(st.sampled_from(get_args(Level))),
        restricted=draw(st.booleans()),
        place=draw(st.none() | places),
        language=draw(st.sampled_from([None, *LANGUAGES])),
        when=draw(st.sampled_from([None, *get_args(When)])),
        wishes=draw(subsets(Wish)),
        audience=draw(st.sampled_from([None, *get_args(Audience)])),
        here=draw(st.none() | HERE),
        with_map=draw(st.booleans()),
        measure=draw(st.sampled_from(MEASURES)),
        group=draw(st.sampled_from(get_args(Group))),
        budget_m=draw(st.none() | st.integers(50, MOST_METRES)),
        profile=draw(st.sampled_from(PROFILES)),
        needs=draw(subsets(Need)),
        moment=draw(st.none() | st.builds(Moment, st.integers(1, 7), st.sampled_from(PARTS))),
        classing=draw(st.sampled_from(get_args(Classing))),
        class_count=draw(st.integers(3, 7)),
        compared=tuple(draw(st.lists(areas, unique=True, max_size=MOST_COMPARED))),
        weights=tuple(weights.items()),
        added=tuple(draw(st.lists(SPOTS, unique=True, max_size=MOST_ADDED))),
        closed=draw(st.frozensets(places)),
        hours=tuple(hours.items()),
        best_count=draw(st.integers(0, MOST_BEST)),
        circumstances=draw(subsets(Circumstance)),
        earlier=draw(st.sampled_from([None, *EARLIER[municipality]])),
        camera=draw(st.none() | CAMERAS),
        place_at=draw(st.none() | DEGREES),
        edition=draw(st.none() | EDITIONS),
        fixed=draw(st.booleans()),
        notes=draw(NOTES),
    )


@given(states())
def test_a_link_gives_the_state_back(state):
    read = from_query(to_query(state, MUNICIPALITIES[0]), CHOICES)
    assert (read.state, read.ignored) == (state, [])


@given(states())
def test_a_link_needs_no_encoding(state):
    for name, value in to_query(state, MUNICIPALITIES[0]).items():
        allowed = "-._~" + (" :,;+" if name == "tijden" else "")
        assert all(sign.isascii() and (sign.isalnum() or sign in allowed) for sign in name + value)


@settings(max_examples=300)
@given(states())
def test_what_a_resident_and_what_a_planner_chooses_make_a_short_link(state):
    query = to_query(state, MUNICIPALITIES[0])
    for others in (RESIDENT, PLANNER):
        plain = {name: value for name, value in query.items() if name not in others + SCENARIO + ON_REQUEST}
        assert len(urlencode(plain)) <= 400


RESIDENT = ("bij", "wanneer", "wens", "voor", "vanaf", "kaart")
PLANNER = ("maat", "groep", "afstand", "moment", "klassen", "aantal", "met", "weging", "omstandigheden", "eerder")
SCENARIO = ("erbij", "dicht", "tijden")
ON_REQUEST = ("beeld", "stand", "keuze", "notities")


def test_the_default_state_has_an_empty_link():
    assert to_query(ViewState("GM0166"), "GM0166") == {}
    assert to_query(ViewState("GM9999"), "GM0166") == {"gemeente": "GM9999"}


NAMES = st.sampled_from([
    "gemeente", "buurt", "waar", "soort", "niveau", "drempel", "plek", "maat", "groep", "afstand", "loper", "eis",
    "moment", "klassen", "aantal", "met", "weging", "erbij", "dicht", "tijden", "beste", "omstandigheden",
    "eerder", "taal", "wanneer", "wens", "voor", "vanaf", "kaart", "bij", "beeld", "stand", "keuze", "notities", "v",
    "zzz",
])  # fmt: skip


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
    assert from_query({"gemeente": "GM0166", "dicht": "osm-n9"}, CHOICES).ignored == ["dicht"]


def test_a_place_that_is_gone_stays_in_the_state_so_that_the_page_can_say_so():
    read = from_query({"gemeente": "GM0166", "plek": "osm-n9", "bij": "5.9142_52.558"}, CHOICES)
    assert read.state == ViewState("GM0166", place="osm/n9", place_at=(5.9142, 52.558))
    assert read.ignored == []


def test_a_link_to_send_says_its_version_and_names_the_municipality():
    assert share_query(ViewState("GM0166"), None) == {"v": "1", "gemeente": "GM0166"}
    query = share_query(ViewState("GM0166", place="osm/n1"), (5.9, 52.5581))
    assert query == {"v": "1", "gemeente": "GM0166", "plek": "osm-n1", "bij": "5.9_52.5581"}
    assert from_query(query, CHOICES).ignored == []


def test_a_link_of_a_version_to_come_says_that_it_may_be_misunderstood():
    assert from_query({"v": "2", "niveau": "kern"}, CHOICES).ignored == ["v"]


def test_parameters_of_streamlit_itself_are_left_alone():
    assert from_query({"embed": "true"}, CHOICES).ignored == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("afstand", "49"), ("afstand", "2001"), ("afstand", "5e2"), ("afstand", "٣٠٠"), ("aantal", "8"),
        ("erbij", "5.9_52.5_park"), ("erbij", "5.900000_52.500000_pub"), ("erbij", "nan_52.500000_park"),
        ("erbij", "~".join(f"5.90000{n}_52.500000_park" for n in range(10)) + "~5.910000_52.500000_park"),
        ("met", ".".join(["BU01660000"] * 2)), ("met", "BU99990001"), ("dicht", "osm-n9"), ("moment", "xx.evening"),
        ("moment", "ma.night"), ("tijden", "osm-n1_<script>"), ("tijden", "osm-n1_" + "Mo " * 40), ("beste", "4"),
        ("bij", "5.9"), ("bij", "5.91234_52.5"), ("bij", "nan_52.5"), ("bij", "99.9_52.5"),
        ("beeld", "5.9_52.5"), ("beeld", "5.9_52.5_40"),
        ("stand", "2023-13-01.0123abcd"), ("stand", "2023-01-30.xyz"), ("keuze", "ja"), ("v", "2"),
        ("notities", "%%%"), ("notities", "AAAA"), ("notities", "A" * 2001), ("plek", "<script>"), ("plek", "x"),
        ("weging", "gap-6"), ("weging", "gap"), ("omstandigheden", "storm"), ("loper", "x"),
        ("eerder", "2024-05"), ("eerder", "../.."),
    ],
)  # fmt: skip
def test_what_a_planner_cannot_have_chosen_is_left_out(name, text):
    read = from_query({"gemeente": "GM0166", name: text}, CHOICES)
    assert (read.state, read.ignored) == (ViewState("GM0166"), [name])
