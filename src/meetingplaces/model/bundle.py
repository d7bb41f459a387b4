"""The manifest of a bundle: what it holds, from where, when, under which licence, and what was left out and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from meetingplaces.model.provenance import Provenance

MunicipalityCode = Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]

Table = Literal[
    "places", "neighbourhoods", "supply", "homes", "entrances", "reach", "nodes", "edges", "segments", "barriers",
    "stops", "figures", "records", "origins", "pairs",
]  # fmt: skip
WALKING_TABLES: frozenset[Table] = frozenset({"homes", "entrances", "reach", "nodes", "edges", "segments", "barriers"})
"""All of these or none: a quick start has a map but knows of no homes and no streets to walk."""
OPTIONAL_TABLES: frozenset[Table] = frozenset({"figures", "stops"})
"""A bundle may lack each of these."""
MUNICIPAL_TABLES: frozenset[Table] = frozenset({"records", "origins", "pairs"})
"""All of these or none: most bundles are of OpenStreetMap alone."""
Drawing = Literal["background", "outlines", "shapes"]
COUNTS = (
    "places", "core", "restricted", "amenities", "outside", "neighbourhoods", "neighbourhoods_partly_outside_extent",
    "neighbourhoods_outside_extent",
)  # fmt: skip
"""What a manifest counts. Inside the municipality: `places` and, of these, `core`, both without a threshold;
`restricted`, with one; and `amenities`. Just outside: `outside`, all rows."""
WALKING_COUNTS = (
    "homes", "homes_without_figures", "homes_not_joined", "neighbourhoods_without_homes", "residents_without_homes",
    "residents_not_placed", "streets_walked_ways", "streets_not_walked_ways", "streets_shut_gates",
    "streets_components", "streets_metres", "streets_metres_disconnected", "places_at_doors", "places_at_gates",
    "places_at_nearest", "places_at_nearest_though_fenced", "places_not_joined",
)  # fmt: skip
"""What is counted besides where there are `WALKING_TABLES`; see `pipeline.walking`."""
MUNICIPAL_COUNTS = (
    "municipal_records", "municipal_merged", "municipal_added", "municipal_doubtful", "municipal_conflicts",
)  # fmt: skip
"""What is counted besides where there are `MUNICIPAL_TABLES`; see `pipeline.conflate`."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredFile(_Strict):
    """A file of the bundle. Its name carries the start of its checksum, so a name never changes content."""

    name: str = Field(pattern=r"^(drawings/)?[a-z0-9-]+\.(parquet|json|md)$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(ge=0)


class DataExtent(_Strict):
    """Where the places' source holds data at all. Outside it, "no place known" says nothing."""

    bounds: tuple[float, float, float, float]
    """West, south, east, north in EPSG:4326."""
    covers_municipality_share: float = Field(ge=0, le=1)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a position (EPSG:4326) lies in it, its edge included."""
        west, south, east, north = self.bounds
        return west <= longitude <= east and south <= latitude <= north


class Manifest(_Strict):
    """`bundle.json`. It is written last and in one step: the files it names are the bundle."""

    schema_version: Literal[1] = 1
    municipality_code: MunicipalityCode
    municipality_name: str
    boundary_year: int | None
    built_at: datetime
    built_with: str
    extent: DataExtent
    outlines_approximate: bool
    outline_accuracy_m: float | None
    sources: tuple[Provenance, ...]
    counts: dict[str, int]
    dropped: dict[str, int]
    repairs: dict[str, int]
    notes: tuple[str, ...]
    tables: dict[Table, StoredFile]
    drawings: dict[Drawing, StoredFile]
    attribution: StoredFile

    @model_validator(mode="after")
    def _nothing_missing(self) -> Manifest:
        tables = set(get_args(Table)) - OPTIONAL_TABLES
        tables -= set() if self.has_walking else WALKING_TABLES
        tables -= set() if self.has_municipal else MUNICIPAL_TABLES
        counts = {*COUNTS, *(WALKING_COUNTS if self.has_walking else ())}
        counts |= {*(MUNICIPAL_COUNTS if self.has_municipal else ())}
        for held, wanted in ((self.tables, tables), (self.drawings, get_args(Drawing)), (self.counts, counts)):
            missing = set(wanted) - set(held)
            if missing:
                raise ValueError(f"misses {', '.join(sorted(missing))}")
        return self

    @property
    def has_walking(self) -> bool:
        """Whether homes, streets and distances are known; without them only the map can be shown."""
        return not WALKING_TABLES.isdisjoint(self.tables)

    @property
    def has_municipal(self) -> bool:
        """Whether it holds records of a municipality."""
        return not MUNICIPAL_TABLES.isdisjoint(self.tables)

    @property
    def version(self) -> str:
        """A short mark that changes whenever the content does; part of every cache key and address."""
        stored = [*self.tables.values(), *self.drawings.values(), self.attribution]
        return "-".join(sorted(file.sha256[:6] for file in stored))

    def stored_files(self) -> list[StoredFile]:
        """Every file of the bundle but the manifest itself."""
        return [*self.tables.values(), *self.drawings.values(), self.attribution]
