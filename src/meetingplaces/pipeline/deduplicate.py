"""One place mapped twice in OpenStreetMap becomes one place that knows both records.

Three ways in which that happens, one principle: two features of the same kind, with names that do not contradict
each other, of which one covers the other. A relation and its outer way cover each other; a square covers its
pedestrian area; a building covers the node that stands in it.
"""

from __future__ import annotations

import re
from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.model.places import TEXT_COLUMNS

# Share of the smaller one that must lie in the bigger. A square's pedestrian part may stick out under its arcades.
_COVERED_SHARE = 0.8
_SQUARE_COVERED_SHARE = 0.5
# Two nameless areas are one place only when they are the same shape; pitches beside each other in a bigger one are not.
_SAME_SHAPE_SHARE = 0.8

# Kinds that name the same thing in two ways.
_FAMILY = {
    "pedestrian_area": "square",
    "playground": "play",
    "play_garden": "play",
    "play_forest": "play",
    "plantsoen": "park",  # a relation without its pond can be below the size of a park, its outer way above it
    "open_allotments": "allotments",
}
# Kinds that give way to the kind of their twin, which says more.
_GENERAL = frozenset({"pedestrian_area", "playground"})
_KIND = ("category", "setting", "weight", "inferred")
_FILLED_FROM_TWIN = (*TEXT_COLUMNS, "last_edit_on", "checked_on")
_SURER_FROM_TWIN = ("wheelchair", "dogs", "fee", "access")


def deduplicate(places: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """The places (RD New) without twins, and how many records were merged into another, by reason.

    The one that stays takes over what it does not know itself, and lists the other in `records`.
    """
    merged: Counter[str] = Counter()
    table = places.copy()
    gone: set[int] = set()
    for big, small in _overlapping(table):
        # Asked only now: what merged earlier may have given a nameless area its name.
        if big in gone or small in gone or not _same_place(table, big, small):
            continue
        keeper, twin = _ordered(table, (big, small))
        _take_over(table, keeper, twin)
        gone.add(twin)
        merged["merged_area" if table["area_m2"].notna().iat[twin] else "merged_node_in_area"] += 1
    return table.drop(index=list(gone)).reset_index(drop=True), merged


def _overlapping(table: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    """Pairs (bigger, smaller) of row numbers, biggest first, in an order that does not depend on the input's."""
    geometries = table.geometry.to_numpy()
    tree = shapely.STRtree(geometries)
    first, second = tree.query(geometries, predicate="intersects")
    area = table["area_m2"].fillna(0).to_numpy(float)
    is_area = table["area_m2"].notna().to_numpy()
    identity = table["place_id"].to_numpy(str)
    pairs = [
        (int(one), int(two))
        for one, two in zip(first, second, strict=True)
        if is_area[one] and (area[one], identity[one]) > (area[two], identity[two])
    ]
    return sorted(pairs, key=lambda pair: (-area[pair[0]], identity[pair[0]], identity[pair[1]]))


def _same_place(table: gpd.GeoDataFrame, big: int, small: int) -> bool:
    family = [_FAMILY.get(table["category"].iat[row], table["category"].iat[row]) for row in (big, small)]
    names = [_normal(table["name"].iat[row]) for row in (big, small)]
    if family[0] != family[1] or (names[0] and names[1] and names[0] != names[1]):
        return False
    if pd.isna(table["area_m2"].iat[small]):
        return bool(shapely.covers(table.geometry.iat[big], table.geometry.iat[small]))
    overlap = shapely.area(shapely.intersection(table.geometry.iat[big], table.geometry.iat[small]))
    areas = np.array([table["area_m2"].iat[big], table["area_m2"].iat[small]], dtype=float)
    if family[0] == "square":
        return bool(overlap >= _SQUARE_COVERED_SHARE * areas[1])
    needed = _COVERED_SHARE * areas[1] if names[0] and names[0] == names[1] else _SAME_SHAPE_SHARE * areas[0]
    return bool(overlap >= needed)


def _ordered(table: gpd.GeoDataFrame, pair: tuple[int, int]) -> tuple[int, int]:
    """(stays, goes): the relation before its outer way and the square before its pavement, else the bigger one."""
    kinds = [table["category"].iat[row] for row in pair]
    if kinds == ["pedestrian_area", "square"] and pd.notna(table["area_m2"].iat[pair[1]]):
        return pair[1], pair[0]
    is_relation = [table["place_id"].iat[row].startswith("osm/r") for row in pair]
    return (pair[1], pair[0]) if is_relation == [False, True] else pair


def _take_over(table: gpd.GeoDataFrame, keeper: int, twin: int) -> None:
    for name in _FILLED_FROM_TWIN:
        column = table.columns.get_loc(name)
        if pd.isna(table.iat[keeper, column]):
            table.iat[keeper, column] = table.iat[twin, column]
    for name in _SURER_FROM_TWIN:
        column = table.columns.get_loc(name)
        if _sureness(table.iat[keeper, column]) < _sureness(table.iat[twin, column]):
            table.iat[keeper, column] = table.iat[twin, column]
    if table["category"].iat[keeper] in _GENERAL:
        for name in _KIND:
            column = table.columns.get_loc(name)
            table.iat[keeper, column] = table.iat[twin, column]
    for name in ("records", "provides"):
        column = table.columns.get_loc(name)
        table.iat[keeper, column] = list(dict.fromkeys([*table.iat[keeper, column], *table.iat[twin, column]]))


def _sureness(value: str) -> int:
    """What is said beats what is assumed, and both beat not knowing."""
    return 0 if value == "unknown" else 1 if value.startswith("assumed_") else 2


def _normal(name: object) -> str:
    return re.sub(r"\W+", " ", name).strip().casefold() if isinstance(name, str) else ""
