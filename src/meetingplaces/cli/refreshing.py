"""`add` and `refresh`: bundles from the network."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetingplaces.cli.arguments import add_data, add_municipality, data_of, municipality_code
from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.model.source_errors import SomeFailedError
from meetingplaces.storage.locations import CACHE_VARIABLE, DATA_VARIABLE, cache_folder, categories_path, sources_path

if TYPE_CHECKING:
    from meetingplaces.pipeline.jobs import Outcome, Workshop

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SHOWN = 20


def add_add(commands: Any) -> None:
    """`add`: from nothing."""
    add = commands.add_parser("add", help="make the bundle of a municipality from the network")
    add_municipality(add)
    add.add_argument(
        "--into", type=Path, metavar="DIR", help=f"folder of the bundles (${DATA_VARIABLE}, else ./mapdata)"
    )
    _add_cache(add)
    add.set_defaults(run=_add)


def add_refresh(commands: Any) -> None:
    """`refresh`: one bundle, or all. The choices of `--only` are written out: importing them would cost a second."""
    refresh = commands.add_parser("refresh", help="bring bundles up to date from the network")
    which = refresh.add_mutually_exclusive_group(required=True)
    which.add_argument("municipality", metavar="GM0166", type=municipality_code, nargs="?")
    which.add_argument("--all", action="store_true", help="every bundle there is, one after the other")
    refresh.add_argument(
        "--only", nargs="+", choices=("places", "areas", "figures", "municipal"), help="only these sources"
    )
    refresh.add_argument(
        "--if-older-than", type=_age, default=timedelta(0), metavar="7d", help="only sources fetched longer ago"
    )
    add_data(refresh)
    _add_cache(refresh)
    refresh.set_defaults(run=_refresh)


def _add_cache(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--cache", type=Path, metavar="DIR", help=f"folder of what is fetched (${CACHE_VARIABLE}, else ~/.cache)"
    )


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,4})([mhdw])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an age such as 12h, 7d or 4w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _workshop(options: argparse.Namespace, data: Path) -> Workshop:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.municipal import load_sources  # noqa: PLC0415
    from meetingplaces.pipeline.jobs import Workshop  # noqa: PLC0415
    from meetingplaces.sources.endpoints import load_endpoints  # noqa: PLC0415
    from meetingplaces.sources.http import Door  # noqa: PLC0415

    endpoints = load_endpoints()
    cache: Path = options.cache or cache_folder()
    categories = load_categories(categories_path())
    registry = load_sources(sources_path(), categories)
    return Workshop(data, cache, Door(endpoints), endpoints, categories, registry)


def _add(options: argparse.Namespace) -> None:
    from meetingplaces.pipeline.jobs import ADD_STAGES, add  # noqa: PLC0415
    from meetingplaces.ui.progress import shown_progress  # noqa: PLC0415

    workshop = _workshop(options, options.into or Path(os.environ.get(DATA_VARIABLE, "mapdata")))
    with shown_progress(sys.stderr, ADD_STAGES) as progress:
        outcome = add(options.municipality, workshop, progress)
    _tell(outcome)


def _refresh(options: argparse.Namespace) -> None:
    from meetingplaces.storage.bundle import list_bundles  # noqa: PLC0415

    workshop = _workshop(options, data_of(options))
    if options.municipality:
        _refresh_one(options, workshop, options.municipality)
        return
    codes = list_bundles(workshop.data)
    failed = [code for code in codes if not _refreshed(options, workshop, code)]
    if failed:
        raise SomeFailedError(", ".join(failed), len(failed), len(codes))


def _refreshed(options: argparse.Namespace, workshop: Workshop, code: str) -> bool:
    """Whether it went well; if not, why not is told and the next one has its turn."""
    try:
        _refresh_one(options, workshop, code)
    except MeetingPlacesError as error:
        _complain(code, error)
        return False
    return True


def _refresh_one(options: argparse.Namespace, workshop: Workshop, code: str) -> None:
    from meetingplaces.pipeline.jobs import KINDS, REFRESH_STAGES, refresh  # noqa: PLC0415
    from meetingplaces.ui.progress import shown_progress  # noqa: PLC0415

    only: Sequence[Any] = options.only or KINDS
    with shown_progress(sys.stderr, REFRESH_STAGES) as progress:
        outcome = refresh(code, workshop, progress, only=only, older_than=options.if_older_than)
    _tell(outcome)


def _tell(outcome: Outcome) -> None:
    """What there is now and what changed, the first changes by name. A bench that came or went is no news."""
    from meetingplaces.pipeline.changes import CHANGES  # noqa: PLC0415

    manifest, changed = outcome.bundle.manifest, outcome.changed[outcome.changed["weight"] != "amenity"]
    name = f"{manifest.municipality_code} {manifest.municipality_name}"
    if not outcome.done:
        print(f"{name}: nothing is old enough to refresh")
        return
    print(f"{name}: {manifest.counts['places']} places, {outcome.bundle.folder}")
    print(", ".join(f"{int((changed['change'] == kind).sum())} {kind}" for kind in CHANGES))
    for row in changed.head(_SHOWN).itertuples():
        print(f"  {row.change}: {_words(row)}")
    if len(changed) > _SHOWN:
        print(f"  … and {len(changed) - _SHOWN} more")
    for error in outcome.failures:
        _complain(manifest.municipality_code, error)


def _words(row: Any) -> str:
    before = f", was {_name(row.name_before)}" if row.change == "renamed" else ""
    distance = f", {row.moved_m:.0f} m" if row.change == "moved" else ""
    return f"{row.category} {_name(row.name)} {row.place_id}{before}{distance}"


def _name(name: object) -> str:
    """A name without what a terminal would obey."""
    return "".join(sign if sign.isprintable() else "�" for sign in name) if isinstance(name, str) else "(no name)"


def _complain(code: str, error: MeetingPlacesError) -> None:
    from meetingplaces.ui.catalogue import catalogue  # noqa: PLC0415

    print(f"meetingplaces: {code}: {catalogue('en').error(error)}", file=sys.stderr)
