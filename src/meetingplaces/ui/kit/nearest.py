"""The places nearest to a position, for the booklet."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.export.ground import to_rd
from meetingplaces.metrics.nearby import walk_to_places
from meetingplaces.model.errors import OutsideDataError
from meetingplaces.ui.loaded import LoadedBundle

# Our own proposals: as many places as make a booklet of twelve pages or so, and as far as anyone goes for one.
_MOST_PLACES = 18
_FARTHEST_M = 5000.0


@dataclass(frozen=True)
class Nearest:
    """Places by distance in metres: along streets when `walked`, else as the crow flies."""

    places: gpd.GeoDataFrame
    metres: NDArray[np.float64]
    walked: bool
    left_out_count: int
    """Places that were asked for and are farther, or that no street reaches."""


def nearest(loaded: LoadedBundle, rows: NDArray[np.intp], start: tuple[float, float]) -> Nearest:
    """The 18 nearest places within 5 km, of those in `rows` of the place table.

    Parameters
    ----------
    start
        Longitude and latitude, EPSG:4326.

    Raises
    ------
    OutsideDataError
        `start` lies outside the extent of the data. The error does not tell where.
    """
    manifest = loaded.bundle.manifest
    if not manifest.extent.holds(*start):
        raise OutsideDataError(manifest.municipality_name, ", ".join(f"{one:.3f}" for one in manifest.extent.bounds))
    places = loaded.places.iloc[rows]
    metres = _distances(loaded, places, shapely.Point(*to_rd([start])[0]))
    order = np.argsort(metres, kind="stable")
    chosen = order[metres[order] <= _FARTHEST_M][:_MOST_PLACES]
    return Nearest(places.iloc[chosen], metres[chosen], loaded.bundle.has_walking, len(places) - len(chosen))


def _distances(loaded: LoadedBundle, places: gpd.GeoDataFrame, spot: shapely.Point) -> NDArray[np.float64]:
    bundle = loaded.bundle
    if not bundle.has_walking:
        return np.asarray(places.distance(spot), dtype=float)
    return walk_to_places(spot, places["place_id"], bundle.entrances(), bundle.network(), _FARTHEST_M)
