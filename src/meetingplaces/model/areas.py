"""The neighbourhood table: one row per neighbourhood (buurt) with its outline and the figures we use."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import CrsError, SchemaError

if TYPE_CHECKING:
    import pandera.pandas as pa
    from pandera.errors import SchemaError as PanderaError

# Letters occur in real codes: BU0363AF08 and WK0363AF in Amsterdam.
NEIGHBOURHOOD_CODE = r"BU[0-9]{4}[0-9A-Z]{4}"
DISTRICT_CODE = r"WK[0-9]{4}[0-9A-Z]{2}"
MUNICIPALITY_CODE = r"GM[0-9]{4}"

# What a reader of an error is told was expected; the order is the order of the columns.
_EXPECTED = {
    "neighbourhood_code": "BU, four digits and four digits or capitals, each code once",
    "neighbourhood_name": "text",
    "district_code": "WK, four digits and two digits or capitals, or nothing",
    "district_name": "text or nothing",
    "municipality_code": "GM and four digits",
    "municipality_name": "text",
    "boundary_year": "a year (Int64) or nothing",
    "residents_count": "a whole number (Int64), 0 or more, or nothing",
    "households_count": "a whole number (Int64), 0 or more, or nothing",
    "residents_0_14_share": "a share (Float64) in [0, 1] or nothing",
    "residents_15_24_share": "a share (Float64) in [0, 1] or nothing",
    "residents_65_plus_share": "a share (Float64) in [0, 1] or nothing",
    "one_person_households_share": "a share (Float64) in [0, 1] or nothing",
    "land_area_m2": "square metres (Float64), 0 or more, or nothing",
    "outline_accuracy_m": "metres (Float64), 0 or more, or nothing",
    "geometry": "a valid polygon or multipolygon in two dimensions",
}

NEIGHBOURHOOD_COLUMNS = tuple(_EXPECTED)


def check_neighbourhoods(table: gpd.GeoDataFrame, file: str) -> gpd.GeoDataFrame:
    """The same table, in RD New or WGS84, found to be as `neighbourhood_schema` says; further columns may be present.

    Parameters
    ----------
    table
        One row per neighbourhood, in EPSG:28992 or EPSG:4326.
    file
        Where the table comes from, to be named in an error.

    Raises
    ------
    SchemaError
        A column is absent or a value is not allowed; the first one found is named, with its row.
    CrsError
        The outlines are in another reference system, or in none.
    """
    # pandera costs a quarter of a second to import; whoever only reads a bundle should not wait for it.
    from pandera.errors import SchemaError as PanderaError  # noqa: PLC0415

    try:
        neighbourhood_schema().validate(table)
    except PanderaError as error:
        _raise_ours(error, table, file)
    if table.crs is None or table.crs.to_string() not in (RD_NEW, WGS84):
        found = "none" if table.crs is None else table.crs.to_string()
        raise CrsError(file, "reference system of the neighbourhoods", f"{RD_NEW} or {WGS84}", found)
    return table


@cache
def neighbourhood_schema() -> pa.DataFrameSchema:
    """The columns of the neighbourhood table with their types and bounds; unknown figures are NA, never 0."""
    import pandera.pandas as pa  # noqa: PLC0415  see check_neighbourhoods

    at_least_0, share = pa.Check.ge(0), pa.Check.in_range(0, 1)
    columns = {
        "neighbourhood_code": pa.Column(str, _shaped(NEIGHBOURHOOD_CODE), unique=True),
        "neighbourhood_name": pa.Column(str),
        "district_code": pa.Column(str, _shaped(DISTRICT_CODE), nullable=True),
        "district_name": pa.Column(str, nullable=True),
        "municipality_code": pa.Column(str, _shaped(MUNICIPALITY_CODE)),
        "municipality_name": pa.Column(str),
        "boundary_year": pa.Column("Int64", pa.Check.in_range(1900, 2199), nullable=True),
        "residents_count": pa.Column("Int64", at_least_0, nullable=True),
        "households_count": pa.Column("Int64", at_least_0, nullable=True),
        "residents_0_14_share": pa.Column("Float64", share, nullable=True),
        "residents_15_24_share": pa.Column("Float64", share, nullable=True),
        "residents_65_plus_share": pa.Column("Float64", share, nullable=True),
        "one_person_households_share": pa.Column("Float64", share, nullable=True),
        "land_area_m2": pa.Column("Float64", at_least_0, nullable=True),
        "outline_accuracy_m": pa.Column("Float64", at_least_0, nullable=True),
        "geometry": pa.Column(checks=pa.Check(_sound_outlines)),
    }
    return pa.DataFrameSchema(columns)


def _shaped(pattern: str) -> pa.Check:
    import pandera.pandas as pa  # noqa: PLC0415  see check_neighbourhoods

    return pa.Check.str_matches(f"^{pattern}$")


def _sound_outlines(outlines: gpd.GeoSeries) -> pd.Series[bool]:
    shapes = outlines.to_numpy()
    polygonal = pd.Series(shapely.get_type_id(shapes), outlines.index).isin([3, 6])
    return polygonal & shapely.is_valid(shapes) & ~shapely.is_empty(shapes) & ~shapely.has_z(shapes)


def _raise_ours(error: PanderaError, table: gpd.GeoDataFrame, file: str) -> NoReturn:
    cases: Any = error.failure_cases
    rowwise = isinstance(cases, pd.DataFrame) and cases["index"].notna().all()
    column = getattr(error.schema, "name", None)
    if column is None:  # only an absent column is reported by pandera without the column it belongs to
        raise SchemaError(file, f"column {cases}", "this column", ", ".join(map(str, table.columns))) from error
    if not rowwise:
        raise SchemaError(file, f"column {column}", _EXPECTED[column], str(table[column].dtype)) from error
    row, found = cases.iloc[0]["index"], cases.iloc[0]["failure_case"]
    raise SchemaError(file, f"column {column}, {_row(table, row)}", _EXPECTED[column], str(found)[:100]) from error


def _row(table: gpd.GeoDataFrame, row: Any) -> str:
    code = table["neighbourhood_code"].get(row)
    return f"row {row}" if not isinstance(code, str) else f"row {row} ({code})"
