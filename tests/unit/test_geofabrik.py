"""The extract of a province: chosen by where the municipality lies, checked, kept, and brought up to date."""

import gzip
import json
from datetime import timedelta
from pathlib import Path

import osmium
import pytest
import shapely
from fault_server import BRISK, FaultServer, Reply, ranged
from geofabrik_standin import UPDATES, GeofabrikStandIn, extract_file

from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import (
    SourceAnswerError,
    SourceElsewhereError,
    SourceError,
    SourceUnreachableError,
)
from meetingplaces.sources.geofabrik import Geofabrik
from meetingplaces.sources.osm_crop import crop
from meetingplaces.sources.osm_extract import read_extract
from meetingplaces.sources.snapshots import stored

TOWN = shapely.box(5.85, 52.5, 5.95, 52.6)
OPL = "n1 x5.9 y52.5 Tleisure=park\nn2 x5.91 y52.5 Tleisure=park"
A_NEW_ONE = '<create><node id="3" version="1" lat="52.55" lon="5.9"><tag k="leisure" v="park"/></node></create>'
ONE_GONE = '<delete><node id="1" version="2"/></delete>'
WISHES = {"leisure": frozenset({"park"})}


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def online(server, tmp_path):
    return GeofabrikStandIn(server, extract_file(tmp_path / "published.osm.pbf", OPL))


def geofabrik(online: GeofabrikStandIn, folder: Path) -> Geofabrik:
    return Geofabrik(online.server.door(), online.address, folder / "store", BRISK, BRISK)


def fetch(online: GeofabrikStandIn, folder: Path, outline: shapely.Geometry = TOWN) -> Snapshot:
    return geofabrik(online, folder).extract_around(outline)


def tomorrow(server: FaultServer) -> None:
    server.clock.sleep(timedelta(days=1).total_seconds())


def ids(snapshot: Snapshot) -> list[str]:
    return sorted(read_extract(snapshot, WISHES).features["osm_id"])


def asked_for(online: GeofabrikStandIn) -> list[str]:
    return [asked.path for asked in online.server.log]


# --- download ---------------------------------------------------------------------------------------------------------


def test_the_smallest_extract_around_the_municipality_is_downloaded(online, tmp_path):
    snapshot = fetch(online, tmp_path)
    assert asked_for(online) == ["/index-v1.json", "/overijssel-latest.osm.pbf.md5", "/overijssel-latest.osm.pbf"]
    assert ids(snapshot) == ["n1", "n2"]
    assert (snapshot.path.name, snapshot.data_as_of) == ("overijssel-latest.osm.pbf", "2026-11-20T20:21:00+00:00")


def test_a_municipality_across_the_border_of_a_province_takes_the_country(online, server, tmp_path):
    with pytest.raises(SourceError):
        fetch(online, tmp_path, shapely.box(6.4, 52.5, 6.6, 52.6))
    assert server.log[-1].path == "/netherlands-latest.osm.pbf.md5"


def test_a_municipality_outside_every_region_is_told(online, tmp_path):
    with pytest.raises(SourceAnswerError, match="no region that does"):
        fetch(online, tmp_path, shapely.box(52.5, 5.85, 52.6, 5.95))  # longitude and latitude swapped


def test_an_extract_of_today_is_not_downloaded_twice(online, tmp_path):
    assert fetch(online, tmp_path) == fetch(online, tmp_path)
    assert len(online.server.log) == 3


def test_a_file_that_is_not_what_its_checksum_says_is_downloaded_once_more_and_then_refused(online, server, tmp_path):
    server.on(online.pbf + ".md5", Reply(body=b"0" * 32))
    with pytest.raises(SourceAnswerError, match="MD5"):
        fetch(online, tmp_path)
    assert len(server.asked(online.pbf)) == 2
    assert not (tmp_path / "store" / "overijssel-latest.osm.pbf").exists()


def test_a_file_that_was_replaced_during_the_download_is_downloaded_anew(online, server, tmp_path):
    right = server._replies[online.pbf + ".md5"][0]
    server.on(online.pbf + ".md5", Reply(body=b"0" * 32), right)
    assert ids(fetch(online, tmp_path)) == ["n1", "n2"]


