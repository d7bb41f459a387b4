"""Groups of people who can be asked about, and the figures of a neighbourhood that each is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["residents", "residents_0_14", "residents_15_24", "residents_65_plus", "one_person_households"]


@dataclass(frozen=True)
class MadeOf:
    """Columns of the neighbourhood table: a count, and the share of it that the group is (all of it without one)."""

    count: str
    share: str | None = None


GROUPS: Mapping[Group, MadeOf] = {
    "residents": MadeOf("residents_count"),
    "residents_0_14": MadeOf("residents_count", "residents_0_14_share"),
    "residents_15_24": MadeOf("residents_count", "residents_15_24_share"),
    "residents_65_plus": MadeOf("residents_count", "residents_65_plus_share"),
    "one_person_households": MadeOf("households_count", "one_person_households_share"),
}
"""Every group by its column in the table of homes. Ages are those of CBS, whose *0 tot 15 jaar* is without 15."""

AGE_GROUPS: tuple[Group, ...] = tuple(
    group for group, made in GROUPS.items() if made.count == "residents_count" and made.share
)
"""Those that are a part of the residents."""

RESIDENT_COLUMNS = tuple(f"{group}{bound}" for group in GROUPS for bound in ("", "_low", "_high"))
"""Columns of the table of homes: people or households per home, and the bounds that rounding leaves."""
