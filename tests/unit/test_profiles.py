"""Who gets where: drawn streets with stairs, stiles and benches, where the answer is known by eye."""

from pathlib import Path

import numpy as np
import pytest
from samples import all_categories
from street_samples import CLOSE_M, features_of
from test_homes import BOTH, house

from meetingplaces.metrics.distances import Distances, OnFoot
from meetingplaces.metrics.selection import Selection, chosen
from meetingplaces.model.norms import Norms, load_norms
from meetingplaces.model.walking import WalkingContent
from meetingplaces.pipeline.classify import classify
from meetingplaces.pipeline.walking import walking
from meetingplaces.storage.locations import norms_path

NORMS: Norms = load_norms(norms_path())
STREET = "n1 @-50,20\nn2 @600,20\nw1 Thighway=residential Nn1,n2\n"
# Five metres from the street, as the home is.
LIBRARY = "n3 @{x},25 Tamenity=library\n"
BENCH = "n{id} @{at} Tamenity=bench{more}\n"


def on_foot(folder: Path, text: str, profile: str) -> tuple[OnFoot, Distances]:
    """What a profile can reach from the homes in a drawn town."""
    features = features_of(folder, text)
    places = classify(features, all_categories()).places
    found = walking(features, places, BOTH, all_categories())
    content = WalkingContent(found.homes, found.entrances, found.reach, found.network, found.barriers)
    walker = OnFoot(places, content, NORMS.profile(profile))
    return walker, walker.to_places(chosen(places, Selection()))


def metres(folder: Path, text: str, profile: str = "rollator") -> tuple[float, float]:
    """Sure and perhaps, of the one home."""
    _, band = on_foot(folder, text, profile)
    assert len(band.sure) == 1
    return float(band.sure[0]), float(band.perhaps[0])


def bench(number: int, at: str, more: str = "") -> str:
    return BENCH.format(id=number, at=at, more=more)


def test_a_stretch_of_120_m_without_a_bench_is_walked(tmp_path: Path) -> None:
    assert metres(tmp_path, STREET + LIBRARY.format(x=120) + house("1", "10,15")) == pytest.approx(
        (120, 120), abs=CLOSE_M
    )


def test_a_stretch_of_130_m_without_a_bench_is_not_walked_for_sure(tmp_path: Path) -> None:
    sure, perhaps = metres(tmp_path, STREET + LIBRARY.format(x=130) + house("1", "10,15"))
    assert sure == np.inf
    assert perhaps == pytest.approx(130, abs=CLOSE_M)


def test_an_adult_needs_no_bench(tmp_path: Path) -> None:
    assert metres(tmp_path, STREET + LIBRARY.format(x=130) + house("1", "10,15"), "adult") == pytest.approx(
        (130, 130), abs=CLOSE_M
    )


def test_from_bench_to_bench_one_gets_farther(tmp_path: Path) -> None:
    town = STREET + LIBRARY.format(x=300) + house("1", "10,15")
    both = bench(10, "110,20") + bench(11, "210,20")
    assert metres(tmp_path, town + both) == pytest.approx((300, 300), abs=CLOSE_M)
    assert metres(tmp_path, town + bench(10, "110,20"))[0] == np.inf
    assert metres(tmp_path, town + bench(11, "210,20"))[0] == np.inf


def test_to_sit_down_one_goes_up_to_the_bench_and_back(tmp_path: Path) -> None:
    town = STREET + LIBRARY.format(x=200) + house("1", "10,15") + bench(10, "100,30")
    assert metres(tmp_path, town) == pytest.approx((220, 200), abs=CLOSE_M)


@pytest.mark.parametrize(
    ("at", "more"), [("110,38", ""), ("110,20", ",access=customers"), ("110,20", ",access=private")]
)
def test_a_bench_too_far_aside_or_not_for_everyone_is_no_rest(tmp_path: Path, at: str, more: str) -> None:
    town = STREET + LIBRARY.format(x=200) + house("1", "10,15") + bench(10, at, more)
    assert metres(tmp_path, town)[0] == np.inf


def test_the_way_past_a_bench_is_taken_though_it_is_longer(tmp_path: Path) -> None:
    # Straight on is 170 m without a seat; over the side street there is one halfway 230 m.
    town = """
n1 @-50,20
n4 @50,20
n5 @150,20
n2 @600,20
n6 @50,50
n7 @150,50
w1 Thighway=residential Nn1,n4,n5,n2
w2 Thighway=footway Nn4,n6,n7,n5
"""
    town += LIBRARY.format(x=180) + house("1", "20,15") + bench(10, "100,50")
    assert metres(tmp_path, town) == pytest.approx((230, 170), abs=CLOSE_M)


