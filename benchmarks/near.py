"""What a resident's question costs: the bundle that ships, in memory, one answer after the other.

    python benchmarks/near.py [--runs 30]

Each line is the median of what the server works out for the page *Dichtbij* when a visitor asks or stands
somewhere else: what is open, the ways to all places, the three groups in order, her street and neighbourhood, and the
words of the first twelve places of each group. Streamlit's own work is in `benchmarks/page.py`.
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime

import numpy as np

from meetingplaces.metrics.near import FITS
from meetingplaces.metrics.opening import AMSTERDAM
from meetingplaces.ui import data
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.near.card import Telling
from meetingplaces.ui.near.found import find
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.view_state import Position, ViewState

NOW = datetime(2026, 11, 22, 15, tzinfo=AMSTERDAM)
ASKED = {
    "nothing asked": {},
    "open now": {"when": "now"},
    "Sunday, indoors, free": {"when": "sunday", "settings": frozenset({"indoor"}), "needs": frozenset({"free"})},
}


def once(state: ViewState, here: Position) -> float:
    """Seconds of processor time of one answer."""
    began = time.process_time()
    visit = Visit(state, here, NOW, data.load(state.municipality), data.categories(), data.norms(), catalogue("nl"))
    found = find(visit)
    telling = Telling(visit, found)
    for fit in FITS:
        for row in found.answer.rows[fit][:12]:
            telling.way(int(row)), telling.hours(int(row)), telling.doubt(int(row), fit)
    return time.process_time() - began


def main() -> None:
    """Time every question for every profile, each time from elsewhere in the town."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    chance = np.random.default_rng(1)
    spots = [Position.near(*chance.uniform((5.90, 52.54), (5.93, 52.57))) for _ in range(runs)]
    for profile in ("adult", "rollator", "wheelchair"):
        for name, asked in ASKED.items():
            state = ViewState("GM0166", profile=profile, **asked)
            once(state, spots[0])  # what is kept is made once per server
            seconds = [once(state, here) for here in spots]
            print(f"{profile:12} {name:24} {1000 * float(np.median(seconds)):6.1f} ms")


if __name__ == "__main__":
    main()
