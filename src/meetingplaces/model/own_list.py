"""A list of places that someone of the municipality gave us, accepted as a source like any other."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from meetingplaces.model.provenance import Provenance

OWN_LIST_ID = r"own_[a-z0-9_]+"
"""What the `source_id` of an own list looks like; no dataset of the registry does."""


@dataclass(frozen=True)
class OwnList:
    """Where the list comes from, and its records (`record_schema`, RD New), all with a position."""

    provenance: Provenance
    records: gpd.GeoDataFrame
