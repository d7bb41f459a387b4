"""The neighbourhood table says which row and which column is not as it should be."""

import subprocess
import sys

import pytest
from cbs_samples import BOW_TIE, buurt, geopackage, read, table
from shapely.geometry import Point

from meetingplaces.model.areas import check_neighbourhoods
from meetingplaces.model.errors import CrsError, SchemaError


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("neighbourhood_code", "BU0166"),
        ("district_code", "016600"),
        ("residents_count", -1),
        ("residents_65_plus_share", 17.0),
        ("geometry", BOW_TIE),
        ("geometry", Point(190_000, 507_000)),
    ],
)
def test_the_schema_names_file_row_and_column_of_what_is_wrong(tmp_path, column, value):
    rows = read(geopackage(tmp_path, table(buurt(), buurt("BU01660001")))).neighbourhoods.copy()
    rows.loc[1, column] = value
    with pytest.raises(SchemaError) as error:
        check_neighbourhoods(rows, "areas.parquet")
    assert error.value.file == "areas.parquet"
    assert error.value.where.startswith(f"column {column}, row 1")


def test_the_schema_names_an_absent_column_and_a_wrong_type(tmp_path):
    rows = read(geopackage(tmp_path, table(buurt()))).neighbourhoods
    with pytest.raises(SchemaError, match="where=column land_area_m2"):
        check_neighbourhoods(rows.drop(columns="land_area_m2"), "areas.parquet")
    with pytest.raises(SchemaError, match=r"where=column residents_count.*found=float64"):
        check_neighbourhoods(rows.assign(residents_count=[1.5]), "areas.parquet")
    with pytest.raises(CrsError):
        check_neighbourhoods(rows.to_crs("EPSG:3857"), "areas.parquet")


def test_a_table_in_wgs84_with_further_columns_is_fine(tmp_path):
    rows = read(geopackage(tmp_path, table(buurt()))).neighbourhoods.to_crs("EPSG:4326").assign(reach=1)
    assert check_neighbourhoods(rows, "areas.parquet") is rows


def test_whoever_only_imports_the_schema_does_not_wait_for_pandera():
    code = "import sys, meetingplaces.model.areas; sys.exit('pandera' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
