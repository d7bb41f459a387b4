"""Places in formats that other programs open: complete, harmless, and honest about what is unknown."""

import csv
import io
import json
from itertools import pairwise

import geopandas as gpd
import pytest
from samples import EAST, WEST

from meetingplaces.export.csv import write_csv
from meetingplaces.export.geojson import write_geojson
from meetingplaces.export.records import FIELDS, osm_url

# What issue 2 asks for at the least.
REQUIRED = {
    "place_id", "name", "category", "setting", "weight", "access", "fee", "wheelchair", "opening_hours",
    "neighbourhood_codes", "sources", "data_as_of",
}  # fmt: skip


def written(write, bundle, places=None) -> str:
    stream = io.StringIO(newline="")
    write(bundle.places() if places is None else places, bundle.manifest, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def geojson(built_bundle) -> dict:
    return json.loads(written(write_geojson, built_bundle))


@pytest.fixture(scope="module")
def rows(built_bundle) -> dict[str, dict[str, str]]:
    text = written(write_csv, built_bundle).removeprefix("\ufeff")
    return {row["place_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def properties(geojson: dict, place_id: str) -> dict:
    return next(one["properties"] for one in geojson["features"] if one["id"] == place_id)


# --- both -------------------------------------------------------------------------------------------------------------


def test_the_properties_that_the_issue_lists_are_all_there(geojson, rows):
    assert set(FIELDS) >= REQUIRED
    assert all(set(one["properties"]) == set(FIELDS) for one in geojson["features"])
    assert all(set(row) == set(FIELDS) for row in rows.values())


def test_every_place_is_in_both_files(built_bundle, geojson, rows):
    ids = built_bundle.places()["place_id"].tolist()
    assert [one["id"] for one in geojson["features"]] == ids
    assert list(rows) == ids


def test_what_is_not_known_is_null_or_empty_and_never_no_or_closed(geojson, rows):
    cafe = properties(geojson, "osm/n13")
    for name in ("opening_hours", "address", "website", "phone", "audience", "area_m2", "checked_on", "last_edit_on"):
        assert cafe[name] is None
        assert rows["osm/n13"][name] == ""
    assert (cafe["wheelchair"], cafe["fee"]) == ("unknown", "unknown")
    assert (cafe["provides"], cafe["amenity_ids"]) == (["coffee"], [])  # by its kind; nothing stands beside it
    assert cafe["data_as_of"] is None  # the made-up extract does not say of when it is


def test_a_place_on_the_border_names_both_neighbourhoods(geojson, rows):
    assert properties(geojson, "osm/w30")["neighbourhood_codes"] == [WEST, EAST]
    assert rows["osm/w30"]["neighbourhood_codes"] == f"{WEST};{EAST}"
    assert properties(geojson, "osm/n17")["neighbourhood_codes"] == []
    assert rows["osm/n17"]["neighbourhood_codes"] == ""


def test_sources_and_records_say_where_a_place_comes_from(geojson):
    square = properties(geojson, "osm/w50")
    assert square["sources"] == ["osm"]
    assert square["records"] == ["osm/w50", "osm/w51"]


# --- GeoJSON ----------------------------------------------------------------------------------------------------------


def test_geojson_opens_in_geopandas_with_the_same_places(built_bundle, tmp_path):
    path = tmp_path / "places.geojson"
    path.write_text(written(write_geojson, built_bundle), encoding="utf-8")
    opened, places = gpd.read_file(path), built_bundle.places()
    assert opened.crs.to_epsg() == 4326
    assert opened["place_id"].tolist() == places["place_id"].tolist()
    assert opened.geometry.geom_type.tolist() == places.geometry.geom_type.tolist()
    assert opened.to_crs(places.crs).distance(places, align=False).max() < 0.2


def test_geojson_follows_rfc_7946(geojson):
    assert geojson["type"] == "FeatureCollection"
    assert "crs" not in geojson
    ring = next(one["geometry"]["coordinates"][0] for one in geojson["features"] if one["id"] == "osm/w30")
    doubled_area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    assert doubled_area > 0, "the outer ring turns anticlockwise"
    assert ring[0] == ring[-1]


def test_geojson_carries_the_attribution_its_licences_ask_for(geojson):
    assert geojson["attribution"] == ["© OpenStreetMap contributors", "Bron: CBS, Kadaster"]
    assert geojson["licence"] == ["ODbL 1.0", "CC BY 4.0"]


def test_a_name_with_markup_stays_the_name_it_is(geojson, rows):
    name = "Buurthuis <b>De Spil</b> & Co"
    assert properties(geojson, "osm/n11")["name"] == name
    assert rows["osm/n11"]["name"] == name


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_a_name_that_is_a_formula_is_text_in_a_spreadsheet_and_itself_in_geojson(geojson, rows):
    formula = '=HYPERLINK("http://example.org")'
    assert rows["osm/n12"]["name"] == f"'{formula}"
    assert properties(geojson, "osm/n12")["name"] == formula


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_whatever_starts_a_formula_is_neutralised(built_bundle, start):
    places = built_bundle.places().iloc[:1].assign(name=f"{start}1+1", phone=f"{start}31")
    row = next(csv.DictReader(io.StringIO(written(write_csv, built_bundle, places).removeprefix("\ufeff"), newline="")))
    assert row["name"] == f"'{start}1+1"
    assert row["phone"] == f"'{start}31"


def test_csv_says_it_is_utf_8_and_survives_quotes_commas_and_line_breaks(built_bundle):
    name = 'Café "De Spil", Kampen\nachterom; links'
    places = built_bundle.places().iloc[:1].assign(name=name)
    text = written(write_csv, built_bundle, places)
    assert text.startswith("\ufeffplace_id,name,")
    assert next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))["name"] == name


def test_numbers_in_csv_are_numbers(rows):
    assert float(rows["osm/n13"]["longitude"]) == pytest.approx(5.894, abs=1e-5)
    assert float(rows["osm/w30"]["area_m2"]) == pytest.approx(22_667, abs=1)


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "url"),
    [
        ("osm/n12", "https://www.openstreetmap.org/node/12"),
        ("osm/w4", "https://www.openstreetmap.org/way/4"),
        ("osm/r6", "https://www.openstreetmap.org/relation/6"),
        ("osm/gn12", None),
        ("rotterdam/n12", None),
        ("osm/nx", None),
        ("", None),
    ],
)
def test_only_records_of_openstreetmap_have_a_page_there(record, url):
    assert osm_url(record) == url
