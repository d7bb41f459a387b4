"""Open, closed or unknown at awkward moments."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetingplaces.metrics.opening import AMSTERDAM, Opening, opening_of, ordinary_week, public_holidays


def hours(raw: str | None, *, assumed_always: bool = False) -> Opening:
    return opening_of(raw, assumed_always=assumed_always, latitude=52.56, longitude=5.91)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM)


def clock(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


# --- moments ----------------------------------------------------------------------------------------------------------


def test_the_first_minute_is_open_and_the_last_is_closed() -> None:
    opening = hours("Tu 09:00-17:00")
    states = [opening.at(at(f"2026-11-24T{clock}")) for clock in ("08:59:59.999999", "09:00", "16:59:59", "17:00")]
    assert states == ["closed", "open", "open", "closed"]


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    opening = hours("Tu 09:00-10:00")
    assert opening.at(datetime(2026, 11, 24, 8, 30, tzinfo=UTC)) == "open"
    assert opening.at(datetime(2026, 11, 24, 9, 30, tzinfo=UTC)) == "closed"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        hours("24/7").at(datetime(2026, 11, 24, 9, 30))  # noqa: DTZ001  (what is tested)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_zone_of_the_machine_does_not_matter(zone: str) -> None:
    asked = (
        "from datetime import datetime, UTC; from meetingplaces.metrics.opening import opening_of\n"
        "one = opening_of('Tu 23:00-24:00', assumed_always=False, latitude=52, longitude=5)\n"
        "print(one.at(datetime(2026, 11, 24, 22, 30, tzinfo=UTC)), one.next_change(datetime(2026, 11, 24, tzinfo=UTC)))"
    )
    env = {**os.environ, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True).stdout
    assert told.startswith("open (datetime.datetime(2026, 11, 24, 23, 0, ")


def test_a_range_past_midnight_belongs_to_the_evening_before() -> None:
    opening = hours("Fr 20:00-02:00")
    moments = ("2026-11-27T19:59", "2026-11-27T23:59", "2026-11-28T00:00", "2026-11-28T01:59", "2026-11-28T02:00")
    assert [opening.at(at(moment)) for moment in moments] == ["closed", "open", "open", "open", "closed"]
    assert opening.at(at("2026-11-27T01:00")) == "closed"


def test_the_night_the_clock_goes_forward_is_an_hour_shorter() -> None:
    opening = hours("Su 01:00-04:00")
    start = at("2026-03-29T01:00").astimezone(UTC)
    states = [opening.at(start + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60, 119, 120)]
    assert states == ["closed", "open", "open", "open", "open", "closed"]


def test_the_night_the_clock_goes_back_is_an_hour_longer() -> None:
    opening = hours("Su 01:00-04:00")
    start = at("2026-10-25T01:00").astimezone(UTC)
    states = [opening.at(start + timedelta(minutes=minutes)) for minutes in (-1, 0, 120, 239, 240)]
    assert states == ["closed", "open", "open", "open", "closed"]


def test_the_day_after_the_clock_changed_opens_at_the_same_hour() -> None:
    for evening in ("2026-03-28T20:00", "2026-10-24T20:00"):
        change = hours("Mo-Su 09:00-17:00").next_change(at(evening))
        assert change is not None
        assert clock(change[0])[11:16] == "09:00"


def test_the_sun_rises_and_sets_where_the_place_is() -> None:
    kampen, heerlen = (
        opening_of("sunrise-sunset", assumed_always=False, latitude=lat, longitude=lon)
        for lat, lon in ((52.56, 5.91), (50.89, 5.98))
    )
    sets = [one.next_change(at("2026-12-21T12:00")) for one in (kampen, heerlen)]
    assert [state for _, state in filter(None, sets)] == ["closed", "closed"]
    north, south = (moment for moment, _ in filter(None, sets))
    assert at("2026-12-21T16:15") < north < south < at("2026-12-21T16:45")
    assert kampen.at(at("2026-06-21T21:45")) == "open"
    assert kampen.at(at("2026-12-21T19:00")) == "closed"


# --- public holidays --------------------------------------------------------------------------------------------------


def test_koningsdag_is_a_day_earlier_when_it_would_be_a_sunday() -> None:
    assert date(2026, 4, 27) in public_holidays(2026)
    assert date(2025, 4, 26) in public_holidays(2025)
    assert date(2025, 4, 27) not in public_holidays(2025)
    assert hours("Mo-Sa 09:00-17:00; PH off").at(at("2025-04-26T12:00")) == "closed"
    assert hours("Mo-Sa 09:00-17:00; PH off").at(at("2025-04-25T12:00")) == "open"


def test_hours_that_tell_of_holidays_are_followed() -> None:
    koningsdag = at("2026-04-27T12:00")
    assert hours("Mo-Fr 09:00-17:00; PH off").at(koningsdag) == "closed"
    assert hours("Mo-Fr 09:00-11:00; PH 11:00-15:00").at(koningsdag) == "open"
    assert hours("24/7").at(koningsdag) == "open"


def test_hours_that_do_not_tell_of_holidays_are_unknown_on_one() -> None:
    opening = hours("Mo-Fr 09:00-17:00")
    assert opening.at(at("2026-04-27T12:00")) == "unknown"
    assert opening.at(at("2026-04-27T18:00")) == "closed"
    assert opening.next_change(at("2026-04-24T18:00")) == (at("2026-04-27T09:00"), "unknown")
    assert opening.next_change(at("2026-04-27T12:00")) == (at("2026-04-27T17:00"), "closed")


def test_bevrijdingsdag_is_a_day_off_for_some_only() -> None:
    for raw in ("Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00; PH off"):
        assert [hours(raw).at(at(f"2026-05-0{day}T12:00")) for day in (4, 5, 6)] == ["open", "unknown", "open"]


@pytest.mark.parametrize("day", [date(2026, 4, 20), date(2026, 4, 21), date(2026, 12, 19), date(2027, 5, 1)])
def test_an_ordinary_week_starts_on_a_monday_and_has_no_holiday(day: date) -> None:
    monday = ordinary_week(day)
    assert monday >= day
    assert monday.weekday() == 0
    days = {monday + timedelta(days=n) for n in range(7)}
    assert not days & (public_holidays(monday.year) | public_holidays(monday.year + 1))


# --- comments and fallbacks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", ['"op afspraak"', '24/7 "op afspraak"', 'Mo-Fr 09:00-17:00; "op afspraak"'])
def test_a_comment_never_means_open(raw: str) -> None:
    opening = hours(raw)
    assert opening.raw == raw
    assert opening.at(at("2026-11-24T10:00")) == "unknown"


def test_by_appointment_outside_the_hours_is_unknown_there() -> None:
    opening = hours('Mo-Fr 09:00-17:00 || "op afspraak"')
    assert [opening.at(at(f"2026-11-24T{time}")) for time in ("10:00", "20:00")] == ["open", "unknown"]


# --- the order of rules -----------------------------------------------------------------------------------------------


def test_closed_on_holidays_counts_wherever_it_stands() -> None:
    first, last = (hours(raw) for raw in ("PH off; Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00; PH off"))
    for moment in (at("2026-04-27T12:00"), at("2026-04-28T12:00")):
        assert first.at(moment) == last.at(moment)


@pytest.mark.parametrize(
    "raw", ["Jul off; Mo-Fr 09:00-17:00", "Mo off; Mo-Su 09:00-17:00", "Su,PH off; Mo-Su 10:00-12:00"]
)
def test_closing_that_a_later_rule_overrules_makes_all_unknown(raw: str) -> None:
    assert not hours(raw).understood


def test_closing_that_no_later_rule_touches_is_read() -> None:
    opening = hours("Mo off; Tu-Su 09:00-17:00; PH 12:00-14:00")
    assert [opening.at(at(f"2026-11-{day}T10:00")) for day in (23, 24)] == ["closed", "open"]
    assert opening.at(at("2026-04-27T13:00")) == "open"


# --- when it changes, and the week ------------------------------------------------------------------------------------


def test_it_tells_when_it_next_opens_or_closes() -> None:
    opening = hours("Mo-Fr 09:00-12:00,13:00-17:00")
    assert opening.next_change(at("2026-11-24T10:00")) == (at("2026-11-24T12:00"), "closed")
    assert opening.next_change(at("2026-11-27T18:00")) == (at("2026-11-30T09:00"), "open")


@pytest.mark.parametrize(
    "opening", [hours("24/7"), hours("off"), hours("op afspraak"), hours(None, assumed_always=True)]
)
def test_what_never_changes_has_no_next_change(opening: Opening) -> None:
    assert opening.next_change(at("2026-11-24T10:00")) is None


def test_a_week_has_the_hours_of_each_day() -> None:
    week = hours('Mo-Fr 09:00-12:00,13:00-17:00; We 19:00-21:00; Fr 20:00-02:00; Su 10:00-12:00 "op afspraak"').week(
        date(2026, 11, 23)
    )
    assert week is not None
    told = [[(clock(s.start)[5:16], clock(s.end)[5:16], s.state) for s in spans] for _, spans in week]
    assert [day for day, _ in week] == [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
    assert told[0] == [("11-23T09:00", "11-23T12:00", "open"), ("11-23T13:00", "11-23T17:00", "open")]
    assert told[2] == [("11-25T19:00", "11-25T21:00", "open")]
    assert told[4] == [("11-27T20:00", "11-28T02:00", "open")]
    assert told[5:] == [[], [("11-29T10:00", "11-29T12:00", "unknown")]]


def test_a_night_before_the_week_is_left_out_and_one_after_it_is_whole() -> None:
    week = hours("Su 20:00-02:00").week(date(2026, 11, 23))
    assert week is not None
    assert [(clock(s.start), clock(s.end)) for _, spans in week for s in spans] == [
        ("2026-11-29T20:00+01:00", "2026-11-30T02:00+01:00")
    ]


@pytest.mark.parametrize(
    ("opening", "state"), [(hours("24/7"), "open"), (hours(None, assumed_always=True), "assumed_open")]
)
def test_day_and_night_is_cut_at_midnight(opening: Opening, state: str) -> None:
    week = opening.week(date(2026, 11, 23))
    assert week is not None
    assert [len(spans) for _, spans in week] == [1] * 7
    assert {span.state for _, spans in week for span in spans} == {state}


def test_unknown_hours_have_no_week() -> None:
    assert hours("op afspraak").week(date(2026, 11, 23)) is None
    assert hours(None).week(date(2026, 11, 23)) is None


RAW = st.sampled_from(
    ["Mo-Fr 09:00-17:00", "Mo-Su 20:00-02:00", "Fr 20:00-02:00; PH off", "sunrise-sunset", "24/7", "PH 10:00-12:00",
     'Mo-Fr 09:00-12:00; Sa "op afspraak"', "Tu[1] 10:00-12:00", "op afspraak", "24/7; Dec 25 off"]
)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(RAW, st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001  (the zone follows)
def test_the_state_holds_until_the_next_change(raw: str, naive: datetime) -> None:
    opening, moment = hours(raw), naive.replace(tzinfo=UTC)
    change = opening.next_change(moment)
    if change is None:
        assert opening.at(moment + timedelta(days=180)) == opening.at(moment)
        return
    until, then = change
    assert opening.at(until) == then != opening.at(moment)
    assert opening.at(until - timedelta(minutes=1)) == opening.at(moment)
