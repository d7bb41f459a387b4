"""When two records are the same place and whose word counts, as written in `mapdata/conflation.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from meetingplaces.model.settings_file import settings_as

OfficialField = Literal["name", "address", "opening_hours", "website", "phone", "email"]
OsmField = Literal["geometry", "category", "access", "fee", "wheelchair", "audience"]
FIELDS: tuple[OfficialField | OsmField, ...] = (*get_args(OfficialField), *get_args(OsmField))
"""What sources may say of a place. Shape, kind and access of a place on the map are always those of OpenStreetMap."""

Metres = Annotated[float, Field(gt=0, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(_Strict):
    """Kinds that may be one place, and how near such records must be, in metres."""

    kinds: tuple[str, ...] = Field(min_length=1)
    radius_m: Metres
    nameless_m: Metres | None = None
    doubt_m: Metres

    @model_validator(mode="after")
    def _ever_farther(self) -> Family:
        if not (self.nameless_m or 0) <= self.radius_m <= self.doubt_m:
            raise ValueError("nameless_m, radius_m and doubt_m must not get smaller in this order")
        return self


class NameWords(_Strict):
    """Words of Dutch names: written out, left out, and told apart."""

    abbreviations: dict[str, str]
    generic: frozenset[str]
    distinguishing: frozenset[str]


class MatchThresholds(_Strict):
    """From where on names are the same or different, and by how much a match must beat its rivals."""

    same_name: Share
    other_name: Share
    clearly_nearer: float = Field(ge=1)
    clearly_nearer_m: float = Field(ge=0)
    row_reach: float = Field(ge=1)
    clearly_better: Share
    same_shape_share: Share
    renamed_share: Share


class ConflationRules(_Strict):
    """All rules of one file."""

    version: Literal[1]
    official_first: tuple[OfficialField, ...]
    osm_first: tuple[OfficialField | OsmField, ...]
    thresholds: MatchThresholds
    families: dict[str, Family] = Field(min_length=1)
    names: NameWords

    @model_validator(mode="after")
    def _a_field_has_one_precedence(self) -> ConflationRules:
        if sorted((*self.official_first, *self.osm_first)) != sorted(FIELDS):
            raise ValueError(f"official_first and osm_first must name each of these once: {', '.join(FIELDS)}")
        return self

    @model_validator(mode="after")
    def _a_kind_has_one_family(self) -> ConflationRules:
        kinds = [kind for family in self.families.values() for kind in family.kinds]
        twice = {kind for kind in kinds if kinds.count(kind) > 1}
        if twice:
            raise ValueError(f"stands in two families: {', '.join(sorted(twice))}")
        return self

    @cached_property
    def family_of(self) -> Mapping[str, str]:
        """The name of the family of each kind; a kind without one is never the same as anything else."""
        return {kind: name for name, family in self.families.items() for kind in family.kinds}


def load_conflation(path: Path) -> ConflationRules:
    """The rules written in `path`.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    return settings_as(path, ConflationRules)
