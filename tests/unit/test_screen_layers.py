"""Tables on screen as GeoJSON and GeoPackage: opened again and compared with the screen."""

import json
import sqlite3
from datetime import date, datetime
from itertools import pairwise

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from screens import COLUMNS, SOURCES, hostile, kampen, village

from meetingplaces.export.files import table_file
from meetingplaces.export.screen import Screen
from meetingplaces.model.crs import RD_NEW

SCREENS = {"village": village, "hostile": hostile, "kampen": kampen}


@pytest.fixture(params=SCREENS)
def screen(request) -> Screen:
    return SCREENS[request.param]()


def collection(screen: Screen) -> dict:
    return json.loads(table_file(screen, "geojson"))


@pytest.fixture
def geopackage(screen, tmp_path):
    path = tmp_path / "screen.gpkg"
    path.write_bytes(table_file(screen, "gpkg"))
    return path


# --- GeoJSON ----------------------------------------------------------------------------------------------------------


def test_geojson_holds_the_values_of_the_screen(screen):
    features = collection(screen)["features"]
    keys = [column.key for column in screen.columns]
    for feature, values in zip(features, screen.rows(), strict=True):
        told = [value.isoformat() if isinstance(value, date) else value for value in values]
        assert feature["properties"] == dict(zip(keys, told, strict=True))


def test_geojson_tells_what_was_chosen_what_it_means_and_where_it_comes_from():
    told = collection(village())
    assert (told["name"], told["title"]) == ("dekking-dorp", "Dekking in het dorp")
    assert told["attribution"] == [source.attribution for source in SOURCES]
    assert told["licence"] == ["ODbL 1.0", "CC BY 4.0"]
    assert {"label": "Loopafstand", "value": "500 meter"} in told["about"]
    assert told["definitions"]["share"] == {"label": "Dekking", "meaning": COLUMNS[2].definition}
    assert told["limits"] == list(village().limits)
    assert "crs" not in told


def test_shapes_in_geojson_are_in_degrees_turn_as_rfc_7946_wants_and_may_be_absent():
    shapes = [feature["geometry"] for feature in collection(village())["features"]]
    assert shapes[3] is None
    outer, hole = shapes[0]["coordinates"]
    assert area(outer) > 0 > area(hole)
    back = gpd.GeoSeries([shapely.geometry.shape(shape) for shape in shapes[:3]], crs=4326).to_crs(RD_NEW)
    for one, other in zip(back, village().geometry, strict=False):
        assert one.hausdorff_distance(other) < 0.1


def area(ring: list) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


# --- GeoPackage -------------------------------------------------------------------------------------------------------


def test_a_geopackage_holds_the_values_of_the_screen(screen, geopackage):
    opened = pyogrio.read_dataframe(geopackage)
    assert opened.crs.to_string() == RD_NEW
    assert list(opened.columns) == [*(column.key for column in screen.columns), "geometry"]
    for column in screen.columns:
        for value, wanted in zip(opened[column.key], screen.values(column.key), strict=True):
            if wanted is None:
                assert pd.isna(value)
            else:
                assert (value.date() if isinstance(value, datetime) else value) == wanted
    for one, other in zip(opened.geometry, screen.geometry, strict=True):
        assert one is None if other is None else shapely.equals(one, other)


def test_qgis_has_nothing_to_ask_there_is_one_layer_of_one_type_in_a_known_system(geopackage, screen):
    assert pyogrio.list_layers(geopackage).tolist() == [[screen.name, "MultiPolygon"]]
    info = pyogrio.read_info(geopackage)
    assert (info["crs"], info["encoding"]) == (RD_NEW, "UTF-8")
    kinds = {"text": "OFTString", "whole": "OFTInteger64", "yes_no": "OFTInteger", "date": "OFTDate"}
    assert list(info["ogr_types"]) == [kinds.get(column.kind, "OFTReal") for column in screen.columns]


def test_a_geopackage_tells_what_was_chosen_what_it_means_and_where_it_comes_from(tmp_path):
    path = tmp_path / "village.gpkg"
    path.write_bytes(table_file(village(), "gpkg"))
    told = pyogrio.read_info(path)["layer_metadata"]
    assert told["DESCRIPTION"] == "© OpenStreetMap contributors, ODbL 1.0; Bron: CBS, Kadaster, CC BY 4.0"
    assert told["Loopafstand"] == "500 meter"
    assert told["Beperkingen"] == village().limits[0]
    assert "Peildatum: 30-01-2023" in told["Bron 1"]
    with sqlite3.connect(path) as database:
        columns = database.execute("SELECT column_name, title, description FROM gpkg_data_columns").fetchall()
        (changed,) = database.execute("SELECT last_change FROM gpkg_contents").fetchone()
        sound = database.execute("PRAGMA integrity_check").fetchone()
    assert columns == [(column.key, column.label, column.definition) for column in COLUMNS]
    assert changed == "2026-11-22T14:05:00.000Z"
    assert sound == ("ok",)


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([shapely.Point(1, 2), None], "Point"),
        ([shapely.Point(1, 2), shapely.MultiPoint([(1, 2), (3, 4)])], "MultiPoint"),
        ([shapely.LineString([(0, 0), (1, 1)]), None], "MultiLineString"),
        ([shapely.LineString([(0, 0, 5), (1, 1, 5)]), shapely.MultiLineString([[(0, 0), (1, 1)]])], "MultiLineString"),
        ([shapely.LinearRing([(0, 0), (1, 1), (1, 0)]), None], "MultiLineString"),
    ],
)
def test_points_and_lines_are_a_layer_of_one_type_too(tmp_path, shapes, kind):
    path, series = tmp_path / "two.gpkg", gpd.GeoSeries(shapes, crs=RD_NEW)
    path.write_bytes(table_file(village(table=village().table.iloc[:2], geometry=series), "gpkg"))
    assert pyogrio.list_layers(path).tolist() == [["dekking-dorp", kind]]
    for one, other in zip(pyogrio.read_dataframe(path).geometry, shapes, strict=True):
        assert one is None if other is None else one.equals(other)
        assert one is None or not one.has_z
