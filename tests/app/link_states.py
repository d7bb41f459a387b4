"""What visitors can choose, for tests of links: every value that a widget offers, with the product's own settings."""

from typing import get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from meetingplaces.metrics.measures import AREA_MEASURES
from meetingplaces.metrics.moments import When
from meetingplaces.metrics.near import Wish
from meetingplaces.metrics.ranking import COMPARED
from meetingplaces.metrics.selection import ANY_SETTING
from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Audience, load_categories
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import categories_path, norms_path
from meetingplaces.ui.catalogue import LANGUAGES
from meetingplaces.ui.link import MOST_ADDED, MOST_BEST, MOST_COMPARED, MOST_METRES, Choices
from meetingplaces.ui.notes import MOST_NOTES, fit_in_link, note_at
from meetingplaces.ui.view_state import (
    Camera,
    Circumstance,
    Classing,
    Edition,
    Group,
    Level,
    Moment,
    Need,
    Position,
    Spot,
    ViewState,
)

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""States are large: on a busy machine making one takes a while."""

NORMS = load_norms(norms_path())
KINDS = sorted(load_categories(categories_path()).by_key)
MUNICIPALITIES = ("GM0166", "GM9999")
NEIGHBOURHOODS = {"GM0166": [f"BU0166{n:02}A{n % 10}" for n in range(36)], "GM9999": ["BU99990001"]}
# As OpenStreetMap numbers things, and as municipalities do.
PLACES = {
    "GM0166": [
        *(f"osm/{kind}{(n * 7_919_777_777) % 12_000_000_000}" for n in range(1, 60) for kind in ("n", "w", "gn")),
        "kampen/1f2e3d4c-5b6a-7980-1234-56789abcdef0",
    ],
    "GM9999": ["osm/n9"],
}
EARLIER = {"GM0166": ("2023-01-30", "2021"), "GM9999": ("2024-05",)}
CHOICES = Choices(
    MUNICIPALITIES, lambda state: NEIGHBOURHOODS[state.municipality], lambda state: PLACES[state.municipality], KINDS,
    AREA_MEASURES, COMPARED, NORMS.profiles, [part.key for part in NORMS.day_parts], EARLIER.__getitem__,
)  # fmt: skip
SPOTS = st.builds(
    Spot,
    st.sampled_from(KINDS),
    st.integers(3300000, 7220000).map(lambda unit: unit / 1000000),
    st.integers(50700000, 53600000).map(lambda unit: unit / 1000000),
)
DEGREES = st.tuples(st.integers(33000, 72200), st.integers(507000, 536000)).map(
    lambda at: (at[0] / 10000, at[1] / 10000)
)
HERE = DEGREES.map(lambda at: Position(*at))
CAMERAS = st.builds(lambda at, zoom: Camera(*at, zoom / 4), DEGREES, st.integers(32, 76))
EDITIONS = st.builds(
    Edition, st.dates().map(lambda day: day.isoformat()), st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
)
NOTES = (
    st.lists(st.builds(lambda at, text: note_at(*at, text), DEGREES, st.text(max_size=400)), max_size=MOST_NOTES)
    .filter(fit_in_link)
    .map(tuple)
)
HOURS = st.sampled_from(["24-7", "Mo-Fr 09:00-22:00", "Mo-Su 10:00-17:00; PH off", "Sa,Su 13:00-01:00"])
WEIGHTS = st.dictionaries(st.sampled_from(sorted(COMPARED)), st.integers(0, 5)).map(
    lambda chosen: tuple(chosen.items())
)


def subsets(values):
    return st.frozensets(st.sampled_from(sorted(values)))


def plain_states(municipality="GM0166"):
    """All that can be chosen at once, but for a scenario, which has no natural end, and own notes."""
    areas, places = st.sampled_from(NEIGHBOURHOODS[municipality]), st.sampled_from(PLACES[municipality])
    return st.builds(
        ViewState,
        municipality=st.just(municipality),
        neighbourhood=st.none() | st.just(OUTSIDE) | areas,
        settings=subsets(ANY_SETTING),
        categories=subsets(KINDS) | st.permutations(KINDS).map(lambda kinds: frozenset(kinds[:36])),
        level=st.sampled_from(get_args(Level)),
        restricted=st.booleans(),
        place=st.none() | places,
        language=st.sampled_from([None, *LANGUAGES]),
        when=st.sampled_from([None, *get_args(When)]),
        wishes=subsets(get_args(Wish)),
        audience=st.sampled_from([None, *get_args(Audience)]),
        here=st.none() | HERE,
        with_map=st.booleans(),
        measure=st.sampled_from(sorted(AREA_MEASURES)),
        group=st.sampled_from(get_args(Group)),
        budget_m=st.none() | st.integers(50, MOST_METRES),
        profile=st.sampled_from(sorted(NORMS.profiles)),
        needs=subsets(get_args(Need)),
        moment=st.none()
        | st.builds(Moment, st.integers(1, 7), st.sampled_from([part.key for part in NORMS.day_parts])),
        classing=st.sampled_from(get_args(Classing)),
        class_count=st.integers(3, 7),
        compared=st.lists(areas, unique=True, max_size=MOST_COMPARED).map(tuple),
        weights=WEIGHTS,
        best_count=st.integers(0, MOST_BEST),
        circumstances=subsets(get_args(Circumstance)),
        earlier=st.sampled_from([None, *EARLIER[municipality]]),
        camera=st.none() | CAMERAS,
        place_at=st.none() | DEGREES,
        edition=st.none() | EDITIONS,
        fixed=st.booleans(),
    )


def changes(municipality="GM0166"):
    """What can be changed at *Wat als*, in the order of trying: places that come or close, and other hours."""
    places = st.sampled_from(PLACES[municipality])
    one = st.one_of(
        SPOTS.map(lambda spot: {"added": (spot,)}),
        places.map(lambda place: {"closed": frozenset({place})}),
        st.tuples(places, HOURS).map(lambda told: {"hours": (told,)}),
    )
    return st.lists(one, max_size=60)


@st.composite
def states(draw):
    """Every state a link can hold."""
    municipality = draw(st.sampled_from(MUNICIPALITIES))
    places = st.sampled_from(PLACES[municipality])
    state = draw(plain_states(municipality))
    return ViewState(**{
        **vars(state),
        "added": tuple(draw(st.lists(SPOTS, unique=True, max_size=MOST_ADDED))),
        "closed": draw(st.frozensets(places, max_size=12)),
        "hours": tuple(draw(st.dictionaries(places, HOURS, max_size=3)).items()),
        "notes": draw(NOTES),
    })  # fmt: skip
