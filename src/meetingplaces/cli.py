"""`meetingplaces …`: build a bundle, see what it holds, measure, export, serve the map."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from meetingplaces import __version__
from meetingplaces.model.errors import MeetingPlacesError, MissingFileError
from meetingplaces.storage.locations import DATA_VARIABLE, categories_path, data_folder, norms_path

EXIT_FINE, EXIT_ERROR, EXIT_USAGE = 0, 1, 2
EXIT_INTERRUPTED = 130  # as shells count it: 128 + SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: fine; 1: an error of ours, told on stderr; 2: wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()  # a reader who went away is noticed here, not when the interpreter ends
    except MeetingPlacesError as error:
        from meetingplaces.ui.catalogue import catalogue  # noqa: PLC0415

        print(f"meetingplaces: {catalogue('en').error(error)}", file=sys.stderr)
        return EXIT_ERROR
    except KeyboardInterrupt:
        print("meetingplaces: stopped; nothing was changed", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="meetingplaces", description="Map of the places where a neighbourhood meets.")
    parser.add_argument("--version", action="version", version=f"meetingplaces {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="make the bundle of one municipality from files")
    build.add_argument("municipality", metavar="GM0166", type=_municipality_code)
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

    listing = commands.add_parser("list", help="the bundles there are")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="what one bundle holds")
    show.add_argument("municipality", metavar="GM0166", type=_municipality_code)
    show.add_argument("--neighbourhood", metavar="CODE", help="one neighbourhood, such as BU01660000")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=_show)

    _add_measure(commands)

    export = commands.add_parser("export", help="the places of one bundle as a file")
    export.add_argument("municipality", metavar="GM0166", type=_municipality_code)
    export.add_argument("--format", choices=("geojson", "csv"), required=True)
    export.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: standard output)")
    export.set_defaults(run=_export)

    serve = commands.add_parser("serve", help="serve the map to browsers")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--port", type=int, default=8501, help="port to listen on (default: 8501)")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.set_defaults(run=_serve)

    for command in commands.choices.values():
        if command is not build:
            command.add_argument(
                "--data",
                type=Path,
                metavar="DIR",
                help=f"folder of the bundles (default: ${DATA_VARIABLE}, else our own)",
            )
    return parser


def _add_measure(commands: Any) -> None:
    """The options of `measure`. Their choices are written out: importing them would cost every command a second."""
    measure = commands.add_parser("measure", help="who can walk to a meeting place, and who cannot")
    measure.add_argument("municipality", metavar="GM0166", type=_municipality_code)
    measure.add_argument("--measure", choices=("coverage", "gap", "distance", "choice"), default="coverage")
    measure.add_argument(
        "--group", choices=("residents", "residents_65_plus", "one_person_households"), default="residents"
    )
    measure.add_argument(
        "--budget", type=_budget, metavar="M", help="metres on foot, at most 2000 (default: that of norms.yaml)"
    )
    measure.add_argument("--setting", choices=("indoor", "outdoor", "sheltered"), help="only places of this setting")
    measure.add_argument(
        "--category", nargs="+", action="extend", default=[], metavar="KEY", help="only these kinds of place"
    )
    measure.add_argument("--core", action="store_true", help="only places that exist for meeting")
    form = measure.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--csv", action="store_true", help="as CSV")
    measure.set_defaults(run=_measure)


def _budget(text: str) -> float:
    try:
        metres = float(text)
    except ValueError:
        metres = 0.0
    if not 0 < metres <= 2000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of metres above 0 and up to 2000")
    return metres


def _municipality_code(text: str) -> str:
    code = text.upper()
    if re.fullmatch("GM[0-9]{4}", code) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a municipality code such as GM0166")
    return code


def _data(options: argparse.Namespace) -> Path:
    folder: Path = options.data or data_folder()
    if not folder.is_dir():
        raise MissingFileError(str(folder), "the data folder", "a folder with bundles", "no such folder")
    return folder


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
    _print_facts({**manifest.counts, **{f"dropped: {key}": count for key, count in manifest.dropped.items()},
                  **{f"repaired: {key}": count for key, count in manifest.repairs.items()}})  # fmt: skip
    for note in manifest.notes:
        print(f"note: {note}")


def _list(options: argparse.Namespace) -> None:
    from meetingplaces.storage.bundle import list_bundles  # noqa: PLC0415
    from meetingplaces.ui.report import bundle_line  # noqa: PLC0415

    folder = _data(options)
    lines = [bundle_line(folder, code) for code in list_bundles(folder)]
    if options.json:
        _print_json(lines)
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

    report = area_report(open_bundle(_data(options), options.municipality), options.neighbourhood)
    if options.json:
        _print_json(report)
    else:
        _print_facts(report)


def _measure(options: argparse.Namespace) -> None:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.norms import load_norms  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.measure import Question, measure_lines, measure_report, write_measure_csv  # noqa: PLC0415

    question = Question(
        options.measure, options.group, options.budget, options.setting, tuple(options.category), options.core
    )
    bundle = open_bundle(_data(options), options.municipality)
    report = measure_report(bundle, question, load_categories(categories_path()), load_norms(norms_path()))
    if options.json:
        _print_json(report)
    elif options.csv:
        text = io.StringIO(newline="")
        write_measure_csv(report, text)
        sys.stdout.buffer.write(text.getvalue().encode())
    else:
        print("\n".join(measure_lines(report)))


def _export(options: argparse.Namespace) -> None:
    from meetingplaces.export.csv import write_csv  # noqa: PLC0415
    from meetingplaces.export.geojson import write_geojson  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415

    bundle = open_bundle(_data(options), options.municipality)
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


def _serve(options: argparse.Namespace) -> None:
    from meetingplaces.ui.server import serve  # noqa: PLC0415

    serve(_data(options), options.host, options.port, open_browser=not options.no_browser)


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


def _print_facts(facts: dict[str, Any], indent: str = "") -> None:
    for key, value in facts.items():
        if isinstance(value, dict):
            print(f"{indent}{key}:")
            _print_facts(value, indent + "  ")
        else:
            print(f"{indent}{key}: {'unknown' if value is None else value}")


if __name__ == "__main__":
    sys.exit(main())
