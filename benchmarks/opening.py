"""How long opening hours take: reading a thousand different ones, and what is open at a moment and in a week."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import numpy as np

from meetingplaces.metrics import opening, opening_text
from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.opening_coverage import opening_coverage, part_states
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.categories import load_categories
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder, categories_path, norms_path

TABLE = Path(__file__).parents[1] / "tests" / "unit" / "opening_hours_table.csv"
TUESDAY = datetime(2026, 11, 24, 14, 30, tzinfo=opening.AMSTERDAM)
ROUNDS = 15


def main() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        raws = [row[0] for row in csv.reader(file)][1:1001]
    parts = load_norms(norms_path()).day_parts

    def read() -> list[opening.Opening]:
        return [opening.opening_of(raw, assumed_always=False, latitude=52.5, longitude=5.9) for raw in raws]

    def forget() -> None:
        opening_text._notation.cache_clear()
        opening._read.cache_clear()

    known = read()
    show("read 1,000 different hours", read, before=forget)
    show("read them again", read)
    show("states of 1,000 places at a moment", lambda: opening.states_at(known, TUESDAY))
    show("next change of 1,000 places", lambda: [one.next_change(TUESDAY) for one in known])
    show("1,000 weeks in parts of the day", lambda: part_states(known, date(2026, 11, 23), parts))
    show("opening-time coverage of Kampen, 500 m", kampen_week())


def kampen_week() -> Callable[[], object]:
    """Everything of one week, from the tables in memory."""
    bundle = open_bundle(app_folder() / "mapdata", "GM0166")
    places, walk, norms = bundle.places(), bundle.walking(), load_norms(norms_path())
    homes, on_foot = HomesOf(walk.homes, bundle.neighbourhoods()), OnFoot(places, walk, norms.profile())
    categories = load_categories(categories_path())

    def metres_to(chosen: np.ndarray) -> np.ndarray:
        return on_foot.to_places(Chosen(chosen, chosen)).sure

    def week() -> object:
        states = part_states(opening.openings(places, categories), date(2026, 11, 23), norms.day_parts)
        return opening_coverage(states, norms.day_parts, metres_to, homes, group="residents", budget_m=500)

    return week


def show(what: str, action: Callable[[], object], before: Callable[[], object] = lambda: None) -> None:
    """Print the median and the slowest, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        before()
        start = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - start))
    print(f"| {what} | {statistics.median(taken):.1f} | {max(taken):.1f} |")


if __name__ == "__main__":
    main()
