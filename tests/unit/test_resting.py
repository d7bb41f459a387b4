"""Sitting down every so often: equal to a search that tries every way on small random networks."""

import heapq
import itertools
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from street_samples import bare_network

from meetingplaces.metrics.joining import Snapped
from meetingplaces.metrics.profiles import as_walked, closed_edges
from meetingplaces.metrics.reach import home_distances, pairs_within
from meetingplaces.metrics.resting import Resting
from meetingplaces.model.network import EdgeFlag, NodeFlag, WalkNetwork

CLOSED = ("steps", "obstacle")


@dataclass(frozen=True)
class Town:
    """A network with points on its open edges, all in whole metres so that sums are exact."""

    network: WalkNetwork
    homes: Snapped
    rests: Snapped
    entrances: Snapped

    @property
    def walked(self) -> WalkNetwork:
        return as_walked(self.network, CLOSED)


@st.composite
def towns(draw) -> Town:
    nodes = draw(st.integers(2, 6))
    edges = draw(
        st.lists(
            st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), st.integers(1, 12), st.booleans()),
            min_size=2,
            max_size=10,
        )
    )
    edges = [*edges, (0, nodes - 1, 7, False)]
    network = bare_network(
        [edge[:2] for edge in edges],
        [edge[2] for edge in edges],
        flags=[EdgeFlag.STEPS * edge[3] for edge in edges],
        node_flags=draw(st.lists(st.sampled_from([0, 0, 0, NodeFlag.OBSTACLE]), min_size=nodes, max_size=nodes)),
    )
    open_edges = [number for number, edge in enumerate(edges) if not edge[3]]

    def points(fewest: int, most: int) -> Snapped:
        some = draw(
            st.lists(
                st.tuples(st.sampled_from(open_edges), st.integers(0, 12), st.integers(1, 3)),
                min_size=fewest,
                max_size=most,
            )
        )
        edge = np.array([one[0] for one in some], dtype=np.int32)
        offset = np.array([min(one[1], edges[one[0]][2]) for one in some], dtype=float)
        return Snapped(edge, offset, np.array([one[2] for one in some], dtype=float))

    return Town(network, points(1, 4), points(0, 5), points(1, 3))


def tried_out(town: Town, every_m: int) -> list[float]:
    """Metres from each home by walking on with every number of metres since the last seat, one state each."""
    shut, stops = closed_edges(town.network, CLOSED), town.network.node_flags > 0
    ways: dict[object, list[tuple[object, int]]] = {}

    def tie(one: object, two: object, metres: float) -> None:
        ways.setdefault(one, []).append((two, int(metres)))
        ways.setdefault(two, []).append((one, int(metres)))

    for number, (ends, length) in enumerate(zip(town.network.edges.tolist(), town.network.length_m, strict=True)):
        if shut[number]:
            continue
        # At a closed node every edge has an end of its own, from which no other edge starts.
        first, last = (("end", number, side) if stops[node] else ("node", node) for side, node in enumerate(ends))
        along = [(0.0, first), (float(length), last)]
        for kind, those in (("home", town.homes), ("rest", town.rests), ("entrance", town.entrances)):
            for row in np.flatnonzero(those.edge == number).tolist():
                along.append((float(those.offset_m[row]), ("at", kind, row)))
                tie(("at", kind, row), (kind, row), those.distance_m[row])
        along.sort(key=lambda stop: stop[0])
        for (here_m, here), (there_m, there) in itertools.pairwise(along):
            tie(here, there, there_m - here_m)
    return [from_home(("home", row), ways, every_m) for row in range(len(town.homes))]


def from_home(home: tuple[str, int], ways: dict[object, list[tuple[object, int]]], every_m: int) -> float:
    queue: list[tuple[int, int, str, object]] = [(0, 0, "", home)]
    seen = set()
    while queue:
        metres, since, _, here = heapq.heappop(queue)
        if here[0] == "entrance":
            return metres
        since = 0 if here[0] == "rest" else since
        if (here, since) in seen:
            continue
        seen.add((here, since))
        for there, more in ways.get(here, []):
            if since + more <= every_m:
                heapq.heappush(queue, (metres + more, since + more, str(there), there))
    return np.inf


def resting(town: Town, every_m: float) -> np.ndarray:
    return Resting(town.walked, town.homes, town.rests, every_m).distances(town.entrances)


@settings(deadline=None, max_examples=300)
@given(towns(), st.integers(2, 25))
def test_it_equals_trying_every_way(town: Town, every_m: int) -> None:
    np.testing.assert_allclose(resting(town, every_m), tried_out(town, every_m), atol=1e-3)


@settings(deadline=None, max_examples=100)
@given(towns(), st.integers(2, 25), st.integers(0, 20))
def test_farther_between_seats_never_makes_a_way_longer(town: Town, every_m: int, more_m: int) -> None:
    assert (resting(town, every_m + more_m) <= resting(town, every_m) + 1e-3).all()


@settings(deadline=None, max_examples=100)
@given(towns(), st.integers(2, 25))
def test_who_must_rest_never_walks_less_than_who_need_not(town: Town, every_m: int) -> None:
    free = home_distances(town.homes, town.entrances, town.walked)
    assert (resting(town, every_m) >= free - 1e-3).all()
    np.testing.assert_allclose(resting(town, 1000), free, atol=1e-3)


@settings(deadline=None, max_examples=100)
@given(towns())
def test_closing_stretches_never_makes_a_way_shorter(town: Town) -> None:
    before = home_distances(town.homes, town.entrances, town.network)
    assert (home_distances(town.homes, town.entrances, town.walked) >= before - 1e-3).all()
    np.testing.assert_array_equal(
        home_distances(town.homes, town.entrances, as_walked(town.network, ("unlit", "raised_kerb"))), before
    )


@settings(deadline=None, max_examples=100)
@given(towns(), st.integers(1, 30))
def test_all_pairs_within_a_limit_are_found_once_with_their_distance(town: Town, limit_m: int) -> None:
    pairs = pairs_within(town.homes, town.entrances, town.walked, limit_m)
    expected = np.array(
        [
            home_distances(town.homes, town.entrances.of([row]), town.walked, limit_m)
            for row in range(len(town.entrances))
        ]
    ).T
    found = np.full(expected.shape, np.inf)
    found[pairs.one, pairs.other] = pairs.metres
    assert len(np.unique(np.column_stack([pairs.one, pairs.other]), axis=0)) == len(pairs.one)
    np.testing.assert_allclose(found, expected, atol=1e-3)