def test_a_download_that_breaks_off_goes_on(online, server, tmp_path):
    body = (tmp_path / "published.osm.pbf").read_bytes()
    server.on(online.pbf, ranged(body, first="cut"))
    assert ids(fetch(online, tmp_path)) == ["n1", "n2"]
    assert server.log[-1].headers["Range"] == f"bytes={len(body) // 2}-"


NO_OUTLINE = b'{"features": [{"properties": {"id": "x", "urls": {}}, "geometry": 5}]}'


@pytest.mark.parametrize(
    "body", [b"<html>Onderhoud</html>", b"{}", b'{"features": []}', b'{"features": [5]}', NO_OUTLINE]
)
def test_an_index_that_is_none_is_refused(online, server, tmp_path, body):
    server.on("/index-v1.json", Reply(body=body))
    with pytest.raises(SourceAnswerError):
        fetch(online, tmp_path)


def test_an_extract_on_another_host_is_not_fetched(online, server, tmp_path):
    index = json.loads(server._replies["/index-v1.json"][0].body)
    index["features"][1]["properties"]["urls"]["pbf"] = "http://example.org/overijssel-latest.osm.pbf"
    server.on("/index-v1.json", Reply(body=json.dumps(index).encode()))
    with pytest.raises(SourceElsewhereError, match=r"example\.org"):
        fetch(online, tmp_path)


# --- changes ----------------------------------------------------------------------------------------------------------


def test_the_next_day_only_the_changes_are_fetched_and_applied(online, server, tmp_path):
    fetch(online, tmp_path)
    tomorrow(server)
    online.changed(2840, A_NEW_ONE)
    online.changed(2841, ONE_GONE)
    snapshot = fetch(online, tmp_path)
    assert ids(snapshot) == ["n2", "n3"]
    assert snapshot.data_as_of == "2026-11-21T20:20:51+00:00"
    assert len(server.asked(online.pbf)) == 1
    assert stored(snapshot.path) == snapshot


def test_changes_are_applied_on_top_of_changes(online, server, tmp_path):
    fetch(online, tmp_path)
    for sequence, change in ((2840, A_NEW_ONE), (2841, ONE_GONE)):
        tomorrow(server)
        online.changed(sequence, change)
        snapshot = fetch(online, tmp_path)
    assert ids(snapshot) == ["n2", "n3"]


def test_the_bounds_of_the_extract_survive_an_update(online, server, tmp_path):
    before = read_extract(fetch(online, tmp_path), WISHES).extent
    tomorrow(server)
    online.changed(2840, A_NEW_ONE)
    assert read_extract(fetch(online, tmp_path), WISHES).extent.equals(before)


def test_without_changes_the_file_stays_as_it_is(online, server, tmp_path):
    first = fetch(online, tmp_path)
    tomorrow(server)
    assert fetch(online, tmp_path) == first


def test_an_extract_that_is_months_behind_is_downloaded_anew(online, server, tmp_path):
    fetch(online, tmp_path)
    tomorrow(server)
    online.changed(2839 + 61)
    fetch(online, tmp_path)
    assert len(server.asked(online.pbf)) == 2


def test_changes_that_are_no_longer_offered_mean_a_new_download(online, server, tmp_path):
    fetch(online, tmp_path)
    tomorrow(server)
    online.changed(2841)  # and 2840 answers 404
    fetch(online, tmp_path)
    assert len(server.asked(online.pbf)) == 2


def test_an_extract_that_does_not_say_what_it_holds_is_downloaded_anew(server, tmp_path):
    online = GeofabrikStandIn(server, extract_file(tmp_path / "published.osm.pbf", OPL, sequence=None))
    fetch(online, tmp_path)
    tomorrow(server)
    fetch(online, tmp_path)
    assert len(server.asked(online.pbf)) == 2


