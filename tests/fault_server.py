"""A real HTTP server on this machine that answers as it is told, faults included, and a clock that waits for nobody.

with FaultServer() as server:
    server.on("/items", Reply(503), Reply(body=b"[]"))   # the last one is repeated
    door = server.door()                                 # a Door that may come here, with a `TestClock`
    door.fetch(Request(server.url + "/items", ORIGIN), folder, "items.json", check)
    assert server.asked("/items")[0].headers["User-Agent"] == ...
    assert server.clock.slept == [...]
"""

import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from meetingplaces.model.provenance import Origin
from meetingplaces.sources.endpoints import Endpoints
from meetingplaces.sources.http import Door, Limits

ORIGIN = Origin(
    source_id="test",
    title="Proefbron",
    publisher="De proef",
    licence="CC0 1.0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    attribution="Bron: de proef",
)
BRISK = Limits(connect_s=5.0, read_s=1.0, total_s=2.0, body_bytes=1 << 20)
"""Limits for tests: long enough for a whole answer on this machine, short enough to wait for."""
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class TestClock:
    """Sleeps without sleeping: what was asked for is noted in `slept` and counts as passed."""

    __test__ = False

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.when_slept: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return START + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.when_slept()


@dataclass(frozen=True)
class Asked:
    """One request as it came in, with the moment on the stopwatch at which it began."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message
    body: bytes
    began: float


@dataclass(frozen=True)
class Reply:
    """An answer. `how`: "whole"; "reset" or "cut" (connection closed) after half; "drip" byte by byte; "hang" before
    the headers; "endless" a body without end."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "whole"


Answering = Reply | Callable[[Asked], Reply]


def ranged(body: bytes, tag: str = '"one"', first: str = "whole") -> Callable[[Asked], Reply]:
    """A file that can be downloaded in parts; a request without a range is answered in the manner of `first`."""

    def answer(asked: Asked) -> Reply:
        begin = asked.headers.get("Range", "")
        if not begin or asked.headers.get("If-Range") != tag:
            return Reply(body=body, headers={"ETag": tag}, how=first)
        start = int(begin.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            return Reply(416)
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Reply(206, body[start:], {"ETag": tag, "Content-Range": span})

    return answer


class FaultServer:
    """The server; also the context in which it runs. Paths that it was not told about answer 404."""

    def __init__(self) -> None:
        self.clock = TestClock()
        self.host = ""
        self.log: list[Asked] = []
        self._replies: dict[str, list[Answering]] = {}
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> "FaultServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.stop()

    def start(self) -> None:
        """Listen, after a stop on the same port."""
        self._server = _Server(self, int(self.host.rpartition(":")[2] or 0))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def encrypt(self, context: ssl.SSLContext) -> None:
        """From now on answer `https://` only."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def stop(self) -> None:
        """Refuse connections. Those that are open are not ours to close: the next request makes a new one."""
        self._server.shutdown()
        self._server.server_close()

    def on(self, path: str, *replies: Answering) -> None:
        """Answer `path` with these one after the other, and from then on with the last."""
        self._replies[path] = list(replies)

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.log if asked.path == path]

    def door(self, **settings: Any) -> Door:
        """A door that may come to this server, with our clock and a jitter that is the same every time."""
        endpoints = Endpoints(**{"private_hosts": {self.host}, "contact": "test@example.org", **settings})
        return Door(endpoints, self.clock, random.Random(1))

    def reply_to(self, asked: Asked) -> Reply:
        with self._lock:
            self.log.append(asked)
            waiting = self._replies.get(asked.path, [Reply(404)])
            answering = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return answering(asked) if callable(answering) else answering

    def until_closed(self, seconds: float) -> bool:
        """Wait, but not longer than the server runs."""
        return self._closing.wait(seconds)


def closed_port() -> str:
    """The address of a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: FaultServer, port: int) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_: object) -> None:
        """Nothing: a client that hangs up is what we provoke."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body of an answer wait 40 ms for each other
    server: _Server

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at `log`."""

    def do_GET(self) -> None:
        began, parts = time.monotonic(), urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path if self.command == "CONNECT" else parts.path
        asked = Asked(self.command, path, parse_qs(parts.query), self.headers, body, began)
        reply = self.server.owner.reply_to(asked)
        if reply.how == "hang":
            self.server.owner.until_closed(20)
            self.close_connection = True
            return
        self._head(reply)
        getattr(self, f"_{reply.how}")(reply.body)

    def do_POST(self) -> None:
        self.do_GET()

    def do_CONNECT(self) -> None:
        self.do_GET()

    def _head(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.how == "endless":
            self.send_header("Connection", "close")
        elif "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()

    def _whole(self, body: bytes) -> None:
        self.wfile.write(body)

    def _cut(self, body: bytes) -> None:
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _reset(self, body: bytes) -> None:
        self._cut(body)
        self.wfile.flush()
        time.sleep(0.05)  # what was sent must arrive before the reset overtakes it
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _drip(self, body: bytes) -> None:
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            if self.server.owner.until_closed(0.05):
                return

    def _endless(self, body: bytes) -> None:
        while not self.server.owner.until_closed(0):
            self.wfile.write(body)
