"""1,230 ways to write opening hours, with what may be said of five moments; none may be open that is not.

The states in `opening_hours_table.csv` were not computed by the code under test: weekly schedules were written out in
many spellings, real hours from OpenStreetMap and broken ones were judged one by one. The last moment is Koningsdag.
Backslashes escape what cannot be printed.
"""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from meetingplaces.metrics.opening import AMSTERDAM, OpenState, opening_of


def table() -> list[tuple[str, dict[datetime, OpenState]]]:
    with (Path(__file__).parent / "opening_hours_table.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    moments = [datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM) for moment in header[1:]]
    return [(unescaped(raw), dict(zip(moments, states, strict=True))) for raw, *states in rows]


def unescaped(raw: str) -> str:
    return raw.encode("latin-1", "backslashreplace").decode("unicode_escape")


def told(raw: str, moments: list[datetime]) -> list[OpenState]:
    opening = opening_of(raw, assumed_always=False, latitude=52.56, longitude=5.91)
    return [opening.at(moment) for moment in moments]


def test_the_table_has_a_thousand_different_ways_with_every_state() -> None:
    rows = table()
    assert len({raw for raw, _ in rows}) == len(rows) >= 1000
    assert {state for _, states in rows for state in states.values()} == {"open", "closed", "unknown"}
    assert sum("unknown" not in list(states.values())[:4] for _, states in rows) > 600


def test_none_is_wrongly_open() -> None:
    wrong = [
        (raw, moment)
        for raw, states in table()
        for moment, state in zip(states, told(raw, list(states)), strict=True)
        if state == "open" and states[moment] != "open"
    ]
    assert wrong == []


@pytest.mark.parametrize("start", range(0, len(table()), 100))
def test_each_is_read_as_it_was_meant(start: int) -> None:
    for raw, states in table()[start : start + 100]:
        assert told(raw, list(states)) == list(states.values()), raw
