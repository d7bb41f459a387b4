"""What a map on screen shows around its rows, for the file made of it: borders, the edge of our data, and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.export.figures import MapFigure, Overlay
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.ui.planner.page import Planning


def with_surroundings(
    planning: Planning,
    figure: MapFigure | None,
    places: NDArray[np.bool_] | None = None,
    spots: Mapping[str, Sequence[tuple[float, float]]] | None = None,
) -> MapFigure | None:
    """The figure with borders of neighbourhoods, the edge of our data, `places`, and named `spots` (degrees) on top."""
    if figure is None:
        return None
    loaded, texts = planning.loaded, planning.texts
    overlays = [Overlay(texts("legend_outline"), loaded.neighbourhoods.boundary)]
    extent = loaded.bundle.manifest.extent
    if extent.covers_municipality_share < 1:
        edge = gpd.GeoSeries([shapely.box(*extent.bounds).exterior], crs=WGS84).to_crs(RD_NEW)
        overlays.append(Overlay(texts("legend_extent"), edge))
    if places is not None and places.any():
        overlays.append(Overlay(texts("legend_places"), loaded.places.geometry[places].representative_point()))
    overlays += [Overlay(label, _points(found)) for label, found in (spots or {}).items() if found]
    return replace(figure, overlays=tuple(overlays))


def _points(found: Sequence[tuple[float, float]]) -> gpd.GeoSeries:
    longitudes, latitudes = zip(*found, strict=True)
    return gpd.GeoSeries.from_xy(longitudes, latitudes, crs=WGS84).to_crs(RD_NEW)
