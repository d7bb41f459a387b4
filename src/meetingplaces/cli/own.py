"""`own`: a list of places of the municipality's own, as a source like any other."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.cli.output import print_json

if TYPE_CHECKING:
    import shapely

    from meetingplaces.model.own_list import ListField, ListReading
    from meetingplaces.ui.catalogue import Catalogue


def add_own(commands: Any) -> None:
    """`own`: without a file it shows the lists there are."""
    own = commands.add_parser("own", help="add a list of places of your own, or show those there are")
    add_municipality(own)
    own.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the list: CSV, XLSX or GeoJSON")
    own.add_argument("--map", action="append", default=[], type=_pair, metavar="FIELD=COLUMN",
                     help="which column is which field, where we guess wrong; FIELD= for none")  # fmt: skip
    own.add_argument("--kind", metavar="KEY", help="kind of rows that do not tell theirs (see categories.yaml)")
    own.add_argument("--title", metavar="TEXT", help="what the list is called (default: the name of the file)")
    own.add_argument("--publisher", default="", metavar="TEXT", help="who made it (default: the municipality)")
    own.add_argument("--licence", default="unknown", metavar="TEXT", help="on what terms it may be used")
    own.add_argument("--as-of", type=_day, metavar="DATE", help="of which day the list is, such as 2026-11-22")
    own.add_argument("--dry-run", action="store_true", help="show what would happen, keep nothing")
    own.add_argument("--no-network", action="store_true", help="look up no addresses")
    own.add_argument("--remove", metavar="SOURCE", help="forget the list with this name")
    own.add_argument("--json", action="store_true", help="as JSON")
    add_data(own)
    own.set_defaults(run=_own)


def _pair(text: str) -> tuple[ListField, str]:
    from meetingplaces.model.own_list import LIST_FIELDS  # noqa: PLC0415

    wanted, equals, column = text.partition("=")
    known = next((one for one in LIST_FIELDS if one == wanted), None)
    if known is None or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=COLUMN with one of {', '.join(LIST_FIELDS)}")
    return known, column


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-22") from error


def _own(options: argparse.Namespace) -> None:
    from meetingplaces.storage.own_lists import remove_own_list  # noqa: PLC0415

    folder = data_of(options)
    if options.remove:
        remove_own_list(folder, options.municipality, options.remove)
        print(f"{options.remove} removed; its places are gone after the next build or refresh")
    elif options.file is None:
        _show(options, folder)
    else:
        _add(options, folder)


def _show(options: argparse.Namespace, folder: Path) -> None:
    from meetingplaces.storage.own_lists import own_lists  # noqa: PLC0415

    known = own_lists(folder, options.municipality)
    told = [{**one.provenance.model_dump(mode="json"), "records_count": len(one.records)} for one in known]
    if options.json:
        print_json(told)
    for one in [] if options.json else told:
        print(f"{one['source_id']}: {one['title']}, {one['records_count']} places, from {one['file']}")


def _add(options: argparse.Namespace, folder: Path) -> None:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.own_list import load_own_list_rules  # noqa: PLC0415
    from meetingplaces.model.provenance import Snapshot  # noqa: PLC0415
    from meetingplaces.pipeline.own_list import ListTerms, own_list_of, placed  # noqa: PLC0415
    from meetingplaces.sources.own_list.reading import ListChoices, read_own_list  # noqa: PLC0415
    from meetingplaces.storage.locations import categories_path, own_list_rules_path  # noqa: PLC0415
    from meetingplaces.storage.own_lists import keep_own_list  # noqa: PLC0415

    categories = load_categories(categories_path())
    upload = Snapshot.of_file(options.file)
    choices = ListChoices(dict(options.map), options.kind)
    rules = load_own_list_rules(own_list_rules_path())
    read = read_own_list(options.file, choices, categories, rules, today=datetime.now(UTC).date())
    area, municipality = _municipality(folder, options.municipality)
    found = placed(read, None if options.no_network else _finder(), area, categories.thresholds.outside_margin_m)
    kept = None
    if not options.dry_run:
        title = options.title or options.file.stem
        terms = ListTerms(title, options.publisher or municipality, options.licence, options.as_of)
        kept = keep_own_list(folder, options.municipality, own_list_of(found, upload, terms))
    _tell(found, kept, as_json=options.json)


def _municipality(folder: Path, code: str) -> tuple[shapely.Geometry | None, str]:
    """Its area in RD New and its name, as far as a bundle tells."""
    from meetingplaces.model.errors import BundleMissingError  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415

    try:
        bundle = open_bundle(folder, code)
    except BundleMissingError:
        return None, code
    return bundle.neighbourhoods().union_all(), bundle.manifest.municipality_name


def _finder() -> Any:
    from meetingplaces.sources.endpoints import load_endpoints  # noqa: PLC0415
    from meetingplaces.sources.http import Door  # noqa: PLC0415
    from meetingplaces.sources.locatieserver import Locatieserver  # noqa: PLC0415

    endpoints = load_endpoints()
    return Locatieserver(Door(endpoints), endpoints.locatieserver.free).find


def _tell(found: ListReading, kept: Path | None, *, as_json: bool) -> None:
    from meetingplaces.ui.catalogue import catalogue  # noqa: PLC0415
    from meetingplaces.ui.own_list.report import list_report  # noqa: PLC0415

    report = list_report(found) | {"kept": kept is not None}
    if as_json:
        print_json(report)
        return
    _tell_lines(found, report, catalogue("en"))
    print(f"kept as {kept}; the next build or refresh puts it on the map" if kept else "nothing was kept")


def _tell_lines(found: ListReading, report: dict[str, Any], texts: Catalogue) -> None:
    from meetingplaces.ui.own_list.report import problem_text  # noqa: PLC0415

    for wanted, column in report["mapping"].items():
        print(f"{wanted}: {column}")
    for column, reason in report["refused"].items():
        print(f"{column}: {texts(f'personal_{reason}')}")
    for problem in found.problems:
        print(problem_text(problem, texts))
    print(f"{report['accepted_count']} of {report['read_count']} rows can be placed")
