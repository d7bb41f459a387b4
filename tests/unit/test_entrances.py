"""Where places are entered: gates and edges, never centres, and never straight across water or rail."""

from pathlib import Path

import numpy as np
import pytest
from street_samples import CLOSE_M, entered, spots, where

from meetingplaces.metrics.joining import snap
from meetingplaces.metrics.reach import home_distances

# A green of 200 by 200 m, a street 30 m south of it, and a path that enters it in the south-east.
GREEN = """
n1 @0,0
n2 @200,0
n3 @200,200
n4 @0,200
n5 @0,-30
n6 @180,-30
n7 @180,60
n8 @240,-30
w2 Thighway=residential,name=Parklaan Nn5,n6,n8
w3 Thighway=footway Nn6,n7
"""
PARK = GREEN + "w1 Tleisure=park,name=Park Nn1,n2,n3,n4,n1\n"
FENCED = GREEN + "w1 Tleisure=park,name=Park,barrier=fence Nn1,n2,n3,n4,n1\n"
# Open green along a street at 6 m.
VERGE = """
n1 @0,0
n2 @60,0
n3 @60,40
n4 @0,40
n5 @-100,-6
n6 @160,-6
w1 Tleisure=park,name=Plantsoen Nn1,n2,n3,n4,n1
w2 Thighway=residential Nn5,n6
"""


def metres_to_any(folder: Path, text: str, *homes: tuple[float, float]) -> list[float]:
    entrances, network, ground, _, _ = entered(folder, text)
    return home_distances(snap(spots(*homes), network, ground.barriers), entrances.at, network).tolist()


@pytest.mark.parametrize("text", [PARK, FENCED])
def test_a_park_is_reached_at_its_gate_not_its_centre(tmp_path: Path, text: str) -> None:
    entrances, network, _, _, counts = entered(tmp_path, text)
    assert counts["at_gates"] == 1
    assert (180, 0) in where(network, entrances.at)
    # From the west end of the street: 180 along it and 30 up the path, not 30 + 70 to the middle of the green.
    assert metres_to_any(tmp_path, text, (0, -30)) == pytest.approx([210], abs=0.5)


def test_a_fence_has_only_its_gate(tmp_path: Path) -> None:
    entrances, network, _, _, _ = entered(tmp_path, FENCED)
    assert where(network, entrances.at) == [(180, 0)]


def test_an_open_green_is_reached_anywhere_along_the_street(tmp_path: Path) -> None:
    # West of it 50 m, then 6 m across the verge; beside it only the verge.
    metres = metres_to_any(tmp_path, VERGE, (-60, -6), (30, -6))
    assert metres[0] == pytest.approx(60, abs=5)
    assert metres[1] == pytest.approx(6, abs=5)
    entrances = entered(tmp_path, VERGE)[0]
    assert len(entrances.place) > 5
    assert entrances.at.distance_m.max() <= 10


def test_a_hedge_drawn_along_the_edge_closes_that_side(tmp_path: Path) -> None:
    hedge = VERGE + "n9 @-2,-0.5\nn10 @62,-0.5\nw9 Tbarrier=hedge Nn9,n10\n"
    open_ones, closed_ones = entered(tmp_path, VERGE)[0], entered(tmp_path, hedge)[0]
    assert len(closed_ones.place) < len(open_ones.place)


def test_a_mapped_gate_in_a_fence_is_the_way_in(tmp_path: Path) -> None:
    school = VERGE.replace("leisure=park", "leisure=playground,barrier=fence") + "n10 @60,20 Tbarrier=gate\n"
    entrances, network, _, _, counts = entered(tmp_path, school)
    assert counts["at_doors"] == 1
    assert where(network, entrances.at) == [(60, -6)]
    assert entrances.at.distance_m == pytest.approx([26], abs=CLOSE_M)


def test_a_fence_without_a_gate_on_the_map_is_counted_as_a_guess(tmp_path: Path) -> None:
    fenced = VERGE.replace("leisure=park", "leisure=playground,barrier=fence")
    entrances, _, _, _, counts = entered(tmp_path, fenced)
    assert counts["at_nearest_though_fenced"] == 1
    assert entrances.at.distance_m == pytest.approx([6], abs=CLOSE_M)


