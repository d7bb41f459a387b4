"""When somebody wants to go, at awkward moments, and what is open then."""

from datetime import UTC, datetime, timedelta

import pytest

from meetingplaces.metrics.moments import open_then, states_within, window
from meetingplaces.metrics.opening import AMSTERDAM, opening_of
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import norms_path

EVENING = load_norms(norms_path()).day_parts[-1]


def dutch(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def hours(text: str | None, *, always: bool = False):
    return opening_of(text, assumed_always=always, latitude=52.5, longitude=5.9)


@pytest.mark.parametrize(
    ("when", "now", "start", "end"),
    [
        ("now", "2026-11-22T15:00", "2026-11-22T15:00", "2026-11-22T15:00"),
        ("today", "2026-11-22T15:00", "2026-11-22T15:00", "2026-11-23T00:00"),
        ("today", "2026-11-22T23:59", "2026-11-22T23:59", "2026-11-23T00:00"),
        ("sunday", "2026-11-22T15:00", "2026-11-22T15:00", "2026-11-23T00:00"),
        ("sunday", "2026-11-23T00:00", "2026-11-29T00:00", "2026-11-30T00:00"),
        ("evening", "2026-11-22T15:00", "2026-11-22T17:00", "2026-11-22T22:00"),
        ("evening", "2026-11-22T20:30", "2026-11-22T20:30", "2026-11-22T22:00"),
        ("evening", "2026-11-22T22:00", "2026-11-23T17:00", "2026-11-23T22:00"),
    ],
)
def test_a_wish_is_a_stretch_of_time_from_now_on(when, now, start, end):
    assert window(when, dutch(now), EVENING) == (dutch(start), dutch(end))


def test_now_is_dutch_time_wherever_the_server_is():
    start, end = window("today", datetime(2026, 11, 22, 23, 30, tzinfo=UTC), EVENING)
    assert (start, end) == (dutch("2026-11-23T00:30"), dutch("2026-11-24T00:00"))


def test_the_sunday_on_which_the_clock_goes_back_has_25_hours():
    start, end = window("sunday", dutch("2026-10-21T12:00"), EVENING)
    assert (start, end) == (dutch("2026-10-25T00:00"), dutch("2026-10-26T00:00"))
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=25)


def states(now: str, when: str, *places) -> list[str]:
    return list(states_within(places, *window(when, dutch(now), EVENING)))


def test_open_at_any_time_of_the_stretch_is_open():
    library = hours("Mo-Fr 10:00-17:00; PH off")
    assert states("2026-11-23T09:00", "now", library) == ["closed"]
    assert states("2026-11-23T09:00", "today", library) == ["open"]
    assert states("2026-11-23T17:00", "today", library) == ["closed"]
    assert states("2026-11-23T09:00", "evening", library) == ["closed"]
    assert states("2026-11-23T09:00", "sunday", library) == ["closed"]


def test_just_before_midnight_what_opens_tomorrow_is_not_open_today():
    bar = hours("Mo-Su 20:00-02:00; PH 20:00-02:00")
    assert states("2026-11-22T23:59", "today", bar, hours("Mo-Su 00:00-08:00; PH off")) == ["open", "closed"]


def test_on_koningsdag_hours_that_say_nothing_of_holidays_are_unknown():
    assert states("2026-04-27T11:00", "now", hours("Mo-Fr 10:00-17:00"), hours("Mo-Fr 10:00-17:00; PH off")) == [
        "unknown",
        "closed",
    ]


def test_in_the_hour_that_comes_twice_a_place_is_open_twice():
    night = hours("Mo-Su 02:00-03:00; PH 02:00-03:00")
    twice = [dutch("2026-10-25T02:30").replace(fold=fold) for fold in (0, 1)]
    assert [str(states_within([night], moment, moment)[0]) for moment in twice] == ["open", "open"]


def test_unknown_is_never_open_and_never_closed():
    found = open_then(
        states_within([hours(None), hours(None, always=True), hours("op afspraak")], *[dutch("2026-11-22T15:00")] * 2)
    )
    assert found.sure.tolist() == [False, True, False]
    assert found.perhaps.tolist() == [True, True, True]
