"""The tables of the page *Door de tijd*, each as it stands on screen."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.export.records import osm_url
from meetingplaces.export.screen import Column, Kind, Screen
from meetingplaces.metrics.over_time import map_facts
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.storage.earlier import date_of
from meetingplaces.ui.planner.over_time import Times
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.planner.screens import screen_of

_AREA_COUNTS = (
    "places_then", "places_now", "core_then", "core_now", "differences", "added", "gone", "moved", "renamed",
    "other", "changed", "mapped", "unknown",
)  # fmt: skip
_PARTS = {
    "part_streets": ("share_told", "share_then"),
    "part_mapped": ("share_then", "share_mapped"),
    "part_changed": ("share_mapped", "share_changed"),
    "part_unknown": ("share_changed", "share_now"),
}
"""What the difference in coverage is made of: each is one share less another."""
_LISTED: tuple[tuple[str, Kind], ...] = (
    ("name", "text"), ("what", "text"), ("detail", "text"), ("nature", "text"), ("rule", "text"), ("kind", "text"),
    ("weight", "text"), ("area_name", "text"), ("last_edit_on", "date"), ("checked_on", "date"), ("url", "text"),
)  # fmt: skip
_FACTS: dict[str, tuple[Kind, float]] = {
    "places": ("whole", 1), "hours_share": ("share", 1), "wheelchair_share": ("share", 1), "benches": ("whole", 1),
    "streets_m": ("number", 0.001), "benches_per_km": ("number", 1), "homes": ("whole", 1),
}  # fmt: skip
_VALUES = {"setting": "map_setting", "access": "map_access", "fee": "map_fee", "wheelchair": "map_wheelchair"}


def day_of(planning: Planning) -> str:
    """The date of a bundle as the visitor reads it."""
    return planning.texts.date(date_of(planning.loaded.bundle.manifest))


def area_screen(times: Times) -> Screen:
    """Places and differences per neighbourhood, most differences first, the municipality as the last."""
    table = times.per_area
    order = _order(-table["differences"].to_numpy(float)[:-1])
    columns = [_area(times), *(_column(times, name, "whole") for name in _AREA_COUNTS)]
    return _screen(times, "verschillen", "areas", table.iloc[order], tuple(columns), geometry=_outlines(times, order))


def coverage_screen(times: Times) -> Screen:
    """Coverage then and now and what the difference is made of, in percentage points, biggest first."""
    table = times.coverage.assign(
        **{name: 100 * (times.coverage[end] - times.coverage[begin]) for name, (begin, end) in _PARTS.items()},
        real_low=100 * times.coverage["real_low"],
        real_high=100 * times.coverage["real_high"],
    )
    moved = (table["share_now"] - table["share_told"]).abs().to_numpy(float, na_value=0.0)
    order = _order(-moved[:-1])
    shares = [_column(times, name, "share") for name in ("share_told", "share_then", "share_now")]
    points = [_column(times, name, "number") for name in (*_PARTS, "real_low", "real_high")]
    columns = (_area(times), *shares, *points)
    shapes = _outlines(times, order)
    return _screen(times, "dekking-toen-en-nu", "coverage", table.iloc[order], columns, geometry=shapes)


def list_screen(times: Times, most: int) -> Screen:
    """The first `most` differences with the places they are of, as points."""
    found = times.differences.head(most)
    places, texts = times.places_of(found), times.now.texts
    names = {**times.then.loaded.neighbourhood_names, **times.now.loaded.neighbourhood_names}
    areas = [", ".join(names[code] for code in codes) for codes in places["neighbourhood_codes"]]
    kinds = pd.Series([_kind(times.now, one) for one in found["category"]], dtype="str")
    table = pd.DataFrame({
        "name": found["name"].fillna(kinds),
        "what": [texts(f"over_time_what_{one}") for one in found["what"]],
        "detail": [_detail(times.now, row) for row in found.to_dict("records")],
        "nature": [texts(f"over_time_nature_{one}") for one in found["nature"]],
        "rule": [texts(f"over_time_rule_{one}") for one in found["rule"]],
        "kind": kinds,
        "weight": [texts(f"details_weight_{one}") for one in found["weight"]],
        "area_name": [one or texts("outside_name") for one in areas],
        "last_edit_on": places["last_edit_on"],
        "checked_on": places["checked_on"],
        "url": [next((url for one in told if (url := osm_url(one))), None) for told in places["records"]],
    })  # fmt: skip
    columns = tuple(_column(times, name, kind) for name, kind in _LISTED)
    points = gpd.GeoSeries.from_xy(places["longitude"], places["latitude"], crs=WGS84).to_crs(RD_NEW)
    return _screen(times, "verschillen-per-plek", "list", table, columns, geometry=points)


def facts_screen(times: Times) -> Screen:
    """How much is drawn and known in both bundles."""
    texts, sides = times.now.texts, {"then": times.then.loaded, "now": times.now.loaded}
    found = {
        side: map_facts(one.places, one.walking if one.bundle.has_walking else None) for side, one in sides.items()
    }
    table = pd.DataFrame({"fact": [texts(f"over_time_fact_{name}") for name in _FACTS]})
    for side in sides:
        table[side] = [_written(times.now, found[side][name], *_FACTS[name]) for name in _FACTS]
    columns = tuple(_column(times, name, "text") for name in ("fact", "then", "now"))
    return _screen(times, "kaart-toen-en-nu", "facts", table, columns)


def _screen(
    times: Times,
    name: str,
    title: str,
    table: pd.DataFrame,
    columns: tuple[Column, ...],
    *,
    geometry: gpd.GeoSeries | None = None,
) -> Screen:
    texts = times.now.texts
    return screen_of(
        times.now, f"{name}-{times.now.state.municipality}".lower(), texts(f"over_time_table_{title}"),
        table.reset_index(drop=True), columns, geometry=geometry,
        facts=((texts("over_time_choose"), day_of(times.then)), (texts("over_time_present"), day_of(times.now))),
    )  # fmt: skip


def _area(times: Times) -> Column:
    texts = times.now.texts
    return Column("area_name", texts("column_area_name"), "text", texts("column_area_name_meaning"))


def _column(times: Times, name: str, kind: Kind) -> Column:
    texts = times.now.texts
    words = {
        "then": day_of(times.then), "now": day_of(times.now), "people": texts(f"people_{times.now.state.group}"),
        "metres": texts.number(times.now.budget_m),
    }  # fmt: skip
    meaning = texts(f"over_time_column_{name}_meaning", **words)
    return Column(name, texts(f"over_time_column_{name}", **words), kind, meaning)


def _order(values: Any) -> list[int]:
    """Rows by value, the municipality as the last."""
    return [*np.argsort(values, kind="stable").tolist(), len(values)]


def _outlines(times: Times, order: list[int]) -> gpd.GeoSeries:
    outlines = [*times.now.loaded.neighbourhoods.geometry, None]
    return gpd.GeoSeries([outlines[row] for row in order], crs=RD_NEW)


def _detail(planning: Planning, row: dict[Any, Any]) -> str:
    """What was and what is, in words; text of a source, to be escaped where it is shown."""
    texts = planning.texts
    if row["what"] in {"added", "gone"}:
        return ""
    if row["what"] == "moved":
        return texts("over_time_moved", metres=texts.number(row["moved_m"]))
    told = [_value(planning, row["what"], one) for one in (row["before"], row["after"])]
    return f"{told[0]} → {told[1]}"


def _value(planning: Planning, what: str, value: object) -> str:
    if not isinstance(value, str):
        return planning.texts("unknown")
    if what == "kind":
        return _kind(planning, value)
    return planning.texts(f"{_VALUES[what]}_{value}") if what in _VALUES else value


def _kind(planning: Planning, category: str) -> str:
    """The name of a kind of place; its key when today's rules know it no more."""
    return planning.kind_name(category) if category in planning.categories.by_key else category


def _written(planning: Planning, value: float, kind: Kind, scale: float) -> str:
    texts = planning.texts
    if np.isnan(value):
        return texts("unknown")
    if kind == "share":
        return f"{texts.number(100 * value, 1)}%"
    return texts.number(scale * value, 1 if kind == "number" else 0)
