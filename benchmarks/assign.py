"""Points into neighbourhoods: ours against `geopandas.sjoin`, with the same result.

    python benchmarks/assign.py ../shared/data/boundaries/nl_buurten_2024_approx.geojson.gz

Each point lies in the bounding box of a random neighbourhood, so about half of them lie inside it. Outlines that are
not valid are left out, since GEOS may refuse them.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.crs import RD_NEW
from meetingplaces.pipeline.assign import points_inside

Pairs = NDArray[np.int64]


def outlines_of(path: Path) -> gpd.GeoDataFrame:
    """The valid neighbourhoods of a gzipped GeoJSON, in RD New."""
    with gzip.open(path) as stream:
        table = gpd.read_file(stream).to_crs(RD_NEW)
    return table[table.is_valid & ~table.is_empty].reset_index(drop=True)


def points_near(outlines: gpd.GeoDataFrame, count: int) -> NDArray[np.object_]:
    """So many random points, RD New."""
    numbers = np.random.default_rng(1)
    west, south, east, north = outlines.bounds.to_numpy()[numbers.integers(0, len(outlines), count)].T
    x, y = numbers.uniform(west, east), numbers.uniform(south, north)
    return np.asarray(shapely.points(x, y), dtype=object)


def ours(points: NDArray[np.object_], outlines: gpd.GeoDataFrame) -> Pairs:
    return np.column_stack(points_inside(points, outlines.geometry.to_numpy()))


def joined_by(predicate: str) -> Callable[[NDArray[np.object_], gpd.GeoDataFrame], Pairs]:
    def join(points: NDArray[np.object_], outlines: gpd.GeoDataFrame) -> Pairs:
        table = gpd.GeoDataFrame(geometry=points, crs=RD_NEW)
        found = gpd.sjoin(table, outlines[["geometry"]], predicate=predicate)
        return np.column_stack([found.index.to_numpy(), found["index_right"].to_numpy()])

    return join


def in_order(pairs: Pairs) -> Pairs:
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def main() -> None:
    """Read the arguments, run each in turn, and tell whether the answers are the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("boundaries", type=Path)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    outlines = outlines_of(arguments.boundaries)
    points = points_near(outlines, arguments.points)
    print(f"{len(points):,} points, {len(outlines):,} neighbourhoods")
    works = {
        "ours": ours,
        "geopandas.sjoin(within)": joined_by("within"),
        "geopandas.sjoin(intersects)": joined_by("intersects"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    answers = {}
    for _ in range(arguments.runs):
        for name, work in works.items():
            began = time.perf_counter()
            answers[name] = work(points, outlines)
            seconds[name].append(time.perf_counter() - began)
    reference = in_order(answers["ours"])
    for name, answer in answers.items():
        same = "the same pairs" if np.array_equal(in_order(answer), reference) else "OTHER PAIRS"
        ratio = np.median(seconds[name]) / np.median(seconds["ours"])
        print(f"  {name:28} {np.median(seconds[name]):6.2f} s  {ratio:5.2f} x ours   {len(answer):,} pairs, {same}")


if __name__ == "__main__":
    main()
