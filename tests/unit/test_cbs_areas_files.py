"""Files that are not what they should be give an error of ours with facts; and the real files read as they are."""

import gzip
import json
from pathlib import Path

import geopandas as gpd
import pytest
from cbs_samples import BESIDE, SQUARE, buurt, geojson, geopackage, only, read, table
from shapely.geometry import box

from meetingplaces.model.errors import (
    FormatError,
    InputError,
    MissingFileError,
    SchemaError,
    UnknownMunicipalityError,
)
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.cbs_areas import read_areas

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "boundaries"
real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the real CBS files are not beside the project (../shared)")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def halved(path: Path, target: str) -> Path:
    content = path.read_bytes()
    return written(path.with_name(target), content[: len(content) // 2])


def error_of(path: Path, kind: type[InputError], capfd: pytest.CaptureFixture[str]) -> InputError:
    """The error of reading `path`, which names the file, says all there is to say, and leaves the screen empty."""
    with pytest.raises(kind) as caught:
        read(path)
    assert caught.value.file == str(path)
    assert all(caught.value.facts().values())
    assert capfd.readouterr() == ("", "")
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("areas.gpkg", b"", "an empty file"),
        ("areas.gpkg", b"\x89PNG\r\n\x1a\n" + bytes(2000), "a PNG image"),
        ("areas.zip", b"PK\x03\x04" + bytes(2000), "a zip file"),
        ("areas.geojson", b"<html>504 Gateway Time-out</html>", "XML or HTML"),
        ("areas.geojson", b"[1, 2]", "bytes b'[1, 2]'"),
        ("areas.geojson", b'{"detail": "too slow", "status": 500}', "not recognized"),
        ("areas.geojson", b'{"type": "FeatureCollection", "features": []}', "no features"),
        ("areas.geojson", '{"type": "FeatureCollection", "features": []}'.encode("utf-16"), "bytes"),
        ("areas.gpkg", b"SQLite format 3\x00" + bytes(2000), "file is not a database"),
        ("areas.gpkg.gz", gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), "a gzip file inside a gzip file"),
        ("areas.gpkg.gz", gzip.compress(b"{}" * 5000, mtime=0)[:-20], "end-of-stream"),
        ("areas.gpkg.gz", b"\x1f\x8b" + bytes(100), "compression method"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_it_is(tmp_path, capfd, name, content, found):
    error = error_of(written(tmp_path / name, content), FormatError, capfd)
    assert found.casefold() in error.found.casefold()


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    snapshot = Snapshot.of_file(written(tmp_path / "gone.gpkg", b"x"))
    snapshot.path.unlink()
    with pytest.raises(MissingFileError) as error:
        read_areas(snapshot, "GM0166")
    assert error.value.file == str(snapshot.path)
    snapshot.path.mkdir()
    with pytest.raises(MissingFileError):
        read_areas(snapshot, "GM0166")


@pytest.mark.parametrize("write", [geopackage, geojson])
def test_a_file_that_breaks_off_is_refused(tmp_path, capfd, write):
    many = table(*(buurt(f"BU0166{number:04d}") for number in range(500)))
    whole = write(tmp_path, many)
    error_of(halved(whole, f"half{whole.suffix}"), FormatError, capfd)


def test_an_unpacked_copy_is_never_named_in_an_error(tmp_path, capfd):
    error = error_of(written(tmp_path / "areas.geojson.gz", gzip.compress(b'{"a": 1}')), FormatError, capfd)
    assert str(tmp_path / "areas.geojson.gz") in error.found


def test_a_layer_without_rows_is_refused(tmp_path, capfd):
    assert (
        error_of(geopackage(tmp_path, table(buurt()).iloc[:0]), FormatError, capfd).found == "no features with fields"
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"wijkcode": "WK016600", "wijknaam": "Kampen", "gemeentecode": "GM0166"}, "only wijken: layer_a"),
        ({"gemeentecode": "GM0166", "gemeentenaam": "Kampen"}, "only gemeenten: layer_a"),
    ],
)
def test_districts_or_municipalities_alone_are_not_enough(tmp_path, capfd, fields, found):
    path = geopackage(tmp_path, table(fields | {"geometry": SQUARE}), layer="layer_a")
    error = error_of(path, FormatError, capfd)
    assert (error.expected, error.found) == ("buurten (neighbourhoods)", found)


def test_two_layers_of_buurten_are_not_guessed_between(tmp_path, capfd):
    path = geopackage(tmp_path, table(buurt()), layer="buurten_2023")
    table(buurt()).to_file(path, layer="buurten_2024")
    assert error_of(path, FormatError, capfd).found == "buurten_2023, buurten_2024"


@pytest.mark.parametrize("column", ["buurtcode", "gemeentecode"])
def test_a_missing_code_column_is_named_with_the_columns_that_are_there(tmp_path, capfd, column):
    error = error_of(geopackage(tmp_path, table(buurt()).drop(columns=column)), SchemaError, capfd)
    assert column in error.expected
    assert "aantal_inwoners" in error.found


@pytest.mark.parametrize("code", ["BU016600", "01660000", "BU0166000!", None])
def test_a_code_of_the_wrong_shape_is_named_with_its_feature(tmp_path, capfd, code):
    rows = table(buurt(), buurt(outline=BESIDE) | {"buurtcode": code})
    error = error_of(geopackage(tmp_path, rows), SchemaError, capfd)
    assert error.where == "neighbourhood code of feature 2"
    assert error.found == (code or "nothing")