BUILDING = """
n1 @0,0
n2 @40,0
n3 @40,20
n4 @0,20
n5 @-50,-8
n6 @90,-8
n7 @-50,40
n8 @90,40
w2 Thighway=service Nn5,n6
w3 Thighway=residential,name=Dorpsstraat Nn7,n8
w4 Thighway=path Nn5,n7
"""
HALL = "w1 Tbuilding=yes,amenity=community_centre{more} Nn1,n2,n3,n4,n1\n"


def test_a_building_is_entered_on_the_side_its_address_faces(tmp_path: Path) -> None:
    anywhere = entered(tmp_path, BUILDING + HALL.format(more=""))
    assert anywhere[0].at.distance_m == pytest.approx([8], abs=CLOSE_M)
    addressed = entered(tmp_path, BUILDING + HALL.format(more=",addr:street=Dorpsstraat,addr:housenumber=3"))
    assert addressed[0].at.distance_m == pytest.approx([20], abs=CLOSE_M)
    assert where(addressed[1], addressed[0].at)[0][1] == 40


def test_a_building_is_entered_at_its_mapped_door(tmp_path: Path) -> None:
    door = "n9 @40,10 Tentrance=main\n"
    hall = HALL.format(more="").replace("n2,n3", "n2,n9,n3")
    entrances, network, _, _, counts = entered(tmp_path, BUILDING + hall + door)
    assert counts["at_doors"] == 1
    assert where(network, entrances.at) == [(40, -8)]
    assert entrances.at.distance_m == pytest.approx([18], abs=CLOSE_M)


# A canal 20 m wide between a place and the nearest street; another street lies 60 m behind it.
CANAL = """
n1 @-200,10
n2 @200,10
n3 @200,30
n4 @-200,30
n5 @-100,0
n6 @100,0
n7 @-100,100
n8 @100,100
n9 @0,40 Tleisure=playground
w2 Thighway=residential,name=Zuid Nn5,n6
w3 Thighway=residential,name=Noord Nn7,n8
"""
WATER = "w1 Tnatural=water,water=canal Nn1,n2,n3,n4,n1\n"


def test_nobody_walks_straight_across_a_canal(tmp_path: Path) -> None:
    assert entered(tmp_path, CANAL)[0].at.distance_m == pytest.approx([40], abs=CLOSE_M)
    entrances, network, ground, _, _ = entered(tmp_path, CANAL + WATER)
    assert where(network, entrances.at) == [(0, 100)]
    home = snap(spots((20, 35)), network, ground.barriers)
    assert where(network, home) == [(20, 100)]


def test_what_can_only_be_reached_across_water_is_reported(tmp_path: Path) -> None:
    alone = (CANAL + WATER).replace("w3 Thighway=residential,name=Noord Nn7,n8\n", "")
    entrances, _, _, _, counts = entered(tmp_path, alone)
    assert len(entrances.place) == 0
    assert counts["not_joined"] == 1


@pytest.mark.parametrize(
    ("tags", "crossed"),
    [("railway=rail", False), ("railway=rail,bridge=yes", True), ("railway=tram", True), ("waterway=canal", False),
     ("waterway=canal,tunnel=culvert", True)],
)  # fmt: skip
def test_rails_on_the_ground_stop_walkers_and_viaducts_do_not(tmp_path: Path, tags: str, crossed: bool) -> None:
    line = "n11 @-200,20\nn12 @200,20\nw1 T" + tags + " Nn11,n12\n"
    entrances, network, *_ = entered(tmp_path, CANAL + line)
    assert where(network, entrances.at) == [(0, 0) if crossed else (0, 100)]


def test_a_houseboat_is_left_by_its_own_quay(tmp_path: Path) -> None:
    _, network, ground, _, _ = entered(tmp_path, CANAL + WATER)
    assert where(network, snap(spots((5, 12)), network, ground.barriers)) == [(5, 0)]


def test_a_loose_bit_of_path_is_not_joined_while_a_street_is_near(tmp_path: Path) -> None:
    text = CANAL.replace("n9 @0,40 Tleisure=playground", "n9 @0,40\nn10 @4,40") + "w9 Thighway=footway Nn9,n10\n"
    network = entered(tmp_path, text)[1]
    assert where(network, snap(spots((2, 38)), network)) == [(2, 0)]


def test_places_without_any_street_have_no_entrance(tmp_path: Path) -> None:
    entrances, _, _, places, counts = entered(tmp_path, "n1 @0,0 Tleisure=playground\n")
    assert len(places) == counts["not_joined"] == 1
    assert len(entrances.of(np.ones(1, dtype=bool))) == 0
