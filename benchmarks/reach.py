"""Walking distances on one graph: ours, bare scipy (the floor), and pandana, igraph and networkx where installed.

    python benchmarks/reach.py ../shared/data/osm/kampen.osm.pbf --nodes 0 100000 5000000

The graph is the walking network of the extract and, for more nodes, shifted copies of it tied together; that tests
size, not Dutch street density. One home per five nodes and one place per hundred nodes, at random points along edges.
For the engines that know only nodes places are moved to a node; `largest difference` compares like with like.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from meetingplaces.metrics.joining import Snapped
from meetingplaces.metrics.reach import home_distances, walk_distances
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.streets import STREET_WISHES, walk_network
from meetingplaces.sources.osm_extract import read_extract

# networkx needs about 1 kB for an edge, and pandana was measured to need a minute for a million nodes.
MOST_NODES = {"networkx": 300_000, "pandana": 1_500_000, "igraph": 6_000_000}
_Nodes = NDArray[np.int64]


def copied(network: WalkNetwork, nodes: int) -> WalkNetwork:
    """The network, or so many copies of it that it has about `nodes` nodes, each tied to the next by one edge.

    Without segments: nothing is joined to a copy by position.
    """
    count, own = max(1, round(nodes / len(network.node_xy))), len(network.node_xy)
    shift = np.repeat(np.arange(count), len(network.edges)) * own
    ties = np.column_stack([np.arange(count - 1), np.arange(1, count)]) * own
    edges = np.vstack([np.tile(network.edges, (count, 1)) + shift[:, None], ties]).astype(np.int32)
    width, columns = float(np.ptp(network.node_xy, axis=0).max()) + 1000, int(np.ceil(np.sqrt(count)))
    # In a square, as pandana keeps positions in 32 bits.
    copy = np.repeat(np.arange(count), own)
    offset = np.column_stack([copy % columns, copy // columns]) * width
    unknown = np.zeros(len(edges), dtype=np.uint8)
    return WalkNetwork(
        node_xy=np.tile(network.node_xy, (count, 1)) + offset,
        node_flags=np.zeros(count * own, dtype=np.uint8),
        component=np.zeros(count * own, dtype=np.int32),
        edges=edges,
        length_m=np.concatenate([np.tile(network.length_m, count), np.full(count - 1, width)]),
        flags=unknown,
        surface=unknown,
        name_index=np.full(len(edges), -1, dtype=np.int32),
        names=(),
        segment_xy=np.zeros((0, 2, 2)),
        segment_edge=np.zeros(0, dtype=np.int32),
        segment_along_m=np.zeros(0),
    )


def scattered(network: WalkNetwork, count: int, numbers: np.random.Generator) -> Snapped:
    """So many random points along edges, 10 m from them."""
    edge = numbers.integers(0, len(network.edges), count).astype(np.int32)
    return Snapped(edge, numbers.uniform(0, 1, count) * network.length_m[edge], np.full(count, 10.0))


def on_nodes(network: WalkNetwork, points: Snapped) -> tuple[_Nodes, Snapped]:
    """The first node of each point's edge, and the points moved there."""
    moved = Snapped(points.edge, np.zeros(len(points)), np.zeros(len(points)))
    return np.unique(network.edges[points.edge, 0]).astype(np.int64), moved


def with_pandana(network: WalkNetwork, sources: _Nodes, limit_m: float) -> Callable[[], NDArray[np.float64]]:
    """Builds now; the answer is a search for the nearest source per node."""
    import pandana  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    xy, ends = network.node_xy, network.edges
    built = pandana.Network(
        pd.Series(xy[:, 0]), pd.Series(xy[:, 1]), pd.Series(ends[:, 0]), pd.Series(ends[:, 1]),
        pd.DataFrame({"metres": network.length_m}),
    )  # fmt: skip

    def search() -> NDArray[np.float64]:
        built.set_pois("places", limit_m, 1, pd.Series(xy[sources, 0]), pd.Series(xy[sources, 1]))
        found = built.nearest_pois(limit_m, "places", num_pois=1).to_numpy()[:, 0]
        return np.where(found >= limit_m, np.inf, found)

    return search


