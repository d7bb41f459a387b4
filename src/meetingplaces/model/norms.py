"""Norms: what counts as near and as a choice, each with its source, as written in `mapdata/norms.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from meetingplaces.model.settings_file import read_settings, settings_error

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Budget(_Strict):
    """How far one walks to a place, in metres over the walking network. The kept distances end at 2,000."""

    metres: float = Field(gt=0, le=2000)
    source: Text
    note: Text | None = None


class Choice(_Strict):
    """From how many kinds of place on one has a choice."""

    kinds: int = Field(ge=2)
    source: Text


class Norms(_Strict):
    """All norms of one file."""

    version: Literal[1]
    budgets: tuple[Budget, ...] = Field(min_length=1)
    default_budget_m: float
    choice: Choice

    @model_validator(mode="after")
    def _default_is_a_norm(self) -> Norms:
        if self.of_budget(self.default_budget_m) is None:
            raise ValueError(f"default_budget_m {self.default_budget_m:g} is not one of the budgets")
        return self

    def of_budget(self, metres: float) -> Budget | None:
        """The norm of so many metres, `None` when it is a number of the user's own."""
        return next((budget for budget in self.budgets if budget.metres == metres), None)


def load_norms(path: Path) -> Norms:
    """The norms written in `path`.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    try:
        return Norms.model_validate(read_settings(path))
    except ValidationError as error:
        raise settings_error(path, error) from error
