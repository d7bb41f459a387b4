"""Places as GeoJSON (RFC 7946, EPSG:4326)."""

from __future__ import annotations

import json
from typing import TextIO

import geopandas as gpd
import shapely

from meetingplaces.export.records import place_records
from meetingplaces.model.bundle import Manifest
from meetingplaces.model.crs import WGS84

_DECIMALS = 6


def write_geojson(places: gpd.GeoDataFrame, manifest: Manifest, stream: TextIO) -> None:
    """Write a feature collection with the attribution its licences ask for; rings turn as RFC 7946 wants."""
    shapes = shapely.orient_polygons(places.geometry.to_crs(WGS84).to_numpy())
    collection = {
        "type": "FeatureCollection",
        "name": f"meetingplaces {manifest.municipality_code}",
        "attribution": [source.attribution for source in manifest.sources],
        "licence": [source.licence for source in manifest.sources],
        "features": [
            {"type": "Feature", "id": record["place_id"], "geometry": _geometry(shape), "properties": record}
            for record, shape in zip(place_records(places, manifest), shapes, strict=True)
        ],
    }
    json.dump(collection, stream, ensure_ascii=False, allow_nan=False, indent=1)
    stream.write("\n")


def _geometry(shape: shapely.Geometry) -> object:
    return json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy.round(_DECIMALS))))
