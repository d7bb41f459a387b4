"""What a person decided about records: the same place, not the same place, or not to be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from meetingplaces.model.records import RECORD_ID

Verb = Literal["accept", "apart", "hide"]
Identifier = Annotated[str, Field(pattern=rf"^{RECORD_ID}$")]


class Decision(BaseModel):
    """One line of the file of decisions. `second` is only there for `accept` and `apart`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    decision: Verb
    first: Identifier
    second: Identifier | None = None
    decided_on: date
    why: str = ""
    undone_on: date | None = None

    @model_validator(mode="after")
    def _has_the_records_it_needs(self) -> Decision:
        if (self.decision == "hide") != (self.second is None):
            raise ValueError("accept and apart need two records, hide needs one")
        if self.first == self.second:
            raise ValueError("the two records are the same")
        return self


@dataclass(frozen=True)
class Standing:
    """What holds after all decisions: of two decisions about the same pair the later one."""

    accepted: frozenset[tuple[str, str]]
    apart: frozenset[frozenset[str]]
    hidden: frozenset[str]


def standing(decisions: Iterable[Decision]) -> Standing:
    """What holds after `decisions`, those that were undone left out; their order in the file does not matter."""
    last: dict[frozenset[str], Decision] = {}
    for one in sorted(decisions, key=lambda decision: decision.number):
        if one.undone_on is None:
            last[frozenset({one.first, one.second or one.first})] = one
    kept = last.values()
    return Standing(
        accepted=frozenset((min(one.first, one.second), max(one.first, one.second))
                           for one in kept if one.decision == "accept" and one.second),
        apart=frozenset(frozenset({one.first, one.second}) for one in kept if one.decision == "apart" and one.second),
        hidden=frozenset(one.first for one in kept if one.decision == "hide"),
    )  # fmt: skip
