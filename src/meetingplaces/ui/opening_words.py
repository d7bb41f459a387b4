"""Opening hours in words: what holds now, when it changes, and the week to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from html import escape

from meetingplaces.metrics.opening import Opening, Span
from meetingplaces.ui.catalogue import Catalogue

_DAY = timedelta(days=1)
_MIDNIGHT = time()


def now_told(opening: Opening, now: datetime, texts: Catalogue) -> str:
    """Whether a place is open now, and until or from when; `now` in Europe/Amsterdam. No text of a source in it."""
    state = opening.at(now)
    if state == "assumed_open":
        return texts("clock_assumed_open")
    if not opening.understood:
        return texts("clock_not_understood") if opening.raw else texts("clock_unknown")
    change = opening.next_change(now)
    if change is None:
        return texts(f"clock_always_{state}")
    moment, then = change
    name = f"clock_{state}_until" if then != "open" or state == "open" else f"clock_{state}_opens"
    return texts(name, moment=moment_told(moment, now, texts, ends=then != "open"))


def week_told(opening: Opening, now: datetime, texts: Catalogue) -> list[tuple[str, str]]:
    """Seven days from today on, each with its hours; empty when nothing is known, or when it is assumed always open."""
    week = opening.week(now.date()) if opening.understood else None
    return [
        (texts(f"weekday_{day.isoweekday()}"), "; ".join(_span(span, texts) for span in spans) or texts("clock_closed"))
        for day, spans in week or []
    ]


def week_short(opening: Opening, now: datetime, texts: Catalogue) -> str:
    """The seven days from today on in one line, see `days_together`.

    Empty when nothing is known, and when nothing changes: then `now_told` says it all.
    """
    if not opening.understood or opening.next_change(now) is None:
        return ""
    return texts("clock_this_week", hours=days_together(opening, now.date(), texts))


def days_together(opening: Opening, first_day: date, texts: Catalogue) -> str:
    """The hours of seven days, days with the same hours together: `ma, wo t/m vr 09:00–17:00`; empty when not known."""
    week = opening.week(first_day) if opening.understood else None
    if week is None:
        return ""
    hours: dict[str, list[int]] = {}
    for day, spans in sorted(week, key=lambda one: one[0].isoweekday()):
        if spans:
            hours.setdefault(", ".join(_span(span, texts) for span in spans), []).append(day.isoweekday())
    told = "; ".join(f"{days_told(days, texts)} {clock}" for clock, days in hours.items())
    return told or texts("clock_closed")


def hours_html(opening: Opening, now: datetime, texts: Catalogue) -> str:
    """What holds now, the week to come, and what the source wrote; the last is escaped."""
    raw = opening.raw and f'<span class="note">{escape(texts("clock_source", hours=opening.raw))}</span>'
    return "<br>".join(filter(None, [now_told(opening, now, texts), week_short(opening, now, texts), raw]))


def days_told(days: Sequence[int], texts: Catalogue) -> str:
    """Weekdays (Monday is 1, in order) in short, three or more in a row as a range."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = []
    for run in runs:
        names = [texts(f"kit_day_{day}") for day in run]
        told += [texts("kit_days", first=names[0], last=names[-1])] if len(run) > 2 else names
    return ", ".join(told)


def moment_told(moment: datetime, now: datetime, texts: Catalogue, *, ends: bool) -> str:
    """A moment to come, as people say it: the hour, and the day unless it is today.

    What `ends` at midnight ends at 24:00 of the day before.
    """
    midnight = ends and moment.time() == _MIDNIGHT
    day = moment.date() - _DAY if midnight else moment.date()
    clock = "24:00" if midnight else f"{moment:%H:%M}"
    away = (day - now.date()).days
    if away <= 0:
        return clock
    if away == 1:
        return texts("clock_tomorrow", clock=clock)
    if away < 7:
        return texts("clock_on_day", day=texts(f"weekday_{day.isoweekday()}"), clock=clock)
    return texts("clock_on_day", day=texts.date(day.isoformat()), clock=clock)


def _span(span: Span, texts: Catalogue) -> str:
    end = "24:00" if span.end.time() == _MIDNIGHT else f"{span.end:%H:%M}"
    told = texts("clock_span", start=f"{span.start:%H:%M}", end=end)
    return told if span.state == "open" else texts("clock_doubtful", span=told)
