"""The table of municipal records: what an official source says of a place, before it is joined with anything else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import geopandas as gpd

from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import CrsError, SchemaError

if TYPE_CHECKING:
    import pandera.pandas as pa

RECORD_TEXT = ("name", "address", "opening_hours", "website", "phone")
RECORD_COLUMNS = ("record_id", "source_id", "kind", *RECORD_TEXT, "data_as_of", "said", "geometry")


@cache
def record_schema() -> pa.DataFrameSchema:
    """The schema of the record table, EPSG:28992.

    Columns
    -------
    record_id
        `source_id/own-id`, unique; a hash of the content where the source has no identifier of its own.
    source_id
        Key in `sources.yaml`, or of an own list.
    kind
        Key of `categories.yaml`.
    name, address, opening_hours, website, phone
        As the source writes them, missing (NaN) when it does not; hostile text.
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
            "record_id": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*/.+$"), unique=True),
            "source_id": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*$")),
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


def _words(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(word, str) for pair in value.items() for word in pair)
