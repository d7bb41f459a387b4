"""Of whom, how far, walking how and to which places: what `measure` and `whatif` ask for in the same way."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from meetingplaces.cli.arguments import metres
from meetingplaces.model.groups import GROUPS

if TYPE_CHECKING:
    from meetingplaces.metrics.selection import Selection


def add_question(command: argparse.ArgumentParser) -> None:
    """The options. Those of places are written out: importing them would cost every command a second."""
    command.add_argument("--group", choices=tuple(GROUPS), help="default: residents")
    command.add_argument(
        "--budget", type=metres, metavar="M", help="metres on foot, at most 2000 (default: that of the profile)"
    )
    command.add_argument("--profile", metavar="P", help="who walks, as in norms.yaml: adult, rollator, ...")
    command.add_argument("--setting", choices=("indoor", "outdoor", "sheltered"), help="only places of this setting")
    command.add_argument(
        "--category", nargs="+", action="extend", default=[], metavar="KEY", help="only these kinds of place"
    )
    command.add_argument("--core", action="store_true", help="only places that exist for meeting")
    command.add_argument("--free", action="store_true", help="only places where one does not pay")
    command.add_argument("--wheelchair", action="store_true", help="only places that a wheelchair can enter")
    command.add_argument("--dry", action="store_true", help="only places indoors, under a roof or with a shelter")


def selection_of(options: argparse.Namespace) -> Selection:
    """Which places the options of `add_question` ask for."""
    from meetingplaces.metrics.selection import ANY_SETTING, Selection  # noqa: PLC0415

    return Selection(
        settings=frozenset([options.setting]) if options.setting else ANY_SETTING,
        categories=frozenset(options.category),
        core_only=options.core,
        free_only=options.free,
        wheelchair_only=options.wheelchair,
        dry_only=options.dry,
    )
