"""What a change of plan costs: the bundle that ships, in memory, one answer after the other.

    python benchmarks/scenario.py [--runs 15]

Medians of processor time. "Adding" is all that a click on the map asks for: the kind, the way to the street, the new
distances of all homes, and who gains and loses per neighbourhood for every group.
"""

from __future__ import annotations

import argparse

import numpy as np
from measures import median_ms

from meetingplaces.metrics.best_spot import best_spots, candidate_nodes
from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.gaps import gaps
from meetingplaces.metrics.joining import Barriers
from meetingplaces.metrics.scenario import Added, Scenario, distances_after, effects, fitting_added, join_added
from meetingplaces.metrics.selection import Selection, chosen
from meetingplaces.model.categories import load_categories
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import categories_path, data_folder, norms_path

INDOORS = Selection(settings=frozenset({"indoor"}))
HERE = Added("neighbourhood_centre", 5.9225, 52.5473)


def main() -> None:
    """Read the arguments and time every kind of change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    bundle, categories = open_bundle(data_folder(), "GM0166"), load_categories(categories_path())
    places, walk, neighbourhoods = bundle.places(), bundle.walking(), bundle.neighbourhoods()
    homes, on_foot = HomesOf(walk.homes, neighbourhoods), OnFoot(places, walk, load_norms(norms_path()).profile())
    barriers = Barriers(walk.barriers.geometry.to_numpy())
    now = chosen(places, INDOORS)
    before = on_foot.to_places(now)
    some = frozenset(places.loc[now.sure, "place_id"].iloc[:3])

    def outcome(scenario: Scenario) -> None:
        scenario.check(places)
        fits = fitting_added(scenario.added, INDOORS, categories)
        joined = join_added(scenario.added, walk.network, barriers)
        then = now.within(scenario.stays(places))
        after = distances_after(before, on_foot, now, then, joined.of(fits))
        effects(before.sure, after.sure, homes, list(GROUPS), 500)

    candidates = candidate_nodes(walk.network, neighbourhoods, barriers)
    nothing = np.full(len(homes), np.inf, dtype=np.float32)

    def best(metres: np.ndarray, budget_m: float, count: int) -> float:
        groups = ["residents_65_plus", "residents"]
        return median_ms(
            lambda: best_spots(metres, on_foot, candidates, homes, groups, budget_m=budget_m, count=count), 3
        )

    print(f"{len(homes):,} homes, {len(walk.network.edges):,} edges, {len(candidates):,} candidates")
    print(f"  adding a place: {median_ms(lambda: outcome(Scenario((HERE,))), runs):.0f} ms")
    print(f"  closing three: {median_ms(lambda: outcome(Scenario(closed=some)), runs):.0f} ms")
    print(f"  candidates, once: {median_ms(lambda: candidate_nodes(walk.network, neighbourhoods, barriers), 3):.0f} ms")
    for budget_m in (300, 500, 800):
        told = [f"{best(before.sure, budget_m, count):.0f}" for count in (1, 2, 3)]
        empty = best(nothing, budget_m, 1)
        print(
            f"  best spot within {budget_m} m: 1, 2, 3 spots {', '.join(told)} ms; with no place at all {empty:.0f} ms"
        )
    stretches = median_ms(lambda: gaps(before.sure, walk.homes, walk.network, "residents_65_plus", 500), 5)
    print(f"  gaps as stretches of street: {stretches:.0f} ms")


if __name__ == "__main__":
    main()
