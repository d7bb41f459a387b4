"""The table on screen as a GeoPackage with one layer, in RD New.

One layer and no table beside it, because QGIS asks which layers to open when there is a choice. Labels and meanings of
the columns stand where QGIS shows them as aliases and comments (the Schema extension, OGC 12-128r19, F.9); what was
chosen, sources and limits are metadata of the layer.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from meetingplaces.export.about import about_rows, credit, definition_rows, source_head, source_rows
from meetingplaces.export.clean import clean
from meetingplaces.export.screen import Kind, Screen, Value
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import ScreenError

_TYPES: dict[Kind, pa.DataType] = {"text": pa.string(), "yes_no": pa.bool_(), "date": pa.date32(), "whole": pa.int64()}
"""All other kinds are numbers with decimals."""
_SCHEMA_EXTENSION = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
   'read-write');
"""


def screen_geopackage(screen: Screen) -> bytes:
    """A GeoPackage with the layer `screen.name` in EPSG:28992; unknown is NULL, rows without geometry are kept.

    Raises
    ------
    ScreenError
        Nothing on screen has a geometry.
    """
    if screen.geometry is None:
        raise ScreenError("geometry", "one per row", "none")
    table, kind = _layer(screen, screen.geometry)
    with TemporaryDirectory(prefix="meetingplaces-") as folder:
        path = Path(folder) / f"{screen.name}.gpkg"
        # Version 1.2 is read by every QGIS of the last years without a warning.
        table.to_file(
            path, layer=screen.name, driver="GPKG", engine="pyogrio", use_arrow=True, geometry_type=kind,
            layer_metadata=_metadata(screen), VERSION="1.2", IDENTIFIER=clean(screen.title),
            DESCRIPTION=credit(screen.sources),
        )  # fmt: skip
        _describe_columns(path, screen)
        return path.read_bytes()


def _layer(screen: Screen, geometry: gpd.GeoSeries) -> tuple[gpd.GeoDataFrame, str]:
    """The table with Arrow types, and its one type of geometry: `Point`, or `MultiLineString` and the like."""
    shapes = shapely.force_2d(geometry.to_numpy())
    names = {shape.geom_type.removeprefix("Multi") for shape in shapes if shape is not None}
    name = next(iter(names), "Point").replace("LinearRing", "LineString")
    present = shapes != np.array(None)
    if name != "Point" or any(shapely.get_num_geometries(shapes[present]) > 1):
        name = f"Multi{name}"
        make = {"MultiPoint": shapely.multipoints, "MultiLineString": shapely.multilinestrings,
                "MultiPolygon": shapely.multipolygons}[name]  # fmt: skip
        shapes[present] = [make(shapely.get_parts(shape)) for shape in shapes[present]]
    columns = {column.key: _arrow(screen.values(column.key), column.kind) for column in screen.columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=RD_NEW)), name


def _arrow(values: list[Value], kind: Kind) -> pd.Series[Any]:
    return pd.Series(values, dtype=pd.ArrowDtype(_TYPES.get(kind, pa.float64())))


def _metadata(screen: Screen) -> dict[str, str]:
    words = screen.words
    told: dict[str, str] = {}
    for label, value in (*about_rows(screen), *((words.limits, clean(limit)) for limit in screen.limits)):
        told[label] = f"{told[label]}\n{value}" if label in told else value
    for number, source in enumerate(source_rows(screen), start=1):
        told[f"{words.source} {number}"] = "; ".join(
            f"{label}: {value}" for label, value in zip(source_head(screen), source, strict=True)
        )
    return told


def _describe_columns(path: Path, screen: Screen) -> None:
    """Write labels and meanings, and the moment of the view as that of the last change."""
    rows = [(screen.name, key, label, label, meaning) for label, key, meaning in definition_rows(screen)]
    made_at = f"{screen.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_SCHEMA_EXTENSION)
        database.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        database.execute("UPDATE gpkg_contents SET last_change = ?", (made_at,))
        database.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (made_at,))