SHORTCUT = """
n1 @-50,20
n4 @40,20
n5 @80,20
n2 @600,20
n6 @40,30
n7 @80,30
w1 Thighway=residential Nn1,n4
w2 T{way} Nn4,n5
w3 Thighway=residential Nn5,n2
w4 Thighway=footway Nn4,n6,n7,n5
"""


@pytest.mark.parametrize(
    ("way", "closed_to"),
    [
        ("highway=steps", {"rollator", "wheelchair", "parent_with_child"}),
        ("highway=footway,surface=sand", {"rollator", "wheelchair"}),
        ("highway=footway,incline=10%25%", {"rollator", "wheelchair"}),
        ("highway=footway,surface=sett", {"wheelchair"}),
        ("highway=footway,surface=asphalt", set()),
        ("highway=footway", set()),
    ],
)
def test_who_does_not_pass_a_stretch_goes_round_by_the_next_one(tmp_path: Path, way: str, closed_to: set) -> None:
    town = SHORTCUT.format(way=way) + LIBRARY.format(x=100) + house("1", "10,15")
    for profile in NORMS.profiles:
        round_m = 120 if profile in closed_to else 100
        assert metres(tmp_path, town, profile) == pytest.approx((round_m, round_m), abs=CLOSE_M)


@pytest.mark.parametrize(
    ("point", "closed_to"),
    [
        ("barrier=stile", {"rollator", "wheelchair", "parent_with_child"}),
        ("kerb=raised", {"rollator", "wheelchair"}),
        ("kerb=lowered", set()),
        ("barrier=bollard", set()),
    ],
)
def test_a_stile_or_high_kerb_ends_the_way_for_some(tmp_path: Path, point: str, closed_to: set) -> None:
    town = f"n1 @-50,20\nn8 @60,20 T{point}\nn2 @600,20\nw1 Thighway=residential Nn1,n8,n2\n"
    town += LIBRARY.format(x=100) + house("1", "10,15")
    for profile in NORMS.profiles:
        way = np.inf if profile in closed_to else 100
        assert metres(tmp_path, town, profile) == pytest.approx((way, way), abs=CLOSE_M)


def test_before_the_stile_a_place_is_reached_from_its_own_side(tmp_path: Path) -> None:
    town = "n1 @-50,20\nn8 @60,20 Tbarrier=stile\nn2 @600,20\nw1 Thighway=residential Nn1,n8,n2\n"
    town += LIBRARY.format(x=55) + house("1", "10,15")
    assert metres(tmp_path, town) == pytest.approx((55, 55), abs=CLOSE_M)


def test_a_home_or_place_on_a_closed_stretch_is_out_of_reach_and_counted(tmp_path: Path) -> None:
    sand = "n1 @-50,20\nn4 @50,20\nn2 @600,20\nw1 Thighway=path,surface=sand Nn1,n4\nw2 Thighway=path Nn4,n2\n"
    homes = house("1", "10,15") + house("2", "60,15")
    walker, band = on_foot(tmp_path, sand + LIBRARY.format(x=100) + homes, "rollator")
    assert walker.homes_cut_off_count == 1
    assert sorted(band.perhaps) == pytest.approx([50, np.inf], abs=CLOSE_M)
    assert not walker.places_cut_off.any()
    walker, band = on_foot(tmp_path, sand + LIBRARY.format(x=20) + homes, "rollator")
    assert np.isinf(band.perhaps).all()
    assert walker.places_cut_off.tolist() == [True]


def test_a_bench_on_a_closed_stretch_is_no_rest(tmp_path: Path) -> None:
    sand = "n8 @110,20\nn9 @110,40\nw2 Thighway=path,surface=sand Nn8,n9\n"
    town = "n1 @-50,20\nn2 @600,20\nw1 Thighway=residential Nn1,n8,n2\n" + LIBRARY.format(x=200) + house("1", "10,15")
    assert np.isfinite(metres(tmp_path, town + sand.replace("sand", "asphalt") + bench(10, "110,30"))[0])
    assert metres(tmp_path, town + sand + bench(10, "110,30"))[0] == np.inf


def test_a_place_that_is_not_there_yet_is_measured_as_one_that_is(tmp_path: Path) -> None:
    town = STREET + LIBRARY.format(x=300) + house("1", "10,15") + bench(10, "110,20") + bench(11, "210,20")
    walker, band = on_foot(tmp_path, town, "rollator")
    library = walker.place_ids == "osm/n3"
    again = walker.to_points(walker.entrances(library))
    assert again.sure == pytest.approx(band.sure)
    assert again.perhaps == pytest.approx(band.perhaps)
