"""What holds for any set of features: nothing is lost without being counted, and order does not matter."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from samples import BUURTEN, MUNICIPALITY, all_categories, areas_file, extract_of

from meetingplaces.model.places import check_places
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.amenities import enrich
from meetingplaces.pipeline.assign import assign
from meetingplaces.pipeline.classify import classify
from meetingplaces.pipeline.deduplicate import deduplicate
from meetingplaces.sources.cbs_areas import read_areas

TAGS = [
    "amenity=bench", "amenity=bench,access=customers", "amenity=toilets", "highway=street_lamp", "leisure=picnic_table",
    "leisure=park", "leisure=park,name=Stadspark", "leisure=garden", "leisure=garden,access=yes",
    "place=square,name=Markt", "highway=pedestrian,area=yes", "highway=pedestrian,area=yes,name=Oudestraat",
    "leisure=playground", "leisure=playground,name=Speeltuin", "leisure=playground,access=private",
    "amenity=library", "amenity=library,name=Bieb,wheelchair=yes", "amenity=cafe", "amenity=cafe,name=Unie",
    "amenity=school", "leisure=sports_centre", "leisure=pitch,sport=soccer", "leisure=schoolyard", "shop=charity",
    "landuse=allotments", "amenity=townhall", "building=yes",
]  # fmt: skip
# From just west of the municipality (5.89) to just east of its first two neighbourhoods, in steps of 7 by 11 m.
EAST_STEPS, NORTH_STEPS = st.integers(0, 300), st.integers(0, 30)


def opl(features: list[tuple[str, int, int, int]]) -> str:
    """Points and squares (with a side of so many steps) as OPL."""
    lines = []
    for number, (tags, x, y, side) in enumerate(features, 1):
        west, south = 5.8825 + x / 10_000, 52.5 + y / 10_000
        if side == 0:
            lines.append(f"n{number} x{west:.4f} y{south:.4f} T{tags}")
            continue
        east, north = west + side / 10_000, south + side / 10_000
        corners = [(west, south), (east, south), (east, north), (west, north)]
        ids = [1000 * number + corner for corner in range(4)]
        lines += [f"n{one} x{lon:.4f} y{lat:.4f}" for one, (lon, lat) in zip(ids, corners, strict=True)]
        lines.append(f"w{number} T{tags} N" + ",".join(f"n{one}" for one in [*ids, ids[0]]))
    return "\n".join(lines)


# Few positions and sizes, so that features meet, cover and repeat each other.
feature = st.tuples(st.sampled_from(TAGS), EAST_STEPS.map(lambda x: x - x % 5), NORTH_STEPS.map(lambda y: y - y % 5),
                    st.sampled_from([0, 0, 0, 3, 5, 20]))  # fmt: skip
extracts = st.lists(feature, min_size=1, max_size=40).map(opl)
modestly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def neighbourhoods(tmp_path):
    return read_areas(Snapshot.of_file(areas_file(tmp_path / "areas.geojson", *BUURTEN)), MUNICIPALITY).neighbourhoods


def pipeline(features, neighbourhoods):
    kinds = all_categories()
    places, _ = deduplicate(classify(features, kinds).places)
    return assign(enrich(places, kinds)[0], neighbourhoods, kinds.thresholds.outside_margin_m)[0]


@modestly
@given(text=extracts, order=st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(tmp_path, neighbourhoods, text, order):
    features = extract_of(tmp_path, text).features
    rows = list(features.index)
    order.shuffle(rows)
    one = pipeline(features, neighbourhoods)
    other = pipeline(features.loc[rows].reset_index(drop=True), neighbourhoods)
    assert_frame_equal(one.sort_values("place_id", ignore_index=True), other.sort_values("place_id", ignore_index=True))


@modestly
@given(text=extracts)
def test_every_step_gives_what_it_took_less_what_it_counted(tmp_path, neighbourhoods, text):
    kinds = all_categories()
    features = extract_of(tmp_path, text).features

    found = classify(features, kinds)
    shapes = ["point" if one.geom_type == "Point" else "area" for one in features["geometry"]]
    ours = [kinds.of(tags, shape, 0) for tags, shape in zip(features["tags"], shapes, strict=True)]
    known = len(ours) - ours.count(None)
    assert len(found.places) + len(found.living_streets) + found.dropped.total() == known

    merged, twins = deduplicate(found.places)
    assert len(merged) + twins.total() == len(found.places)
    assert sorted(merged["records"].explode()) == sorted(found.places["place_id"])

    rich, unfit = enrich(merged, kinds)
    spots = rich["place_id"].str.startswith("osm/g")
    assert len(rich) - spots.sum() + unfit.total() == len(merged)

    kept, far = assign(rich, neighbourhoods, kinds.thresholds.outside_margin_m)
    assert len(kept) + far.total() == len(rich)
    check_places(kept, "a made-up extract")


@modestly
@given(text=extracts)
def test_assignment_loses_no_place(tmp_path, neighbourhoods, text):
    places = classify(extract_of(tmp_path, text).features, all_categories()).places
    kept, dropped = assign(places, neighbourhoods, 500)
    town = neighbourhoods.union_all()
    away = places.distance(town)
    assert set(kept["place_id"]) == set(places["place_id"][away <= 500])
    assert dropped.total() == (away > 500).sum()
    inside = kept["neighbourhood_codes"].map(len) > 0
    assert (inside == kept.intersects(town)).all()


@modestly
@given(text=extracts)
def test_what_points_to_another_row_points_to_one_that_is_there(tmp_path, neighbourhoods, text):
    kept = pipeline(extract_of(tmp_path, text).features, neighbourhoods)
    assert set(kept["amenity_ids"].explode().dropna()) <= set(kept["place_id"])
    assert set(kept["neighbourhood_codes"].explode().dropna()) <= set(neighbourhoods["neighbourhood_code"])
    assert not pd.Series(kept["place_id"]).duplicated().any()
