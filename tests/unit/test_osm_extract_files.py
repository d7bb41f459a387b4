import bz2
import gzip
from datetime import UTC, datetime

import osmium
import pandas as pd
import pytest
import shapely
from osm_samples import NODES, WISHES, XML, failure, pbf, read_file, written

from meetingplaces.model.errors import FormatError, MissingFileError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.osm_extract import read_extract
from meetingplaces.sources.osm_header import read_poly

# --- time and extent --------------------------------------------------------------------------------------------------


def test_the_last_edit_is_unknown_where_the_extract_does_not_say(tmp_path):
    text = (
        "n1 x5 y52 Tamenity=bench\nn2 v1 t1970-01-01T00:00:01Z x5 y52 Tamenity=bench\n"
        "n3 v3 t2021-06-07T08:09:10Z x5 y52 Tamenity=bench\n"
    )
    found = read_file(written(tmp_path / "a.opl", text))
    assert found.features.last_edit_at.isna().tolist() == [True, True, False]
    assert found.features.last_edit_at[2] == pd.Timestamp("2021-06-07T08:09:10Z")


def test_a_dense_node_keeps_its_edit_time_tags_and_place(tmp_path):
    text = (
        "n1 v1 t2020-01-02T03:04:05Z x5 y52 Tname=bench,amenity=bench\n"
        "n2 v2 t2021-06-07T08:09:10Z x-5.0000001 y-52.5 Tname=amenity\nn3 v1 t2019-01-01T00:00:00Z x6 y53\n"
        "n4 v2 t2022-06-07T08:09:10Z x179.9999999 y-89.5 Tamenity=library;cafe,name=Caf%e9%"
    )
    found = read_file(pbf(tmp_path / "a.osm.pbf", text)).features
    assert found.osm_id.tolist() == ["n1", "n4"]
    assert found.tags[1] == {"amenity": "library;cafe", "name": "Café"}
    assert found.geometry[1] == shapely.Point(179.9999999, -89.5)
    assert found.last_edit_at[1] == pd.Timestamp("2022-06-07T08:09:10Z")


def test_the_moment_of_the_data_is_that_of_the_header(tmp_path):
    plain = pbf(tmp_path / "a.osm.pbf", NODES, osmosis_replication_timestamp="2022-02-02T20:20:20Z")
    assert read_file(plain).data_as_of == datetime(2022, 2, 2, 20, 20, 20, tzinfo=UTC)
    assert read_file(pbf(tmp_path / "b.osm.pbf", NODES)).data_as_of is None


def test_the_moment_of_an_overpass_answer_is_its_osm_base(tmp_path):
    moment = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
    assert read_file(written(tmp_path / "a.osm", XML)).data_as_of == moment
    assert read_file(written(tmp_path / "a.osm.gz", gzip.compress(XML.encode()))).data_as_of == moment
    without = XML.replace('<meta osm_base="2024-03-01T12:30:00Z"/>', "")
    assert read_file(written(tmp_path / "b.osm", without)).data_as_of is None


def test_the_extent_is_the_poly_file_beside_the_extract(tmp_path):
    path = written(tmp_path / "town.osm", XML)
    ring = "  5.0 52.0\n  5.3 52.0\n  5.3 52.3\n  5.0 52.3\n  5.0 52.0\n"
    hole = "  5.1 52.1\n  5.2 52.1\n  5.2 52.2\n  5.1 52.2\n"
    written(tmp_path / "town.poly", f"town\n1\n{ring}END\n!2\n{hole}END\nEND\n")
    found = read_file(path)
    assert found.extent.area == pytest.approx(0.09 - 0.01)
    assert not found.repairs


def test_the_extent_is_the_box_of_the_header_without_a_poly_file(tmp_path):
    found = read_file(written(tmp_path / "town.osm", XML))
    assert found.extent.equals(shapely.box(5.0, 52.0, 5.5, 52.5))


@pytest.mark.parametrize("name", ["fixture.opl", "fixture.osm.pbf"])
def test_the_extent_is_that_of_the_nodes_when_the_file_does_not_say(tmp_path, name):
    path = written(tmp_path / name, NODES.lstrip()) if name.endswith("opl") else pbf(tmp_path / name, NODES)
    found = read_file(path)
    assert found.extent.bounds == pytest.approx((5.0, 52.0, 5.4, 52.4), abs=1e-6)
    assert found.extent.covers(shapely.Point(5.0, 52.0))
    assert found.repairs == {"extent_from_nodes": 1}


@pytest.mark.parametrize(
    ("text", "where"),
    [("town\n1\n5.0 52.0\nfive 52\nEND\nEND\n", "line 4"), ("town\n1\n5 52\n6 52\n6 53\n", "line 5"), ("", "line 0")],
)
def test_a_broken_poly_file_is_named_with_its_line(tmp_path, text, where):
    path = written(tmp_path / "town.poly", text)
    with pytest.raises(FormatError) as caught:
        read_poly(path)
    assert (caught.value.file, caught.value.where) == (str(path), where)


