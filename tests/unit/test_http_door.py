"""The door to the network, against a real server on this machine."""

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fault_server import BRISK, ORIGIN, START, FaultServer, Reply, closed_port, ranged

from meetingplaces.model.errors import MissingFileError
from meetingplaces.model.source_errors import (
    SourceAnswerError,
    SourceBusyError,
    SourceElsewhereError,
    SourceRefusedError,
    SourceTooLargeError,
    SourceUnreachableError,
)
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.http_address import is_public, same_host, shown
from meetingplaces.sources.snapshots import stored

LIST = json.dumps([{"name": "Buurthuis"}]).encode()


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


def a_list(answer: Answer) -> str | None:
    content = answer.json()
    if not isinstance(content, list) or not content:
        raise answer.wrong("a list of places", "an empty list")
    return "2024"


def request(server: FaultServer, path: str = "/items", **options) -> Request:
    return Request(server.url + path, ORIGIN, **{"limits": BRISK, **options})


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_good_answer_is_kept_untouched_with_where_it_came_from(server, tmp_path):
    server.on("/items", Reply(body=LIST))
    snapshot = server.door().fetch(request(server, params={"f": "json"}), tmp_path, "items.json", a_list)
    assert snapshot.path.read_bytes() == LIST
    assert snapshot.url == f"{server.url}/items"
    assert snapshot.request == "GET f=json"
    assert snapshot.retrieved_at == START
    assert snapshot.data_as_of == "2024"
    assert snapshot.origin == ORIGIN
    assert stored(tmp_path / "items.json") == snapshot


def test_a_bad_answer_is_not_kept_and_the_old_one_stays(server, tmp_path):
    server.on("/items", Reply(body=LIST), Reply(body=b"[]"))
    door = server.door()
    old = door.fetch(request(server), tmp_path, "items.json", a_list)
    with pytest.raises(SourceAnswerError) as caught:
        door.fetch(request(server), tmp_path, "items.json", a_list)
    assert caught.value.found == "an empty list"
    assert stored(tmp_path / "items.json") == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["items.json", "items.json.origin.json"]


def test_a_snapshot_that_someone_changed_is_none(server, tmp_path):
    server.on("/items", Reply(body=LIST))
    server.door().fetch(request(server), tmp_path, "items.json", a_list)
    (tmp_path / "items.json").write_bytes(b"[1]")
    assert stored(tmp_path / "items.json") is None


def test_a_folder_that_cannot_be_written_to_is_told(server, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(MissingFileError, match="folder to write to"):
        server.door().fetch(request(server), tmp_path / "file", "items.json", a_list)


# --- manners ----------------------------------------------------------------------------------------------------------


def test_we_say_who_we_are_and_that_gzip_is_welcome(server, tmp_path):
    server.on("/items", Reply(body=gzip.compress(LIST, mtime=0), headers={"Content-Encoding": "gzip"}))
    snapshot = server.door().fetch(request(server), tmp_path, "items.json", a_list)
    headers = server.asked("/items")[0].headers
    assert headers["User-Agent"].startswith("meetingplaces/")
    assert "test@example.org" in headers["User-Agent"]
    assert headers["Accept-Encoding"] == "gzip"
    assert snapshot.path.read_bytes() == LIST


def test_a_form_is_posted_and_noted(server, tmp_path):
    server.on("/items", Reply(body=LIST))
    snapshot = server.door().fetch(request(server, form={"data": "out;"}), tmp_path, "x.json", a_list)
    assert (server.log[0].method, server.log[0].body) == ("POST", b"data=out%3B")
    assert snapshot.request == "POST data=out;"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again_after_growing_pauses(server, tmp_path, status):
    server.on("/items", Reply(status), Reply(status), Reply(status), Reply(body=LIST))
    server.door().fetch(request(server), tmp_path, "items.json", a_list)
    first, second, third = server.clock.slept
    assert 0.5 <= first <= 1.5
    assert 1 <= second <= 3
    assert 2 <= third <= 6


def test_a_service_that_stays_busy_is_left_alone_after_four_tries(server, tmp_path):
    server.on("/items", Reply(503, b"<html><head><title>x</title></head><p>Te <b>druk</b></p></html>"))
    with pytest.raises(SourceBusyError) as caught:
        server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert len(server.log) == 4
    assert (caught.value.status, caught.value.found, caught.value.retryable) == (503, "Te druk", True)


@pytest.mark.parametrize("asked", ["20", format_datetime(START + timedelta(seconds=20), usegmt=True)])
def test_we_wait_as_long_as_the_service_asks(server, tmp_path, asked):
    server.on("/items", Reply(429, headers={"Retry-After": asked}), Reply(body=LIST))
    server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert server.clock.slept == [20]


def test_a_service_that_asks_for_an_hour_is_not_waited_for(server, tmp_path):
    server.on("/items", Reply(503, headers={"Retry-After": "3600"}))
    with pytest.raises(SourceBusyError) as caught:
        server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert (caught.value.wait_s, server.clock.slept, len(server.log)) == (3600, [], 1)


def test_a_retry_after_that_says_nothing_is_no_reason_to_fail(server, tmp_path):
    server.on("/items", Reply(503, headers={"Retry-After": "soon"}), Reply(body=LIST))
    server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert len(server.clock.slept) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 410, 204, 304])
