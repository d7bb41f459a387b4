"""The words that files need besides what is on screen, handed over in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

SHARED_KEYS = ("date_format", "unknown")
"""Words that the pages use as well, and so are found under their own name."""


@dataclass(frozen=True)
class Words:
    """One word or sentence per field.

    `cut_note` has the placeholder `count`; `date_format` is a pattern for `strftime` of day, month and year.
    """

    attribution: str
    checksum: str
    column: str
    cut_mark: str
    cut_note: str
    data_as_of: str
    data_sheet: str
    date_format: str
    definitions_sheet: str
    facts: str
    legend: str
    licence: str
    limits: str
    link: str
    made_at: str
    meaning: str
    method: str
    no: str
    north: str
    retrieved_at: str
    source: str
    sources: str
    title: str
    unknown: str
    yes: str

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Words:
        """The words as a text catalogue has them: under `export_<field>`, and `SHARED_KEYS` under their own name."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: texts[name if name in SHARED_KEYS else f"export_{name}"] for name in names})
