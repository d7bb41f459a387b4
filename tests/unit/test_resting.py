"""Sitting down every so often: equal to a search that tries every way on small random networks."""

import heapq
import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from street_samples import bare_network

from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.joining import Snapped
from meetingplaces.metrics.profiles import as_walked, closed_edges, closed_nodes
from meetingplaces.metrics.reach import home_distances, pairs_within
from meetingplaces.metrics.resting import Resting, seats
from meetingplaces.metrics.selection import Selection, chosen
from meetingplaces.model.network import EdgeFlag, NodeFlag, WalkNetwork
from meetingplaces.model.norms import Hindrance, load_norms
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import norms_path

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


def tried_out(town: Town, every_m: float, closed: tuple[Hindrance, ...] = CLOSED) -> list[float]:
    """Metres from each home by a search over ways that no other is both shorter and less far from a seat than."""
    shut, stops = closed_edges(town.network, closed), closed_nodes(town.network, closed)
    ways: dict[object, list[tuple[object, float]]] = {}

    def tie(one: object, two: object, metres: float) -> None:
        ways.setdefault(one, []).append((two, metres))
        ways.setdefault(two, []).append((one, metres))

    along = [
        [
            (0.0, ("end", number, 0) if stops[first] else ("node", first)),
            (length, ("end", number, 1) if stops[last] else ("node", last)),
        ]
        for number, ((first, last), length) in enumerate(
            zip(town.network.edges.tolist(), town.network.length_m.tolist(), strict=True)
        )
    ]  # fmt: skip  at a closed node every edge has an end of its own, from which no other edge starts
    for kind, those in (("home", town.homes), ("rest", town.rests), ("entrance", town.entrances)):
        for row in np.flatnonzero(those.joined).tolist():
            along[those.edge[row]].append((float(those.offset_m[row]), ("at", kind, row)))
            tie(("at", kind, row), (kind, row), float(those.distance_m[row]))
    for number in np.flatnonzero(~shut).tolist():
        stops_along = sorted(along[number], key=lambda stop: stop[0])
        for (here_m, here), (there_m, there) in itertools.pairwise(stops_along):
            tie(here, there, there_m - here_m)
    return [from_home(("home", row), ways, every_m) for row in range(len(town.homes))]


def from_home(home: tuple[str, int], ways: dict[object, list[tuple[object, float]]], every_m: float) -> float:
    queue: list[tuple[float, float, str, object]] = [(0.0, 0.0, "", home)]
    least_since: dict[object, float] = {}
    while queue:
        metres, since, _, here = heapq.heappop(queue)
        if here[0] == "entrance":
            return metres
        since = 0.0 if here[0] == "rest" else since
        if since >= least_since.get(here, np.inf):
            continue
        least_since[here] = since
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


@settings(deadline=None, max_examples=200)
@given(towns(), st.integers(2, 25), st.integers(1, 40))
def test_the_homes_near_a_point_are_those_whose_distance_to_it_says_so(town: Town, every_m: int, limit_m: int) -> None:
    walks = Resting(town.walked, town.homes, town.rests, every_m)
    near = walks.near(town.entrances, limit_m)
    for row, found in enumerate(near):
        metres = walks.distances(town.entrances.of(np.array([row]))).astype(np.float32)
        assert found.tolist() == np.flatnonzero(metres <= limit_m).tolist()


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


def test_with_a_rollator_in_kampen_it_equals_an_independent_search_to_the_centimetre() -> None:
    bundle, rollator = open_bundle(norms_path().parent, "GM0166"), load_norms(norms_path()).profile("rollator")
    places, walk = bundle.places(), bundle.walking()
    on_foot, picked = OnFoot(places, walk, rollator), chosen(places, Selection())
    sure = on_foot.to_places(picked).sure
    # Half of them people who get somewhere only by sitting down on the way.
    farther = np.flatnonzero(np.isfinite(sure) & (sure > rollator.rest.every_m))
    rows = np.concatenate([np.random.default_rng(2024).choice(some, 60) for some in (farther, np.arange(len(sure)))])
    benches = seats(places, walk.network, rollator.rest.beside.metres)
    town = Town(walk.network, on_foot.homes.of(rows), benches, on_foot.entrances(picked.sure))
    expected = tried_out(town, rollator.rest.every_m, rollator.closed.to)
    assert sure[rows] == pytest.approx(np.array(expected), abs=0.01)
