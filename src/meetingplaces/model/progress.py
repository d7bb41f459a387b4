"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told when a stage begins and what it counted in the end."""

    def begin(self, stage: str) -> None:
        """A stage begins."""

    def end(self, stage: str, counts: dict[str, int]) -> None:
        """The stage is done, with what it counted."""


class Silent:
    """Listens to nothing."""

    def begin(self, stage: str) -> None:
        """Nothing."""

    def end(self, stage: str, counts: dict[str, int]) -> None:
        """Nothing."""
