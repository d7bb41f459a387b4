"""Who can walk to a meeting place, as `meetingplaces measure` prints it: per neighbourhood and for the municipality."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.export.csv import BYTE_ORDER_MARK, safe_cell
from meetingplaces.metrics.coverage import HomesOf, choice, coverage
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.measures import MEASURES, minutes
from meetingplaces.metrics.mixing import co_access
from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.metrics.selection import Chosen, Selection, counting, fitting
from meetingplaces.metrics.space import space
from meetingplaces.model.categories import Categories
from meetingplaces.model.errors import NoWalkingError, UnknownCategoryError
from meetingplaces.model.norms import Norms, Profile
from meetingplaces.pipeline.residents import GROUPS
from meetingplaces.storage.bundle import Bundle

FARTHEST_M = REACH_LIMIT_M

_AREA = ("area_code", "area_name", "extent_share")
_WHERE = (*_AREA, "homes_count", "homes_without_figures_count", "people", "people_low", "people_high")
_REACHED, _GAP, _SHARE = (
    tuple(f"{name}{bound}" for bound in ("", "_low", "_high")) for name in ("reached", "gap", "share")
)
_DISTANCE = ("median_m", "median_beyond_search", "p90_m", "p90_beyond_search")
_MINUTES = ("median_min", "median_beyond_search", "p90_min", "p90_beyond_search")
_PLACES, _SPACE = ("places_count", "places_per_1000"), ("places_without_area_count", "area_m2", "area_m2_per_1000")
_BAND = {
    "coverage": (_WHERE, ("homes_reached_count", *_REACHED, *_SHARE, *_GAP, *_DISTANCE)),
    "gap": (_WHERE, _GAP),
    "distance": (_WHERE, _DISTANCE),
    "minutes": (_WHERE, _MINUTES),
    "choice": (_WHERE, ("homes_reached_count", *_REACHED, *_SHARE, *_GAP)),
    "places": ((*_AREA, "residents"), _PLACES),
    "space": ((*_AREA, "residents"), (*_PLACES, *_SPACE)),
    "mix": (
        ("place_id", "name", "category"),
        ("homes_reached_count", *(f"{group}{bound}" for group in GROUPS for bound in ("", "_low", "_high"))),
    ),
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    measure: (*fixed, *banded, *(f"perhaps_{name}" for name in banded)) for measure, (fixed, banded) in _BAND.items()
}
"""What each measure tells of an area or, for mix, of a place, in this order. Sure first, then what may be as well."""


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


def measure_report(bundle: Bundle, question: Question, categories: Categories, norms: Norms) -> dict[str, Any]:
    """The answer, ready to be written as JSON; the README lists its keys.

    An area or place has `COLUMNS` of the measure. What is not known is `None`; so is a distance beyond the search,
    which is told apart.

    Raises
    ------
    NoWalkingError
        The bundle has no homes and streets.
    UnknownCategoryError
        A category asked for is not a kind of place, but perhaps an amenity.
    UnknownProfileError
        The norms know of no such profile.
    """
    case = _case(bundle, question, categories, norms)
    manifest, selection = bundle.manifest, question.selection
    rows = _rows(case)
    measure, per_place = MEASURES[question.measure], question.measure == "mix"
    return {
        "municipality_code": manifest.municipality_code,
        "municipality_name": manifest.municipality_name,
        "boundary_year": manifest.boundary_year,
        "outlines_approximate": manifest.outlines_approximate,
        "measure": measure.key,
        "unit": measure.unit,
        "group": question.group if measure.by_group else None,
        "budget_m": case.budget_m if measure.on_foot else None,
        "norm": _norm(case, norms) if measure.on_foot else None,
        "profile": question.profile or norms.default_profile,
        "walker": case.profile.model_dump(mode="json"),
        "homes_cut_off_count": case.on_foot.homes_cut_off_count,
        "places_cut_off_count": int((case.chosen.perhaps & case.on_foot.places_cut_off).sum()),
        "settings": sorted(selection.settings) or None,
        "categories": sorted(selection.categories) or None,
        "core_only": selection.core_only,
        "free_only": selection.free_only,
        "wheelchair_only": selection.wheelchair_only,
        "dry_only": selection.dry_only,
        "kinds": case.kinds if question.measure == "choice" else None,
        "search_limit_m": FARTHEST_M,
        "places_count": int(case.chosen.sure.sum()),
        "perhaps_places_count": int(case.chosen.perhaps.sum()),
        "restricted_count": case.restricted_count,
        "municipality": None if per_place else rows[-1],
        "neighbourhoods": [] if per_place else rows[:-1],
        "places": rows if per_place else None,
        "sources": [
            {"source_id": one.source_id, "attribution": one.attribution, "licence": one.licence,
             "data_as_of": one.data_as_of, "retrieved_at": one.retrieved_at.isoformat(), "sha256": one.sha256}
            for one in manifest.sources
        ],
        "built_at": manifest.built_at.isoformat(),
    }  # fmt: skip


def write_measure_csv(report: dict[str, Any], stream: TextIO) -> None:
    """Write one row per neighbourhood and the municipality as the last, or one per place; unknown is an empty cell."""
    stream.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(stream, COLUMNS[report["measure"]], lineterminator="\r\n")
    writer.writeheader()
    for row in report_rows(report):
        writer.writerow({name: safe_cell(value) for name, value in row.items()})


def report_rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a report: neighbourhoods and the municipality as the last, or places."""
    if report["places"] is not None:
        return list(report["places"])
    return [*report["neighbourhoods"], report["municipality"]]


