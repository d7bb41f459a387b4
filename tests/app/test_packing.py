"""What is sent packed, to whom, and that it is the same when unpacked."""

import asyncio
import gzip
import random

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from meetingplaces.ui.serving.packing import Packed, PackedFiles, best_coding

SCRIPT = "".join(f"export const place{number} = {number * number};\n" for number in range(500)).encode()
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.fixture
def app(tmp_path):
    files = {"page.js": SCRIPT, "page.css": b"a {color: red}" * 100, "short.js": b"1;", "dot.png": b"\x89PNG" * 400}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    told = Route("/media/told", lambda request: PlainTextResponse(request.headers.get("accept-encoding", "none") * 99))
    return Packed(Starlette(routes=[told, Mount("/static", StaticFiles(directory=tmp_path))]))


def ask(app, path, method="GET", **headers):
    """Status, headers and body of one answer."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "query_string": b"", "headers": named}
    sent = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("", None),
     ("identity", None), ("*", "br"), ("*;q=0", None), ("br ; q=0.000, *", "gzip"), ("BR", "br"), ("xbr", None)],
)  # fmt: skip
def test_the_best_coding_that_the_browser_takes_is_chosen(accepted, coding):
    assert best_coding(accepted) == coding


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", ""), ("zstd", "")])
@pytest.mark.parametrize("file", ["page.js", "page.css"])
def test_every_browser_gets_the_same_content_the_second_time_too(app, tmp_path, file, accepted, coding):
    for _ in range(2):
        status, headers, body = ask(app, f"/static/{file}", accept_encoding=accepted)
        assert (status, headers.get("content-encoding", "")) == (200, coding)
        assert headers["content-length"] == str(len(body))
        assert headers["vary"] == "Accept-Encoding"
        assert UNPACK[coding](body) == (tmp_path / file).read_bytes()
        assert coding == "" or len(body) < (tmp_path / file).stat().st_size / 4


def test_a_changed_file_is_sent_changed(app, tmp_path):
    ask(app, "/static/page.js", accept_encoding="br")
    (tmp_path / "page.js").write_bytes(SCRIPT.upper())
    assert brotli.decompress(ask(app, "/static/page.js", accept_encoding="br")[2]) == SCRIPT.upper()


@pytest.mark.parametrize("file", ["short.js", "dot.png"])
def test_what_gains_nothing_is_not_packed(app, tmp_path, file):
    status, headers, body = ask(app, f"/static/{file}", accept_encoding="br, gzip")
    assert (status, body) == (200, (tmp_path / file).read_bytes())
    assert "content-encoding" not in headers


@pytest.mark.parametrize("request_", [{"method": "HEAD"}, {"range": "bytes=10-19"}])
def test_asking_for_the_head_or_a_part_is_answered_as_without_packing(app, request_):
    plain, packing = (ask(app, "/static/page.js", **request_, accept_encoding=one) for one in ("identity", "br"))
    assert packing == plain
    assert "content-encoding" not in packing[1]
    assert packing[2] == (SCRIPT[10:20] if "range" in request_ else b"")


def test_a_browser_that_has_the_packed_file_need_not_fetch_it_again(app):
    mark = ask(app, "/static/page.js", accept_encoding="br")[1]["etag"]
    assert mark.startswith('W/"')
    status, headers, body = ask(app, "/static/page.js", accept_encoding="br", if_none_match=mark)
    assert (status, body, headers["vary"]) == (304, b"", "Accept-Encoding")


def test_an_absent_file_stays_absent(app):
    assert ask(app, "/static/absent.js", accept_encoding="br")[0] == 404


def test_what_streamlit_makes_for_one_visitor_is_left_to_streamlit(app):
    status, headers, body = ask(app, "/media/told", accept_encoding="br")
    assert (status, body) == (200, b"br" * 99)
    assert "content-encoding" not in headers


def test_no_more_than_so_many_bytes_are_remembered():
    noise = random.Random(1)
    files = [noise.randbytes(1000) for _ in range(20)]
    kept = PackedFiles(5_000)

    async def pack_all():
        for file in files:
            assert brotli.decompress(await kept.packed(file, "br")) == file
            assert kept.held_bytes <= 5_000

    asyncio.run(pack_all())
    assert kept.held_bytes > 3_000
