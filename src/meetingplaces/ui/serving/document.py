"""The first document: Streamlit's own page in the visitor's language and with small fonts."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meetingplaces.ui.catalogue import LANGUAGES, language_of
from meetingplaces.ui.serving.fonts import SmallFonts


class Document:
    """Writes language and fonts into the first document; Streamlit hard-codes English (streamlit#8399)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._fonts = app, SmallFonts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an HTML document is held until it is whole, then sent rewritten."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        font = self._fonts.answer(scope["path"])
        if font:
            await font(scope, receive, send)
            return
        await self._app(scope, receive, _Rewriter(_language(scope), self._fonts, send))


class _Rewriter:
    def __init__(self, language: str, fonts: SmallFonts, send: Send) -> None:
        self._language, self._fonts, self._send = language, fonts, send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._flush(self._start)

    async def _flush(self, start: Message) -> None:
        body = self._body.replace(b'<html lang="en"', f'<html lang="{self._language}"'.encode(), 1)
        body = self._fonts.into(body)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        del headers["etag"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_plain_html(message: Message) -> bool:
    headers = Headers(scope=message)
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


def _language(scope: Scope) -> str:
    """The language of the link, else the first of the browser's that we speak."""
    asked = re.search(rb"(?:^|&)taal=(\w\w)(?:&|$)", scope.get("query_string", b""))
    if asked and asked[1].decode() in LANGUAGES:
        return asked[1].decode()
    return language_of(Headers(scope=scope).get("accept-language", "").split(",")[0])
