"""The kinds of meeting place and the rules that recognise them, as written in `mapdata/categories.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from meetingplaces.model.errors import SchemaError
from meetingplaces.model.settings_file import read_settings, settings_error

Setting = Literal["indoor", "outdoor", "sheltered"]
Weight = Literal["core", "secondary", "amenity", "context", "excluded"]
Shape = Literal["point", "line", "area"]
Ground = Literal["school", "campus", "club"]
DefaultAccess = Literal["assumed_public", "customers", "members", "referral", "unknown", "private"]
Provision = Literal["seat", "table", "shelter", "toilet", "water", "light", "books", "coffee", "play"]
Audience = Literal["children", "young", "older"]
StudyKind = Literal["plein", "park", "buurttuin", "plantsoen", "stoep"]

Tags = Mapping[str, str]
ANY = "*"
NAME_KEYS = ("name", "name:nl", "alt_name", "official_name", "short_name", "loc_name")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Like(_Strict):
    """A tag value that matches a regular expression, upper and lower case alike."""

    like: Pattern


Values = Annotated[tuple[str, ...], Field(min_length=1)]
Condition = str | Values | Like | None


class Rule(_Strict):
    """One way for a feature to belong to a category. All that is given must hold."""

    tags: dict[str, Condition] = Field(min_length=1)
    shape: Shape | None = None
    below_m2: float | None = Field(default=None, gt=0)
    name_like: Pattern | None = None
    name_unlike: Pattern | None = None

    @model_validator(mode="after")
    def _first_tag_selects(self) -> Rule:
        if not isinstance(next(iter(self.tags.values())), str | tuple):
            raise ValueError("the first tag must name its values, so that it can be searched for")
        return self

    @property
    def selector(self) -> tuple[str, frozenset[str] | None]:
        """The tag that finds candidates: key and wanted values, `None` for any value."""
        key, condition = next(iter(self.tags.items()))
        values = (condition,) if isinstance(condition, str) else cast("tuple[str, ...]", condition)
        return key, None if ANY in values else frozenset(values)

    def holds(self, tags: Tags, shape: Shape, area_m2: float) -> bool:
        """Whether a feature with these tags, shape and area (m², 0 for points and lines) is of this kind."""
        return (
            (self.shape is None or self.shape == shape)
            and (self.below_m2 is None or area_m2 < self.below_m2)
            and all(_meets(tags.get(key), condition) for key, condition in self.tags.items())
            and (self.name_like is None or _named_like(tags, self.name_like))
            and not (self.name_unlike is not None and _named_like(tags, self.name_unlike))
        )


def tag_values(value: str) -> list[str]:
    """The members of a semicolon list: `a; b` holds `a` and `b`."""
    return [part.strip() for part in value.split(";")]


def _meets(value: str | None, condition: Condition) -> bool:
    if condition is None or value is None:
        return condition is None and value is None
    if isinstance(condition, Like):
        return re.search(condition.like, value, re.IGNORECASE) is not None
    wanted = (condition,) if isinstance(condition, str) else condition
    return ANY in wanted or any(member in wanted for member in tag_values(value))


def _named_like(tags: Tags, pattern: str) -> bool:
    return any(re.search(pattern, tags[key], re.IGNORECASE) for key in NAME_KEYS if key in tags)


class Names(_Strict):
    """What a category is called on screen."""

    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: Literal["nl", "en"]) -> str:
        """The name in Dutch or English."""
        return self.nl if language == "nl" else self.en


class Category(_Strict):
    """One kind of meeting place."""

    key: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: Names
    setting: Setting
    weight: Weight
    access: DefaultAccess = "unknown"
    hours: Literal["unknown", "assumed_always"] = "unknown"
    match: tuple[Rule, ...] = Field(min_length=1)
    provides: tuple[Provision, ...] = ()
    audience: Audience | None = None
    study: StudyKind | None = None
    inferred: bool = False
    inside: dict[Ground, Literal["excluded"]] = {}
    keep_if: Literal["name_or_seat"] | None = None
    standalone: bool = True
    reason: str | None = None

    @model_validator(mode="after")
    def _a_building_has_doors(self) -> Category:
        if self.hours == "assumed_always" and self.setting == "indoor":
            raise ValueError("`hours: assumed_always` is for places outdoors")
        return self

    @model_validator(mode="after")
    def _excluded_says_why(self) -> Category:
        if (self.weight == "excluded") != (self.reason is not None):
            raise ValueError("a category has a `reason` exactly when its weight is excluded")
        return self


class Thresholds(_Strict):
    """Distances (m) and numbers of the rules that look at neighbours. Our own proposals, see `categories.yaml`."""

    amenity_reach_m: float = Field(gt=0)
    seating_group_radius_m: float = Field(gt=0)
    seating_group_benches: int = Field(ge=2)
    outside_margin_m: float = Field(ge=0)


class _File(_Strict):
    version: Literal[1]
    thresholds: Thresholds
    grounds: dict[Ground, tuple[Rule, ...]]
    categories: dict[str, dict[str, Any]] = Field(min_length=1)


@dataclass(frozen=True)
class Categories:
    """All categories in order of precedence, with the rules that go with them."""

    by_key: Mapping[str, Category]
    grounds: Mapping[Ground, tuple[Rule, ...]]
    thresholds: Thresholds

    @cached_property
    def _rules_by_selector(self) -> dict[tuple[str, str], list[tuple[int, Rule, Category]]]:
        found: dict[tuple[str, str], list[tuple[int, Rule, Category]]] = {}
        for order, category in enumerate(self.by_key.values()):
            for rule in category.match:
                key, values = rule.selector
                for value in values or {ANY}:
                    found.setdefault((key, value), []).append((order, rule, category))
        return found

    def of(self, tags: Tags, shape: Shape, area_m2: float) -> Category | None:
        """The category a feature belongs to, or `None` when it is of no kind we know."""
        candidates = [
            candidate
            for key, value in tags.items()
            for member in (*tag_values(value), ANY)
            for candidate in self._rules_by_selector.get((key, member), ())
        ]
        holding = [(order, category) for order, rule, category in candidates if rule.holds(tags, shape, area_m2)]
        return min(holding, key=lambda found: found[0])[1] if holding else None

    def grounds_of(self, tags: Tags) -> list[Ground]:
        """The grounds (school, campus, club) that a feature is, by its tags alone."""
        return [ground for ground, rules in self.grounds.items() if any(rule.holds(tags, "area", 0) for rule in rules)]

    def tag_wishes(self) -> dict[str, frozenset[str] | None]:
        """Every tag worth reading: key -> wanted values, `None` for any value."""
        rules = [rule for category in self.by_key.values() for rule in category.match]
        rules += [rule for alternatives in self.grounds.values() for rule in alternatives]
        return merged_wishes(dict([rule.selector]) for rule in rules)


def merged_wishes(
    wishes: Iterable[Mapping[str, frozenset[str] | None]],
) -> dict[str, frozenset[str] | None]:
    """One set of tag wishes that asks for all that any of `wishes` asks for."""
    merged: dict[str, frozenset[str] | None] = {}
    for wish in wishes:
        for key, values in wish.items():
            known = merged.get(key, frozenset())
            merged[key] = None if values is None or known is None else known | values
    return merged


def load_categories(path: Path) -> Categories:
    """The categories written in `path`.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    content = read_settings(path)
    try:
        file = _File.model_validate(content)
        by_key = {key: _category(key, fields) for key, fields in file.categories.items()}
    except ValidationError as error:
        raise settings_error(path, error) from error
    for category in by_key.values():
        for ground in category.inside.keys() - file.grounds.keys():
            where = f"categories.{category.key}.inside"
            raise SchemaError(str(path), where, f"one of {', '.join(file.grounds)}", ground)
    return Categories(by_key, file.grounds, file.thresholds)


def _category(key: str, fields: dict[str, Any]) -> Category:
    try:
        return Category.model_validate({"key": key, **fields})
    except ValidationError as error:
        raise ValidationError.from_exception_data(
            error.title,
            [
                {
                    "type": "value_error",
                    "loc": ("categories", key, *line["loc"]),
                    "input": line["input"],
                    "ctx": {"error": ValueError(line["msg"])},
                }
                for line in error.errors()
            ],
        ) from error
