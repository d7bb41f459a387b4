"""Opening hours as people write them: read word by word, or refused as a whole."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import validate

from meetingplaces.metrics.opening import opening_of
from meetingplaces.metrics.opening_text import LONGEST, notation

WORDS = st.sampled_from(
    ["ma", "di", "zo", "Mo", "Su", "PH", "SH", "t/m", "tot", "en", "uur", "gesloten", "open", "9", "17", "9.30",
     "09:00", "17:00", "24/7", "-", "–", ",", ";", "\n", ":", "+", "||", '"', '"op afspraak"', "mei", "Dec 25",
     "[1]", "(", ")", "sunrise", "week", "dagelijks", "feestdagen", "x", "😀", "\x00", "\u202e"]
)  # fmt: skip
LIKE_HOURS = st.builds(lambda words, gap: gap.join(words), st.lists(WORDS, max_size=12), st.sampled_from(["", " "]))


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("ma-vr 9.00-17.00 uur", "Mo-Fr 9:00-17:00"),
        ("maandag t/m vrijdag 09:00–17:00", "Mo-Fr 09:00-17:00"),
        ("Ma. tot en met vr. van 9 tot 12.30 uur", "Mo-Fr 9:00-12:30"),
        ("ma, wo en vr 9-12 en 13-17 uur", "Mo,We,Fr 9:00-12:00,13:00-17:00"),
        ("ma-vr 9u-17u, za gesloten", "Mo-Fr 9:00-17:00, Sa off"),
        ("maandag: 9.00 - 12.00 uur\ndinsdag: 13.00 - 17.00 uur", "Mo 9:00-12:00; Tu 13:00-17:00"),
        ("1 april t/m 30 september dagelijks 10-17 uur", "Apr 1-Sep 30 Mo-Su 10:00-17:00"),
        ("zon- en feestdagen 13-17 uur", "Su,PH 13:00-17:00"),
        ("24 uur per dag", "24/7"),
        ("zonsopgang tot zonsondergang", "sunrise-sunset"),
        ("Mo-Fr 10:00-12:00,Sa 10:00-11:00", "Mo-Fr 10:00-12:00, Sa 10:00-11:00"),
        ('di 10-12 uur "na 9.30 bellen; ook ma"', 'Tu 10:00-12:00 "na 9.30 bellen; ook ma"'),
    ],
)
def test_dutch_spellings_become_the_notation(raw: str, read: str) -> None:
    assert notation(raw) == read
    assert validate(read)


@pytest.mark.parametrize(
    "raw", ["op afspraak", "ma-vr 9-17 uur op afspraak", "ma of di 9-17 uur", "altijd behalve zondag", "Mo-Fr 9am-5pm"]
)
def test_one_word_we_do_not_know_refuses_the_whole(raw: str) -> None:
    assert notation(raw) is None


@pytest.mark.parametrize(
    "raw",
    ["Mo-Fr 10:00-12:00; Sa", "Mo-Fr 10:00-12:00; 13:00-17:00", "Apr-Oct", "00:00-00:00", "Mo-Fr 09:00-05:00",
     "Mo-Fr 09:00-17:00; Jul-Aug 10:00-16:00", "Apr-Sep Mo-Fr 10:00-17:00; Sa 10:00-12:00",
     "Mo 09:00-12:00; Mo 13:00-17:00", "Mo-Fr 10:00+", "Mo 10:00-16:00/00:30", "Mo-Fr 09:00-17:00; SH off"],
)  # fmt: skip
def test_what_the_notation_allows_but_writers_mean_otherwise_is_refused(raw: str) -> None:
    assert validate(raw)
    assert notation(raw) is None


@settings(deadline=None, max_examples=600)
@given(st.one_of(st.text(max_size=300), LIKE_HOURS), st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)))  # noqa: DTZ001
def test_any_text_is_read_without_an_error_and_open_only_by_valid_notation(raw: str, naive: datetime) -> None:
    opening, moment = opening_of(raw, assumed_always=False, latitude=52.5, longitude=5.9), naive.replace(tzinfo=UTC)
    if opening.at(moment) == "open":
        assert opening.understood
        assert validate(notation(raw) or "")
    if not opening.understood:
        assert opening.at(moment) == "unknown"
        assert opening.next_change(moment) is None


@pytest.mark.parametrize(
    "piece",
    ["9-12,", "9-12 uur,", "9:00 uur-", '"', "(", "Mo,", "en ", "; ", "\n", "\x00", "1 ", "-", "20:00-21:00,",
     "Mo[1] ", "week 1-53/2 ", "ﷺ", "😀", "a\u0300"],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_hostile_text_of_any_length_is_answered(piece: str) -> None:
    for length in (LONGEST, LONGEST + 1, 100_000):
        opening = opening_of((piece * length)[:length], assumed_always=False, latitude=52.5, longitude=5.9)
        assert opening.at(datetime(2026, 11, 24, 10, tzinfo=UTC)) in {"closed", "unknown"}


def test_what_is_longer_than_any_hours_is_refused() -> None:
    assert notation("Mo 10:00-12:00" + " " * (LONGEST - 14)) == "Mo 10:00-12:00"
    assert notation("Mo 10:00-12:00" + " " * (LONGEST - 13)) is None