# --- formats and broken files -----------------------------------------------------------------------------------------


def test_every_format_gives_the_same_features(tmp_path):
    text = NODES + "n9 x5 y52 Tamenity=bench\nw1 Tleisure=park Nn1,n2,n3,n4,n1\n"
    source = pbf(tmp_path / "a.osm.pbf", text, sorting="Type_then_ID")
    expected = read_file(source).features
    assert expected.osm_id.tolist() == ["n9", "w1"]
    for suffix in (".osm", ".osm.gz", ".osm.bz2", ".opl", ".opl.gz", ".OSM.PBF"):
        copy = tmp_path / f"b{suffix}"
        with osmium.SimpleWriter(osmium.io.File(str(copy), suffix[1:].lower())) as writer:
            for thing in osmium.FileProcessor(str(source)):
                writer.add(thing)
        found = read_file(copy).features
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("packing", ["dense_nodes=false", "compression=none", "compression=lz4"])
def test_a_pbf_file_may_be_packed_in_another_way(tmp_path, packing):
    path = tmp_path / "a.osm.pbf"
    try:
        writer = osmium.SimpleWriter(osmium.io.File(str(path), f"pbf,pbf_{packing}"))
    except (RuntimeError, ValueError) as error:
        pytest.skip(f"this pyosmium cannot write {packing}: {error}")
    with writer:
        text = NODES.strip() + "\nw1 Tleisure=park Nn1,n2,n3,n4,n1\n"
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(text.encode(), "opl")):
            writer.add(thing)
    assert read_file(path).features.osm_id.tolist() == ["w1"]


def test_a_truncated_pbf_file_is_refused_at_the_byte_where_its_last_block_begins(tmp_path):
    whole = pbf(tmp_path / "whole.osm.pbf", "\n".join(f"n{number} x5 y52" for number in range(1, 20000)))
    error = failure(written(tmp_path / "cut.osm.pbf", whole.read_bytes()[:-50]))
    assert error.where.startswith("byte ")
    assert 0 < int(error.where.split()[1]) < whole.stat().st_size
    assert isinstance(error.__cause__, RuntimeError)


def test_a_pbf_file_garbled_in_the_middle_is_refused(tmp_path):
    whole = pbf(tmp_path / "whole.osm.pbf", "\n".join(f"n{number} x5.{number} y52" for number in range(1, 20000)))
    content = bytearray(whole.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 99] = bytes(99)
    assert failure(written(tmp_path / "garbled.osm.pbf", bytes(content))).where in {"data", "byte 0"}


@pytest.mark.parametrize(
    ("name", "content", "where", "found"),
    [
        ("a.osm", XML.replace(' version="0.6"', ""), "header", "version"),
        ("a.osm", XML[:400], "line 7, column", "unclosed token"),
        ("a.osm", '{"type": "FeatureCollection", "features": []}', "line 1, column 0", "JSON"),
        ("a.osm", "<!DOCTYPE html><html></html>", "header", "an HTML page"),
        ("a.osm.gz", gzip.compress(XML.encode(), mtime=0)[:-30], "data", "gzip"),
        ("a.osm.bz2", bz2.compress(XML.encode())[:-30], "data", "bzip2"),
        ("a.osm.bz2", XML, "data", "bzip2"),
        ("a.osm.gz", gzip.compress(b"<html></html>", mtime=0), "header", "an HTML page"),
        ("a.osm.pbf", b"\x89PNG\r\n\x1a\n" + bytes(99), "byte 0", "a PNG image"),
        ("a.osm.pbf", "<!DOCTYPE html><html></html>", "byte 0", "an HTML page"),
        ("a.opl", "n1 x5 y52 Tamenity=bench\nn2 xfive y52\n", "data", "five"),
        ("a.opl", "n1 x5 y52\nhello\n", "line 2, column 0", "unknown type"),
        ("a.opl", "", "byte 0", "an empty file"),
        ("a.osm.pbf", "", "byte 0", "an empty file"),
        ("a.geojson", "{}", "file name", "a.geojson"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, content, where, found):
    error = failure(written(tmp_path / name, content))
    assert error.where.startswith(where)
    assert found in error.found
    assert error.expected


def test_a_file_that_went_away_is_missing(tmp_path):
    path = written(tmp_path / "a.opl", NODES.lstrip())
    snapshot = Snapshot.of_file(path)
    path.unlink()
    with pytest.raises(MissingFileError) as caught:
        read_extract(snapshot, WISHES)
    assert caught.value.file == str(path)
