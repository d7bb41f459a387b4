"""A question about walking to places, and all of a bundle that it takes to answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.metrics.selection import ANY_SETTING, Chosen, Selection, counting, fitting
from meetingplaces.model.categories import Categories
from meetingplaces.model.errors import NoWalkingError, UnknownCategoryError
from meetingplaces.model.norms import Norms, Profile
from meetingplaces.model.walking import WalkingContent
from meetingplaces.storage.bundle import Bundle

FARTHEST_M = REACH_LIMIT_M


@dataclass(frozen=True)
class Question:
    """What is asked: of which people, walking how, within which distance, to which places."""

    measure: str = "coverage"
    """A key of `metrics.measures.MEASURES`."""
    group: str = "residents"
    budget_m: float | None = None
    """Metres on foot; `None` for what the norms say of the profile."""
    selection: Selection = field(default_factory=Selection)
    profile: str | None = None
    """A profile of the norms; `None` for the default one."""


@dataclass(frozen=True)
class Case:
    """A question and all that answers it."""

    question: Question
    places: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    municipality_name: str
    chosen: Chosen
    restricted_count: int
    profile: Profile
    budget_m: float
    kinds: int
    walk: WalkingContent
    on_foot: OnFoot
    homes: HomesOf

    @property
    def area_names(self) -> list[str]:
        """Of every neighbourhood, and of the municipality as the last."""
        return [*self.neighbourhoods["neighbourhood_name"], self.municipality_name]


def case_of(bundle: Bundle, question: Question, categories: Categories, norms: Norms) -> Case:
    """What a bundle has to answer a question with.

    Raises
    ------
    NoWalkingError
        The bundle has no homes and streets.
    UnknownCategoryError
        A category asked for is not a kind of place, but perhaps an amenity.
    UnknownProfileError
        The norms know of no such profile.
    """
    profile = norms.profile(question.profile)
    _check(bundle, question, categories)
    places, walk, neighbourhoods = bundle.places(), bundle.walking(), bundle.neighbourhoods()
    fits, open_to_all = fitting(places, question.selection), counting(places)
    return Case(
        question=question,
        places=places,
        neighbourhoods=neighbourhoods,
        municipality_name=bundle.manifest.municipality_name,
        chosen=fits.within(open_to_all),
        restricted_count=int((fits.perhaps & ~open_to_all).sum()),
        profile=profile,
        budget_m=profile.budget.metres if question.budget_m is None else question.budget_m,
        kinds=norms.choice.kinds,
        walk=walk,
        on_foot=OnFoot(places, walk, profile),
        homes=HomesOf(walk.homes, neighbourhoods),
    )


def municipality_told(bundle: Bundle) -> dict[str, Any]:
    """Which municipality a report is of."""
    manifest = bundle.manifest
    return {
        "municipality_code": manifest.municipality_code,
        "municipality_name": manifest.municipality_name,
        "boundary_year": manifest.boundary_year,
        "outlines_approximate": manifest.outlines_approximate,
    }


def case_told(case: Case, norms: Norms) -> dict[str, Any]:
    """Who walks how far, to which places."""
    selection = case.question.selection
    return {
        "budget_m": case.budget_m,
        "norm": norm_of(case, norms),
        "profile": case.question.profile or norms.default_profile,
        "walker": case.profile.model_dump(mode="json"),
        "homes_cut_off_count": case.on_foot.homes_cut_off_count,
        "places_cut_off_count": int((case.chosen.perhaps & case.on_foot.places_cut_off).sum()),
        "settings": sorted(selection.settings) if selection.settings != ANY_SETTING else None,
        "categories": sorted(selection.categories) or None,
        "core_only": selection.core_only,
        "free_only": selection.free_only,
        "wheelchair_only": selection.wheelchair_only,
        "dry_only": selection.dry_only,
        "search_limit_m": FARTHEST_M,
        "places_count": int(case.chosen.sure.sum()),
        "perhaps_places_count": int(case.chosen.perhaps.sum()),
        "restricted_count": case.restricted_count,
    }


def norm_of(case: Case, norms: Norms) -> dict[str, Any] | None:
    """What the budget rests on: the profile's own, else a norm of so many metres."""
    own = case.profile.budget if case.budget_m == case.profile.budget.metres else norms.of_budget(case.budget_m)
    return own.model_dump() if own else None


def sources_told(bundle: Bundle) -> dict[str, Any]:
    """What the numbers of a report are made of."""
    return {
        "sources": [
            {"source_id": one.source_id, "attribution": one.attribution, "licence": one.licence,
             "data_as_of": one.data_as_of, "retrieved_at": one.retrieved_at.isoformat(), "sha256": one.sha256}
            for one in bundle.manifest.sources
        ],
        "built_at": bundle.manifest.built_at.isoformat(),
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A value as JSON has it; people and metres to the centimetre or so, unknown and beyond the search as `None`."""
    if isinstance(value, str | bool | np.bool_ | int | np.integer):
        return value.item() if isinstance(value, np.generic) else value
    return None if pd.isna(value) or np.isinf(value) else round(float(value), 4)


def _check(bundle: Bundle, question: Question, categories: Categories) -> None:
    if not bundle.has_walking:
        raise NoWalkingError(bundle.manifest.municipality_code, str(bundle.folder))
    known = [key for key, one in categories.by_key.items() if one.weight in {"core", "secondary"}]
    for key in sorted(question.selection.categories - set(known)):
        raise UnknownCategoryError(key, ", ".join(known))
