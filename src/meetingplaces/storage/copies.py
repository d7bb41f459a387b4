"""Copies of the present bundle, kept whole or not at all in another folder of the data folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meetingplaces.model.errors import MissingFileError
from meetingplaces.storage.bundle import DRAWINGS, MANIFEST, Bundle, alone, open_bundle


@contextmanager
def at_rest(data_folder: Path, municipality_code: str, target: Path) -> Iterator[Bundle]:
    """The present bundle, whole, which nobody else can write meanwhile; `target` is named when it cannot be written to.

    Raises
    ------
    BundleMissingError
        There is no present one.
    BundleBrokenError
        It cannot be read to the last byte.
    BundleBusyError
        Another process is writing it.
    MissingFileError
        The folder cannot be written to.
    """
    present = open_bundle(data_folder, municipality_code)
    try:
        with alone(present.folder, municipality_code):
            present = open_bundle(data_folder, municipality_code)
            present.check()
            yield present
    except OSError as error:
        raise MissingFileError(str(target), "the folder to write", "a writable folder", str(error.strerror)) from error


def copied(present: Bundle, folder: Path) -> Bundle:
    """A copy of a bundle in `folder`, under its code, read back before it gets that name."""
    code = present.manifest.municipality_code
    part = folder / f".{code}.part"
    shutil.rmtree(part, ignore_errors=True)  # of a copy that was killed
    try:
        (part / DRAWINGS).mkdir(parents=True)
        for name in (*(one.name for one in present.manifest.stored_files()), MANIFEST):
            _copy(present.folder / name, part / name)
        Bundle(part, present.manifest).check()
        part.rename(folder / code)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return open_bundle(folder, code)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
