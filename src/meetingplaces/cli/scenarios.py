"""`whatif`: what would change if places came or closed."""

from __future__ import annotations

import argparse
import re
from typing import Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.cli.asking import add_question, selection_of
from meetingplaces.cli.output import print_json
from meetingplaces.storage.locations import categories_path, norms_path

_NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]+)?"
_ADDED = re.compile(rf"([a-z_]+)@({_NUMBER}),({_NUMBER})")


def add_whatif(commands: Any) -> None:
    """The options of `whatif`. Their choices are written out: importing them would cost every command a second."""
    whatif = commands.add_parser("whatif", help="who gains or loses a place when some come or close")
    add_municipality(whatif)
    whatif.add_argument(
        "--add", type=added, action="append", default=[], metavar="KIND@LON,LAT", help="a place that comes (degrees)"
    )
    whatif.add_argument("--close", action="append", default=[], metavar="ID", help="a place that closes (place_id)")
    whatif.add_argument(
        "--best", type=int, choices=(1, 2, 3), default=0, help="where so many more places would help most people"
    )
    add_question(whatif)
    whatif.add_argument("--json", action="store_true", help="as JSON")
    add_data(whatif)
    whatif.set_defaults(run=_whatif, usage_error=whatif.error)


def added(text: str) -> tuple[str, float, float]:
    """A kind of place, and where it comes."""
    found = _ADDED.fullmatch(text)
    if found is None or abs(float(found[2])) > 180 or abs(float(found[3])) > 90:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a kind of place at a longitude and latitude in degrees, such as library@5.9142,52.5581"
        )
    return found[1], float(found[2]), float(found[3])


def _whatif(options: argparse.Namespace) -> None:
    from meetingplaces.metrics.scenario import Added, Scenario  # noqa: PLC0415
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.norms import load_norms  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.case import Question  # noqa: PLC0415
    from meetingplaces.ui.whatif import whatif_lines, whatif_report  # noqa: PLC0415

    if not (options.add or options.close or options.best):
        options.usage_error("nothing to work out: give --add, --close or --best")
    question = Question(
        group=options.group or "residents",
        budget_m=options.budget,
        selection=selection_of(options),
        profile=options.profile,
    )
    report = whatif_report(
        open_bundle(data_of(options), options.municipality),
        question,
        Scenario(tuple(Added(*one) for one in options.add), frozenset(options.close)),
        load_categories(categories_path()),
        load_norms(norms_path()),
        spots=options.best,
    )
    if options.json:
        print_json(report)
    else:
        print("\n".join(whatif_lines(report)))
