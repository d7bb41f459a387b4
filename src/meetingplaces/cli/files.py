"""`export`: the places of a bundle in formats that other programs open."""

from __future__ import annotations

import argparse
import io
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.model.errors import MissingFileError


def add_export(commands: Any) -> None:
    """`export`: to a file or to standard output."""
    export = commands.add_parser("export", help="the places of one bundle as a file")
    add_municipality(export)
    export.add_argument("--format", choices=("geojson", "csv"), required=True)
    export.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: standard output)")
    add_data(export)
    export.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    from meetingplaces.export.csv import write_csv  # noqa: PLC0415
    from meetingplaces.export.geojson import write_geojson  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415

    bundle = open_bundle(data_of(options), options.municipality)
    write = {"csv": write_csv, "geojson": write_geojson}[options.format]
    text = io.StringIO(newline="")
    write(bundle.places(), bundle.manifest, text)
    try:
        opened = options.output.open("wb") if options.output else nullcontext(sys.stdout.buffer)
        with opened as stream:
            stream.write(text.getvalue().encode())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise MissingFileError(
            str(options.output), "the file to write", "a writable file", str(error.strerror)
        ) from error
