"""The table of municipal records: what an official source says of a place, before it is joined with anything else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import CrsError, SchemaError

if TYPE_CHECKING:
    import pandera.pandas as pa

SOURCE_ID = r"[a-z][a-z0-9_]*"
RECORD_ID = rf"{SOURCE_ID}/[a-z0-9-]+"

RECORD_TEXT = ("name", "address", "opening_hours", "website", "phone", "email")
RECORD_COLUMNS = ("record_id", "source_id", "kind", *RECORD_TEXT, "data_as_of", "said", "geometry")


@cache
def record_schema() -> pa.DataFrameSchema:
    """The schema of the record table, EPSG:28992.

    Columns
    -------
    record_id
        `source_id/own-id`, unique, see `record_id_of`; a hash of the content where the source has no identifier.
    source_id
        Key in `sources.yaml`, or of an own list.
    kind
        Key of `categories.yaml`.
    name, address, opening_hours, website, phone, email
        As the source writes them, missing (NaN) when it does not; hostile text. Those of the organisation, never of a
        person.
    data_as_of
        ISO 8601: of the record where the source says so, else of the whole answer; missing when unknown.
    said
        The source's own words that decided the kind, by field.
    geometry
        Point, line or polygon; missing when the source gives no coordinates, then there may be an address.
    """
    import pandera.pandas as pa  # noqa: PLC0415  (0.8 s to import, and most commands do not need it)

    return pa.DataFrameSchema(
        {
            "record_id": pa.Column(str, pa.Check.str_matches(rf"^{RECORD_ID}$"), unique=True),
            "source_id": pa.Column(str, pa.Check.str_matches(rf"^{SOURCE_ID}$")),
            "kind": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z_]*$")),
            **{name: pa.Column(str, nullable=True) for name in RECORD_TEXT},
            "data_as_of": pa.Column(str, nullable=True),
            "said": pa.Column(object, pa.Check(_words, element_wise=True)),
            "geometry": pa.Column("geometry", nullable=True),
        },
        strict=True,
        unique_column_names=True,
    )


def check_records(table: gpd.GeoDataFrame, file: str) -> gpd.GeoDataFrame:
    """The same table, proven to follow `record_schema`.

    Raises
    ------
    SchemaError
        Names `file`, the column and row, what was expected and what was found.
    CrsError
        The table is not in EPSG:28992.
    """
    import pandera.errors  # noqa: PLC0415

    if table.crs is None or table.crs.to_string() != RD_NEW:
        raise CrsError(file, "reference system of the records", RD_NEW, str(table.crs))
    try:
        record_schema().validate(table, lazy=True)
    except pandera.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        where = f"column {first['column']}, row {first['index']}"
        raise SchemaError(file, where, str(first["check"]), repr(first["failure_case"])[:120]) from error
    return table


def records_table(rows: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """A table of records of these rows, RD New; what a row lacks is missing, empty texts too."""
    columns: dict[str, Any] = {}
    for name in RECORD_COLUMNS[:-2]:
        texts = [(row.get(name) or "").strip() or None for row in rows]
        columns[name] = pd.Series(texts, dtype="str")
    columns["said"] = pd.Series([row.get("said", {}) for row in rows], dtype=object)
    shapes = np.array([None, *(row.get("geometry") for row in rows)], dtype=object)[1:]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=RD_NEW), crs=RD_NEW)


def record_id_of(source_id: str, identity: str) -> str:
    """A `record_id` for what the source itself calls `identity`, the same every time.

    What cannot stand in an identifier is replaced, and then a checksum keeps apart what would become the same.
    """
    slug = re.sub("[^a-z0-9]+", "-", identity.lower()).strip("-")[:80]
    if slug != identity:
        slug = f"{slug}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}".strip("-")
    return f"{source_id}/{slug}"


def _words(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(word, str) for pair in value.items() for word in pair)
