"""Earlier bundles of a municipality, kept beside the present one when somebody asks for it.

`<data>/earlier/<date>/GM0166` is a bundle like any other; the date is what its places describe, else when it was built.
Nothing is kept by itself: a refresh replaces a bundle as before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from meetingplaces.model.bundle import Manifest
from meetingplaces.model.errors import BundleBrokenError, EarlierKeptError, MeetingPlacesError
from meetingplaces.storage.bundle import MANIFEST, Bundle, open_bundle
from meetingplaces.storage.copies import at_rest, copied
from meetingplaces.storage.network_tables import check_walking

EARLIER = "earlier"


@dataclass(frozen=True)
class Earlier:
    """An earlier bundle: the date in the name of its folder, and the bundle or what is wrong with it."""

    date: str
    bundle: Bundle | None
    error: MeetingPlacesError | None = None


def date_of(manifest: Manifest) -> str:
    """The day (or year) that the places of a bundle describe, in ISO 8601; when unknown, the day it was made."""
    told = [source.data_as_of or "" for source in manifest.sources if source.source_id == "osm"]
    day = told[0][:10] if told else ""
    return day if _is_date(day) else manifest.built_at.date().isoformat()


def earlier_bundles(data_folder: Path, municipality_code: str) -> list[Earlier]:
    """The earlier bundles of one municipality, the latest first; one that cannot be read says why."""
    found = []
    for manifest in (data_folder / EARLIER).glob(f"*/{municipality_code}/{MANIFEST}"):
        folder = manifest.parent.parent
        if not _is_date(folder.name):
            continue
        try:
            found.append(Earlier(folder.name, open_bundle(folder, municipality_code)))
        except MeetingPlacesError as error:
            found.append(Earlier(folder.name, None, error))
    return sorted(found, key=lambda one: one.date, reverse=True)


def list_earlier(data_folder: Path) -> list[tuple[str, Earlier]]:
    """Every earlier bundle with the code of its municipality, by code and then the latest first."""
    codes = {path.parent.name for path in (data_folder / EARLIER).glob(f"*/GM[0-9][0-9][0-9][0-9]/{MANIFEST}")}
    return [(code, one) for code in sorted(codes) for one in earlier_bundles(data_folder, code)]


def check_tables(bundle: Bundle) -> None:
    """Read every table once, which may have been written by an older version of ours.

    Raises
    ------
    BundleBrokenError, SchemaError
        One is damaged, or holds something else than it does now.
    """
    try:
        bundle.places(), bundle.neighbourhoods(), bundle.supply()
        if bundle.has_walking:
            check_walking(bundle.walking())
    except (KeyError, ValueError, TypeError) as error:
        raise BundleBrokenError(str(bundle.folder), "its tables", "the columns of today", repr(error)[:200]) from error


def keep(data_folder: Path, municipality_code: str) -> Bundle:
    """Copy the present bundle to where the earlier ones are, whole or not at all; the same one again does nothing.

    Nobody can write the present one meanwhile, and the copy is read back before it gets its name.

    Raises
    ------
    BundleMissingError
        There is no present one.
    BundleBrokenError
        It cannot be read to the last byte.
    BundleBusyError
        Another process is writing it.
    EarlierKeptError
        Another bundle of the same date was kept before.
    MissingFileError
        The folder cannot be written to.
    """
    with at_rest(data_folder, municipality_code, data_folder / EARLIER) as present:
        folder = data_folder / EARLIER / date_of(present.manifest)
        if not (folder / municipality_code).exists():
            return copied(present, folder)
        _same_as(present, folder)
        return open_bundle(folder, municipality_code)


def _is_date(text: str) -> bool:
    """Whether it is a year or a day of the calendar, as we name folders."""
    if not re.fullmatch("[0-9]{4}(-[0-9]{2}-[0-9]{2})?", text):
        return False
    try:
        date.fromisoformat(text if len(text) > 4 else f"{text}-01-01")
    except ValueError:
        return False
    return True


def _same_as(present: Bundle, folder: Path) -> None:
    """Find that what was kept is this very bundle."""
    code = present.manifest.municipality_code
    try:
        kept = open_bundle(folder, code)
        kept.check()
        same = kept.manifest == present.manifest
    except BundleBrokenError:
        same = False
    if not same:
        raise EarlierKeptError(code, folder.name, str(folder / code))
