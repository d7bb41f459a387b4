"""Outlines of areas in RD New: whichever way their coordinates are written, and only sound polygons."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import CrsError
from meetingplaces.sources.coordinates import NETHERLANDS, exchanged, within

_POLYGON, _MULTIPOLYGON = 3, 6
# Repairing a self-crossing outline may change its area by a sliver; more than this is worth counting.
_AREA_CHANGE = 0.01


def usable(outlines: gpd.GeoSeries) -> pd.Series[bool]:
    """Whether there is an outline at all, with finite coordinates; anything else has no place on a map."""
    shapes = outlines.to_numpy()
    some = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    total: NDArray[np.float64] = shapely.bounds(shapes)
    # Bounds skip NaN, a sum does not.
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    broken = np.unique(owners[~np.isfinite(coordinates).all(axis=1)])
    some[broken] = False
    return pd.Series(some & np.isfinite(total).all(axis=1), outlines.index)


def in_rd_new(outlines: gpd.GeoSeries, file: str) -> tuple[gpd.GeoSeries, tuple[str, ...]]:
    """The outlines in EPSG:28992, with notes on what had to be guessed.

    Coordinates win from the declared reference system: GeoJSON without one is WGS84 by its standard, yet files of CBS
    figures in RD New without a declaration are common, and metres cannot be mistaken for degrees in the Netherlands.

    Raises
    ------
    CrsError
        The coordinates do not lie in the Netherlands in any reading.
    """
    declared: CRS | None = outlines.crs
    seen, swapped = _seen_as(tuple(outlines.total_bounds))
    if seen is None:
        return _converted(outlines, declared, file), ()
    notes = []
    if declared is None or not _agrees(declared, seen):
        notes.append(f"crs_guessed:{seen}")
        declared = CRS(seen)
    if swapped:
        notes.append("axes_swapped")
        outlines = gpd.GeoSeries(exchanged(outlines.to_numpy()), outlines.index)
    placed = outlines.set_crs(CRS(RD_NEW) if seen == RD_NEW else declared, allow_override=True)
    return placed.to_crs(RD_NEW), tuple(notes)


def _seen_as(bounds: tuple[float, ...]) -> tuple[str | None, bool]:
    for crs, box in NETHERLANDS.items():
        if within(bounds, box):
            return crs, False
        if within((bounds[1], bounds[0], bounds[3], bounds[2]), box):
            return crs, True
    return None, False


def _agrees(declared: CRS, seen: str) -> bool:
    # RD New also comes with heights (EPSG:7415) and, from ArcGIS, as "RD_New"; degrees also as ETRS89 or CRS84.
    return declared.is_geographic if seen == WGS84 else "RD New" in declared.name.replace("_", " ")


def _converted(outlines: gpd.GeoSeries, declared: CRS | None, file: str) -> gpd.GeoSeries:
    found = f"{'no reference system' if declared is None else declared.name}, {_extent(outlines)}"
    error = CrsError(file, "coordinates", f"the Netherlands in {RD_NEW}, {WGS84} or a declared system", found)
    if declared is None:
        raise error
    try:
        converted = outlines.to_crs(RD_NEW)
    except ProjError as reason:
        raise error from reason
    if not within(tuple(converted.total_bounds), NETHERLANDS[RD_NEW]):
        raise error
    return converted


def _extent(outlines: gpd.GeoSeries) -> str:
    low_x, low_y, high_x, high_y = outlines.total_bounds
    return f"x {low_x:.6g} to {high_x:.6g}, y {low_y:.6g} to {high_y:.6g}"


def repaired(outlines: gpd.GeoSeries, repairs: Counter[str], called: str) -> gpd.GeoSeries:
    """Valid polygons and multipolygons in two dimensions; `None` where no polygon is left. Counted as `called`.

    The "structure" method keeps what lies inside the outer ring: the default one turns the overlap of two parts into a
    hole, and a hole outside its ring into land. An area that changes by more than 1% is counted as
    `repair_changed_area`.
    """
    before = shapely.force_2d(outlines.to_numpy())
    invalid = ~shapely.is_valid(before) & ~shapely.is_missing(before)
    after = before.copy()
    after[invalid] = shapely.make_valid(before[invalid], method="structure", keep_collapsed=False)
    mixed = ~np.isin(shapely.get_type_id(after), (_POLYGON, _MULTIPOLYGON))
    after[mixed] = [_polygons_of(shape) for shape in after[mixed]]
    after[shapely.is_empty(after)] = None
    kept = ~shapely.is_missing(after)
    _count(repairs, called, invalid & kept)
    _count(repairs, "other_geometry_left_out", mixed & ~invalid & kept)
    change = np.abs(shapely.area(after) - shapely.area(before))
    _count(repairs, "repair_changed_area", invalid & kept & (change > _AREA_CHANGE * shapely.area(after)))
    return gpd.GeoSeries(after, outlines.index, crs=outlines.crs)


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) in (_POLYGON, _MULTIPOLYGON)]
    return shapely.union_all(parts)


def _count(repairs: Counter[str], what: str, where: NDArray[np.bool_]) -> None:
    if where.any():
        repairs[what] += int(where.sum())
