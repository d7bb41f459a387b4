"""Places and tables with geometry as GeoJSON (RFC 7946, EPSG:4326)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TextIO

import geopandas as gpd
import shapely

from meetingplaces.export.about import about_rows, definition_rows
from meetingplaces.export.clean import clean
from meetingplaces.export.records import place_records
from meetingplaces.export.screen import Screen
from meetingplaces.model.bundle import Manifest
from meetingplaces.model.crs import WGS84
from meetingplaces.model.errors import ScreenError
from meetingplaces.model.provenance import Provenance

_DECIMALS = 6


def write_geojson(places: gpd.GeoDataFrame, manifest: Manifest, stream: TextIO) -> None:
    """Write a feature collection with one feature per place and its `place_id` as id, see `feature_collection`."""
    records = list(place_records(places, manifest))
    collection = feature_collection(
        f"meetingplaces {manifest.municipality_code}", places.geometry, records, manifest.sources
    )
    for feature, record in zip(collection["features"], records, strict=True):
        feature["id"] = record["place_id"]
    stream.write(_text_of(collection))


def screen_geojson(screen: Screen) -> bytes:
    """The table on screen as a feature collection with the columns' keys as properties; unknown is null.

    Beside the features stand `about` (what was chosen), `definitions` of the properties and `limits`. A row without
    geometry, such as a total, has the geometry null.

    Raises
    ------
    ScreenError
        Nothing on screen has a geometry.
    """
    if screen.geometry is None:
        raise ScreenError("geometry", "one per row", "none")
    keys = [column.key for column in screen.columns]
    records = [dict(zip(keys, row, strict=True)) for row in screen.rows()]
    collection = feature_collection(screen.name, screen.geometry, records, screen.sources)
    about: dict[str, Any] = {
        "title": clean(screen.title),
        "about": [{"label": label, "value": value} for label, value in about_rows(screen)],
        "definitions": {key: {"label": label, "meaning": meaning} for label, key, meaning in definition_rows(screen)},
        "limits": [clean(limit) for limit in screen.limits],
    }
    features = collection.pop("features")
    return _text_of(collection | about | {"features": features}).encode()


def feature_collection(
    name: str, geometry: gpd.GeoSeries, records: Iterable[Mapping[str, Any]], sources: Iterable[Provenance]
) -> dict[str, Any]:
    """A feature collection with the attribution its licences ask for; rings turn as RFC 7946 wants.

    Parameters
    ----------
    name
        Programs show it as the name of the layer.
    geometry
        One per record, in any reference system; missing becomes null.
    records
        The properties of each feature.
    sources
        Whose attribution and licence go with it.
    """
    sources, shapes = tuple(sources), shapely.orient_polygons(geometry.to_crs(WGS84).to_numpy())
    return {
        "type": "FeatureCollection",
        "name": name,
        "attribution": [clean(source.attribution) for source in sources],
        "licence": [clean(source.licence) for source in sources],
        "features": [
            {"type": "Feature", "geometry": _geometry(shape), "properties": dict(record)}
            for record, shape in zip(records, shapes, strict=True)
        ],
    }


def _geometry(shape: shapely.Geometry | None) -> object:
    if shape is None or shape.is_empty:
        return None
    return json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy.round(_DECIMALS))))


def _text_of(collection: dict[str, Any]) -> str:
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, indent=1, default=_day) + "\n"


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no value of a screen")
