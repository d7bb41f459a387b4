"""Stories, lessons and groups that belong to a place, a neighbourhood or a municipality, as written in a YAML file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, UrlConstraints, model_validator

from meetingplaces.model.bundle import MunicipalityCode
from meetingplaces.model.settings_file import settings_as

StoryKind = Literal["story", "lesson", "group"]
HttpsLink = Annotated[HttpUrl, UrlConstraints(max_length=500, allowed_schemes=["https"], host_required=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BothLanguages(_Strict):
    """A text of one line in Dutch and English; whoever wrote it is not to be trusted."""

    nl: str = Field(min_length=1, max_length=300)
    en: str = Field(min_length=1, max_length=300)

    def in_language(self, language: Literal["nl", "en"]) -> str:
        """The text in Dutch or English."""
        return self.nl if language == "nl" else self.en


class Story(_Strict):
    """One story: what it is about, where to read it, and where it belongs; to no place at all is for everybody."""

    title: BothLanguages
    line: BothLanguages
    link: HttpsLink
    date: date
    kind: StoryKind = "story"
    place: str | None = Field(default=None, pattern=r"^[a-z]+/[a-z0-9-]+$")
    neighbourhood: str | None = Field(default=None, pattern=r"^BU[0-9A-Z]{8}$")
    municipality: MunicipalityCode | None = None

    @model_validator(mode="after")
    def _belongs_to_one(self) -> Story:
        if sum(one is not None for one in (self.place, self.neighbourhood, self.municipality)) > 1:
            raise ValueError("a story belongs to one place, neighbourhood or municipality")
        return self

    @property
    def municipality_code(self) -> str | None:
        """The municipality it belongs to by its own or by its neighbourhood's code; `None` when neither tells."""
        return self.municipality or (f"GM{self.neighbourhood[2:6]}" if self.neighbourhood else None)


class StoriesFile(_Strict):
    """What a file of stories holds."""

    version: Literal[1]
    stories: tuple[Story, ...]


def load_stories(path: Path) -> tuple[Story, ...]:
    """The stories written in `path`, in their order.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    return settings_as(path, StoriesFile).stories
