"""Opening hours in words."""

from datetime import date

import pytest

from meetingplaces.metrics.opening import opening_of, ordinary_week
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.kit.hours import week_told

MONDAY = ordinary_week(date(2026, 11, 22))


def told(raw, language="nl"):
    opening = opening_of(raw, assumed_always=False, latitude=52.55, longitude=5.9)
    return week_told(opening, MONDAY, catalogue(language))


@pytest.mark.parametrize(
    ("raw", "nl", "en"),
    [
        ("Mo-Fr 10:00-17:00", "ma t/m vr 10:00-17:00", "Mon to Fri 10:00-17:00"),
        ("Mo,We,Th 09:00-17:30; Tu,Fr 09:00-20:00; Sa 09:00-18:00",
         "ma, wo, do 09:00-17:30; di, vr 09:00-20:00; za 09:00-18:00",
         "Mon, Wed, Thu 09:00-17:30; Tue, Fri 09:00-20:00; Sat 09:00-18:00"),
        ("We 10:00-12:00,14:00-24:00", "wo 10:00-12:00, 14:00-24:00", "Wed 10:00-12:00, 14:00-24:00"),
        ("Fr 20:00-02:00", "vr 20:00-02:00", "Fri 20:00-02:00"),
        ("24/7", "altijd", "always"),
    ],
)  # fmt: skip
def test_hours_are_told_by_day_in_the_language_of_the_visitor(raw, nl, en):
    assert (told(raw), told(raw, "en")) == (nl, en)


@pytest.mark.parametrize("raw", ['Mo-Fr 10:00-12:00 "op afspraak"', "meestal open", "Mo 25:99", "", None])
def test_hours_in_doubt_are_not_put_in_words(raw):
    assert told(raw) is None


def test_the_week_is_one_without_a_public_holiday():
    christmas = ordinary_week(date(2026, 12, 21))
    opening = opening_of("Mo-Fr 10:00-17:00", assumed_always=False, latitude=52.55, longitude=5.9)
    assert week_told(opening, christmas, catalogue("nl")) == "ma t/m vr 10:00-17:00"