def test_a_refusal_is_not_argued_with(server, tmp_path, status):
    server.on("/items", Reply(status))
    with pytest.raises(SourceRefusedError) as caught:
        server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert (caught.value.status, caught.value.retryable, len(server.log)) == (status, False, 1)


# --- connections that fail --------------------------------------------------------------------------------------------


def test_nobody_listens(server, tmp_path):
    host = closed_port()
    with pytest.raises(SourceUnreachableError) as caught:
        server.door(private_hosts={host}).fetch(Request(f"http://{host}/items", ORIGIN), tmp_path, "items.json", a_list)
    assert (caught.value.found, len(server.clock.slept)) == ("Connection refused", 3)


@pytest.mark.parametrize("how", ["reset", "cut", "hang"])
def test_a_broken_connection_is_tried_again(server, tmp_path, how):
    server.on("/items", Reply(body=LIST, how=how), Reply(body=LIST))
    snapshot = server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert snapshot.path.read_bytes() == LIST
    assert len(server.clock.slept) == 1


@pytest.mark.parametrize(
    ("how", "found"),
    [("cut", "an answer that breaks off"), ("hang", "no answer within 1 seconds"),
     ("drip", "an answer that was not complete after 2 seconds")],
)  # fmt: skip
def test_why_a_connection_failed_is_told(server, tmp_path, how, found):
    server.on("/items", Reply(body=LIST * 9, how=how))
    with pytest.raises(SourceUnreachableError) as caught:
        server.door().fetch(request(server, tries=1), tmp_path, "items.json", a_list)
    assert caught.value.found == found


def test_headers_that_drip_are_not_waited_for(server, tmp_path):
    stop = threading.Event()

    def drip() -> None:
        connected, _ = listening.accept()
        with connected:
            connected.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                try:
                    connected.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = threading.Thread(target=drip)
        dripping.start()
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        asked = Request(f"http://{host}/", ORIGIN, limits=BRISK, tries=1)
        with pytest.raises(SourceUnreachableError):
            server.door(private_hosts={host}).fetch(asked, tmp_path, "x", a_list)
        stop.set()
        dripping.join()


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "found"),
    [(b"<!DOCTYPE html><html><body>Onderhoud</body></html>", "an HTML page: 'Onderhoud' (expected value"),
     (LIST[:-4], "something else"), (b"", "an empty body"), (b"[" * 100_000, "something else")],
)  # fmt: skip
def test_a_body_that_is_no_json_is_a_failure_though_the_status_is_good(server, tmp_path, body, found):
    server.on("/items", Reply(body=body))
    with pytest.raises(SourceAnswerError) as caught:
        server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert caught.value.found.startswith(found)
    assert len(server.log) == 1


def test_a_gigantic_body_is_refused_by_its_announcement(server, tmp_path):
    server.on("/items", Reply(body=b"x", headers={"Content-Length": str(1 << 40)}))
    with pytest.raises(SourceTooLargeError):
        server.door().fetch(request(server), tmp_path, "items.json", a_list)


def test_a_body_without_end_is_cut_at_the_limit(server, tmp_path):
    server.on("/items", Reply(body=b"x" * 50_000, how="endless"))
    with pytest.raises(SourceTooLargeError) as caught:
        server.door().fetch(request(server), tmp_path, "items.json", a_list)
    assert caught.value.limit_bytes == BRISK.body_bytes


def test_a_gzip_bomb_is_defused(server, tmp_path):
    bomb = gzip.compress(bytes(50 << 20))
    server.on("/items", Reply(body=bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(SourceTooLargeError):
        server.door().fetch(request(server), tmp_path, "items.json", a_list)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 300_000])
def test_gzip_unpacks_to_the_last_byte(server, tmp_path, size):
    body = bytes(size)
    server.on("/items", Reply(body=gzip.compress(body[: size // 2], mtime=0) + gzip.compress(body[size // 2 :]),
                              headers={"Content-Encoding": "gzip"}))  # fmt: skip
    snapshot = server.door().fetch(request(server), tmp_path, "items", lambda answer: None)
    assert snapshot.path.read_bytes() == body


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(LIST, mtime=0)[:-9], "gzip"), (LIST, "gzip"), (zlib.compress(LIST), "br")],
)
def test_a_body_that_does_not_unpack_is_a_broken_answer(server, tmp_path, body, encoding):
    server.on("/items", Reply(body=body, headers={"Content-Encoding": encoding}))
    with pytest.raises(SourceUnreachableError):
        server.door().fetch(request(server), tmp_path, "items.json", a_list)


