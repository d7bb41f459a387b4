"""Fetching what the datasets of the registry hold of a municipality; each is optional, none stops the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.model.municipal import MunicipalSource, Registry
from meetingplaces.model.provenance import Provenance, Snapshot
from meetingplaces.model.records import records_table
from meetingplaces.sources.http import Door
from meetingplaces.sources.municipal.connectors import fetch_source, read_source
from meetingplaces.sources.municipal.exchange import Bounds
from meetingplaces.sources.municipal.records import Records
from meetingplaces.sources.snapshots import stored


@dataclass
class GatheredRecords:
    """Records of all datasets that could be read, where they come from, what was lost, and what failed."""

    tables: list[gpd.GeoDataFrame] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)
    failures: list[MeetingPlacesError] = field(default_factory=list)
    tried: dict[str, MeetingPlacesError | None] = field(default_factory=dict)
    """The datasets that were asked, with the error of each that failed."""
    dropped: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)

    @property
    def table(self) -> gpd.GeoDataFrame:
        """All records together, following `record_schema`."""
        return pd.concat(self.tables, ignore_index=True) if self.tables else records_table([])


def gather_records(
    municipality_code: str, bounds: Bounds, into: Path, door: Door, registry: Registry, *, renew: bool
) -> GatheredRecords:
    """The records that the datasets of a municipality hold, one dataset after the other.

    Parameters
    ----------
    bounds
        West, south, east, north in EPSG:4326; datasets of the whole country are asked for what lies there.
    into
        Folder of what was fetched. What is kept there is used when `renew` is off, and when a service fails.
    """
    found = GatheredRecords()
    for source in registry.places_of(municipality_code):
        _gather(found, source, bounds, into / municipality_code, door, renew=renew)
    return found


def _gather(
    found: GatheredRecords, source: MunicipalSource, bounds: Bounds, into: Path, door: Door, *, renew: bool
) -> None:
    kept = stored(into / f"{source.source_id}.zip")
    try:
        if kept and not renew:
            snapshot, records = _read(kept, source)
        else:
            snapshot, records = _fresh(source, bounds, into, door)
            found.tried[source.source_id] = None
    except MeetingPlacesError as error:
        found.failures.append(error)
        found.tried[source.source_id] = error
        if kept is None or not renew:
            return
        snapshot, records = _read(kept, source)
    found.tables.append(records.table)
    found.provenance.append(_provenance(source, snapshot, records))
    found.dropped += records.dropped
    found.repairs += records.repairs


def _read(snapshot: Snapshot, source: MunicipalSource) -> tuple[Snapshot, Records]:
    return snapshot, read_source(snapshot, source)


def _fresh(source: MunicipalSource, bounds: Bounds, into: Path, door: Door) -> tuple[Snapshot, Records]:
    """A new answer. It takes the place of the kept one only when it can be read: empty answers look sound at first."""
    snapshot, records = _read(fetch_source(source, bounds, into / "fresh", door), source)
    for path in sorted(snapshot.path.parent.glob(f"{snapshot.path.name}*"), reverse=True):
        path.replace(into / path.name)
    return stored(into / snapshot.path.name) or snapshot, records


def _provenance(source: MunicipalSource, snapshot: Snapshot, records: Records) -> Provenance:
    dates = records.table["data_as_of"].dropna()
    return Provenance(
        **source.origin.model_dump(),
        file=snapshot.path.name,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        retrieved_at=snapshot.retrieved_at.replace(microsecond=0),
        data_as_of=snapshot.data_as_of or (str(dates.max()) if len(dates) else None),
        notes=records.notes,
        url=snapshot.url,
    )
