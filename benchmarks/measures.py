"""What a filter on the measures costs: the bundle that ships, in memory, one answer after the other.

    python benchmarks/measures.py [--runs 15]

Each line is the median of choosing the places, finding the distances of all homes (what is sure and what may be), and
counting the people of one group per neighbourhood for both. Processor time: one thread, and others on the machine count
less.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from meetingplaces.metrics.coverage import HomesOf, coverage
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.selection import Selection, chosen
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import data_folder, norms_path

ASKED = {
    "all places": Selection(),
    "categories": Selection(categories=frozenset({"playground", "library", "square"})),
    "indoors": Selection(settings=frozenset({"indoor"})),
    "free": Selection(free_only=True),
    "wheelchair": Selection(wheelchair_only=True),
}


def median_ms(work: Callable[[], object], runs: int) -> float:
    seconds = []
    for _ in range(runs):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return 1000 * float(np.median(seconds))


def main() -> None:
    """Read the arguments and time every question for every profile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    bundle, norms = open_bundle(data_folder(), "GM0166"), load_norms(norms_path())
    places, walk, neighbourhoods = bundle.places(), bundle.walking(), bundle.neighbourhoods()
    homes = HomesOf(walk.homes, neighbourhoods)
    print(f"{len(homes):,} homes, {len(neighbourhoods)} neighbourhoods, {len(places)} places and amenities")
    print(f"  homes by neighbourhood, once: {median_ms(lambda: HomesOf(walk.homes, neighbourhoods), runs):.1f} ms")
    for key, profile in norms.profiles.items():
        once = median_ms(lambda profile=profile: OnFoot(places, walk, profile), 5)
        on_foot = OnFoot(places, walk, profile)
        print(f"  {key}, made once: {once:.1f} ms")
        for name, selection in ASKED.items():
            picked = chosen(places, selection)
            metres = on_foot.to_places(picked)
            choosing = median_ms(lambda selection=selection: chosen(places, selection), runs)
            walking = median_ms(lambda picked=picked, on_foot=on_foot: on_foot.to_places(picked), runs)
            counting = median_ms(lambda metres=metres: coverage(metres.sure, homes, "residents", 500), runs)
            whole = choosing + walking + 2 * counting
            print(f"    {name:12} {choosing:5.1f} + {walking:5.1f} + 2 x {counting:4.1f} = {whole:5.1f} ms")


if __name__ == "__main__":
    main()
