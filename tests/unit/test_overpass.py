"""Overpass: the question, the manners, the answers that are none; over real HTTP."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import filelock
import pytest
import shapely
from fault_server import BRISK, START, Asked, FaultServer, Reply, TestClock
from overpass_standin import OverpassStandIn
from samples import CORNERS, opl_file

from meetingplaces.model.errors import FormatError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import (
    SourceAnswerError,
    SourceBusyError,
    SourceError,
    SourceRefusedError,
    SourceUnreachableError,
)
from meetingplaces.sources.endpoints import Endpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.overpass import Overpass
from meetingplaces.sources.overpass_answer import read_overpass
from meetingplaces.sources.overpass_gate import slot_wait_s
from meetingplaces.sources.overpass_query import OverpassQuestion, quarters

QUESTION = OverpassQuestion(
    (5.89, 52.49, 5.91, 52.51),
    {"leisure": frozenset({"park", "playground"}), "sport": frozenset({"petanque"}), "club": None},
    {"highway": frozenset({"residential"})},
)
PLAYGROUND = CORNERS + "n99 x5.9 y52.5 Tleisure=playground\n"
FREE = Reply(body=b"Rate limit: 2\n2 slots available now.\n")
ASK, STATUS = "/api/interpreter", "/api/status"


@pytest.fixture
def server():
    with FaultServer() as running:
        running.on(STATUS, FREE)
        yield running


def overpass(server: FaultServer, folder: Path, *others: FaultServer) -> Overpass:
    servers = [server, *others]
    door = server.door(private_hosts={one.host for one in servers})
    return Overpass(door, tuple(one.url + ASK for one in servers), folder / "state", BRISK)


def asked_of(server: FaultServer, folder: Path, *others: FaultServer) -> Snapshot:
    return overpass(server, folder, *others).fetch(QUESTION, folder, "osm.zip")


def answering(folder: Path, opl: str) -> OverpassStandIn:
    return OverpassStandIn(opl_file(folder / "extract.opl", opl))


def found(snapshot: Snapshot) -> list[str]:
    return sorted(read_overpass(snapshot, QUESTION).features["osm_id"])


def a_node(lon: float = 5.9, lat: float = 52.5, **more: object) -> Reply:
    node = {"type": "node", "id": 1, "lat": lat, "lon": lon, "tags": {"leisure": "park"}}
    return Reply(body=json.dumps({"osm3s": {}, "elements": [node], **more}).encode())


# --- question and answer ----------------------------------------------------------------------------------------------


def test_the_question_names_every_wish_once_and_no_users():
    question = QUESTION.ql(QUESTION.bounds)
    assert "[bbox:52.4900000,5.8900000,52.5100000,5.9100000]" in question
    assert 'nwr["leisure"~"(^|;) *(park|playground) *(;|$)"];' in question
    assert 'nwr["club"];' in question
    assert 'way["highway"~"(^|;) *(residential) *(;|$)"];' in question
    assert "meta" not in question


def test_a_value_with_signs_of_its_own_is_asked_for_as_it_is():
    question = OverpassQuestion(QUESTION.bounds, {"name": frozenset({'De "Spil" (oost)'})}, {})
    assert 'nwr["name"~"(^|;) *(De\\\\ \\"Spil\\"\\\\ \\\\(oost\\\\)) *(;|$)"];' in question.ql(QUESTION.bounds)


def test_an_answer_becomes_features_and_keeps_its_origin(server, tmp_path):
    server.on(ASK, answering(tmp_path, PLAYGROUND).reply)
    snapshot = asked_of(server, tmp_path)
    extract = read_overpass(snapshot, QUESTION)
    assert found(snapshot) == ["n99"]
    assert extract.data_as_of.isoformat() == "2023-01-30T01:00:12+00:00"
    assert shapely.box(*QUESTION.bounds).equals_exact(extract.extent, 1e-6)
    assert (snapshot.origin.licence, snapshot.url) == ("ODbL 1.0", server.url + ASK)
    assert snapshot.request.startswith("POST data=[out:json]")


def test_a_park_with_a_hole_is_put_together(server, tmp_path):
    server.on(ASK, answering(tmp_path, CORNERS + """
        w1 Nn31,n32,n33
        w2 Nn33,n34,n31
        w3 Nn21,n22,n23,n24,n21
        r1 Ttype=multipolygon,leisure=park Mw1@outer,w2@,w3@inner
    """).reply)  # fmt: skip
    (park,) = read_overpass(asked_of(server, tmp_path), QUESTION).features["geometry"]
    assert (park.geom_type, len(park.interiors)) == ("Polygon", 1)


def test_a_relation_with_a_member_that_was_left_out_is_counted_as_lost(server, tmp_path):
    server.on(ASK, answering(tmp_path, CORNERS + """
        w1 Nn31,n32,n33
        r1 Ttype=multipolygon,leisure=park Mw1@outer,w2@outer
    """).reply)  # fmt: skip
    assert dict(read_overpass(asked_of(server, tmp_path), QUESTION).dropped) == {"missing_members": 1}


def test_a_position_that_was_left_out_loses_the_way(tmp_path, server):
    ring = [{"lat": 52.5, "lon": 5.9}, None, {"lat": 52.6, "lon": 5.9}, {"lat": 52.5, "lon": 5.9}]
    way = {"type": "way", "id": 1, "tags": {"leisure": "park"}, "nodes": [1, 2, 3, 1], "geometry": ring}
    server.on(ASK, Reply(body=json.dumps({"elements": [way]}).encode()))
    assert dict(read_overpass(asked_of(server, tmp_path), QUESTION).dropped) == {"missing_nodes": 1}


def test_what_was_not_asked_for_is_left_out(server, tmp_path):
    server.on(ASK, answering(tmp_path, PLAYGROUND + "n5 x5.9 y52.5 Tamenity=bank").reply)
    assert found(asked_of(server, tmp_path)) == ["n99"]


def test_a_snapshot_that_is_something_else_is_told(tmp_path):
    path = tmp_path / "osm.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(FormatError, match=r"osm\.zip"):
        read_overpass(Snapshot.of_file(path), QUESTION)


# --- answers that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'{"elements": [], "remark": "runtime error: open64: 2 No such file"}', "open64"),
        (b'{"elements": [{"type": "node", "id": 1, "lat": 52.5, "lon": 5.9}], "remark": "Way 5 cannot be expanded"}',
         "cannot be expanded"),
        (b'{"elements": []}', "an empty list"),
        (b"<html><body>Onderhoud</body></html>", "Onderhoud"),
        (b'{"elements": [{"type": "no', "something else"),
        (b"[]", "something else"),
        (b'{"elements": [{"type": "node", "tags": {"club": "x"}}]}', "'id'"),
        (b'{"elements": [{"type": "node", "id": 1, "lat": "a", "lon": 5.9, "tags": {"club": "x"}}]}', "ValueError"),
    ],
)  # fmt: skip
def test_a_good_status_does_not_make_a_good_answer(server, tmp_path, body, what):
    server.on(ASK, Reply(body=body))
    with pytest.raises(SourceAnswerError) as caught:
        asked_of(server, tmp_path)
    assert what in caught.value.found
    assert not (tmp_path / "osm.zip").exists()


@pytest.mark.parametrize(("lon", "lat"), [(52.5, 5.9), (200_000.0, 470_000.0)])
def test_swapped_axes_and_metres_are_noticed(server, tmp_path, lon, lat):
    server.on(ASK, a_node(lon, lat))
    with pytest.raises(SourceAnswerError, match="outside it"):
        asked_of(server, tmp_path)


def test_a_bad_answer_leaves_the_old_snapshot(server, tmp_path):
    server.on(ASK, a_node(), Reply(body=b'{"elements": []}'))
    old = asked_of(server, tmp_path)
    with pytest.raises(SourceError):
        asked_of(server, tmp_path)
    assert found(old) == ["n1"]


def test_an_empty_answer_of_one_mirror_sends_us_to_the_next(server, tmp_path):
    with FaultServer() as mirror:
        mirror.on(ASK, a_node())
        server.on(ASK, Reply(body=b'{"elements": []}'))
        assert asked_of(server, tmp_path, mirror).url == mirror.url + ASK


def test_the_failure_of_the_first_mirror_is_the_one_that_is_told(server, tmp_path):
    with FaultServer() as mirror:
        server.on(ASK, Reply(406, b"Not Acceptable"))
        with pytest.raises(SourceRefusedError) as caught:
            asked_of(server, tmp_path, mirror)
    assert caught.value.status == 406


def test_a_mistake_in_the_question_is_not_taken_to_another_mirror(server, tmp_path):
    with FaultServer() as mirror:
        server.on(ASK, Reply(400, b"<p><strong>Error</strong>: line 1: parse error</p>"))
        with pytest.raises(SourceRefusedError, match="line 1: parse error"):
            asked_of(server, tmp_path, mirror)
        assert mirror.log == []


# --- too much ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("remark", ['runtime error: Query timed out in "query" at line 3 after 2 seconds.',
                                    'runtime error: Query run out of memory in "recurse" at line 1'])  # fmt: skip
def test_a_question_that_is_too_much_is_asked_in_quarters_and_every_object_counts_once(server, tmp_path, remark):
    corners = (
        "n1 x5.895 y52.495 Tclub=a\nn2 x5.905 y52.495 Tclub=b\nn3 x5.905 y52.505 Tclub=c\nw1 Tleisure=park Nn1,n2,n3,n1"
    )
    whole = answering(tmp_path, corners)
    too_much = Reply(body=json.dumps({"elements": [], "remark": remark}).encode())
    server.on(ASK, too_much, whole.reply)
    snapshot = asked_of(server, tmp_path)
    assert found(snapshot) == ["n1", "n2", "n3", "w1"]
    assert len(server.asked(ASK)) == 5
    assert read_overpass(snapshot, QUESTION).lost.empty


def test_a_question_that_stays_too_much_ends(server, tmp_path):
    server.on(ASK, Reply(body=b'{"elements": [], "remark": "runtime error: Query timed out"}'))
    with pytest.raises(SourceAnswerError, match="timed out"):
        asked_of(server, tmp_path)
    assert len(server.asked(ASK)) < 30


def test_quarters_that_are_all_empty_are_a_failure(server, tmp_path):
    server.on(
        ASK,
        Reply(body=b'{"elements": [], "remark": "runtime error: Query timed out"}'),
        Reply(body=b'{"elements": []}'),
    )
    with pytest.raises(SourceAnswerError, match="an empty list"):
        asked_of(server, tmp_path)


def test_four_quarters_are_the_whole():
    parts = shapely.union_all([shapely.box(*part) for part in quarters(QUESTION.bounds)])
    assert parts.equals(shapely.box(*QUESTION.bounds))


# --- manners ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 504])
@pytest.mark.parametrize(("header", "least"), [({}, 30), ({"Retry-After": "5"}, 30), ({"Retry-After": "75"}, 75)])
def test_after_429_and_504_it_gets_at_least_half_a_minute(server, tmp_path, status, header, least):
    server.on(ASK, Reply(status, headers=header), a_node())
    asked_of(server, tmp_path)
    assert server.clock.slept == [least]


def test_a_page_that_says_rate_limited_counts_as_such_whatever_the_status(server, tmp_path):
    page = b"<html><p>Dispatcher_Client::request_read_and_idx::rate_limited. Please check</p></html>"
    server.on(ASK, Reply(200, page), a_node())
    asked_of(server, tmp_path)
    assert server.clock.slept == [30]


def test_the_rest_that_one_process_owes_is_kept_by_the_next(server, tmp_path):
    server.on(ASK, Reply(429))
    with pytest.raises(SourceBusyError):
        asked_of(server, tmp_path)
    before = len(server.log)
    slept = list(server.clock.slept)
    server.on(ASK, a_node())
    asked_of(server, tmp_path)  # a new Overpass, as in a new process
    assert server.clock.slept[len(slept) :] == [30]
    assert len(server.log) > before


def test_a_rest_that_takes_too_long_sends_us_to_the_next_mirror_without_a_question(server, tmp_path):
    with FaultServer() as mirror:
        server.on(ASK, Reply(429, headers={"Retry-After": "3600"}))
        mirror.on(ASK, a_node())
        asked_of(server, tmp_path, mirror)
        asked_of(server, tmp_path, mirror)
    assert (len(server.asked(ASK)), server.clock.slept) == (1, [])


def test_a_slot_is_waited_for(server, tmp_path):
    server.on(STATUS, Reply(body=b"Rate limit: 2\nSlot available after: 2026-11-22T12:00:20Z, in 20 seconds.\n"))
    server.on(ASK, a_node())
    asked_of(server, tmp_path)
    assert server.clock.slept == [20]


def test_two_processes_never_ask_at_once(server, tmp_path):
    busy, most, guard = 0, 0, threading.Lock()

    def slowly(asked: Asked) -> Reply:
        nonlocal busy, most
        with guard:
            busy += 1
            most = max(most, busy)
        server.until_closed(0.05)
        with guard:
            busy -= 1
        return a_node()

    class Impatient(TestClock):
        def sleep(self, seconds: float) -> None:
            server.until_closed(seconds / 200)

    def ask() -> None:
        door = Door(Endpoints(private_hosts={server.host}), Impatient())
        Overpass(door, (server.url + ASK,), tmp_path / "state").fetch(QUESTION, tmp_path, "osm.zip")

    server.on(ASK, slowly)
    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert (most, len(server.asked(ASK))) == (1, 4)


def test_a_process_that_never_finishes_is_not_waited_for_endlessly(server, tmp_path):
    (tmp_path / "state").mkdir()
    with (
        filelock.FileLock(tmp_path / "state" / "overpass.lock"),
        pytest.raises(SourceBusyError, match="another process"),
    ):
        asked_of(server, tmp_path)
    assert server.clock.now() - START >= timedelta(minutes=15)


def test_a_mirror_without_a_status_page_is_asked_all_the_same(server, tmp_path):
    server.on(STATUS, Reply(404))
    server.on(ASK, a_node())
    assert found(asked_of(server, tmp_path)) == ["n1"]


def test_a_broken_connection_is_tried_three_times(server, tmp_path):
    server.on(ASK, Reply(body=b"x" * 50, how="cut"))
    with pytest.raises(SourceUnreachableError):
        asked_of(server, tmp_path)
    assert len(server.asked(ASK)) == 3


@pytest.mark.parametrize("text", ["{}", "[]", '{"a": 5}', "no json", '{"127.0.0.1:1": "soon"}'])
def test_a_damaged_note_of_rests_is_no_reason_to_fail(server, tmp_path, text):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "overpass-rests.json").write_text(text)
    server.on(ASK, a_node())
    assert found(asked_of(server, tmp_path)) == ["n1"]


@pytest.mark.parametrize(
    ("status", "wait_s"),
    [
        ("Rate limit: 2\n2 slots available now.", 0),
        ("Rate limit: 2\n1 slots available now.\nSlot available after: x, in 20 seconds.", 0),
        ("Announced endpoint: x\nRate limit: 2\nSlot available after: x, in 20 seconds.\nSlot …: y, in 9 seconds.", 9),
        ("Rate limit: 2\nSlot available after: x, in -3 seconds.", 0),
        ("Rate limit: 0\nCurrently running queries", 0),
        ("Rate limit: 2\nCurrently running queries", 30),
        ("something else", 0),
    ],
)
def test_the_status_is_read_by_its_words(status, wait_s):
    assert slot_wait_s(status) == wait_s
