"""The walking network: what may be walked, where ways meet, what is folded away."""

from pathlib import Path

import numpy as np
import pytest
from street_samples import CLOSE_M, features_of, network_of

from meetingplaces.model.network import EdgeFlag, NodeFlag, Surface
from meetingplaces.pipeline.streets import walk_network
from meetingplaces.pipeline.walkable import edge_flags, may_be_walked, node_flags, stops_walkers, surface_of


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ("highway=residential", True),
        ("highway=cycleway", True),
        ("highway=cycleway foot=no", False),
        ("highway=service", True),
        ("highway=service access=private", False),
        ("highway=service access=private foot=yes", True),
        ("highway=service access=no foot=permissive", True),
        ("highway=service access=private foot=designated", True),
        ("highway=footway foot=private", False),
        ("highway=steps", True),
        ("highway=motorway", False),
        ("highway=motorway_link", False),
        ("highway=trunk", False),
        ("highway=primary", True),
        ("highway=primary motorroad=yes", False),
        ("highway=primary foot=use_sidepath", False),
        ("highway=construction", False),
        ("highway=proposed", False),
        ("highway=raceway", False),
        ("highway=corridor", False),
        ("highway=bridleway", False),
        ("highway=bridleway foot=yes", True),
        ("highway=busway", False),
        ("route=ferry foot=yes", False),
    ],
)
def test_what_may_be_walked_in_the_netherlands(tags: str, walked: bool) -> None:
    assert may_be_walked(dict(tag.split("=") for tag in tags.split())) is walked


def test_a_surface_is_walked_only_when_it_is_for_walking() -> None:
    assert may_be_walked({"highway": "pedestrian", "area": "yes"}, area=True)
    assert not may_be_walked({"highway": "service", "area": "yes"}, area=True)


def test_tags_say_what_hinders_some_walkers() -> None:
    assert edge_flags({"highway": "steps", "lit": "yes", "covered": "arcade"}) == (
        EdgeFlag.STEPS | EdgeFlag.LIT | EdgeFlag.COVERED
    )
    assert edge_flags({"highway": "path", "lit": "no", "incline": "-8%"}) == EdgeFlag.UNLIT | EdgeFlag.STEEP
    assert edge_flags({"highway": "path", "incline": "up"}) == 0
    assert edge_flags({"highway": "footway", "tunnel": "yes"}) == EdgeFlag.UNDERGROUND | EdgeFlag.COVERED
    assert surface_of({"surface": "sett"}) == Surface.ROUGH
    assert surface_of({}) == Surface.UNKNOWN
    assert node_flags({"barrier": "kissing_gate"}) == NodeFlag.OBSTACLE
    assert node_flags({"barrier": "kerb", "kerb": "lowered"}) == 0


def test_a_private_gate_stops_walkers_and_a_bollard_does_not() -> None:
    assert stops_walkers({"barrier": "gate", "access": "private"})
    assert not stops_walkers({"barrier": "gate", "access": "private", "foot": "yes"})
    assert not stops_walkers({"barrier": "bollard", "access": "no"})


CROSSROADS = """
n1 @0,0
n2 @100,0
n3 @200,0
n4 @100,100
w1 Thighway=residential Nn1,n2,n3
w2 Thighway=footway Nn2,n4
"""


def test_ways_meet_where_they_share_a_node(tmp_path: Path) -> None:
    network = network_of(tmp_path, CROSSROADS)
    assert len(network.node_xy) == 4
    assert network.length_m == pytest.approx([100, 100, 100], abs=CLOSE_M)


def test_a_bridge_does_not_meet_the_road_below_it(tmp_path: Path) -> None:
    network = network_of(tmp_path, "n1 @0,0\nn2 @100,0\nn3 @50,-50\nn4 @50,50\nw1 Thighway=residential Nn1,n2\n"
                                   "w2 Thighway=footway,bridge=yes Nn3,n4")  # fmt: skip
    assert len(network.edges) == 2
    assert len(network.component_length_m) == 2


