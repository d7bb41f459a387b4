"""`serve`: the map for browsers."""

from __future__ import annotations

import argparse
from typing import Any

from meetingplaces.cli.arguments import add_data, data_of


def add_serve(commands: Any) -> None:
    """`serve`: on this machine only unless told otherwise."""
    serve = commands.add_parser("serve", help="serve the map to browsers")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--port", type=int, default=8501, help="port to listen on (default: 8501)")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    add_data(serve)
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> None:
    from meetingplaces.ui.serving.server import serve  # noqa: PLC0415

    serve(data_of(options), options.host, options.port, open_browser=not options.no_browser)
