"""Walking distances: known by eye on drawn networks, and equal to an independent search on a real one."""

import heapq
import itertools
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from street_samples import CLOSE_M, joined, network_of, where

from meetingplaces.metrics.joining import Snapped, snap
from meetingplaces.metrics.reach import home_distances, reach, walk_distances
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.streets import STREET_WISHES, walk_network
from meetingplaces.sources.osm_extract import read_extract

LANE = "n1 @0,0\nn2 @100,0\nw1 Thighway=residential Nn1,n2\n"
LADDER = """
n1 @0,0
n2 @200,0
n3 @0,100
n4 @200,100
w1 Thighway=residential Nn1,n2
w2 Thighway=residential Nn3,n4
w3 Thighway=footway,name=Pad Nn1,n3
"""


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> WalkNetwork:
    return network_of(tmp_path_factory.mktemp("ladder"), LADDER)


Beside = dict[int, list[tuple[int, float]]]


def neighbours(network: WalkNetwork) -> Beside:
    beside: Beside = {}
    for (one, two), metres in zip(network.edges.tolist(), network.length_m.tolist(), strict=True):
        beside.setdefault(one, []).append((two, metres))
        beside.setdefault(two, []).append((one, metres))
    return beside


def referred(network: WalkNetwork, beside: Beside, home: Snapped, entrances: Snapped, limit_m: float) -> float:
    """Metres from one home to its nearest entrance by a plain search that shares no code with ours."""
    edge, offset, door = int(home.edge[0]), float(home.offset_m[0]), float(home.distance_m[0])
    one, two = network.edges[edge].tolist()
    best: dict[int, float] = {}
    queue = sorted([(offset, one), (float(network.length_m[edge]) - offset, two)])
    while queue:
        metres, node = heapq.heappop(queue)
        if node not in best and metres <= limit_m:
            best[node] = metres
            for other, more in beside[node]:
                heapq.heappush(queue, (metres + more, other))
    ways = []
    for other, at, extra in zip(entrances.edge.tolist(), entrances.offset_m, entrances.distance_m, strict=True):
        start, end = network.edges[other].tolist()
        ways += [best.get(start, np.inf) + at + extra, best.get(end, np.inf) + network.length_m[other] - at + extra]
        ways += [abs(at - offset) + extra] if other == edge else []
    metres = door + min(ways, default=np.inf)
    return metres if metres <= limit_m else np.inf


def test_a_home_joins_the_street_at_its_own_door_not_at_the_junction(tmp_path: Path) -> None:
    network = network_of(tmp_path, LANE)
    home = joined(network, (40, 15))
    assert where(network, home) == [(40, 0)]
    assert home.distance_m == pytest.approx([15], abs=CLOSE_M)


def test_the_way_goes_round_by_the_network(tmp_path: Path) -> None:
    network = network_of(tmp_path, LADDER)
    # 10 to the street, 150 along it, 100 over the footpath, 60 along the other street, 5 to the door.
    metres = home_distances(joined(network, (150, -10)), joined(network, (60, 105)), network)
    assert metres == pytest.approx([325], abs=CLOSE_M)


def test_home_and_entrance_on_the_same_edge_go_straight_along_it(tmp_path: Path) -> None:
    network = network_of(tmp_path, LANE)
    metres = home_distances(joined(network, (30, 5), (90, 5)), joined(network, (50, -5)), network)
    assert metres == pytest.approx([30, 50], abs=CLOSE_M)


def test_on_a_bent_edge_the_way_over_its_end_may_be_shorter_than_along_it(tmp_path: Path) -> None:
    ring = "n1 @0,0\nn2 @100,0\nn3 @100,100\nn4 @0,100\nw1 Thighway=path Nn1,n2,n3,n4,n1"
    network = network_of(tmp_path, ring)
    metres = home_distances(joined(network, (10, 0)), joined(network, (0, 10)), network)
    assert metres == pytest.approx([20], abs=CLOSE_M)


def test_across_a_canal_without_a_bridge_there_is_no_way(tmp_path: Path) -> None:
    banks = "n1 @0,0\nn2 @100,0\nn3 @0,60\nn4 @100,60\nw1 Thighway=path Nn1,n2\nw2 Thighway=path Nn3,n4"
    network = network_of(tmp_path, banks)
    assert np.isinf(home_distances(joined(network, (50, 0)), joined(network, (50, 60)), network)).all()


def test_of_two_parallel_ways_the_shorter_is_walked(tmp_path: Path) -> None:
    network = network_of(tmp_path, LANE + "n3 @50,80\nn4 @-50,0\nn5 @150,0\nw2 Thighway=path Nn1,n3,n2\n"
                                          "w3 Thighway=path Nn4,n1\nw4 Thighway=path Nn2,n5")  # fmt: skip
    metres = home_distances(joined(network, (-50, 0)), joined(network, (150, 0)), network)
    assert metres == pytest.approx([200], abs=CLOSE_M)


