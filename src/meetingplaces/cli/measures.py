"""`measure`: who can walk to a meeting place."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING, Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of, metres
from meetingplaces.cli.output import print_json
from meetingplaces.storage.locations import categories_path, norms_path

if TYPE_CHECKING:
    from meetingplaces.ui.case import Question

MEASURE_KEYS = ("coverage", "gap", "distance", "minutes", "choice", "places", "space", "mix")


def add_measure(commands: Any) -> None:
    """The options of `measure`. Their choices are written out: importing them would cost every command a second."""
    measure = commands.add_parser("measure", help="who can walk to a meeting place, and who cannot")
    add_municipality(measure)
    measure.add_argument("--measure", choices=MEASURE_KEYS, default="coverage")
    measure.add_argument(
        "--group", choices=("residents", "residents_65_plus", "one_person_households"), help="default: residents"
    )
    measure.add_argument(
        "--budget", type=metres, metavar="M", help="metres on foot, at most 2000 (default: that of the profile)"
    )
    measure.add_argument("--profile", metavar="P", help="who walks, as in norms.yaml: adult, rollator, ...")
    measure.add_argument("--setting", choices=("indoor", "outdoor", "sheltered"), help="only places of this setting")
    measure.add_argument(
        "--category", nargs="+", action="extend", default=[], metavar="KEY", help="only these kinds of place"
    )
    measure.add_argument("--core", action="store_true", help="only places that exist for meeting")
    measure.add_argument("--free", action="store_true", help="only places where one does not pay")
    measure.add_argument("--wheelchair", action="store_true", help="only places that a wheelchair can enter")
    measure.add_argument("--dry", action="store_true", help="only places indoors, under a roof or with a shelter")
    form = measure.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--csv", action="store_true", help="as CSV")
    add_data(measure)
    measure.set_defaults(run=_measure, usage_error=measure.error)


def _measure(options: argparse.Namespace) -> None:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.norms import load_norms  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.measure import measure_report, write_measure_csv  # noqa: PLC0415
    from meetingplaces.ui.measure_lines import measure_lines  # noqa: PLC0415

    question = _question(options)
    bundle = open_bundle(data_of(options), options.municipality)
    report = measure_report(bundle, question, load_categories(categories_path()), load_norms(norms_path()))
    if options.json:
        print_json(report)
    elif options.csv:
        text = io.StringIO(newline="")
        write_measure_csv(report, text)
        sys.stdout.buffer.write(text.getvalue().encode())
    else:
        print("\n".join(measure_lines(report)))


def _question(options: argparse.Namespace) -> Question:
    from meetingplaces.metrics.measures import MEASURES  # noqa: PLC0415
    from meetingplaces.metrics.selection import Selection  # noqa: PLC0415
    from meetingplaces.ui.case import Question  # noqa: PLC0415

    measure = MEASURES[options.measure]
    for name, matters in (("group", measure.by_group), ("budget", measure.on_foot), ("profile", measure.on_foot)):
        if getattr(options, name) is not None and not matters:
            options.usage_error(f"--{name} says nothing with --measure {options.measure}")
    selection = Selection(
        settings=frozenset([options.setting] if options.setting else []),
        categories=frozenset(options.category),
        core_only=options.core,
        free_only=options.free,
        wheelchair_only=options.wheelchair,
        dry_only=options.dry,
    )
    return Question(options.measure, options.group or "residents", options.budget, selection, options.profile)