def _check(bundle: Bundle, question: Question, categories: Categories) -> None:
    if not bundle.has_walking:
        raise NoWalkingError(bundle.manifest.municipality_code, str(bundle.folder))
    known = [key for key, one in categories.by_key.items() if one.weight in {"core", "secondary"}]
    for key in sorted(question.selection.categories - set(known)):
        raise UnknownCategoryError(key, ", ".join(known))


@dataclass(frozen=True)
class _Case:
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
    on_foot: OnFoot
    homes: HomesOf


def _case(bundle: Bundle, question: Question, categories: Categories, norms: Norms) -> _Case:
    profile = norms.profile(question.profile)
    _check(bundle, question, categories)
    places, walk, neighbourhoods = bundle.places(), bundle.walking(), bundle.neighbourhoods()
    fits, open_to_all = fitting(places, question.selection), counting(places)
    return _Case(
        question=question,
        places=places,
        neighbourhoods=neighbourhoods,
        municipality_name=bundle.manifest.municipality_name,
        chosen=fits.within(open_to_all),
        restricted_count=int((fits.perhaps & ~open_to_all).sum()),
        profile=profile,
        budget_m=profile.budget.metres if question.budget_m is None else question.budget_m,
        kinds=norms.choice.kinds,
        on_foot=OnFoot(places, walk, profile),
        homes=HomesOf(walk.homes, neighbourhoods),
    )


def _norm(case: _Case, norms: Norms) -> dict[str, Any] | None:
    """What the budget rests on: the profile's own, else a norm of so many metres."""
    own = case.profile.budget if case.budget_m == case.profile.budget.metres else norms.of_budget(case.budget_m)
    return own.model_dump() if own else None


def _rows(case: _Case) -> list[dict[str, Any]]:
    """One per neighbourhood, and the municipality as the last; for mix one per place."""
    table = _per_place(case) if case.question.measure == "mix" else _per_area(case)
    table = table[list(COLUMNS[case.question.measure])]
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _per_area(case: _Case) -> pd.DataFrame:
    sure, perhaps = _tables(case)
    names = [*case.neighbourhoods["neighbourhood_name"], case.municipality_name]
    return sure.assign(area_name=names).join(perhaps.add_prefix("perhaps_"))


def _tables(case: _Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is sure, and with all that may be."""
    asked, homes, group = case.question.measure, case.homes, case.question.group
    if asked in {"places", "space"}:
        sure, perhaps = (
            space(case.places, mask, case.neighbourhoods) for mask in (case.chosen.sure, case.chosen.perhaps)
        )
    elif asked == "choice":
        kinds = case.on_foot.to_kinds(case.chosen).values()
        bands = [one.sure for one in kinds], [one.perhaps for one in kinds]
        sure, perhaps = (
            choice(np.array(band).reshape(-1, len(homes)).T, homes, group, case.budget_m, kinds=case.kinds)
            for band in bands
        )
    else:
        metres = case.on_foot.to_places(case.chosen)
        tables = (coverage(band, homes, group, case.budget_m) for band in (metres.sure, metres.perhaps))
        sure, perhaps = (_readable(table, case.profile.speed.metres_per_second) for table in tables)
    return sure, perhaps


def _readable(table: pd.DataFrame, metres_per_second: float) -> pd.DataFrame:
    """With distances in minutes too, and told whether they are beyond the search."""
    for name in ("median", "p90"):
        table[f"{name}_beyond_search"] = np.isposinf(table[f"{name}_m"])
        table[f"{name}_min"] = minutes(table[f"{name}_m"].to_numpy(float), metres_per_second)
    return table


def _per_place(case: _Case) -> pd.DataFrame:
    table = co_access(case.on_foot, case.homes, case.chosen, tuple(GROUPS), case.budget_m)
    told = case.places.loc[case.chosen.perhaps, ["place_id", "name", "category"]]
    return told.merge(table, on="place_id") if len(table) else told.reindex(columns=list(COLUMNS["mix"]))


def _plain(value: Any) -> Any:
    """A value as JSON has it; people and metres to the centimetre or so, unknown and beyond the search as `None`."""
    if isinstance(value, str | bool | np.bool_ | int | np.integer):
        return value.item() if isinstance(value, np.generic) else value
    return None if pd.isna(value) or np.isinf(value) else round(float(value), 4)