def test_nodes_where_nothing_changes_are_folded_away_and_keep_their_shape(tmp_path: Path) -> None:
    bend = "n1 @0,0\nn2 @100,0\nn3 @100,100\nn4 @0,100\n"
    # The second way runs against the first.
    network = network_of(tmp_path, bend + "w1 Thighway=footway Nn1,n2\nw2 Thighway=footway Nn4,n3,n2")
    assert network.edges.shape == (1, 2)
    assert network.length_m == pytest.approx([300], abs=CLOSE_M)
    assert network.segment_along_m == pytest.approx([0, 100, 200], abs=CLOSE_M)
    assert network.segment_xy[1:, 0] == pytest.approx(network.segment_xy[:-1, 1])


@pytest.mark.parametrize("change", ["highway=steps", "highway=footway,surface=sand", "highway=footway,name=Laan"])
def test_a_node_stays_where_the_way_changes(tmp_path: Path, change: str) -> None:
    network = network_of(tmp_path, f"n1 @0,0\nn2 @9,0\nn3 @20,0\nw1 Thighway=footway Nn1,n2\nw2 T{change} Nn2,n3")
    assert len(network.edges) == 2


def test_a_stile_stays_as_a_node_with_its_flag(tmp_path: Path) -> None:
    network = network_of(tmp_path, "n1 @0,0\nn2 @9,0 Tbarrier=stile\nn3 @20,0\nw1 Thighway=footway Nn1,n2,n3")
    assert sorted(network.node_flags) == [0, 0, NodeFlag.OBSTACLE]


def test_a_private_gate_cuts_the_way(tmp_path: Path) -> None:
    text = "n1 @0,0\nn2 @9,0 Tbarrier=gate,access=private\nn3 @20,0\nw1 Thighway=footway Nn1,n2,n3"
    network, counts = walk_network(features_of(tmp_path, text))
    assert len(network.component_length_m) == 2
    assert counts["shut_gates"] == 1


def test_a_round_street_of_its_own_is_one_edge_that_ends_where_it_began(tmp_path: Path) -> None:
    ring = "n1 @0,0\nn2 @100,0\nn3 @100,100\nn4 @0,100\nw1 Thighway=residential Nn1,n2,n3,n4,n1"
    network = network_of(tmp_path, ring)
    assert network.edges.tolist() == [[0, 0]]
    assert network.length_m == pytest.approx([400], abs=4 * CLOSE_M)
    assert network.adjacency.nnz == 0


def test_a_pedestrian_area_is_walked_along_its_outline(tmp_path: Path) -> None:
    square = "n1 @0,0\nn2 @100,0\nn3 @100,100\nn4 @0,100\nn5 @200,0\n"
    square += "w1 Thighway=pedestrian,area=yes Nn1,n2,n3,n4,n1\nw2 Thighway=residential Nn2,n5"
    network = network_of(tmp_path, square)
    assert sorted(network.length_m) == pytest.approx([100, 400], abs=4 * CLOSE_M)
    assert len(network.component_length_m) == 1


def test_islands_are_labelled_from_the_longest_on_and_counted(tmp_path: Path) -> None:
    islands = "n1 @0,0\nn2 @30,0\nn3 @0,500\nn4 @90,500\nw1 Thighway=path Nn1,n2\nw2 Thighway=path Nn3,n4"
    network, counts = walk_network(features_of(tmp_path, islands))
    assert network.component_length_m == pytest.approx([90, 30], abs=CLOSE_M)
    assert (counts["components"], counts["metres_disconnected"]) == (2, 30)


def test_of_parallel_edges_the_shortest_counts(tmp_path: Path) -> None:
    network = network_of(tmp_path, "n1 @0,0\nn2 @100,0\nn3 @50,50\nn8 @-10,0\nn9 @110,0\n"
                                   "w1 Thighway=path Nn1,n2\nw2 Thighway=path Nn1,n3,n2\n"
                                   "w3 Thighway=path Nn8,n1\nw4 Thighway=path Nn2,n9")  # fmt: skip
    assert len(network.edges) == 4
    assert network.adjacency.nnz == 6
    assert sorted(set(np.rint(network.adjacency.data))) == [10, 100]


def test_nothing_to_walk_is_an_empty_network(tmp_path: Path) -> None:
    network, counts = walk_network(features_of(tmp_path, "n1 @0,0\nn2 @9,0\nw1 Thighway=motorway Nn1,n2"))
    assert len(network.node_xy) == len(network.edges) == len(network.segment_xy) == 0
    assert counts["not_walked_ways"] == 1
