"""`review`: pairs of records that may be one place, and what people decide about them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any, get_args

from meetingplaces.cli.arguments import add_data, add_municipality, data_of
from meetingplaces.cli.output import print_json


def add_review(commands: Any) -> None:
    """`review`: without an option it shows the list."""
    review = commands.add_parser(
        "review", help="records of the municipality and OpenStreetMap that may be one place; decide about them"
    )
    add_municipality(review)
    verdict = review.add_mutually_exclusive_group()
    verdict.add_argument("--accept", nargs=2, metavar="RECORD", help="these two are one place")
    verdict.add_argument("--apart", nargs=2, metavar="RECORD", help="these two are two places")
    verdict.add_argument("--hide", nargs=1, metavar="RECORD", help="do not show this record")
    verdict.add_argument("--undo", type=int, metavar="NUMBER", help="take back a decision")
    review.add_argument("--why", default="", metavar="TEXT", help="why, for whoever reads the decision later")
    review.add_argument("--json", action="store_true", help="as JSON")
    add_data(review)
    review.set_defaults(run=_review)


def _review(options: argparse.Namespace) -> None:
    from meetingplaces.model.decisions import Verb  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.storage.decisions import decide, decisions_path, undo  # noqa: PLC0415
    from meetingplaces.ui.review.report import known_records  # noqa: PLC0415

    folder = data_of(options)
    path = decisions_path(folder, options.municipality)
    verb = next((one for one in get_args(Verb) if getattr(options, one)), None)
    if verb is None and options.undo is None:
        _show(options, folder, path)
        return
    today = datetime.now(UTC).date()
    if verb is None:
        decision = undo(path, options.undo, today)
    else:
        records = tuple(getattr(options, verb))
        known_records(open_bundle(folder, options.municipality), records)
        decision = decide(path, verb, records, options.why, today)
    if options.json:
        print_json(decision.model_dump(mode="json"))
    else:
        what = "undone" if decision.undone_on else "written"
        print(f"decision {decision.number} {what} in {path}; the next build or refresh follows it")


def _show(options: argparse.Namespace, folder: Any, path: Any) -> None:
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.storage.decisions import read_decisions  # noqa: PLC0415
    from meetingplaces.ui.catalogue import catalogue  # noqa: PLC0415
    from meetingplaces.ui.review.report import pair_line, review_report  # noqa: PLC0415

    report = review_report(open_bundle(folder, options.municipality), read_decisions(path))
    if options.json:
        print_json(report)
        return
    texts = catalogue("en")
    print(texts("review_counts", doubtful=len(report["doubtful"]), merged=len(report["merged"])))
    for pair in report["doubtful"]:
        print(pair_line(pair, texts))
    for one in report["decisions"]:
        undone = f" (undone {one['undone_on']})" if one["undone_on"] else ""
        records = " ".join(filter(None, (one["first"], one["second"])))
        print(f"{one['number']}: {one['decision']} {records} {one['decided_on']}{undone} {one['why']}".rstrip())
