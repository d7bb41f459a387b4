"""Files with places from outside: what they hold comes out, what they try does not work."""

import json
import zipfile

import geopandas as gpd
import openpyxl
import pytest
from municipal_services import BENCHES, CSV, collection, source
from shapely.geometry import Point

from meetingplaces.model.errors import CrsError, FormatError, MissingFileError
from meetingplaces.model.municipal import FieldMap
from meetingplaces.sources.municipal.archives import FileLimits
from meetingplaces.sources.municipal.files import read_file
from meetingplaces.sources.municipal.records import records_of

NAMES = [name for _, name, _, _ in BENCHES]


def records(path, **more):
    return records_of(read_file(path), source("file", None, **more), path.name)


def written(folder, text, name="x.csv", encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def workbook(folder, *rows, name="x.xlsx"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def drawn(folder, name, **options):
    rows = gpd.GeoDataFrame(
        {"NR": [n for n, *_ in BENCHES], "NAAM": NAMES},
        geometry=[Point(x, y) for _, _, x, y in BENCHES], crs="EPSG:4326",
    )  # fmt: skip
    rows.to_crs("EPSG:28992").to_file(folder / name, **options)
    return folder / name


def shapefile(folder):
    drawn(folder, "banken.shp")
    with zipfile.ZipFile(folder / "banken.zip", "w") as archive:
        for part in sorted(folder.glob("banken.*")):
            if part.suffix != ".zip":
                archive.write(part, f"map/{part.name}")
    return folder / "banken.zip"


def zipped(folder, **members):
    with zipfile.ZipFile(folder / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return folder / "x.zip"


KINDS = {
    "csv": lambda folder: written(folder, CSV),
    "csv with a mark and commas": lambda folder: written(
        folder, CSV.replace(",", ".").replace(";", ","), encoding="utf-8-sig"
    ),
    "csv in Windows letters": lambda folder: written(folder, CSV, encoding="cp1252"),
    "geojson": lambda folder: written(folder, json.dumps(collection(*BENCHES)), "x.geojson"),
    "xlsx": lambda folder: workbook(folder, ("NR", "NAAM", "X", "Y"), *[(int(n), *rest) for n, *rest in BENCHES]),
    "geopackage": lambda folder: drawn(folder, "x.gpkg", driver="GPKG"),
    "zipped shapefile": shapefile,
    "zipped csv": lambda folder: zipped(folder, banken_dot_csv=CSV),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_benches_come_out_of_every_kind_of_file(kind, tmp_path):
    found = records(KINDS[kind](tmp_path))
    assert found.table["name"].tolist() == NAMES
    assert found.table.geometry.x.tolist() == pytest.approx([190_524, 190_591, 190_658], abs=2)
    assert not found.dropped


# --- hostile ----------------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = zipped(tmp_path, big_dot_csv=b"0" * 5_000_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(FormatError, match="when unpacked"):
        read_file(path, FileLimits(unpacked_bytes=1_000_000))


def test_a_zip_file_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path):
    path = zipped(tmp_path, big_dot_csv=b"NR;NAAM\n" + b"1;x\n" * 500_000)
    body = path.read_bytes()
    honest = (8 + 4 * 500_000).to_bytes(4, "little")
    path.write_bytes(body.replace(honest, (100).to_bytes(4, "little")))
    with pytest.raises(FormatError):
        read_file(path, FileLimits(unpacked_bytes=1000))


@pytest.mark.parametrize("name", ["../../../../tmp/escaped.csv", "/etc/escaped.csv"])
def test_a_member_that_points_outside_is_unpacked_under_a_name_of_ours(name, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, CSV)
    assert len(records(path).table) == 3
    assert not list(tmp_path.parent.parent.rglob("escaped.csv"))


def test_a_formula_is_not_computed_and_counted(tmp_path):
    rows = read_file(
        workbook(tmp_path, ("NR", "NAAM", "X", "Y"), (1, '=HYPERLINK("http://x.example","Bank")', 5.9, 52.5))
    )
    assert rows.fields[0]["NAAM"] is None
    assert rows.repairs == {"formula_without_value": 1}


def test_text_that_looks_like_a_formula_is_kept_as_text(tmp_path):
    found = records(written(tmp_path, "NR;NAAM;X;Y\n1;=cmd|' /C calc'!A0;5,9;52,5\n2;<b>Bank</b>;5,9;52,5\n"))
    assert found.table["name"].tolist() == ["=cmd|' /C calc'!A0", "<b>Bank</b>"]


def test_a_workbook_with_macros_gives_its_values_and_runs_nothing(tmp_path):
    path = workbook(tmp_path, ("NR", "NAAM", "X", "Y"), (1, "Bank", 5.9, 52.5), name="x.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    assert records(path).table["name"].tolist() == ["Bank"]


def test_a_workbook_with_entities_that_explode_is_refused(tmp_path):
    path = workbook(tmp_path, ("NR", "NAAM"), (1, "Bank"))
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">' for n in range(1, 8))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'
    sheet = f"{head}<worksheet><sheetData>&e7;</sheetData></worksheet>"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else content)
    with pytest.raises(FormatError):
        read_file(path)


def test_a_shapefile_that_is_something_else_is_not_shown_to_gdal(tmp_path):
    layer = b'<OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    with pytest.raises(FormatError, match="something else"):
        read_file(zipped(tmp_path, x_dot_shp=b"<OGRVRTDataSource>" + layer + b"</OGRVRTDataSource>"))


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    (tmp_path / "x.gpkg").write_bytes(b"SQLite format 3\0" + bytes(200))
    with pytest.raises(FormatError, match="no GeoPackage"):
        read_file(tmp_path / "x.gpkg")


# --- broken -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (b"  \n ", "an empty file"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"\.xls"),
        (b"<html>Not found</html>", "XML or HTML"),
        (b"PK\x03\x04 broken", "whole zip file"),
        (b'{"type": "FeatureCollection", "fea', "breaks off"),
        (b'{"type": "Topology"}', "feature collection"),
        (b"NR;NAAM\n1;\x00\n", "no text"),
    ],
)
def test_what_is_no_table_is_told_in_words(content, told, tmp_path):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(FormatError, match=told):
        read_file(tmp_path / "x")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(MissingFileError):
        read_file(tmp_path / "none.csv")


def test_too_many_rows_or_bytes_are_refused_not_cut(tmp_path):
    path = written(tmp_path, CSV)
    with pytest.raises(FormatError, match="at most 2 rows"):
        read_file(path, FileLimits(rows=2))
    with pytest.raises(FormatError, match="at most 10 bytes"):
        read_file(path, FileLimits(file_bytes=10))
    with pytest.raises(FormatError, match="at most 2 rows"):
        read_file(workbook(tmp_path, ("NR",), (1,), (2,), (3,)), FileLimits(rows=2))


def test_a_row_longer_than_the_heading_is_left_out_and_counted(tmp_path):
    found = records(written(tmp_path, CSV + "4;Bank;vier;5,9;52,5\n"))
    assert len(found.table) == 3
    assert found.dropped == {"row_longer_than_heading": 1}


def test_a_short_row_misses_its_last_cells(tmp_path):
    found = records(
        written(tmp_path, "NR;NAAM;X;Y;STRAAT\n1;Bank;5,9;52,5\n"), fields={"name": "NAAM", "address": ["STRAAT"]}
    )
    assert found.table["address"].isna().all()


def test_columns_of_one_name_are_told_apart(tmp_path):
    rows = read_file(written(tmp_path, "naam;;naam\nEen;Twee;Drie\n"))
    assert rows.fields == [{"naam": "Een", "column_2": "Twee", "naam_3": "Drie"}]


def test_several_layers_ask_for_the_name_of_one(tmp_path):
    drawn(tmp_path, "x.gpkg", driver="GPKG", layer="banken")
    drawn(tmp_path, "x.gpkg", driver="GPKG", layer="tafels")
    with pytest.raises(FormatError, match="banken, tafels"):
        read_file(tmp_path / "x.gpkg")
    assert len(read_file(tmp_path / "x.gpkg", layer="tafels").fields) == 3


def test_a_coordinate_that_is_no_number_is_counted(tmp_path):
    found = records(written(tmp_path, "NR;NAAM;X;Y\n1;Een;vijf;52,5\n2;Twee;5,9;52,5\n"))
    assert found.repairs == {"unreadable_shape": 1}
    assert found.dropped == {"record_nowhere": 1}


@pytest.mark.parametrize("number", ["190.524,5", "190,524.5", "190524,5", "190524.5"])
def test_a_coordinate_may_be_written_in_every_way(number, tmp_path):
    found = records(written(tmp_path, f"NR;NAAM;RD_X;RD_Y\n1;Een;{number};507615\n"))
    assert found.table.geometry.iloc[0].x == pytest.approx(190_524.5)


def test_places_of_which_none_lies_in_the_netherlands_are_an_error(tmp_path):
    with pytest.raises(CrsError):
        records(written(tmp_path, "NR;NAAM;X;Y\n1;Parijs;2,35;48,85\n"))


# --- real files -------------------------------------------------------------------------------------------------------


def test_the_street_furniture_of_ermelo_gives_its_benches_tables_and_play(shared_data):
    kinds = {"field": "bgtplustype", "words": {"bench": ["niet-bgt:bank"], "picnic_table": ["niet-bgt:picknicktafel"],
                                               "playground": ["niet-bgt:speelvoorziening"]}}  # fmt: skip
    path = shared_data / "municipal" / "ermelo_bgt_straatmeubilair_3857.gpkg"
    found = records(path, kind=None, kinds=kinds, only={"eindregistratie": None}, fields={"record_id": "identificatie"})
    assert found.table["kind"].value_counts().to_dict() == {"playground": 2615, "bench": 1427, "picnic_table": 138}
    assert len(found.table) + found.dropped.total() == 7063
    ermelo = gpd.read_file(shared_data / "boundaries" / "ermelo_buurten_2024_approx.geojson").to_crs("EPSG:28992")
    inside = found.table[found.table.within(ermelo.union_all())]
    assert inside["kind"].value_counts()["bench"] == pytest.approx(361, abs=5)  # the outlines are approximate


def test_the_play_places_of_rotterdam_have_addresses_and_no_shapes(shared_data):
    path = shared_data / "municipal" / "rotterdam_speelplekken_bij_50kmweg.csv"
    found = records(path, fields={"record_id": "SPEELPLEKCODE", "address": ["STRAAT"]}, kind="playground")
    assert len(found.table) == 523
    assert found.table.geometry.isna().all()
    assert found.table["address"].notna().all()


def test_field_names_differ_in_capitals_and_underscores_and_are_found(tmp_path):
    found = records(
        written(tmp_path, CSV.replace("NAAM", "Naam_")), fields=FieldMap(record_id="nr", name="NAAM").model_dump()
    )
    assert found.table["name"].tolist() == NAMES


def test_a_workbook_is_known_by_its_content_and_not_by_its_name(tmp_path):
    path = workbook(tmp_path, ("NAAM", "X", "Y"), ("De Kom", 190_000, 501_000))
    fetched = path.rename(tmp_path / "fetched")
    assert [row["NAAM"] for row in read_file(fetched).fields] == ["De Kom"]