def test_a_wrong_code_in_another_municipality_is_none_of_our_business(tmp_path):
    other = buurt("BU01930000") | {"buurtcode": "?"}
    assert only(read(geopackage(tmp_path, table(buurt(), other))))["neighbourhood_code"] == "BU01660000"


def test_a_municipality_that_is_all_water_says_so(tmp_path, capfd):
    error = error_of(geopackage(tmp_path, table(buurt(water="JA"), buurt(outline=None))), SchemaError, capfd)
    assert error.found == "1 × empty_geometry, 1 × water_area"


def test_a_municipality_of_points_has_no_outlines(tmp_path, capfd):
    error = error_of(geojson(tmp_path, table(buurt(outline=SQUARE.centroid))), SchemaError, capfd)
    assert error.found == "1 × no_polygon_left"


@pytest.mark.parametrize("code", ["", "0166", "GM166", "Kampen", "GM01660", "GM٠١٦٦", "GM0166' OR 1=1 --"])
def test_a_municipality_code_of_the_wrong_shape_is_refused(tmp_path, code):
    with pytest.raises(SchemaError):
        read(geopackage(tmp_path, table(buurt())), code)


@pytest.mark.parametrize("write", [geopackage, geojson])
def test_an_absent_municipality_is_answered_with_a_handful_that_are_there(tmp_path, write):
    rows = table(*(buurt(f"BU{number:04d}0000") for number in range(100, 120)))
    with pytest.raises(UnknownMunicipalityError) as error:
        read(write(tmp_path, rows), "gm9999")
    assert error.value.municipality_code == "GM9999"
    assert error.value.present == "GM0100, GM0101, GM0102, GM0103, GM0104, …"


def test_a_byte_order_mark_and_nulls_in_geojson_are_no_obstacle(tmp_path):
    outline = gpd.GeoSeries([box(5.9, 52.5, 5.91, 52.51)]).__geo_interface__["features"][0]["geometry"]
    rows = [buurt(), buurt("BU01660001"), buurt("BU01660002")]
    features = [
        {"type": "Feature", "properties": {key: row[key] for key in row if key != "geometry"}, "geometry": outline}
        for row in rows
    ]
    features[1]["geometry"] = None
    features[2]["geometry"] = {"type": "Polygon", "coordinates": [[[5.9, 52.5], [5.91, 52.5]]]}
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    areas = read(written(tmp_path / "areas.json", b"\xef\xbb\xbf\n" + content))
    assert only(areas)["neighbourhood_code"] == "BU01660000"
    assert areas.dropped == {"empty_geometry": 2}


@real_files
def test_real_baarn_has_21_neighbourhoods_and_all_its_residents():
    areas = read(REAL / "baarn_buurten_2024_kerncijfers.geojson", "GM0308")
    centre = areas.neighbourhoods.iloc[0]
    assert (len(areas.neighbourhoods), areas.notes, areas.repairs, areas.dropped) == (21, (), {}, {})
    assert areas.neighbourhoods["residents_count"].sum() == 25_065
    assert (centre["neighbourhood_name"], centre["residents_65_plus_share"]) == ("Centrum", 0.26)
    assert (centre["residents_0_14_share"], centre["residents_15_24_share"]) == (0.11, 0.10)
    assert areas.neighbourhoods.area.sum() == pytest.approx(33.0e6, rel=0.01)


@real_files
def test_real_ede_in_camel_case_holds_only_wijken(capfd):
    error = error_of(REAL / "ede_wijken_2024_kerncijfers_camelcase.geojson", FormatError, capfd)
    assert error.found.startswith("only wijken")


@real_files
def test_real_gemeenten_are_not_enough(capfd):
    error = error_of(REAL / "nl_gemeenten_2024_kerncijfers_simplified.geojson", FormatError, capfd)
    assert error.found.startswith("only gemeenten")


@real_files
def test_real_veldhuizen_has_outlines_but_figures_under_names_of_its_author():
    areas = read(REAL / "ede_veldhuizen_buurten_2024_kerncijfers_eenzaamheid.geojson", "GM0228")
    assert len(areas.neighbourhoods) == 6
    assert areas.neighbourhoods["residents_count"].isna().all()
    assert "figure_absent:residents_count" in areas.notes


@real_files
def test_real_kampen_is_the_same_from_its_own_file_and_from_the_country():
    own = read(REAL / "kampen_buurten_2024_approx.geojson", "GM0166")
    country = read(REAL / "nl_buurten_2024_approx.geojson.gz", "GM0166")
    assert own.neighbourhoods.equals(country.neighbourhoods)
    absent = ("figure_absent:residents_15_24_share", "figure_absent:one_person_households_share")
    assert own.notes == country.notes == ("outlines_approximate", *absent)
    assert own.neighbourhoods.loc[0, "residents_0_14_share"] == pytest.approx(450 / 5245)
    assert own.repairs == {"conversion_repaired": 1}
    assert len(own.neighbourhoods) == 36
    assert own.neighbourhoods["residents_count"].sum() == 56_180
    assert own.neighbourhoods["outline_accuracy_m"].between(20, 60).all()


@real_files
def test_real_amsterdam_has_letters_in_its_codes():
    areas = read(REAL / "nl_buurten_2024_approx.geojson.gz", "GM0363")
    assert "BU0363AF08" in set(areas.neighbourhoods["neighbourhood_code"])


@real_files
def test_real_country_names_some_municipalities_when_one_is_absent():
    with pytest.raises(UnknownMunicipalityError) as error:
        read(REAL / "nl_buurten_2024_approx.geojson.gz", "GM9999")
    assert error.value.present.startswith("GM0014, ")
