"""`measure`: who can walk to a meeting place."""

from __future__ import annotations

import argparse
import io
import sys
from typing import Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of, metres
from meetingplaces.cli.output import print_json
from meetingplaces.storage.locations import categories_path, norms_path


def add_measure(commands: Any) -> None:
    """The options of `measure`. Their choices are written out: importing them would cost every command a second."""
    measure = commands.add_parser("measure", help="who can walk to a meeting place, and who cannot")
    add_municipality(measure)
    measure.add_argument("--measure", choices=("coverage", "gap", "distance", "choice"), default="coverage")
    measure.add_argument(
        "--group", choices=("residents", "residents_65_plus", "one_person_households"), default="residents"
    )
    measure.add_argument(
        "--budget", type=metres, metavar="M", help="metres on foot, at most 2000 (default: that of norms.yaml)"
    )
    measure.add_argument("--setting", choices=("indoor", "outdoor", "sheltered"), help="only places of this setting")
    measure.add_argument(
        "--category", nargs="+", action="extend", default=[], metavar="KEY", help="only these kinds of place"
    )
    measure.add_argument("--core", action="store_true", help="only places that exist for meeting")
    form = measure.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--csv", action="store_true", help="as CSV")
    add_data(measure)
    measure.set_defaults(run=_measure)


def _measure(options: argparse.Namespace) -> None:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.norms import load_norms  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.measure import Question, measure_lines, measure_report, write_measure_csv  # noqa: PLC0415

    question = Question(
        options.measure, options.group, options.budget, options.setting, tuple(options.category), options.core
    )
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
