"""`build`, `list` and `show`: make bundles and see what they hold."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.cli.output import print_facts, print_json
from meetingplaces.storage.locations import DATA_VARIABLE, categories_path


def add_build(commands: Any) -> None:
    """`build`: from files, without network."""
    build = commands.add_parser("build", help="make the bundle of one municipality from files")
    add_municipality(build)
    build.add_argument(
        "--osm", type=Path, required=True, metavar="FILE", help="OpenStreetMap extract (.osm.pbf, .osm, …)"
    )
    build.add_argument(
        "--areas", type=Path, required=True, metavar="FILE", help="CBS neighbourhoods (GeoPackage, GeoJSON)"
    )
    build.add_argument(
        "--into", type=Path, metavar="DIR", help=f"folder of the bundles (${DATA_VARIABLE}, else ./mapdata)"
    )
    build.set_defaults(run=_build)


def add_list(commands: Any) -> None:
    """`list`: the bundles there are."""
    listing = commands.add_parser("list", help="the bundles there are")
    listing.add_argument("--json", action="store_true", help="as JSON")
    add_data(listing)
    listing.set_defaults(run=_list)


def add_show(commands: Any) -> None:
    """`show`: the numbers of one bundle or neighbourhood."""
    show = commands.add_parser("show", help="what one bundle holds")
    add_municipality(show)
    show.add_argument("--neighbourhood", metavar="CODE", help="one neighbourhood, such as BU01660000")
    show.add_argument("--json", action="store_true", help="as JSON")
    add_data(show)
    show.set_defaults(run=_show)


def _build(options: argparse.Namespace) -> None:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.pipeline.build import build  # noqa: PLC0415
    from meetingplaces.ui.progress import shown_progress  # noqa: PLC0415

    into: Path = options.into or Path(os.environ.get(DATA_VARIABLE, "mapdata"))
    categories = load_categories(categories_path())
    with shown_progress(sys.stderr) as progress:
        bundle = build(options.municipality, options.osm, options.areas, into, categories, progress=progress)
    manifest = bundle.manifest
    print(f"{manifest.municipality_code} {manifest.municipality_name}: {bundle.folder}")
    print_facts({**manifest.counts, **{f"dropped: {key}": count for key, count in manifest.dropped.items()},
                  **{f"repaired: {key}": count for key, count in manifest.repairs.items()}})  # fmt: skip
    for note in manifest.notes:
        print(f"note: {note}")


def _list(options: argparse.Namespace) -> None:
    from meetingplaces.storage.bundle import list_bundles  # noqa: PLC0415
    from meetingplaces.ui.report import bundle_line  # noqa: PLC0415

    folder = data_of(options)
    lines = [bundle_line(folder, code) for code in list_bundles(folder)]
    if options.json:
        print_json(lines)
        return
    for line in lines:
        told = (
            line.get("error")
            or f"{line['places']} places, {line['neighbourhoods']} neighbourhoods, data of {line['data_as_of']}"
        )
        print(f"{line['municipality_code']}  {line['municipality_name'] or '?'}: {told}")


def _show(options: argparse.Namespace) -> None:
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.report import area_report  # noqa: PLC0415

    report = area_report(open_bundle(data_of(options), options.municipality), options.neighbourhood)
    if options.json:
        print_json(report)
    else:
        print_facts(report)
