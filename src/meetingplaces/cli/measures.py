"""`measure`: who can walk to a meeting place."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING, Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.cli.asking import add_question, selection_of
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
    add_question(measure)
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
    from meetingplaces.ui.case import Question  # noqa: PLC0415

    measure = MEASURES[options.measure]
    for name, matters in (("group", measure.by_group), ("budget", measure.on_foot), ("profile", measure.on_foot)):
        if getattr(options, name) is not None and not matters:
            options.usage_error(f"--{name} says nothing with --measure {options.measure}")
    selection = selection_of(options)
    return Question(options.measure, options.group or "residents", options.budget, selection, options.profile)
