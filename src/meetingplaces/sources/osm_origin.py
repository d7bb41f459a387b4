"""Who makes OpenStreetMap, and on what terms."""

from __future__ import annotations

from meetingplaces.model.provenance import Origin

OSM = Origin(
    source_id="osm",
    title="OpenStreetMap",
    publisher="OpenStreetMap contributors",
    licence="ODbL 1.0",
    licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
    attribution="© OpenStreetMap contributors",
)