def test_a_stretch_of_no_length_is_a_way_all_the_same(tmp_path: Path) -> None:
    network = network_of(tmp_path, LADDER)
    footpath = int(np.argmin(network.length_m))
    lengths = np.where(np.arange(len(network.edges)) == footpath, 0.0, network.length_m)
    shrunk = replace(network, length_m=lengths)
    metres = home_distances(joined(network, (150, -10)), joined(network, (60, 105)), shrunk)
    assert metres == pytest.approx([225], abs=CLOSE_M)


def test_without_entrances_everything_is_out_of_reach(tmp_path: Path) -> None:
    network = network_of(tmp_path, LANE)
    table = reach(joined(network, (1, 1), (2, 2)), {"none": Snapped.nowhere(0), "lost": Snapped.nowhere(3)}, network)
    assert table.shape == (2, 2)
    assert table.dtype == np.float32
    assert np.isinf(table).all()


def test_without_a_network_everything_is_out_of_reach(tmp_path: Path) -> None:
    network = network_of(tmp_path, "n1 @0,0 Tbarrier=gate")
    homes = joined(network, (0, 0))
    assert not homes.joined.any()
    assert np.isinf(reach(homes, {"any": homes}, network)).all()


def test_beyond_the_budget_is_out_of_reach(tmp_path: Path) -> None:
    network = network_of(tmp_path, LANE)
    homes, entrance = joined(network, (10, 0), (70, 0)), joined(network, (0, 0))
    assert home_distances(homes, entrance, network, 50).tolist() == [pytest.approx(10, abs=CLOSE_M), np.inf]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 200), st.floats(-20, 120)), min_size=1, max_size=5), st.floats(1, 400))
def test_one_more_place_or_a_bigger_budget_never_lowers_reach(
    ladder: WalkNetwork, places: list[tuple[float, float]], budget_m: float
) -> None:
    network = ladder
    homes = joined(network, *itertools.product((5, 95, 190), (-5, 104)))
    all_places = joined(network, *places)
    fewer = home_distances(homes, all_places.of(np.arange(len(places) - 1)), network, budget_m)
    more = home_distances(homes, all_places, network, budget_m)
    assert (more <= fewer).all()
    assert (np.isfinite(home_distances(homes, all_places, network, 1.5 * budget_m)) >= np.isfinite(more)).all()


@settings(deadline=None, max_examples=30)
@given(st.floats(-100_000, 100_000), st.floats(-100_000, 100_000))
def test_moving_the_origin_changes_nothing(ladder: WalkNetwork, east: float, north: float) -> None:
    network = ladder
    by = np.array([east, north])
    moved = replace(network, node_xy=network.node_xy + by, segment_xy=network.segment_xy + by)
    points = gpd.GeoSeries.from_xy([190_150.0, 190_060.0], [499_990.0, 500_105.0])
    here, there = (snap(shapes.to_numpy(), net) for shapes, net in ((points, network), (points.translate(*by), moved)))
    one, two = np.array([0]), np.array([1])
    assert home_distances(here.of(one), here.of(two), network) == pytest.approx(
        home_distances(there.of(one), there.of(two), moved), abs=1e-6
    )


def test_every_node_knows_its_distance(tmp_path: Path) -> None:
    network = network_of(tmp_path, LANE)
    assert sorted(walk_distances(network, joined(network, (30, 0)), 1000)) == pytest.approx([30, 70], abs=CLOSE_M)


def test_reach_in_kampen_equals_an_independent_search_to_the_centimetre(shared_data: Path) -> None:
    features = read_extract(Snapshot.of_file(shared_data / "osm/kampen.osm.pbf"), STREET_WISHES).features
    network, _ = walk_network(features)
    numbers = np.random.default_rng(2024)
    west, south = network.node_xy.min(axis=0)
    east, north = network.node_xy.max(axis=0)
    scattered = gpd.GeoSeries.from_xy(numbers.uniform(west, east, 540), numbers.uniform(south, north, 540)).to_numpy()
    homes, entrances = snap(scattered[:500], network), snap(scattered[500:], network)
    # A few doors beside entrances, so that the same edge occurs.
    homes.put(np.arange(20), entrances.of(np.arange(20)))
    homes.offset_m[:20] *= 0.5
    ours, beside = reach(homes, {"any": entrances}, network, 2000)[:, 0], neighbours(network)
    reference = [referred(network, beside, homes.of(np.array([row])), entrances, 2000) for row in range(len(homes))]
    assert np.isfinite(ours).mean() > 0.3
    assert ours == pytest.approx(np.array(reference), abs=0.01)
