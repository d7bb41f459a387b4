"""The registry of municipal datasets, as written in `mapdata/sources.yaml`: adding one takes no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from meetingplaces.model.bundle import MunicipalityCode
from meetingplaces.model.categories import ANY, Categories
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.provenance import Origin
from meetingplaces.model.settings_file import settings_as, settings_error

Protocol = Literal["arcgis", "wfs", "ogc", "opendatasoft", "opendatasoft_v1", "ckan", "amsterdam", "file"]
Use = Literal["places", "spare", "reference", "portal"]
UNUSABLE_WEIGHTS = frozenset({"excluded", "context"})

_NAME = r"^[a-z][a-z0-9_]*$"
_ADDRESS = r"^https?://[^\s/@?#]+(/[^\s#]*)?$"
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldMap(_Strict):
    """Which field of the source holds what. Several fields of an address are written after each other.

    Capitals, underscores and hyphens do not count when names are compared: servers of one make differ in them.
    """

    record_id: str | None = None
    name: str | None = None
    address: tuple[str, ...] = ()
    opening_hours: str | None = None
    website: str | None = None
    phone: str | None = None
    email: str | None = None
    data_as_of: str | None = None
    x: str | None = None
    y: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Every field that is named, in the words of the source."""
        single = [value for key, value in self if key != "address" and value is not None]
        return (*single, *self.address)


class KindMap(_Strict):
    """The kind of a record from the words in one field; `"*"` stands for any other word."""

    field: str
    words: dict[str, Names] = Field(min_length=1)

    def of(self, word: str) -> str | None:
        """The key of `categories.yaml` for a word of the source, upper and lower case alike."""
        return self._by_word.get(word.strip().casefold()) or self._by_word.get(ANY)

    @cached_property
    def _by_word(self) -> dict[str, str]:
        return {word.casefold(): kind for kind, words in self.words.items() for word in words}

    @model_validator(mode="after")
    def _each_word_once(self) -> KindMap:
        words = [word.casefold() for several in self.words.values() for word in several]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"gives two kinds to {', '.join(twice)}")
        return self


class MunicipalSource(_Strict):
    """One dataset of a municipality, province or the country.

    `use`: places (read as records), spare (another way to the same places, or one that is out of date: checked, never
    read beside the first), reference (no meeting places: areas, town halls), portal (a list of layers, to find more).
    `checked_on` is empty until somebody has seen the service answer as described here.
    """

    source_id: str = Field(pattern=_NAME)
    title: str = Field(min_length=1)
    use: Use = "places"
    municipalities: tuple[MunicipalityCode, ...] | Literal["all"]
    publisher: str = Field(min_length=1)
    protocol: Protocol
    url: str | None = Field(default=None, pattern=_ADDRESS)
    layer: str | None = None
    version: str | None = None
    sort_by: str | None = None
    by_bounds: bool = False
    hosts: frozenset[str] = frozenset()
    only: dict[str, str | None] = {}
    fields: FieldMap = FieldMap()
    kind: str | None = None
    kinds: KindMap | None = None
    licence: str | None = None
    licence_url: str | None = None
    attribution: str = Field(min_length=1)
    checked_on: date | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _places_have_a_kind(self) -> MunicipalSource:
        if self.use in {"places", "spare"} and (self.kind is None) == (self.kinds is None):
            raise ValueError("needs either `kind` or `kinds`")
        return self

    @property
    def kinds_used(self) -> tuple[str, ...]:
        """Every key of `categories.yaml` that a record of this source may get."""
        return tuple(self.kinds.words) if self.kinds else (self.kind,) if self.kind else ()

    @property
    def origin(self) -> Origin:
        """Who publishes it, and on what terms. An unknown licence is said to be unknown, it is not a free one."""
        return Origin(
            source_id=self.source_id,
            title=self.title,
            publisher=self.publisher,
            licence=self.licence or "unknown",
            licence_url=self.licence_url or "",
            attribution=self.attribution,
        )

    def covers(self, municipality_code: str) -> bool:
        """Whether it holds places of this municipality."""
        return self.municipalities == "all" or municipality_code in self.municipalities


@dataclass(frozen=True)
class Registry:
    """All datasets we know of, in the order of the file."""

    by_id: Mapping[str, MunicipalSource]

    def places_of(self, municipality_code: str) -> tuple[MunicipalSource, ...]:
        """The datasets to read for one municipality."""
        return tuple(
            source for source in self.by_id.values() if source.use == "places" and source.covers(municipality_code)
        )


class _File(_Strict):
    version: Literal[1]
    sources: dict[str, dict[str, object]]


def load_sources(path: Path, categories: Categories) -> Registry:
    """The datasets written in `path`.

    Raises
    ------
    MissingFileError, FormatError
        There is no such file, or it is no YAML with each key once.
    SchemaError
        A key or value is not allowed, or a kind is not one of `categories` that places can have.
    """
    entries = settings_as(path, _File).sources
    return Registry({key: _source(path, key, entry, categories) for key, entry in entries.items()})


def _source(path: Path, key: str, entry: Mapping[str, object], categories: Categories) -> MunicipalSource:
    where = f"sources.{key}"
    try:
        source = MunicipalSource.model_validate({"source_id": key, **entry})
    except ValidationError as error:
        told = settings_error(path, error)
        raise SchemaError(told.file, f"{where}.{told.where}", told.expected, told.found) from error
    if source.url is None:
        raise SchemaError(str(path), f"{where}.url", "a web address", "nothing")
    for kind in source.kinds_used:
        known = categories.by_key.get(kind)
        if known is None or known.weight in UNUSABLE_WEIGHTS:
            raise SchemaError(str(path), where, "a kind of categories.yaml that a place can have", kind)
    return source
