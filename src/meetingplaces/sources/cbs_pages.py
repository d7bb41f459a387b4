"""Pages of areas as the OGC API of PDOK gives them, made into one file with a layer for each kind of area."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd

from meetingplaces.model.crs import WGS84
from meetingplaces.model.errors import FormatError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.cbs_fields import find_fields
from meetingplaces.sources.http_pages import pages_of

_LEVELS = {"neighbourhood_code": "buurten", "district_code": "wijken", "municipality_code": "gemeenten"}


def joined_pages(snapshot: Snapshot, target: Path) -> Path:
    """A GeoPackage with the features of all pages, in layers `buurten`, `wijken` and `gemeenten`.

    Raises
    ------
    FormatError
        The zip file does not hold pages of features.
    """
    name = str(snapshot.path)
    layers: dict[str, list[dict[str, Any]]] = {}
    try:
        for page in pages_of(snapshot):
            for feature in json.loads(page)["features"]:
                layers.setdefault(_layer_of(feature), []).append(feature)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(name, "contents", "pages of areas", f"{type(error).__name__}: {error}"[:200]) from error
    if not layers:
        raise FormatError(name, "contents", "pages of areas", "no areas")
    for layer, features in layers.items():
        gpd.GeoDataFrame.from_features(features, crs=WGS84).to_file(target, layer=layer, driver="GPKG")
    return target


def _layer_of(feature: dict[str, Any]) -> str:
    """The finest level that the feature has a code of."""
    present = find_fields(feature["properties"])
    return next((layer for code, layer in _LEVELS.items() if code in present), "other")
