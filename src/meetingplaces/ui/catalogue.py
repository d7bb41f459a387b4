"""All text on screen, in Dutch and English. Pages and the command line ask for it by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import yaml

from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.model.writing import written_day, written_number

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "nl"


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, **facts: object) -> str:
        """The text for `key` with its placeholders filled; a missing key or fact is a programming error."""
        return self.texts[key].format(**facts)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number as this language writes it: 1.234,5 in Dutch, 1,234.5 in English."""
        return written_number(value, decimals, self.language)

    def date(self, written: str | None) -> str:
        """A date or timestamp in ISO 8601 as this language writes a day; a bare year stays, nothing is unknown."""
        return written_day(written, self("date_format")) if written else self("unknown")

    def moment(self, moment: datetime) -> str:
        """A day and a time of the clock in the Netherlands."""
        local = moment.astimezone(ZoneInfo("Europe/Amsterdam"))
        return f"{self.date(local.isoformat())} {local:%H:%M}"

    def error(self, error: MeetingPlacesError) -> str:
        """The sentence for whoever runs the program, with all facts."""
        return self(f"error_{error.code}", **error.facts())

    def apology(self, error: Exception) -> str:
        """The sentence for a visitor: what it means for her, without folders and checksums of the server."""
        key = f"apology_{error.code}" if isinstance(error, MeetingPlacesError) else ""
        return self(key if key in self.texts else "apology_unexpected")

    def section(self, prefix: str) -> dict[str, str]:
        """All texts whose key starts with `prefix_`, by the rest of their key."""
        start = f"{prefix}_"
        return {key.removeprefix(start): text for key, text in self.texts.items() if key.startswith(start)}


@cache
def catalogue(language: Language) -> Catalogue:
    """The texts of `language`, read once from all files of its folder."""
    texts: dict[str, str] = {}
    for file in files("meetingplaces.ui").joinpath("texts", language).iterdir():
        texts |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return Catalogue(language, texts)


def language_of(locale: str | None) -> Language:
    """The language for a browser locale such as `en-GB`; Dutch for anything we do not speak."""
    start = (locale or "").lower().replace("_", "-").split("-")[0]
    return next((language for language in LANGUAGES if language == start), DEFAULT_LANGUAGE)
