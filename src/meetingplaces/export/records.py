"""Places as plain records, the same for every format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd

from meetingplaces.model.bundle import Manifest
from meetingplaces.model.places import LIST_COLUMNS

_OSM_TYPES = {"n": "node", "w": "way", "r": "relation"}
FIELDS = (
    "place_id", "name", "category", "setting", "weight", "access", "fee", "wheelchair", "opening_hours",
    "neighbourhood_codes", "sources", "data_as_of", "attribution", "address", "near_street", "website", "phone",
    "audience", "dogs", "inferred", "provides", "amenity_ids", "records", "area_m2", "longitude", "latitude",
    "last_edit_on", "checked_on",
)  # fmt: skip


def osm_url(record: str) -> str | None:
    """The page of an OpenStreetMap record such as `osm/w45`; `None` for a group of ours such as `osm/gn12`."""
    source, _, identity = record.partition("/")
    kind = _OSM_TYPES.get(identity[:1])
    if source != "osm" or kind is None or not identity[1:].isdigit():
        return None
    return f"https://www.openstreetmap.org/{kind}/{identity[1:]}"


def place_records(places: gpd.GeoDataFrame, manifest: Manifest) -> Iterator[dict[str, Any]]:
    """One record per place with `FIELDS` as keys; what is not known is `None`, never 0, false or closed."""
    origin = {source.source_id: source for source in manifest.sources}
    for row in places.to_dict("records"):
        sources = list(dict.fromkeys(record.partition("/")[0] for record in row["records"]))
        row |= {
            "sources": sources,
            "data_as_of": origin[sources[0]].data_as_of,
            "attribution": "; ".join(f"{origin[one].attribution}, {origin[one].licence}" for one in sources),
        }
        yield {name: _plain(name, row[name]) for name in FIELDS}


def _plain(name: str, value: Any) -> Any:
    if name in LIST_COLUMNS or isinstance(value, list):
        return list(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return round(float(value), 6) if isinstance(value, float) else value
