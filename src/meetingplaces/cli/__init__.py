"""`meetingplaces …`: one file per family of commands; each `add_…` tells the parser of its own."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from meetingplaces import __version__
from meetingplaces.cli.bundles import add_build, add_list, add_show
from meetingplaces.cli.files import add_export
from meetingplaces.cli.keeping import add_keep
from meetingplaces.cli.kit import add_sheet
from meetingplaces.cli.measures import add_measure
from meetingplaces.cli.near import add_near
from meetingplaces.cli.own import add_own
from meetingplaces.cli.refreshing import add_add, add_refresh
from meetingplaces.cli.review import add_review
from meetingplaces.cli.scenarios import add_whatif
from meetingplaces.cli.serving import add_serve
from meetingplaces.cli.sources import add_sources
from meetingplaces.model.errors import MeetingPlacesError

EXIT_FINE, EXIT_ERROR, EXIT_USAGE = 0, 1, 2
EXIT_INTERRUPTED = 130  # as shells count it: 128 + SIGINT


_COMMANDS = (
    add_build,
    add_add,
    add_refresh,
    add_keep,
    add_sources,
    add_list,
    add_show,
    add_measure,
    add_whatif,
    add_near,
    add_export,
    add_sheet,
    add_review,
    add_own,
    add_serve,
)
"""In the order of `--help`."""


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
    for add in _COMMANDS:
        add(commands)
    return parser
