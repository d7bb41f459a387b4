"""What a browser draws of a municipality: background, outlines and places, small enough to send once.

Coordinates travel as whole numbers of 1/100,000 degree (about a metre), each the difference with the one before:
`[lon, lat, dlon, dlat, …]`. Names and hours are data, not markup: whoever draws them must set them as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.model.crs import RD_NEW, WGS84

SCALE = 100_000
_SIMPLIFY_M = 2.0
_SMALLEST_GREEN_M2 = 400.0

_STREET_KIND = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link",
                     "secondary_link"), "main_street"),
    **dict.fromkeys(("tertiary", "tertiary_link", "unclassified", "residential", "service", "pedestrian", "busway"),
                    "street"),
    "living_street": "living_street",
    **dict.fromkeys(("footway", "path", "cycleway", "track", "steps", "bridleway"), "footpath"),
}  # fmt: skip
_GREEN = {
    "leisure": frozenset({"park", "garden", "nature_reserve", "golf_course", "pitch", "common"}),
    "landuse": frozenset({"grass", "forest", "meadow", "recreation_ground", "village_green", "allotments", "cemetery"}),
    "natural": frozenset({"wood", "scrub", "heath", "grassland", "wetland"}),
}
_WATER = {
    "natural": frozenset({"water"}),
    "waterway": frozenset({"riverbank", "river", "canal", "dock"}),
    "landuse": frozenset({"basin", "reservoir"}),
}
BACKGROUND_WISHES: Mapping[str, frozenset[str] | None] = {
    "highway": frozenset(_STREET_KIND),
    "railway": frozenset({"rail", "tram", "light_rail"}),
    "waterway": _WATER["waterway"],
    "natural": _GREEN["natural"] | _WATER["natural"],
    "landuse": _GREEN["landuse"] | _WATER["landuse"],
    "leisure": _GREEN["leisure"],
}


def background_of(features: pd.DataFrame) -> gpd.GeoDataFrame:
    """Streets, railways, water and green among OSM features: columns `kind`, `name`, `geometry`, RD New."""
    kinds = [_kind(tags, geometry) for tags, geometry in zip(features["tags"], features["geometry"], strict=True)]
    table = gpd.GeoDataFrame(
        {"kind": kinds, "name": [tags.get("name") for tags in features["tags"]]},
        geometry=list(features["geometry"]),
        crs=WGS84,
    )
    return table[table["kind"].notna()].to_crs(RD_NEW).reset_index(drop=True)


def _kind(tags: Mapping[str, str], geometry: shapely.Geometry) -> str | None:
    if geometry.geom_type in {"LineString", "MultiLineString"}:
        if tags.get("railway") in BACKGROUND_WISHES["railway"]:  # type: ignore[operator]
            return "railway"
        if tags.get("waterway") in {"river", "canal"}:
            return tags["waterway"]
        return _STREET_KIND.get(tags.get("highway", ""))
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        if any(tags.get(key) in values for key, values in _WATER.items()):
            return "water"
        if any(tags.get(key) in values for key, values in _GREEN.items()):
            return "green"
    return None


def background_drawing(background: gpd.GeoDataFrame, area: shapely.Geometry) -> str:
    """The background inside `area` (RD New) as JSON: kind -> list of lines or of rings."""
    kept = background[(background["kind"] != "green") | (background.area >= _SMALLEST_GREEN_M2)]
    kept = kept[shapely.intersects(kept.geometry.to_numpy(), area)]
    shapes = shapely.intersection(shapely.simplify(shapely.make_valid(kept.geometry.to_numpy()), _SIMPLIFY_M), area)
    drawn: dict[str, list[list[int]]] = {}
    kinds = kept["kind"].to_numpy(str)
    for kind in sorted(set(kinds)):
        members = shapes[kinds == kind]
        # Areas of one kind become one, so that rings are outer or inner and never overlap.
        whole = shapely.union_all(members) if kind in {"green", "water"} else shapely.geometrycollections(members)
        drawn[kind] = _lines(_to_wgs84([whole])[0])
    return _json({"scale": SCALE, "layers": drawn})


def outline_drawing(neighbourhoods: gpd.GeoDataFrame) -> str:
    """The outlines of the neighbourhoods with code, name and share inside the data extent, as JSON."""
    shapes = _to_wgs84(shapely.simplify(neighbourhoods.geometry.to_numpy(), _SIMPLIFY_M))
    rows = [
        {"code": code, "name": name, "extent_share": round(float(share), 3), "rings": _lines(shape),
         "bounds": [round(value, 5) for value in shape.bounds]}
        for code, name, share, shape in zip(
            neighbourhoods["neighbourhood_code"], neighbourhoods["neighbourhood_name"],
            neighbourhoods["extent_share"], shapes, strict=True)
    ]  # fmt: skip
    return _json({"scale": SCALE, "neighbourhoods": rows})


_DRAWN_COLUMNS = (
    "place_id", "name", "category", "setting", "weight", "access", "fee", "wheelchair", "opening_hours", "address",
    "near_street", "inferred", "provides",
)  # fmt: skip


def place_drawing(places: gpd.GeoDataFrame) -> str:
    """The places in the order of their rows, with what a popup and a list say of each, as JSON."""
    shapes = _to_wgs84(shapely.simplify(places.geometry.to_numpy(), _SIMPLIFY_M / 2))
    rows = []
    for row, shape in zip(places.itertuples(), shapes, strict=True):
        known = {name: getattr(row, name) for name in _DRAWN_COLUMNS}
        drawn = {name: value for name, value in known.items() if not _nothing(value)}
        area = {} if shape.geom_type == "Point" else {"rings": _lines(shape)}
        rows.append({**drawn, "point": [round(row.longitude, 5), round(row.latitude, 5)], **area})
    return _json({"scale": SCALE, "places": rows})


def point_drawing(points: gpd.GeoSeries) -> str:
    """Points (RD New) in their order, as JSON, coded like one line."""
    return _json({"scale": SCALE, "points": _differences(shapely.get_coordinates(points.to_crs(WGS84)))})


def line_drawing(shapes: gpd.GeoSeries) -> list[list[list[int]]]:
    """Of each shape (RD New) its lines, coded like those of the other drawings."""
    return [_lines(shape) for shape in shapes.to_crs(WGS84)]


def _nothing(value: object) -> bool:
    return value is None or value is False or value == [] or (isinstance(value, float) and np.isnan(value))


def _to_wgs84(shapes: Iterable[shapely.Geometry]) -> list[shapely.Geometry]:
    return list(gpd.GeoSeries(list(shapes), crs=RD_NEW).to_crs(WGS84))


def _lines(geometry: shapely.Geometry) -> list[list[int]]:
    """Every line or ring of a geometry, difference-coded. Points that a cut left behind are no lines."""
    parts = shapely.get_parts(geometry)
    if geometry.geom_type == "GeometryCollection":
        return [line for part in parts for line in _lines(part)]
    rings = shapely.get_rings(parts) if geometry.geom_type.endswith("Polygon") else parts
    return [coded for ring in rings if ring.geom_type in {"LineString", "LinearRing"} for coded in [_coded(ring)]]


def _coded(line: shapely.Geometry) -> list[int]:
    return _differences(shapely.get_coordinates(line))


def _differences(degrees: np.ndarray) -> list[int]:
    whole = np.rint(degrees * SCALE).astype(int)
    return [int(value) for value in np.diff(whole, axis=0, prepend=[[0, 0]]).ravel()]


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