# --- where it leads ---------------------------------------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed(server, tmp_path):
    server.on("/items", Reply(302, headers={"Location": "/newest"}))
    server.on("/newest", Reply(body=LIST))
    assert server.door().fetch(request(server), tmp_path, "x.json", a_list).url == f"{server.url}/newest"


def test_a_redirect_to_another_host_is_refused(server, tmp_path):
    server.on("/items", Reply(302, headers={"Location": "http://example.org/items?token=abc"}))
    with pytest.raises(SourceElsewhereError) as caught:
        server.door().fetch(request(server), tmp_path, "x.json", a_list)
    assert caught.value.found == "a redirect to http://example.org/items?token=…"


def test_a_redirect_to_a_host_that_was_agreed_is_followed(server, tmp_path):
    with FaultServer() as other:
        server.on("/items", Reply(301, headers={"Location": other.url + "/items"}))
        other.on("/items", Reply(body=LIST))
        door = server.door(private_hosts={"127.0.0.1"})
        kept = door.fetch(request(server, hosts=frozenset({"127.0.0.1"})), tmp_path, "x.json", a_list)
        assert kept.path.read_bytes() == LIST


def test_a_redirect_in_a_circle_ends(server, tmp_path):
    server.on("/items", Reply(302, headers={"Location": "/items"}))
    with pytest.raises(SourceElsewhereError):
        server.door().fetch(request(server), tmp_path, "x.json", a_list)


def test_a_form_is_not_carried_elsewhere(server, tmp_path):
    server.on("/items", Reply(307, headers={"Location": "/other"}))
    with pytest.raises(SourceElsewhereError):
        server.door().fetch(request(server, form={"a": "b"}), tmp_path, "x.json", a_list)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_an_address_in_our_own_network_is_refused_by_where_it_really_leads(server, tmp_path, name):
    port = server.host.rpartition(":")[2]
    with pytest.raises(SourceElsewhereError, match="private address"):
        server.door(private_hosts=set()).fetch(
            Request(f"http://{name}:{port}/items", ORIGIN), tmp_path, "x.json", a_list
        )
    assert server.log == []


def test_behind_a_proxy_everything_goes_through_it(server, tmp_path):
    server.on("/items", Reply(body=LIST))
    door = server.door(private_hosts=set(), proxy=server.url)
    found = door.fetch(Request("http://places.invalid/items", ORIGIN), tmp_path, "items.json", a_list)
    assert found.path.read_bytes() == LIST
    assert [asked.headers["Host"] for asked in server.log] == ["places.invalid"]


def test_a_host_of_our_own_is_asked_without_the_proxy(server, tmp_path):
    server.on("/items", Reply(body=LIST))
    door = server.door(proxy=f"http://{closed_port()}")
    assert door.fetch(request(server), tmp_path, "items.json", a_list).path.read_bytes() == LIST


def test_a_proxy_is_not_asked_for_what_lies_inside_our_own_network(server, tmp_path):
    door = server.door(private_hosts=set(), proxy=server.url)
    for name in ("127.0.0.1", "localhost", "10.1.2.3"):
        with pytest.raises(SourceElsewhereError, match="private address"):
            door.fetch(Request(f"http://{name}/items", ORIGIN), tmp_path, "x.json", a_list)
    assert server.log == []


def test_encrypted_requests_tunnel_through_the_proxy(server, tmp_path):
    door = server.door(private_hosts=set(), proxy=server.url)
    with pytest.raises(SourceUnreachableError):
        door.fetch(Request("https://places.invalid/items", ORIGIN, tries=1), tmp_path, "x.json", a_list)
    assert [(asked.method, asked.path) for asked in server.log] == [("CONNECT", "places.invalid:443")]


def test_a_proxy_of_the_environment_is_not_used(server, tmp_path, monkeypatch):
    server.on("/items", Reply(body=LIST))
    monkeypatch.setenv("HTTP_PROXY", f"http://{closed_port()}")
    monkeypatch.setenv("http_proxy", f"http://{closed_port()}")
    assert server.door().fetch(request(server), tmp_path, "items.json", a_list).path.read_bytes() == LIST


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "::1",
                                     "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0", "100.64.0.1",
                                     "224.0.0.1"])  # fmt: skip
def test_these_addresses_are_not_public(address):
    assert not is_public(address)


