"""Holding a table against its schema, such that a mistake names the file, the row and the column."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import pandas as pd

from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import SchemaError

if TYPE_CHECKING:
    import pandera.pandas as pa

AnyTable = TypeVar("AnyTable", bound=pd.DataFrame)


def held_against(schema: pa.DataFrameSchema, table: AnyTable, file: str, columns: str) -> AnyTable:
    """The same table, proven to follow `schema`, and to be in EPSG:28992 when it has shapes.

    Parameters
    ----------
    file
        Where the table comes from, to be named in an error.
    columns
        What to call the columns that were expected, when one is missing or too many.

    Raises
    ------
    SchemaError
        Names `file`, the row and column, what was expected and what was found.
    """
    import pandera.errors  # noqa: PLC0415

    if isinstance(table, gpd.GeoDataFrame) and (table.crs is None or f"EPSG:{table.crs.to_epsg()}" != RD_NEW):
        raise SchemaError(file, "column geometry", RD_NEW, str(table.crs))
    try:
        schema.validate(table)
    except pandera.errors.SchemaError as error:
        raise SchemaError(file, *_facts(error, columns)) from error
    except pandera.errors.SchemaErrors as error:  # how pandera tells of columns that should not be there
        raise SchemaError(file, *_facts(error.schema_errors[0], columns)) from error
    return table


def _facts(error: Exception, columns: str) -> tuple[str, str, str]:
    cases = getattr(error, "failure_cases", None)
    if cases is None or getattr(cases, "empty", True) or not hasattr(cases, "iloc"):
        return "columns", columns, str(error)[:200]
    first = cases.iloc[0]
    column = getattr(getattr(error, "schema", None), "name", None)
    row = first.get("index")
    row = int(row) if isinstance(row, float) and row == row else row  # noqa: PLR0124  (NaN)
    return f"row {row}, column {column}", str(getattr(error, "check", "")), repr(first["failure_case"])[:120]
