"""Opening hours as words for paper: an ordinary week, without the notation of the source."""

from __future__ import annotations

from datetime import date

import pandas as pd

from meetingplaces.metrics.opening import Opening, Span, openings, ordinary_week
from meetingplaces.model.categories import Categories
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.opening_words import days_told


def with_hours(places: pd.DataFrame, categories: Categories, on: date, texts: Catalogue) -> pd.DataFrame:
    """The table with `hours_told` and `always_assumed`.

    `hours_told` is the first week without a public holiday from the day `on`, in words; hours that are not wholly
    understood or depend on something stay as the source writes them; `None` when nothing is written. `always_assumed`
    is whether a place without hours is taken to be open always, as a park is.
    """
    found, monday = openings(places, categories), ordinary_week(on)
    told = [week_told(one, monday, texts) or one.raw for one in found]
    return places.assign(
        hours_told=pd.Series(told, index=places.index, dtype=object),
        always_assumed=[one.assumed_always for one in found],
    )


def week_told(opening: Opening, monday: date, texts: Catalogue) -> str | None:
    """The hours of one week, days with the same hours together: `ma, wo t/m vr 09:00-17:00`; `None` when in doubt."""
    week = opening.week(monday) if opening.understood else None
    if week is None or any(span.state != "open" for _, spans in week for span in spans):
        return None
    hours: dict[str, list[int]] = {}
    for day, spans in week:
        if spans:
            hours.setdefault(", ".join(map(_clock, spans)), []).append(day.isoweekday())
    if list(hours.items()) == [("00:00-24:00", [1, 2, 3, 4, 5, 6, 7])]:
        return texts("kit_always")
    return "; ".join(f"{days_told(days, texts)} {clock}" for clock, days in hours.items()) or None


def _clock(span: Span) -> str:
    end = f"{span.end:%H:%M}"
    return f"{span.start:%H:%M}-{'24:00' if end == '00:00' else end}"