def test_these_addresses_are_public():
    assert is_public("145.131.1.1")
    assert is_public("2a01:4f8::1")


@pytest.mark.parametrize(
    ("asked", "led_to", "same"),
    [
        ("https://a.nl/x", "https://a.nl/y", True),
        ("https://a.nl/x", "https://a.nl:443/y", True),
        ("http://a.nl/x", "https://a.nl/y", True),
        ("https://a.nl/x", "http://a.nl/y", False),
        ("https://a.nl/x", "https://b.a.nl/y", False),
        ("https://a.nl/x", "https://a.nl:8443/y", False),
        ("https://a.nl/x", "ftp://a.nl/y", False),
        ("https://a.nl/x", "https://a.nl@b.nl/y", False),
    ],
)
def test_what_counts_as_the_same_host(asked, led_to, same):
    assert same_host(asked, led_to) is same


def test_an_address_is_told_without_its_secrets():
    url = "https://user:pass@a.nl/x?apikey=1&page=2&X-Amz-Signature=3#z"
    assert shown(url) == "https://a.nl/x?apikey=…&page=2&X-Amz-Signature=…"


# --- large files ------------------------------------------------------------------------------------------------------


def test_a_download_that_breaks_off_goes_on_where_it_was(server, tmp_path):
    body = bytes(range(256)) * 500
    server.on("/file", ranged(body, first="cut"))
    snapshot = server.door().fetch(request(server, "/file", resume=True), tmp_path, "file.pbf", lambda answer: None)
    assert snapshot.path.read_bytes() == body
    assert [asked.headers["Range"] for asked in server.log] == [None, f"bytes={len(body) // 2}-"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.pbf", "file.pbf.origin.json"]


def test_a_download_goes_on_after_the_program_was_stopped(server, tmp_path):
    body = bytes(range(256)) * 500
    server.on("/file", ranged(body, first="cut"))
    with pytest.raises(SourceUnreachableError):
        server.door().fetch(request(server, "/file", resume=True, tries=1), tmp_path, "f", lambda answer: None)
    snapshot = server.door().fetch(request(server, "/file", resume=True, tries=1), tmp_path, "f", lambda answer: None)
    assert snapshot.path.read_bytes() == body


def test_a_file_that_was_replaced_meanwhile_is_downloaded_anew(server, tmp_path):
    server.on("/file", ranged(b"old" * 1000, first="cut"), ranged(b"new" * 1000, '"two"'))
    snapshot = server.door().fetch(request(server, "/file", resume=True), tmp_path, "f", lambda answer: None)
    assert snapshot.path.read_bytes() == b"new" * 1000


def test_a_download_that_is_not_the_right_one_is_not_continued(server, tmp_path):
    server.on("/file", ranged(LIST))

    def wrong(answer: Answer) -> str | None:
        raise answer.wrong("md5 0", "md5 1")

    with pytest.raises(SourceAnswerError):
        server.door().fetch(request(server, "/file", resume=True), tmp_path, "f", wrong)
    assert list(tmp_path.iterdir()) == []


def test_the_moment_is_told_in_utc(server, tmp_path):
    server.on("/items", Reply(body=LIST))
    moment = server.door().fetch(request(server), tmp_path, "items.json", a_list).retrieved_at
    assert moment == datetime(2026, 11, 22, 12, tzinfo=UTC)


# --- encryption -------------------------------------------------------------------------------------------------------


@pytest.fixture
def encrypted(server, tmp_path):
    """The same server behind TLS, and the file with its certificate."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.encrypt(context)
    return certificate


def test_an_encrypted_answer_is_fetched_from_whom_it_says_it_is(server, encrypted, tmp_path):
    server.on("/items", Reply(body=LIST))
    door = server.door(certificates=encrypted)
    asked = Request(f"https://{server.host}/items", ORIGIN, limits=BRISK)
    assert door.fetch(asked, tmp_path, "items.json", a_list).path.read_bytes() == LIST


def test_a_certificate_that_nobody_vouches_for_is_no_connection(server, encrypted, tmp_path):
    with pytest.raises(SourceUnreachableError, match="certificate"):
        server.door().fetch(Request(f"https://{server.host}/items", ORIGIN, tries=1), tmp_path, "x.json", a_list)
    assert server.log == []


def test_encrypted_headers_that_do_not_come_are_not_waited_for(server, encrypted, tmp_path):
    server.on("/items", Reply(how="hang"))
    door = server.door(certificates=encrypted)
    with pytest.raises(SourceUnreachableError, match="no answer within 1 seconds"):
        door.fetch(Request(f"https://{server.host}/items", ORIGIN, limits=BRISK, tries=1), tmp_path, "x", a_list)
