"""Bundles that links were made with, so that whoever opens such a link sees the same data.

`<data>/frozen/2026-11-03.0123abcd/GM0166` is a bundle like any other, in the folder of its edition. One copy is kept
per edition, and only so many per municipality: a visitor cannot fill a disk, and nothing that a link relies on is
dropped by itself.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from meetingplaces.model.bundle import Manifest
from meetingplaces.model.errors import FrozenFullError, MeetingPlacesError
from meetingplaces.storage.bundle import MANIFEST, Bundle, open_bundle
from meetingplaces.storage.copies import at_rest, copied
from meetingplaces.storage.earlier import earlier_bundles

FROZEN = "frozen"


def edition_of(manifest: Manifest) -> str:
    """The name of what a bundle holds: the day it was built (ISO 8601), a full stop, and a mark of 8 hex digits."""
    return f"{manifest.built_at.date().isoformat()}.{crc32(manifest.version.encode()):08x}"


def bundles_of_edition(data_folder: Path, municipality_code: str, edition: str) -> list[Bundle]:
    """The copies of this edition, kept for links or to compare with; whether their tables can be read is not known."""
    kept = [one.bundle for one in earlier_bundles(data_folder, municipality_code) if one.bundle]
    with suppress(MeetingPlacesError):
        kept.insert(0, open_bundle(data_folder / FROZEN / edition, municipality_code))
    return [one for one in kept if edition_of(one.manifest) == edition]


def can_freeze(data_folder: Path, municipality_code: str, most: int) -> bool:
    """Whether the present bundle is kept for links already, or there is something to write to and room for it."""
    present = open_bundle(data_folder, municipality_code)
    if (data_folder / FROZEN / edition_of(present.manifest) / municipality_code).exists():
        return True
    writable = all(os.access(folder, os.W_OK) for folder in (data_folder, present.folder))
    return writable and _count(data_folder, municipality_code) < most


def freeze(data_folder: Path, municipality_code: str, most: int) -> Bundle:
    """Keep the present bundle for links that were made with it; once more does nothing, but mends a broken copy.

    Raises
    ------
    FrozenFullError
        `most` editions of the municipality are kept already.
    BundleMissingError, BundleBrokenError, BundleBusyError, MissingFileError
        As `at_rest`.
    """
    kept = _whole(data_folder, open_bundle(data_folder, municipality_code))
    if kept:
        return kept
    with at_rest(data_folder, municipality_code, data_folder / FROZEN) as present:
        folder = data_folder / FROZEN / edition_of(present.manifest)
        shutil.rmtree(folder / municipality_code, ignore_errors=True)
        if _count(data_folder, municipality_code) >= most:
            raise FrozenFullError(municipality_code, most, str(data_folder / FROZEN))
        return copied(present, folder)


def _whole(data_folder: Path, present: Bundle) -> Bundle | None:
    """The copy of the present bundle, read to the last byte; `None` when there is none or it is broken."""
    folder = data_folder / FROZEN / edition_of(present.manifest)
    with suppress(MeetingPlacesError):
        kept = open_bundle(folder, present.manifest.municipality_code)
        kept.check()
        return kept
    return None


def _count(data_folder: Path, municipality_code: str) -> int:
    return sum(1 for _ in (data_folder / FROZEN).glob(f"*/{municipality_code}/{MANIFEST}"))
