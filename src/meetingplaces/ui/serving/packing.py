"""Files are packed once, with Brotli or gzip, for every browser that asks for them."""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from hashlib import blake2b

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MEMORY_BYTES = 32_000_000
_LEAST_BYTES = 500
"""Below this the header costs more than packing saves."""
_LARGE_BYTES = 1_000_000
"""From here the quality that takes a second takes several, for 4 % less."""
_TEXTUAL = re.compile(r"text/|image/svg|application/(javascript|json|manifest|geo\+json|wasm|xml)")
_PER_VISITOR = re.compile(r"(?<!/static)/(media|_stcore)/")
"""What Streamlit makes for one visitor, and packs itself as it sends it."""


class Packed:
    """Sends pages and files packed in the best way that the browser takes, and remembers them packed.

    Streamlit 1.67 leaves its own page unpacked, because packing it for every visitor costs more than it saves; and a
    page packed by Streamlit could no longer be given its language. So the app inside is asked for plain answers.
    """

    def __init__(self, app: ASGIApp, memory_bytes: int = _MEMORY_BYTES) -> None:
        self._app = app
        self._kept = PackedFiles(memory_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an answer to `GET` that is whole and text is sent packed."""
        if scope["type"] != "http" or _PER_VISITOR.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        coding = best_coding(headers.get("accept-encoding", ""))
        whole = scope["method"] == "GET" and "range" not in headers
        plain = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
        answer = _Answer(send, self._kept, coding if whole else None)
        # Without extensions a body comes in bytes, never as the path of a file.
        await self._app({**scope, "headers": plain, "extensions": {}}, receive, answer)


class _Answer:
    """Takes the messages of one answer, and sends them packed when they are worth it."""

    def __init__(self, send: Send, kept: PackedFiles, coding: str | None) -> None:
        self._send, self._kept, self._coding = send, kept, coding
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Accept-Encoding")
            if self._coding and message["status"] == 200 and _can_be_packed(headers):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body.append(message.get("body", b""))
        if not message.get("more_body", False):
            await self._flush(self._start, b"".join(self._body))

    async def _flush(self, start: Message, body: bytes) -> None:
        if self._coding and len(body) >= _LEAST_BYTES:
            body = await self._kept.packed(body, self._coding)
            headers = MutableHeaders(scope=start)
            headers["content-encoding"] = self._coding
            headers["content-length"] = str(len(body))
            del headers["accept-ranges"]
            if "etag" in headers:
                # The same content in other bytes.
                headers["etag"] = "W/" + headers["etag"].removeprefix("W/")
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


class PackedFiles:
    """Packed bytes by what they hold, at most so many bytes; those asked for longest ago go first."""

    def __init__(self, memory_bytes: int) -> None:
        self._most = memory_bytes
        self._packed: OrderedDict[tuple[bytes, str], bytes] = OrderedDict()

    @property
    def held_bytes(self) -> int:
        """How many bytes are remembered."""
        return sum(map(len, self._packed.values()))

    async def packed(self, body: bytes, coding: str) -> bytes:
        """`body` in the coding `br` or `gzip`."""
        key = (blake2b(body).digest(), coding)
        if key not in self._packed:
            self._packed[key] = await run_in_threadpool(_pack, body, coding)
        found = self._packed[key]
        self._packed.move_to_end(key)
        while self.held_bytes > self._most:
            self._packed.popitem(last=False)
        return found


def _pack(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, quality=9 if len(body) < _LARGE_BYTES else 5)
    return gzip.compress(body, mtime=0)


def best_coding(accepted: str) -> str | None:
    """`br`, else `gzip`, of what a browser says it takes in `Accept-Encoding`; `None` when it takes neither."""
    takes = {}
    for one in accepted.lower().split(","):
        name, _, weight = one.partition(";")
        takes[name.strip()] = not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    return next((coding for coding in ("br", "gzip") if takes.get(coding, takes.get("*", False))), None)


def _can_be_packed(headers: Headers) -> bool:
    return bool(_TEXTUAL.match(headers.get("content-type", ""))) and "content-encoding" not in headers
