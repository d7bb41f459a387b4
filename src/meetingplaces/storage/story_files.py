"""Files of stories that were uploaded, one per upload, beside the bundles; taking one back leaves the others."""

from __future__ import annotations

import hashlib
from pathlib import Path

from meetingplaces.model.errors import MissingFileError
from meetingplaces.model.stories import load_stories
from meetingplaces.storage.files import replace_file
from meetingplaces.storage.locations import story_uploads


def keep_stories(municipality_code: str, upload: Path) -> Path:
    """Keep a file of stories, as it is, under a name that its content gives it: the same one again changes nothing.

    Raises
    ------
    FormatError, SchemaError
        It is no file of stories; nothing is kept.
    MissingFileError
        The folder cannot be written to.
    """
    load_stories(upload)
    body = upload.read_bytes()
    path = kept_path(municipality_code, body)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, body)
    except OSError as error:
        raise MissingFileError(str(path), "the file to write", "a writable folder", str(error.strerror)) from error
    return path


def kept_path(municipality_code: str, body: bytes) -> Path:
    """Where a file with this content is kept, if it is."""
    return story_uploads(municipality_code) / f"{hashlib.sha256(body).hexdigest()[:16]}.yaml"


def kept_stories(municipality_code: str) -> list[Path]:
    """The files that were kept for a municipality, the latest first."""
    found = story_uploads(municipality_code).glob("*.yaml")
    return sorted(found, key=lambda path: (-path.stat().st_mtime, path.name))


def forget_stories(kept: Path) -> None:
    """Remove one of them; nothing happens when somebody else did so before.

    Raises
    ------
    MissingFileError
        The folder cannot be written to.
    """
    try:
        kept.unlink(missing_ok=True)
    except OSError as error:
        raise MissingFileError(str(kept), "the file to remove", "a writable folder", str(error.strerror)) from error
