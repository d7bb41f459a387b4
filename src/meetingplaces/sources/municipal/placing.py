"""Shapes of a municipal source in RD New, whichever system and order of axes it really uses."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import CrsError
from meetingplaces.sources.coordinates import NETHERLANDS, NETHERLANDS_ON_THE_WEB, exchanged, inside

# Seen among sound records: 0,0 for "not measured" and a slip of the keyboard. More than half of a dataset is no slip.
_MAJORITY = 0.5
_DRAWN = (0, 1, 3, 4, 5, 6)  # point, line, polygon and several of these; as shapely numbers them


def in_rd_new(
    shapes: NDArray[np.object_], declared: str | None, file: str
) -> tuple[NDArray[np.object_], NDArray[np.bool_], tuple[str, ...]]:
    """The shapes in EPSG:28992, which of them lie outside the Netherlands, and what had to be guessed.

    Most of the shapes decide for all: what a service declares is often the system it was asked for, not the one it
    answers in. Shapes outside the Netherlands in that reading become `None`.

    Raises
    ------
    CrsError
        Most of them do not lie in the Netherlands in any reading.
    """
    some = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    x, y = _middles(shapes)
    if not some.any():
        return np.full(len(shapes), None, dtype=object), np.zeros(len(shapes), dtype=bool), ()
    system, turned, fit = _best_reading(x, y)
    if fit.sum() <= _MAJORITY * some.sum():
        system, turned, fit = _declared_reading(x, y, declared, some, file)
    notes = _notes(system, turned, declared)
    near = shapes.copy()
    near[~fit] = None
    return _sound(_converted(exchanged(near) if turned else near, system)), some & ~fit, notes


def _middles(shapes: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low_x, low_y, high_x, high_y = shapely.bounds(shapes).T
    return (low_x + high_x) / 2, (low_y + high_y) / 2


def _best_reading(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[str, bool, NDArray[np.bool_]]:
    readings = [
        (system, turned, inside(*((y, x) if turned else (x, y)), box))
        for turned in (False, True)
        for system, box in NETHERLANDS_ON_THE_WEB.items()
    ]
    return max(readings, key=lambda reading: int(reading[2].sum()))


def _declared_reading(
    x: NDArray[np.float64], y: NDArray[np.float64], declared: str | None, some: NDArray[np.bool_], file: str
) -> tuple[str, bool, NDArray[np.bool_]]:
    """The declared system, for those who use yet another one, such as ETRS89 in metres."""
    found = f"{declared or 'no reference system'}, about x {np.nanmedian(x):.6g}, y {np.nanmedian(y):.6g}"
    error = CrsError(file, "coordinates", "the Netherlands in a known or declared system", found)
    system = _known(declared)
    if system is None:
        raise error
    try:
        points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=system).to_crs(RD_NEW)
    except ProjError as reason:
        raise error from reason
    fit = inside(points.x.to_numpy(), points.y.to_numpy(), NETHERLANDS[RD_NEW])
    if fit.sum() <= _MAJORITY * some.sum():
        raise error
    return system.to_string(), False, fit


def _known(declared: str | None) -> CRS | None:
    try:
        return CRS(declared) if declared else None
    except CRSError:
        return None


def _notes(system: str, turned: bool, declared: str | None) -> tuple[str, ...]:
    known = _known(declared)
    # "EPSG::4326" in GeoJSON means longitude first nearly everywhere, whatever the register of EPSG says.
    same = known is None or known.to_epsg() == CRS(system).to_epsg()
    agreed = same or (known is not None and known.is_geographic and system == WGS84)
    return (*(() if agreed else (f"crs_guessed:{system}",)), *(("axes_swapped",) if turned else ()))


def _converted(shapes: NDArray[np.object_], system: str) -> NDArray[np.object_]:
    converted: NDArray[np.object_] = gpd.GeoSeries(shapes, crs=system).to_crs(RD_NEW).to_numpy()
    return np.array(converted, dtype=object)


def _sound(shapes: NDArray[Any]) -> NDArray[Any]:
    """Valid shapes in two dimensions; `None` for what is empty or no shape to draw."""
    flat = shapely.force_2d(shapes)
    broken = ~shapely.is_missing(flat) & ~shapely.is_valid(flat)
    flat[broken] = shapely.make_valid(flat[broken], method="structure", keep_collapsed=False)
    useless = shapely.is_empty(flat) | ~np.isin(shapely.get_type_id(flat), _DRAWN)
    flat[useless] = None
    return flat
