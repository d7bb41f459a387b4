"""What a bundle holds, as `meetingplaces list` and `show` print it and the map page repeats it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from meetingplaces.metrics.supply import OUTSIDE, AreaSupply, per_1000, supply_of
from meetingplaces.model.bundle import Manifest
from meetingplaces.model.errors import MeetingPlacesError, UnknownNeighbourhoodError
from meetingplaces.storage.bundle import Bundle, open_bundle


def bundle_line(data_folder: Path, municipality_code: str) -> dict[str, Any]:
    """One bundle in a few facts; a broken one has `error` instead of them.

    Keys: municipality_code, municipality_name, places, neighbourhoods, built_at, data_as_of, error.
    """
    try:
        bundle = open_bundle(data_folder, municipality_code)
        bundle.check()
    except MeetingPlacesError as error:
        return {"municipality_code": municipality_code, "municipality_name": None, "error": str(error)}
    manifest = bundle.manifest
    return {
        "municipality_code": municipality_code,
        "municipality_name": manifest.municipality_name,
        "places": manifest.counts["places"],
        "neighbourhoods": manifest.counts["neighbourhoods"],
        "built_at": manifest.built_at.isoformat(),
        "data_as_of": data_as_of(manifest, "osm"),
        "error": None,
    }


def data_as_of(manifest: Manifest, source_id: str) -> str | None:
    """What the data of one source describes, as a date or year; `None` when the source did not say."""
    for source in manifest.sources:
        if source.source_id == source_id and source.data_as_of:
            return source.data_as_of[:10]
    return None


def area_report(bundle: Bundle, neighbourhood_code: str | None) -> dict[str, Any]:
    """The counts of the municipality or of one neighbourhood.

    Keys: municipality_code, municipality_name, neighbourhood_code, neighbourhood_name, boundary_year, residents,
    extent_share, places, core, per_1000_residents, by_setting, by_category, restricted, amenities, living_street_m,
    data_as_of. What is not known is `None`; a kind that is not mentioned has no known place.

    Raises
    ------
    UnknownNeighbourhoodError
        The bundle has no neighbourhood with this code.
    """
    neighbourhoods, manifest = bundle.neighbourhoods(), bundle.manifest
    counted = supply_of(bundle.supply(), neighbourhood_code or manifest.municipality_code)
    area = _area(neighbourhoods, manifest, neighbourhood_code)
    return {
        "municipality_code": manifest.municipality_code,
        "municipality_name": manifest.municipality_name,
        **area,
        "boundary_year": manifest.boundary_year,
        **_counts(counted, area["residents"]),
        "data_as_of": {source.source_id: source.data_as_of for source in manifest.sources},
    }


def _counts(counted: AreaSupply, residents: int | None) -> dict[str, Any]:
    def rate(count: int) -> float | None:
        value = per_1000(count, residents)
        return None if value is None else round(value, 2)

    return {
        "places": counted.places_count,
        "core": counted.core_count,
        "per_1000_residents": {
            "places": rate(counted.places_count),
            "core": rate(counted.core_count),
            **{setting: rate(count) for setting, count in counted.by_setting.items()},
        },
        "by_setting": dict(counted.by_setting),
        "by_category": dict(counted.by_category),
        "restricted": dict(counted.restricted),
        "amenities": dict(counted.amenities),
        "living_street_m": counted.living_street_m,
    }


def _area(neighbourhoods: gpd.GeoDataFrame, manifest: Manifest, code: str | None) -> dict[str, Any]:
    if code is None:
        known = neighbourhoods["residents_count"]
        return {
            "neighbourhood_code": None,
            "neighbourhood_name": None,
            "residents": None if known.isna().any() else int(known.sum()),
            "extent_share": manifest.extent.covers_municipality_share,
        }
    found = neighbourhoods[neighbourhoods["neighbourhood_code"] == code]
    if found.empty and code != OUTSIDE:
        raise UnknownNeighbourhoodError(code, manifest.municipality_code)
    row = found.iloc[0] if len(found) else None
    return {
        "neighbourhood_code": code,
        "neighbourhood_name": None if row is None else str(row["neighbourhood_name"]),
        "residents": None if row is None or pd.isna(row["residents_count"]) else int(row["residents_count"]),
        "extent_share": None if row is None else float(row["extent_share"]),
    }
