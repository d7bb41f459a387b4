"""Opening hours in Dutch and English, as a card tells them."""

from datetime import datetime

import pytest

from meetingplaces.metrics.opening import AMSTERDAM, opening_of
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.opening_words import days_together, hours_html, now_told, week_short, week_told

NL, EN = catalogue("nl"), catalogue("en")


def dutch(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def hours(text: str | None, *, always: bool = False):
    return opening_of(text, assumed_always=always, latitude=52.5, longitude=5.9)


@pytest.mark.parametrize(
    ("written", "now", "told"),
    [
        ("Mo-Fr 10:00-17:00; PH off", "2026-11-23T11:00", "Nu open, tot 17:00"),
        ("Mo-Fr 10:00-17:00; PH off", "2026-11-23T17:00", "Nu dicht, open morgen 10:00"),
        ("Mo-Fr 10:00-17:00; PH off", "2026-11-27T18:00", "Nu dicht, open maandag 10:00"),
        ("Mo-Su 20:00-02:00; PH 20:00-02:00", "2026-11-22T23:59", "Nu open, tot morgen 02:00"),
        ("Mo-Su 20:00-24:00; PH 20:00-24:00", "2026-11-22T23:59", "Nu open, tot 24:00"),
        ("Dec 31 10:00-12:00; PH off", "2026-11-22T15:00", "Nu dicht, open 31-12-2026 10:00"),
        ("24/7", "2026-11-22T15:00", "Altijd open"),
        (None, "2026-11-22T15:00", "Openingstijden niet bekend"),
        ("elke eerste zondag", "2026-11-22T15:00", "Er staan openingstijden, maar die begrijpen we niet helemaal."),
    ],
)
def test_what_holds_now_and_when_it_changes(written, now, told):
    assert now_told(hours(written), dutch(now), NL) == told


def test_on_koningsdag_nothing_is_said_for_certain():
    told = now_told(hours("Mo-Fr 10:00-17:00"), dutch("2026-04-27T11:00"), NL)
    assert told.startswith("Nu niet zeker")


def test_that_a_park_is_always_open_is_told_as_an_assumption():
    assert "nemen we aan" in now_told(hours(None, always=True), dutch("2026-11-22T15:00"), NL)
    assert "we assume" in now_told(hours(None, always=True), dutch("2026-11-22T15:00"), EN)


def test_the_week_starts_today_and_names_closed_days():
    week = week_told(hours("Mo-Fr 10:00-12:00,13:00-17:00; PH off"), dutch("2026-11-22T15:00"), NL)
    assert week[:2] == [("zondag", "gesloten"), ("maandag", "10:00–12:00; 13:00–17:00")]
    assert [day for day, _ in week] == [
        "zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"
    ]  # fmt: skip


def test_a_holiday_in_the_week_is_told_as_not_certain():
    week = dict(week_told(hours("Mo-Fr 10:00-17:00"), dutch("2026-04-26T12:00"), EN))
    assert week["Monday"] == "10:00–17:00 (not certain)"
    assert week["Tuesday"] == "10:00–17:00"


def test_without_understood_hours_there_is_no_week():
    assert week_told(hours(None), dutch("2026-11-22T15:00"), NL) == []
    assert week_told(hours("op afspraak graag bellen"), dutch("2026-11-22T15:00"), NL) == []


@pytest.mark.parametrize(
    ("written", "now", "told"),
    [
        ("Mo-Fr 10:00-17:00; PH off", "2026-11-22T11:00", "ma t/m vr 10:00–17:00"),
        ("We-Fr 10:00-17:00; Mo 09:00-12:00; PH off", "2026-11-25T11:00", "ma 09:00–12:00; wo t/m vr 10:00–17:00"),
        ("Fr 20:00-02:00; PH off", "2026-11-22T11:00", "vr 20:00–02:00"),
        ("Mo-Fr 10:00-17:00; PH off", "2026-12-24T11:00", "ma t/m do 10:00–17:00"),
        ("Mo 10:00-17:00", "2026-12-24T11:00", "ma 10:00–17:00"),
        ('Mo-Fr 10:00-12:00 "op afspraak"; PH off', "2026-11-22T11:00", "ma t/m vr 10:00–12:00 (niet zeker)"),
        ("Jul Mo-Fr 10:00-17:00; PH off", "2026-11-22T11:00", "gesloten"),
        ("24/7", "2026-11-22T11:00", ""),
        ("elke eerste zondag", "2026-11-22T11:00", ""),
        (None, "2026-11-22T11:00", ""),
    ],
)  # fmt: skip
def test_the_seven_days_from_today_in_one_line(written, now, told):
    assert week_short(hours(written), dutch(now), NL).removeprefix("Deze week: ") == told


def test_what_the_source_wrote_stays_to_be_seen_and_cannot_break_out():
    told = hours_html(hours("<b>meestal</b> open"), dutch("2026-11-22T11:00"), NL)
    assert "begrijpen we niet helemaal" in told
    assert "In de bron staat: &lt;b&gt;meestal&lt;/b&gt; open" in told
    assert hours_html(hours(None), dutch("2026-11-22T11:00"), NL) == "Openingstijden niet bekend"


def test_seven_days_are_told_from_any_day_on_and_in_english():
    monday = dutch("2026-11-23T00:00").date()
    assert days_together(hours("Mo-Fr 10:00-17:00; PH off"), monday, EN) == "Mon to Fri 10:00–17:00"
    assert days_together(hours("24/7"), monday, NL) == "ma t/m zo 00:00–24:00"
    assert days_together(hours("elke eerste zondag"), monday, NL) == ""
