"""How numbers and days are written in a language, the same on screen and in files."""

from __future__ import annotations

from datetime import date


def written_number(value: float, decimals: int, language: str) -> str:
    """A number as a language writes it: 1.234,5 in Dutch (`nl`), 1,234.5 in any other; what rounds to 0 has no sign."""
    written = f"{value:z,.{decimals}f}"
    return written.translate(str.maketrans(",.", ".,")) if language == "nl" else written


def written_day(moment: str, date_format: str) -> str:
    """The day of a date or timestamp in ISO 8601, after a pattern for `strftime`; a bare year stays a year."""
    return moment if len(moment) == 4 else date.fromisoformat(moment[:10]).strftime(date_format)
