"""`keep`: put the present bundle aside, to compare a later one with."""

from __future__ import annotations

import argparse
from typing import Any

from meetingplaces.cli.arguments import add_data, data_of, municipality_code
from meetingplaces.cli.output import print_json


def add_keep(commands: Any) -> None:
    """`keep GM0166`, or `keep --list`."""
    keeping = commands.add_parser("keep", help="keep the present bundle, to compare a later one with")
    keeping.add_argument("municipality", metavar="GM0166", type=municipality_code, nargs="?")
    keeping.add_argument("--list", action="store_true", help="the earlier bundles there are")
    keeping.add_argument("--json", action="store_true", help="as JSON")
    add_data(keeping)
    keeping.set_defaults(run=_keep, usage_error=keeping.error)


def _keep(options: argparse.Namespace) -> None:
    from meetingplaces.storage.earlier import keep  # noqa: PLC0415

    if options.list == (options.municipality is not None):
        options.usage_error("give a municipality to keep, or --list")
    if options.list:
        _list(options)
        return
    kept = keep(data_of(options), options.municipality)
    line = {"municipality_code": options.municipality, "date": kept.folder.parent.name, "folder": str(kept.folder)}
    if options.json:
        print_json(line)
    else:
        print(f"{options.municipality} of {line['date']} kept in {line['folder']}")


def _list(options: argparse.Namespace) -> None:
    from meetingplaces.storage.earlier import list_earlier  # noqa: PLC0415

    lines = [
        {
            "municipality_code": code,
            "date": one.date,
            "built_at": one.bundle.manifest.built_at.isoformat() if one.bundle else None,
            "places": one.bundle.manifest.counts["places"] if one.bundle else None,
            "error": str(one.error) if one.error else None,
        }
        for code, one in list_earlier(data_of(options))
    ]
    if options.json:
        print_json(lines)
        return
    for line in lines:
        print(f"{line['municipality_code']}  {line['date']}: {line['error'] or str(line['places']) + ' places'}")
