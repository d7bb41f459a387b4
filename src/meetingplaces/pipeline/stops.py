"""The nearest bus or tram stop of each place, on foot."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.metrics.joining import Barriers, Snapped, snap
from meetingplaces.metrics.reach import pairs_within
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.network import WalkNetwork

STOP_WISHES: Mapping[str, frozenset[str] | None] = {
    "highway": frozenset({"bus_stop"}), "public_transport": frozenset({"platform"}),
    "railway": frozenset({"tram_stop"}),
}  # fmt: skip
"""What to ask `read_extract` for."""
STOP_LIMIT_M = 1000.0
"""A stop farther from a place than this is not told. Our own proposal: twice what older people walk at most."""


def find_stops(features: pd.DataFrame) -> gpd.GeoDataFrame:
    """The stops among `features` (EPSG:4326) with their `name`, missing where unknown; RD New."""
    tags = features["tags"].to_numpy(object)
    rows = [row for row, told in enumerate(tags) if _is_stop(told)]
    names = [tags[row].get("name") for row in rows]
    shapes = features["geometry"].to_numpy(object)[rows]
    return gpd.GeoDataFrame({"name": pd.Series(names, dtype="str")}, geometry=list(shapes), crs=WGS84).to_crs(RD_NEW)


def nearest_stops(
    stops: gpd.GeoDataFrame, entrances: Snapped, place_ids: np.ndarray, network: WalkNetwork, barriers: Barriers
) -> pd.DataFrame:
    """Per place its nearest stop on foot: place_id, name and distance_m, at most `STOP_LIMIT_M`.

    Named before nameless where they are equally far. A place without a known stop so near has no row.

    Parameters
    ----------
    stops
        As `find_stops` gives.
    entrances, place_ids
        Where places join the network, and which place each entrance is of.
    """
    at = snap(_where(stops), network, barriers)
    pairs = pairs_within(entrances, at, network, STOP_LIMIT_M)
    table = pd.DataFrame({
        "place_id": pd.Series(place_ids[pairs.one], dtype="str"),
        "name": stops["name"].array[pairs.other],
        "distance_m": pairs.metres,
    })  # fmt: skip
    nameless = table["name"].isna()
    ranked = table.assign(nameless=nameless).sort_values(["place_id", "distance_m", "nameless", "name"])
    return ranked.drop_duplicates("place_id").drop(columns="nameless").reset_index(drop=True)


def _where(stops: gpd.GeoDataFrame) -> np.ndarray:
    """Where one waits: the outline of a platform that is drawn as a surface."""
    shapes = stops.geometry.to_numpy()
    return np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)


def _is_stop(tags: Mapping[str, str]) -> bool:
    if tags.get("highway") == "bus_stop" or tags.get("railway") == "tram_stop":
        return True
    return tags.get("public_transport") == "platform" and tags.get("railway") != "platform"
