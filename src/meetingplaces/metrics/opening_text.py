"""Opening hours as people write them, turned into the notation of OpenStreetMap, or refused.

Nothing is guessed: every word must be one we know, and what the notation allows but writers mean otherwise is refused
too (see `_means_something_else`). The specification is https://wiki.openstreetmap.org/wiki/Key:opening_hours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

LONGEST = 1000
"""Characters; OpenStreetMap itself allows 255. What is longer is not hours."""

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DUTCH_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DUTCH_MONTHS = (
    "januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
    "september sept sep", "oktober okt", "november nov", "december dec",
)  # fmt: skip

# Every word that may stand outside a comment, in lower case, and what the notation calls it.
_WORDS = {
    **{name[:2]: day for name, day in zip(_DUTCH_DAYS, _DAYS, strict=True)},
    **{f"{name}{end}": day for name, day in zip(_DUTCH_DAYS, _DAYS, strict=True) for end in ("", "s", "en")},
    **{name: month for names, month in zip(_DUTCH_MONTHS, _MONTHS, strict=True) for name in names.split()},
    **{word.lower(): word for word in (*_DAYS, *_MONTHS, "PH", "SH")},
    **{word: word for word in ("off", "unknown", "easter", "week", "day", "days", "sunrise", "sunset", "dawn", "dusk")},
    **dict.fromkeys(("closed", "gesloten", "dicht"), "off"),
    **dict.fromkeys(("open", "geopend", "van", "op"), ""),
    "dagelijks": "Mo-Su",
    **dict.fromkeys(("werkdagen", "weekdagen", "doordeweeks"), "Mo-Fr"),
    **dict.fromkeys(("weekend", "weekends", "weekeinde"), "Sa-Su"),
    **dict.fromkeys(("feestdag", "feestdagen"), "PH"),
    **dict.fromkeys(("schoolvakantie", "schoolvakanties"), "SH"),
    **dict.fromkeys(("zonsopgang", "zonsopkomst"), "sunrise"),
    "zonsondergang": "sunset",
    **dict.fromkeys(("tot", "tm"), "-"),
    "en": ",",
    **dict.fromkeys(("uur", "u", "h"), "uur"),
}

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = {**dict.fromkeys(map(ord, "‘’`´"), "'"), **dict.fromkeys(map(ord, "\u200b\ufeff\u00ad"), None)}
_COMMENT = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[^\W\d_]+(?:\.(?!\d))?")
_NOTATION = re.compile(r"[A-Za-z0-9 :;,|/\[\]()+\-\"]+")

# Read before the words are, upper and lower case alike.
_PHRASES = [
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"[\r\n]+", "; "),
        (r"\btot en met\b|\bt/m\b|\bt\.?e\.?m\.", "-"),
        (r"\b(?:elke|iedere) dag\b|\balle dagen\b", "Mo-Su"),
        (r"\bin het (?=weekend|weekeinde)", ""),
        (r"\bzon-\s*en\s+feestdagen\b", "Su,PH"),
        (r"'s (?=[mwz])", ""),
        (r"&", ","),
        (r"\b(\d{1,2})\.(\d\d)\b", r"\1:\2"),
        (r"\b(\d{1,2})\s?[uh](\d\d)\b", r"\1:\2"),
        (r"\b(\d{1,2})(?=(?:uur|u|h)\b)", r"\1 "),
    )
]
_ALWAYS = re.compile(
    r"(?:dag en nacht|altijd|24 uur(?: per dag)?(?:,? 7 dagen per week)?|(?:Mo-Su )?00:00-24:00)(?: (?:open|geopend))?",
    re.IGNORECASE,
)

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_DATE = rf"\b{_MONTH}\b|\bweek\b|\beaster\b|\b\d{{4}}\b"
_NEVER_OPENS = re.compile(r'\boff\b|\bunknown\b|""')
_HAS_HOURS = re.compile(r"24/7|\d:\d\d|sunrise|sunset|dawn|dusk")
_HOUR = r"\d{1,2}(?::\d\d)?"
_HOURS = f"{_HOUR}(?: uur)?-{_HOUR}(?: uur)?"


def _full_hours(found: re.Match[str]) -> str:
    """`9-12,13-17:30 uur` with the minutes that are left out in speech."""
    return re.sub(r"(?<![\d:])(\d{1,2})(?![\d:])", r"\1:00", found[1])


# Read after the words are.
_LAYOUT: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"\s+", " "),
        (r"(?<=[(\[]) | (?=[)\],;:\[]|\+\d\d:)", ""),
        (r" ?- ?(?!\d+ days?\b)", "-"),
        (r" ?, ?", ","),
        (r" ?(?:; ?)+", "; "),
        (r" ?\|\| ?", " || "),
        (r"(?<=[a-zH]):(?= ?\d)", " "),  # "ma: 9:00"
        (r" +", " "),
        (rf"(?<![\w:\-])(?<![A-Za-z] )(\d{{1,2}}) ({_MONTH})-(\d{{1,2}}) ({_MONTH})\b", r"\2 \1-\4 \3"),
        (rf"(?<![\w:\-])(?<![A-Za-z] )(\d{{1,2}}) ({_MONTH})\b", r"\2 \1"),
        (r"(?<![\d:])(\d{1,2}) uur-", r"\1:00-"),
        (rf"(?<![\w:\-/])((?:{_HOURS},)*{_HOURS})(?<=uur)", _full_hours),
        (r"(?<=:\d\d) uur\b", ""),
        (rf"(:\d\d|\boff|\bunknown|\"),(?={_DAY}|{_MONTH}|\")", r"\1, "),  # a comma after hours starts a new rule
        (r"^ ?(PH off(?: \"\")?); (.*)", r"\2; \1"),  # first, it would be overruled by all that follows
    )
]


def notation(raw: str) -> str | None:
    """The hours in the notation of OpenStreetMap, `None` when not every part of them is understood.

    Comments in double quotes are kept. Whether the notation is sound is for its parser to say.
    """
    return _notation(raw) if len(raw) <= LONGEST else None


@lru_cache(maxsize=4096)
def _notation(raw: str) -> str | None:
    text = unicodedata.normalize("NFKC", raw).translate(_DASHES).translate(_QUOTES)
    comments = _COMMENT.findall(text)
    pieces = [_words(piece) for piece in _COMMENT.split(text)]
    if None in pieces:
        return None
    text = _laid_out('""'.join(piece or "" for piece in pieces))
    if _ALWAYS.fullmatch(text):
        text = "24/7"
    if not _NOTATION.fullmatch(text) or _means_something_else(text):
        return None
    kept = iter(comments)
    return re.sub('""', lambda _: next(kept), text)


def _words(piece: str) -> str | None:
    """A piece without comments with each word in the notation, `None` when there is a word we do not know."""
    if _ALWAYS.fullmatch(" ".join(piece.split())):
        return "24/7"
    for pattern, meaning in _PHRASES:
        piece = pattern.sub(meaning, piece)
    known = [_WORDS.get(word.rstrip(".").lower()) for word in _WORD.findall(piece)]
    if None in known:
        return None
    words = iter(known)
    return _WORD.sub(lambda _: f" {next(words)} ", piece)


def _laid_out(text: str) -> str:
    """The words with spaces, commas and hours as the notation wants them."""
    for pattern, meaning in _LAYOUT:
        text = pattern.sub(meaning, text)
    return text.strip(" ;,.")


def _means_something_else(text: str) -> bool:
    """Whether the notation, comments emptied, would say more than its writer knows or meant.

    School holidays differ per region and are in no calendar of ours. `10:00+` tells no end, `10:00-12:00/01:00` tells
    moments, no hours. Of two times `Mo-Fr` the second overrules the first, which was hardly the aim. Hours of more than
    eighteen that end on the next day (`09:00-05:00`) are written by the twelve-hour clock.
    """
    if re.search(r"\bSH\b|\+(?!\d)|:\d\d/", text):
        return True
    rules = re.split(r"; | \|\| |, ", text)
    whose = [match[0] for match in map(re.compile(r"[^:]*?(?=\d{1,2}:)").match, text.split("; ")) if match]
    return (
        len(set(whose)) < len(whose)
        or any(_forgot_a_part(rule, rules[:order]) for order, rule in enumerate(rules))
        or any(_unlikely(*map(int, hours)) for hours in re.findall(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", text))
    )


def _forgot_a_part(rule: str, before: list[str]) -> bool:
    """Whether hours, days or months were left out that the writer took for granted.

    `Mo-Fr 10:00-12:00; Sa` makes Saturday open day and night; `Mo-Fr 10:00-12:00; 13:00-17:00` and
    `Mo-Fr 10:00-12:00; Jul-Aug 10:00-11:00` open every Sunday; `Apr-Sep Mo-Fr 10:00-12:00; Sa 10:00-11:00` in winter.
    """
    days, dates, holidays = (re.search(what, rule) for what in (rf"\b{_DAY}\b", _DATE, r"\bPH\b"))
    one_day = re.search(rf"easter|(?<!-){_MONTH} \d{{1,2}}(?![\d:-])", rule)
    weekly, seasonal = (any(re.search(what, other) for other in before) for what in (rf"\b{_DAY}\b", _DATE))
    return not _NEVER_OPENS.search(rule) and bool(
        not _HAS_HOURS.search(rule)
        or (weekly and not days and not one_day)
        or (seasonal and not dates and not holidays)
    )


def _unlikely(from_hour: int, from_minute: int, to_hour: int, to_minute: int) -> bool:
    begin, end = 60 * from_hour + from_minute, 60 * to_hour + to_minute
    minutes = end - begin if end > begin else end - begin + 24 * 60
    return begin == end or (begin + minutes > 24 * 60 and minutes > 18 * 60)
