"""`sheet`: what a professional brings along, as a file."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.model.errors import MissingFileError
from meetingplaces.storage.locations import categories_path


def add_sheet(commands: Any) -> None:
    """The options of `sheet`. Their choices are written out: importing them would cost every command a second."""
    sheet = commands.add_parser("sheet", help="an A4 sheet, a booklet, a page without internet or a QR code")
    add_municipality(sheet)
    sheet.add_argument("--neighbourhood", metavar="CODE", help="one neighbourhood, such as BU01660000 (default: all)")
    sheet.add_argument("--kind", choices=("sheet", "booklet", "html", "qr"), default="sheet")
    sheet.add_argument("--output", type=Path, metavar="FILE", required=True, help="where to write; .svg or .png for qr")
    sheet.add_argument("--language", choices=("nl", "en"), default="nl")
    sheet.add_argument(
        "--from", dest="start", type=_position, metavar="LON,LAT", help="booklet only: tell distances from here"
    )
    add_data(sheet)
    sheet.set_defaults(run=_sheet, wrong=sheet.error)


def _position(text: str) -> tuple[float, float]:
    """A position in degrees. What was written is not repeated: it may be somebody's home."""
    written = re.fullmatch(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,2}(?:\.\d+)?)\s*", text, re.ASCII)
    if written is None:
        raise argparse.ArgumentTypeError("expected longitude,latitude in degrees, such as 5.917,52.557")
    return float(written[1]), float(written[2])


def _sheet(options: argparse.Namespace) -> None:
    _check_usage(options)
    from datetime import date  # noqa: PLC0415

    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.catalogue import catalogue  # noqa: PLC0415
    from meetingplaces.ui.kit.making import KitOrder, kit_file  # noqa: PLC0415
    from meetingplaces.ui.loaded import LoadedBundle  # noqa: PLC0415
    from meetingplaces.ui.settings import SITE_VARIABLE, site_url  # noqa: PLC0415
    from meetingplaces.ui.view_state import ViewState  # noqa: PLC0415

    loaded = LoadedBundle.of(open_bundle(data_of(options), options.municipality))
    state = ViewState(
        options.municipality,
        neighbourhood=options.neighbourhood.upper() if options.neighbourhood else None,
        language=None if options.language == "nl" else options.language,
    )
    order = KitOrder(
        options.kind, state, date.today(), site_url(), options.start, options.output.suffix[1:].lower()  # noqa: DTZ011
    )  # fmt: skip
    content = kit_file(loaded, order, load_categories(categories_path()))
    try:
        options.output.write_bytes(content)
    except OSError as error:
        raise MissingFileError(
            str(options.output), "the file to write", "a writable file", str(error.strerror)
        ) from error
    if order.site is None:
        print(f"meetingplaces: {catalogue('en')('kit_no_qr', setting=SITE_VARIABLE)}", file=sys.stderr)


def _check_usage(options: argparse.Namespace) -> None:
    if options.kind == "qr" and options.output.suffix.lower() not in {".svg", ".png"}:
        options.wrong("--kind qr writes a file that ends in .svg or .png")
    if options.start and options.kind != "booklet":
        options.wrong("--from is for --kind booklet only")
