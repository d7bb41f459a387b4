"""Which tags are wanted."""

from __future__ import annotations

from collections.abc import Mapping

TagWishes = Mapping[str, frozenset[str] | None]
"""OSM key to wanted values, None for any value."""


def is_wanted(value: str, values: frozenset[str] | None) -> bool:
    """Whether a tag value is among `values`; of a list ("boules;petanque") any member counts."""
    if values is None or value in values:
        return True
    return ";" in value and any(member.strip() in values for member in value.split(";"))
