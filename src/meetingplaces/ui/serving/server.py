"""The production server: the Streamlit app with a health check, security headers, the right language and JSON logs."""

from __future__ import annotations

import logging
import os
import re
import socket
import sys
import webbrowser
from pathlib import Path
from threading import Timer

import streamlit as st
from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette import starlette_server

from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.storage.bundle import list_bundles, open_bundle
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder, data_folder
from meetingplaces.ui.serving.document import Document
from meetingplaces.ui.serving.packing import Packed
from meetingplaces.ui.settings import TILE_HOST, basemap, check_settings, embed_origins

_log = logging.getLogger("meetingplaces.server")


def serve(data: Path, host: str, port: int, open_browser: bool) -> None:
    """Serve the bundles in `data` until stopped.

    Raises
    ------
    InputError
        A setting in the environment, or the file with the addresses of services, cannot be used.
    """
    check_settings()
    os.environ[DATA_VARIABLE] = str(data.resolve())
    log_as_json()
    if open_browser:
        Timer(2.0, webbrowser.open, [f"http://localhost:{port}"]).start()
    # Streamlit takes the launching script for the app's folder; ours is where `app.py` and its settings are.
    sys.argv = [str(app_folder() / "app.py")]
    _send_without_delay()
    create_app().run(config={
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "runner.postScriptGC": False,
    })  # fmt: skip


def _send_without_delay() -> None:
    """Make the server's connections send small messages at once.

    Streamlit 1.67 binds its socket without naming TCP as its protocol; asyncio then leaves Nagle's algorithm on, and
    the many small messages of a run wait 40 ms for an acknowledgement.
    """
    bind = starlette_server._bind_socket

    def bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
        bound = bind(address, port, backlog)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound

    starlette_server._bind_socket = bind_without_delay


def create_app() -> st.App:
    """The app as an ASGI application, for `serve` and for any other ASGI server."""
    # Until a session has run `st.navigation`, Streamlit 1.67 takes a folder `pages/` for its old page mechanism, and
    # tells the first visitor of /bronnen that there is no such page.
    PagesManager.uses_pages_directory = False
    return st.App(
        app_folder() / "app.py",
        routes=[Route("/healthz", health), Route("/kaart", to_map)],
        middleware=[Middleware(Packed), Middleware(SecurityHeaders), Middleware(BrowserCache), Middleware(Document)],
        on_script_error=_log_script_error,
    )


def health(_: Request) -> Response:
    """200 when at least one bundle can be read to the last byte, else 503; says which bundles cannot."""
    readable, broken = [], {}
    for code in list_bundles(data_folder()):
        try:
            open_bundle(data_folder(), code).check()
            readable.append(code)
        except MeetingPlacesError as error:
            broken[code] = error.code
    return JSONResponse({"ok": bool(readable), "bundles": readable, "broken": broken}, 200 if readable else 503)


def to_map(request: Request) -> Response:
    """The map's own name leads to the map, which is at the root: Streamlit gives its default page no other address."""
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./")


def _log_script_error(error: Exception) -> bool:
    _log.error("page failed", exc_info=error)
    return False


def log_as_json() -> None:
    """One JSON object per line on stderr, for every logger."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp=True))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # It tells of every table of a font.
    logging.getLogger("fontTools").setLevel(logging.WARNING)


class SecurityHeaders:
    """Adds to every answer what browsers need to keep the page to itself.

    Streamlit and streamlit-folium evaluate scripts of their own, so these cannot be forbidden; other hosts can. Sites
    that may show ours in a frame are named in the policy; the older X-Frame-Options cannot name any.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        tiles = f" {TILE_HOST}" if basemap() else ""
        embedders = "".join(f" {origin}" for origin in embed_origins())
        self._headers = {
            "Content-Security-Policy": (
                "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
                "style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
                f"img-src 'self' data: blob:{tiles}; connect-src 'self' ws: wss: blob: data:; worker-src 'self' blob:; "
                "frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
                f"frame-ancestors 'self'{embedders}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
            **({} if embedders else {"X-Frame-Options": "SAMEORIGIN"}),
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to the answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BrowserCache:
    """Lets browsers keep the files of components; Streamlit 1.67 says `public` and no more, so they ask every time."""

    # A checksum in the name, or behind the question mark.
    _MARKED = re.compile(rb"[.-][0-9a-f]{8,12}\.(js|json)$|\?[0-9a-f]{8}$")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a file whose address never changes content may be kept for a year, others for a day."""
        if scope["type"] != "http" or "/component/" not in scope["path"] or scope["path"].endswith(".html"):
            await self._app(scope, receive, send)
            return
        address = scope["path"].encode() + b"?" * bool(scope["query_string"]) + scope["query_string"]
        kept = "max-age=31536000, immutable" if self._MARKED.search(address) else "max-age=86400"

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = f"public, {kept}"
            await send(message)

        await self._app(scope, receive, send_kept)
