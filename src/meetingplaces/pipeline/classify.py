"""From OpenStreetMap features to places: kind, access and attributes; every loss counted with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.model.categories import Categories, Category, Ground, Shape
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.places import TEXT_COLUMNS
from meetingplaces.pipeline.attributes import access_of, attributes_of, says_public

_SHAPES: dict[str, Shape] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}


@dataclass(frozen=True)
class Classified:
    """Places and amenities (RD New), the living streets that are context, and what was dropped and why."""

    places: gpd.GeoDataFrame
    living_streets: gpd.GeoDataFrame
    dropped: Counter[str]


def classify(features: pd.DataFrame, categories: Categories) -> Classified:
    """Places among `features` (columns of `OsmExtract.features`, EPSG:4326).

    Features of no known kind are not ours and are not counted; those of a kind we leave out, or that are not for
    everyone, are counted in `dropped` by reason.
    """
    table = gpd.GeoDataFrame(features, geometry="geometry", crs=WGS84).to_crs(RD_NEW)
    table["shape"] = [_SHAPES.get(kind, "point") for kind in table.geom_type]
    table["area_m2"] = table.area
    kinds = [
        categories.of(tags, shape, area)
        for tags, shape, area in zip(table["tags"], table["shape"], table["area_m2"], strict=True)
    ]
    grounds = _grounds(table, categories)
    known = np.array([kind is not None for kind in kinds], dtype=bool)
    rows, dropped = _judged(table[known], [kind for kind in kinds if kind is not None], grounds)
    places = places_table(rows)
    context = places["weight"] == "context"
    return Classified(places[~context].reset_index(drop=True), places[context].reset_index(drop=True), dropped)


def lost_places(lost: pd.DataFrame, categories: Categories) -> Counter[str]:
    """Features that could not be drawn (columns `tags` and `reason`) and would have been places, by reason.

    Their shape is what is missing, so any shape that makes them a place counts. Lost streets and water are not ours.
    """
    kinds = [[categories.of(tags, shape, 0.0) for shape in get_args(Shape)] for tags in lost["tags"]]
    would_be = [any(kind is not None and kind.weight != "excluded" for kind in found) for found in kinds]
    return Counter(lost["reason"][would_be])


def _grounds(table: gpd.GeoDataFrame, categories: Categories) -> dict[Ground, shapely.STRtree]:
    """A search tree of the areas of each kind of ground."""
    found: dict[Ground, list[shapely.Geometry]] = {ground: [] for ground in categories.grounds}
    areas = table[table["shape"] == "area"]
    for tags, geometry in zip(areas["tags"], areas.geometry, strict=True):
        for ground in categories.grounds_of(tags):
            found[ground].append(geometry)
    return {ground: shapely.STRtree(areas) for ground, areas in found.items()}


def _judged(
    table: gpd.GeoDataFrame, kinds: list[Category], grounds: dict[Ground, shapely.STRtree]
) -> tuple[list[dict[str, Any]], Counter[str]]:
    rows: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    for feature, category in zip(table.itertuples(), kinds, strict=True):
        reason = _reason_to_drop(feature, category, grounds)
        if reason is None:
            rows.append(_row(feature, category))
        else:
            dropped[reason] += 1
    return rows, dropped


def _reason_to_drop(feature: Any, category: Category, grounds: dict[Ground, shapely.STRtree]) -> str | None:
    if category.reason is not None:
        return category.reason
    if access_of(feature.tags, category) == "private" and "access" in feature.tags:
        return "private"
    if not says_public(feature.tags):
        if category.access == "private":  # then only a public access tag will do
            return f"assumed_private_{category.key}"
        for ground in category.inside:
            if len(grounds[ground].query(feature.geometry.representative_point(), predicate="within")):
                return f"inside_{ground}_grounds"
    return None


def _row(feature: Any, category: Category) -> dict[str, Any]:
    place_id = f"osm/{feature.osm_id}"
    return {
        "place_id": place_id,
        "category": category.key,
        "weight": category.weight,
        "access": access_of(feature.tags, category),
        **attributes_of(feature.tags, category),
        "near_street": None,
        "amenity_ids": [],
        "neighbourhood_codes": [],
        "records": [place_id],
        "area_m2": feature.area_m2 if feature.shape == "area" else pd.NA,
        "last_edit_on": feature.last_edit_at,
        "geometry": feature.geometry,
    }


PLACE_COLUMNS = (
    "place_id", "name", "category", "setting", "weight", "access", "fee", "wheelchair", "dogs", "opening_hours",
    "address", "near_street", "website", "phone", "audience", "inferred", "provides", "amenity_ids",
    "neighbourhood_codes", "records", "area_m2", "longitude", "latitude", "last_edit_on", "checked_on", "geometry",
)  # fmt: skip


def places_table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """A table of places (RD New) with the right types, each with a point on it, of rows with all other columns."""
    frame = pd.DataFrame(rows, columns=[name for name in PLACE_COLUMNS if name not in {"longitude", "latitude"}])
    for name in ("place_id", "category", "setting", "weight", "access", "fee", "wheelchair", "dogs", *TEXT_COLUMNS):
        frame[name] = frame[name].astype("str")
    for name in ("last_edit_on", "checked_on"):
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_localize(None).dt.floor("D").astype("datetime64[s]")
    frame["area_m2"] = frame["area_m2"].astype("Float64")
    frame["inferred"] = frame["inferred"].astype(bool)
    table = gpd.GeoDataFrame(frame, geometry="geometry", crs=RD_NEW)
    return located(table)


def located(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table with longitude and latitude of a point on each place, columns in order."""
    points = gpd.GeoSeries(table.geometry.representative_point(), crs=RD_NEW).to_crs(WGS84)
    return table.assign(longitude=points.x.astype(float), latitude=points.y.astype(float))[list(PLACE_COLUMNS)]