def with_igraph(network: WalkNetwork, sources: _Nodes, limit_m: float) -> Callable[[], NDArray[np.float64]]:
    """A node that does not exist, tied to all sources."""
    import igraph  # noqa: PLC0415

    virtual = len(network.node_xy)
    ties = np.column_stack([np.full(len(sources), virtual), sources])
    graph = igraph.Graph(virtual + 1, np.vstack([network.edges, ties]))
    weights = np.concatenate([network.length_m, np.zeros(len(sources))])

    def search() -> NDArray[np.float64]:
        found = np.array(graph.distances(source=[virtual], weights=weights)[0][:-1])
        return np.where(found > limit_m, np.inf, found)

    return search


def with_networkx(network: WalkNetwork, sources: _Nodes, limit_m: float) -> Callable[[], NDArray[np.float64]]:
    """Its own search from many sources at once."""
    import networkx  # noqa: PLC0415

    graph = networkx.MultiGraph()
    graph.add_nodes_from(range(len(network.node_xy)))
    graph.add_weighted_edges_from(zip(*network.edges.T.tolist(), network.length_m.tolist(), strict=True))

    def search() -> NDArray[np.float64]:
        found = networkx.multi_source_dijkstra_path_length(graph, sources.tolist(), cutoff=limit_m)
        metres = np.full(len(network.node_xy), np.inf)
        metres[list(found)] = list(found.values())
        return metres

    return search


OTHERS = {"pandana": with_pandana, "igraph": with_igraph, "networkx": with_networkx}


def timed(work: Callable[[], NDArray[np.float64]], runs: int) -> tuple[float, NDArray[np.float64]]:
    """Median seconds, and the last answer."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds)), answer


def told(name: str, build_s: float | None, seconds: float, more: str = "") -> None:
    """One line of the table."""
    built = "" if build_s is None else f"{build_s:.2f}"
    print(f"  {name:34} build s {built:>7}   search s {seconds:8.3f}   {more}", flush=True)


def compare(network: WalkNetwork, limit_m: float, runs: int) -> None:
    """All engines on one network."""
    numbers = np.random.default_rng(1)
    count = len(network.node_xy)
    homes, places = scattered(network, count // 5, numbers), scattered(network, max(1, count // 100), numbers)
    sources, moved = on_nodes(network, places)
    began = time.perf_counter()
    graph = network.adjacency
    build_s = time.perf_counter() - began
    print(
        f"{count:,} nodes, {len(network.edges):,} edges, {len(homes):,} homes, {len(places):,} places, {limit_m:.0f} m"
    )
    floor_s, floor = timed(lambda: dijkstra(graph, indices=sources, min_only=True, limit=limit_m), runs)
    told("scipy dijkstra(min_only), the floor", build_s, floor_s)

    def line(name: str, built: float | None, work: Callable[[], NDArray[np.float64]], times: int = runs) -> None:
        seconds, answer = timed(work, times)
        both = np.isfinite(floor) & np.isfinite(answer) if len(answer) == count else np.zeros(count, bool)
        apart = f", largest difference {np.abs(floor[both] - answer[both]).max():.4f} m" if both.any() else ""
        told(name, built, seconds, f"{seconds / floor_s:6.2f} × floor{apart}")

    line("ours, nodes, places on nodes", None, lambda: walk_distances(network, moved, limit_m))
    line("ours, nodes, places on edges", None, lambda: np.append(walk_distances(network, places, limit_m), 0))
    line("ours, homes and places on edges", None, lambda: home_distances(homes, places, network, limit_m))
    for name, build in OTHERS.items():
        if importlib.util.find_spec(name) is None:
            print(f"  {name}: not installed")
        elif count > MOST_NODES[name]:
            print(f"  {name}: left out above {MOST_NODES[name]:,} nodes")
        else:
            began = time.perf_counter()
            search = build(network, sources, limit_m)
            line(name, time.perf_counter() - began, search, 1)
    print(f"  most memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", flush=True)


def main() -> None:
    """Read the arguments and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract", type=Path)
    parser.add_argument("--nodes", type=int, nargs="+", default=[0], help="sizes; 0 is the extract as it is")
    parser.add_argument("--limit", type=float, nargs="+", default=[500.0], help="walking budgets in metres")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    network, _ = walk_network(read_extract(Snapshot.of_file(arguments.extract), STREET_WISHES).features)
    for nodes in arguments.nodes:
        bigger = copied(network, nodes)
        for limit_m in arguments.limit:
            compare(bigger, limit_m, arguments.runs)


if __name__ == "__main__":
    main()
