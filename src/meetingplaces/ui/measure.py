"""Who can walk to a meeting place, as `meetingplaces measure` prints it: per neighbourhood and for the municipality."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TextIO, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.export.csv import BYTE_ORDER_MARK, safe_cell
from meetingplaces.metrics.coverage import choice, coverage
from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.model.categories import Categories, Setting
from meetingplaces.model.errors import NoWalkingError, UnknownCategoryError
from meetingplaces.model.norms import Norms
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.pipeline.walking import reach_to
from meetingplaces.storage.bundle import Bundle

Measure = Literal["coverage", "gap", "distance", "choice"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
FARTHEST_M = REACH_LIMIT_M

_WHERE = ("area_code", "area_name", "extent_share", "homes_count", "homes_without_figures_count")
_PEOPLE, _REACHED, _GAP, _SHARE = (
    tuple(f"{name}{bound}" for bound in ("", "_low", "_high")) for name in ("people", "reached", "gap", "share")
)
_DISTANCE = ("median_m", "median_beyond_search", "p90_m", "p90_beyond_search")
COLUMNS: Mapping[Measure, tuple[str, ...]] = {
    "coverage": (*_WHERE, *_PEOPLE, "homes_reached_count", *_REACHED, *_SHARE, *_GAP, *_DISTANCE),
    "gap": (*_WHERE, *_PEOPLE, *_GAP),
    "distance": (*_WHERE, *_PEOPLE, *_DISTANCE),
    "choice": (*_WHERE, *_PEOPLE, "homes_reached_count", *_REACHED, *_SHARE, *_GAP),
}
"""What each measure tells of an area, in this order."""


@dataclass(frozen=True)
class Question:
    """What is asked: of which people, within which walking distance, to which places."""

    measure: Measure = "coverage"
    group: str = "residents"
    budget_m: float | None = None
    """Metres on foot; `None` for the default of the norms."""
    setting: Setting | None = None
    categories: tuple[str, ...] = ()
    core_only: bool = False


def measure_report(bundle: Bundle, question: Question, categories: Categories, norms: Norms) -> dict[str, Any]:
    """The answer, ready to be written as JSON.

    Keys: municipality_code, municipality_name, boundary_year, outlines_approximate, measure, group, budget_m, norm,
    setting, categories, core_only, kinds, search_limit_m, places_count, restricted_count, municipality,
    neighbourhoods, sources, built_at. An area has `COLUMNS` of the measure. What is not known is `None`; so is a
    distance beyond the search, which is told apart.

    Raises
    ------
    NoWalkingError
        The bundle has no homes and streets.
    UnknownCategoryError
        A category asked for is not a kind of place, but perhaps an amenity.
    """
    manifest = bundle.manifest
    _check(bundle, question, categories)
    places, walk = bundle.places(), bundle.walking()
    asked, restricted = _asked(places, question), places["access"].isin(RESTRICTED_ACCESS).to_numpy(bool)
    chosen = asked & ~restricted
    budget_m = norms.default_budget_m if question.budget_m is None else question.budget_m
    norm, kinds = norms.of_budget(budget_m), norms.choice.kinds if question.measure == "choice" else None
    rows = _rows(
        reach_to(chosen, places, walk), walk.homes, bundle.neighbourhoods(), question.group, budget_m, kinds=kinds
    )
    rows[-1]["area_name"] = manifest.municipality_name
    rows = [{name: row[name] for name in COLUMNS[question.measure]} for row in rows]
    return {
        "municipality_code": manifest.municipality_code,
        "municipality_name": manifest.municipality_name,
        "boundary_year": manifest.boundary_year,
        "outlines_approximate": manifest.outlines_approximate,
        "measure": question.measure,
        "group": question.group,
        "budget_m": budget_m,
        "norm": norm.model_dump() if norm else None,
        "setting": question.setting,
        "categories": list(question.categories) or None,
        "core_only": question.core_only,
        "kinds": kinds,
        "search_limit_m": FARTHEST_M,
        "places_count": int(chosen.sum()),
        "restricted_count": int((asked & restricted).sum()),
        "municipality": rows[-1],
        "neighbourhoods": rows[:-1],
        "sources": [
            {"source_id": one.source_id, "attribution": one.attribution, "licence": one.licence,
             "data_as_of": one.data_as_of, "retrieved_at": one.retrieved_at.isoformat(), "sha256": one.sha256}
            for one in manifest.sources
        ],
        "built_at": manifest.built_at.isoformat(),
    }  # fmt: skip


def write_measure_csv(report: dict[str, Any], stream: TextIO) -> None:
    """Write one row per neighbourhood and the municipality as the last; unknown is an empty cell."""
    stream.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(stream, COLUMNS[report["measure"]], lineterminator="\r\n")
    writer.writeheader()
    for row in (*report["neighbourhoods"], report["municipality"]):
        writer.writerow({name: safe_cell(value) for name, value in row.items()})


def measure_lines(report: dict[str, Any]) -> list[str]:
    """The answer for reading: what was asked, and a line per area."""
    tell = {"gap": _gap_told, "distance": _distance_told}.get(report["measure"], _share_told)
    kinds = f"{report['kinds']} kinds among " if report["kinds"] else ""
    lines = [
        f"{report['measure']} of {report['group']}, within {report['budget_m']:g} m on foot of {kinds}"
        f"{report['places_count']} places without a threshold ({report['restricted_count']} with one are left out)"
    ]
    for row in (*report["neighbourhoods"], report["municipality"]):
        inside = row["extent_share"]
        partly = "" if inside == 1 else f"  [{100 * inside:.0f}% inside the data]"
        told = "unknown" if row["people"] is None else tell(row)
        lines.append(f"{row['area_code']:10}  {row['area_name'][:34]:34}  {told}{partly}")
    return lines


def _share_told(row: dict[str, Any]) -> str:
    reached = f"{row['reached']:,.0f} ({row['reached_low']:,.0f}-{row['reached_high']:,.0f})"
    share = "unknown" if row["share"] is None else f"{100 * row['share']:.1f}%"
    return f"{share:>7}  {reached} of {row['people']:,.0f}"


def _gap_told(row: dict[str, Any]) -> str:
    return f"{row['gap']:>7,.0f}  ({row['gap_low']:,.0f}-{row['gap_high']:,.0f}) of {row['people']:,.0f} not reached"


def _distance_told(row: dict[str, Any]) -> str:
    def metres(name: str) -> str:
        if row[f"{name}_beyond_search"]:
            return f"over {FARTHEST_M:g} m"
        return "unknown" if row[f"{name}_m"] is None else f"{row[f'{name}_m']:.0f} m"

    return f"median {metres('median')}, 90% within {metres('p90')}"


def _check(bundle: Bundle, question: Question, categories: Categories) -> None:
    if not bundle.has_walking:
        raise NoWalkingError(bundle.manifest.municipality_code, str(bundle.folder))
    known = [key for key, one in categories.by_key.items() if one.weight in {"core", "secondary"}]
    for key in question.categories:
        if key not in known:
            raise UnknownCategoryError(key, ", ".join(known))


def _asked(places: pd.DataFrame, question: Question) -> NDArray[np.bool_]:
    """Which places fit the question, as a mask; those with a threshold may, and are not counted as reached."""
    chosen = (places["weight"] != "amenity").to_numpy(bool)
    if question.setting:
        chosen = chosen & (places["setting"] == question.setting).to_numpy(bool)
    if question.categories:
        chosen = chosen & places["category"].isin(question.categories).to_numpy(bool)
    if question.core_only:
        chosen = chosen & (places["weight"] == "core").to_numpy(bool)
    return chosen


def _rows(
    reach: pd.DataFrame,
    homes: pd.DataFrame,
    neighbourhoods: pd.DataFrame,
    group: str,
    budget_m: float,
    *,
    kinds: int | None,
) -> list[dict[str, Any]]:
    """One per neighbourhood, and the municipality as the last."""
    metres = reach.to_numpy(np.float32)
    if kinds is not None:
        table = choice(metres, homes, neighbourhoods, group, budget_m, kinds=kinds)
    else:
        nearest = metres.min(axis=1, initial=np.inf)
        table = coverage(nearest, homes, neighbourhoods, group, budget_m)
        for name in ("median", "p90"):
            table[f"{name}_beyond_search"] = np.isposinf(table[f"{name}_m"])
    table["area_name"] = [*neighbourhoods["neighbourhood_name"], ""]
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value as JSON has it; people and metres to the centimetre or so, unknown and beyond the search as `None`."""
    if isinstance(value, str | bool | np.bool_ | int | np.integer):
        return value.item() if isinstance(value, np.generic) else value
    return None if pd.isna(value) or np.isinf(value) else round(float(value), 4)