def test_a_region_without_changes_is_downloaded_anew(server, tmp_path):
    online = GeofabrikStandIn(server, extract_file(tmp_path / "published.osm.pbf", OPL), updates=False)
    fetch(online, tmp_path)
    tomorrow(server)
    fetch(online, tmp_path)
    assert len(server.asked(online.pbf)) == 2


CHANGE = f"{UPDATES}/000/002/840.osc.gz"
BOMB = gzip.compress(b"<osmChange>" + bytes(30 << 20))


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        (f"{UPDATES}/state.txt", Reply(body=b"<html>Onderhoud</html>")),
        (f"{UPDATES}/state.txt", Reply(body=b"sequenceNumber=many\n")),
        (CHANGE, Reply(body=b"<html>Onderhoud</html>")),
        (CHANGE, Reply(body=gzip.compress(b"<osmChange><create>"))),
        (CHANGE, Reply(body=gzip.compress(b"<osmChange><create><node id='x'/></create></osmChange>"))),
        (CHANGE, Reply(body=gzip.compress(b"<osmChange></osmChange>")[:-6])),
        (CHANGE, Reply(body=BOMB)),
        (CHANGE, Reply(503)),
        (CHANGE, Reply(302, headers={"Location": "http://example.org/840.osc.gz"})),
    ],
)
def test_an_update_that_fails_leaves_the_file_that_was_there(online, server, tmp_path, path, reply):
    kept = fetch(online, tmp_path)
    tomorrow(server)
    online.changed(2840, A_NEW_ONE)
    server.on(path, reply)
    with pytest.raises(SourceError):
        fetch(online, tmp_path)
    assert stored(kept.path) == kept
    assert [path.name for path in kept.path.parent.iterdir() if path.name.startswith(".")] == []


def test_no_connection_leaves_the_file_that_was_there(online, server, tmp_path):
    kept = fetch(online, tmp_path)
    tomorrow(server)
    server.on(f"{UPDATES}/state.txt", Reply(body=b"x" * 40, how="cut"))
    with pytest.raises(SourceUnreachableError):
        fetch(online, tmp_path)
    assert stored(kept.path) == kept


# --- the part around one municipality ---------------------------------------------------------------------------------

PROVINCE = """
n1 x5.9 y52.5 Tleisure=park
n2 x6.4 y52.9 Tleisure=park
n11 x5.899 y52.499
n12 x5.901 y52.499
n13 x5.901 y52.501
n14 x5.899 y52.501
n21 x5.9 y52.499
n22 x6.4 y52.8
n31 x6.3 y52.8
n32 x6.31 y52.8
w1 Nn11,n12,n13,n14,n11
w2 Thighway=residential Nn21,n22
w3 Thighway=residential Nn22,n31
w4 Nn31,n32
r1 Ttype=multipolygon,leisure=park Mw1@outer
r2 Ttype=multipolygon,landuse=forest Mw1@outer,w4@outer
r3 Ttype=route,leisure=park Mw1@,w4@
"""


def test_a_crop_holds_what_touches_the_box_whole_and_nothing_else(tmp_path):
    province = extract_file(tmp_path / "province.osm.pbf", PROVINCE)
    town = crop(province, (5.8, 52.4, 6.0, 52.6), WISHES, tmp_path / "town.osm.pbf")
    names = {"Node": "n", "Way": "w", "Relation": "r"}
    found = [f"{names[type(thing).__name__]}{thing.id}" for thing in osmium.FileProcessor(str(town))]
    assert found == ["n1", "n11", "n12", "n13", "n14", "n21", "n22", "w1", "w2", "r1"]


def test_a_crop_says_where_and_when_it_is_about(tmp_path):
    province = extract_file(tmp_path / "province.osm.pbf", PROVINCE)
    town = crop(province, (4.0, 52.4, 6.0, 52.6), WISHES, tmp_path / "town.osm.pbf")
    extract = read_extract(Snapshot.of_file(town), WISHES)
    assert extract.extent.bounds == (5.0, 52.4, 6.0, 52.6)
    assert extract.data_as_of.isoformat() == "2026-11-20T20:21:00+00:00"
    assert list(extract.features["osm_id"]) == ["n1", "r1"]
