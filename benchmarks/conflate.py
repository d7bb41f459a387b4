"""Joining municipal records with places: how long it takes as both grow, and how often it is right.

    python benchmarks/conflate.py [--sizes 1180 11800 118000] [--shared ../shared/data]

Speed is measured on made-up places, about 60 per km², and a second source made from them (`tests/made_records.py`).
Quality is measured with the same errors, of several seeds, on places whose truth is known: those made up, those of the
bundle of Kampen, and with `--shared` the street furniture of the BGT around Ermelo. A second source drops 15 % of the
places, and has 10 % of its own, splits 5 %, renames 8 %, has no name for 10 %, moves 3 % by some 200 m and all of them
by a normal error per axis.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import geopandas as gpd

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from made_records import Faults, made_place, made_places, quality, second_source

from meetingplaces.model.categories import Categories, load_categories
from meetingplaces.model.conflation import load_conflation
from meetingplaces.pipeline.classify import places_table
from meetingplaces.pipeline.conflate import conflate
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder, categories_path, conflation_path

CATEGORIES = load_categories(categories_path())
RULES = load_conflation(conflation_path())
FURNITURE = {"niet-bgt:bank": "bench", "niet-bgt:picknicktafel": "picnic_table"}


def speed(sizes: list[int]) -> None:
    print("| places | records | wall s | CPU s | CPU µs per record | peak MB | merged |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in sizes:
        made = second_source(made_places(size, 1, CATEGORIES), 2)
        start, start_cpu = time.perf_counter(), time.process_time()
        found = conflate(made.places, made.records, [], CATEGORIES, RULES)
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        each = 1e6 * cpu / len(made.records)
        print(f"| {len(made.places):,} | {len(made.records):,} | {seconds:.2f} | {cpu:.2f} | {each:.0f} | {peak} | "
              f"{found.counts['municipal_merged']:,} |")  # fmt: skip


def quality_of(title: str, places: gpd.GeoDataFrame, seeds: int) -> None:
    for metres in (0.5, 1.0, 1.5):
        found = []
        for seed in range(seeds):
            made = second_source(places, seed, Faults(moved_m=metres))
            found.append(quality(made, conflate(made.places, made.records, [], CATEGORIES, RULES).municipal.pairs))
        merged, false = sum(one.merged for one in found), sum(one.false for one in found)
        recall = sum(one.merged - one.false for one in found) / sum(one.possible for one in found)
        doubtful = sum(one.doubtful for one in found) / sum(one.possible for one in found)
        worst = max(one.false_share for one in found)
        print(f"| {title} | {seeds} | {metres:g} | {merged:,} | {false} | {100 * false / merged:.2f} % | "
              f"{100 * worst:.2f} % | {100 * recall:.0f} % | {100 * doubtful:.0f} % |", flush=True)  # fmt: skip


def furniture(path: Path, categories: Categories) -> gpd.GeoDataFrame:
    """Benches and picnic tables of the BGT as places, RD New."""
    table = gpd.read_file(path).to_crs(28992)
    known = table[table["bgtplustype"].isin(FURNITURE)]
    rows = [
        made_place(f"osm/n{number}", categories.by_key[FURNITURE[row.bgtplustype]], None, row.geometry)
        for number, row in enumerate(known.itertuples(), start=1)
    ]
    return places_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_180, 11_800, 118_000])
    parser.add_argument("--shared", type=Path, help="folder with municipal/ermelo_bgt_straatmeubilair_3857.gpkg")
    parser.add_argument("--seeds", type=int, default=6)
    options = parser.parse_args()
    speed(options.sizes)
    print("\n| places | seeds | error, m per axis | merged | falsely | false | worst seed | recall | doubtful |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    quality_of("made up (10,000)", made_places(10_000, 1, CATEGORIES), min(options.seeds, 3))
    kampen = open_bundle(app_folder() / "mapdata", "GM0166").places()
    own = kampen[kampen["category"] != "seating_spot"].reset_index(drop=True)
    quality_of("Kampen", own, options.seeds)
    if options.shared:
        bgt = furniture(options.shared / "municipal" / "ermelo_bgt_straatmeubilair_3857.gpkg", CATEGORIES)
        quality_of("BGT benches and tables", bgt, options.seeds)


if __name__ == "__main__":
    main()
