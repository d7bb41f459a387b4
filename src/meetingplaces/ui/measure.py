"""Who can walk to a meeting place, as `meetingplaces measure` prints it: per neighbourhood and for the municipality."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any, TextIO

import numpy as np
import pandas as pd

from meetingplaces.export.csv import BYTE_ORDER_MARK, safe_cell
from meetingplaces.metrics.coverage import choice, coverage
from meetingplaces.metrics.measures import MEASURES, minutes
from meetingplaces.metrics.mixing import co_access
from meetingplaces.metrics.space import space
from meetingplaces.model.categories import Categories
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import Norms
from meetingplaces.storage.bundle import Bundle
from meetingplaces.ui.case import Case, Question, case_of, case_told, municipality_told, norm_of, plain, sources_told

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
    case = case_of(bundle, question, categories, norms)
    rows = _rows(case)
    measure, per_place = MEASURES[question.measure], question.measure == "mix"
    return {
        **municipality_told(bundle),
        "measure": measure.key,
        "unit": measure.unit,
        "group": question.group if measure.by_group else None,
        **case_told(case, norms),
        "budget_m": case.budget_m if measure.on_foot else None,
        "norm": norm_of(case, norms) if measure.on_foot else None,
        "kinds": case.kinds if question.measure == "choice" else None,
        "municipality": None if per_place else rows[-1],
        "neighbourhoods": [] if per_place else rows[:-1],
        "places": rows if per_place else None,
        **sources_told(bundle),
    }


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


def _rows(case: Case) -> list[dict[str, Any]]:
    """One per neighbourhood, and the municipality as the last; for mix one per place."""
    table = _per_place(case) if case.question.measure == "mix" else _per_area(case)
    table = table[list(COLUMNS[case.question.measure])]
    return [{str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _per_area(case: Case) -> pd.DataFrame:
    sure, perhaps = _tables(case)
    return sure.assign(area_name=case.area_names).join(perhaps.add_prefix("perhaps_"))


def _tables(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def _per_place(case: Case) -> pd.DataFrame:
    table = co_access(case.on_foot, case.homes, case.chosen, tuple(GROUPS), case.budget_m)
    told = case.places.loc[case.chosen.perhaps, ["place_id", "name", "category"]]
    return told.merge(table, on="place_id") if len(table) else told.reindex(columns=list(COLUMNS["mix"]))
