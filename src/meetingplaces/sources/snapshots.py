"""Untouched answers on disk, each with a note of where it came from; the note of `x.json` is `x.json.origin.json`."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from meetingplaces.model.errors import MissingFileError
from meetingplaces.model.provenance import Origin, Snapshot


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    request: str
    retrieved_at: datetime
    data_as_of: str | None
    sha256: str
    size_bytes: int
    origin: Origin


def keep(
    part: Path,
    as_path: Path,
    *,
    origin: Origin,
    url: str,
    request: str,
    moment: datetime,
    data_as_of: str | None,
) -> Snapshot:
    """The finished file `part` under its real name, in one step, with its note; it replaces an older snapshot."""
    made = Snapshot.of_file(part)
    note = _Note(
        url=url,
        request=request,
        retrieved_at=moment.replace(microsecond=0),
        data_as_of=data_as_of,
        sha256=made.sha256,
        size_bytes=made.size_bytes,
        origin=origin,
    )
    note_part = _note_path(part)
    note_part.write_text(note.model_dump_json(indent=1), encoding="utf-8")
    for path in (part, note_part):
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
    # Killed in between, the note of the new file is beside the old one: `stored` sees that they do not belong together.
    note_part.replace(_note_path(as_path))
    part.replace(as_path)
    return _snapshot(as_path, note)


def stored(path: Path) -> Snapshot | None:
    """The snapshot kept at `path`; None when there is none, or when the file is not the one its note is about."""
    try:
        note = _Note.model_validate_json(_note_path(path).read_text(encoding="utf-8"))
        sha256 = Snapshot.of_file(path).sha256
    except (OSError, ValidationError, MissingFileError):
        return None
    return _snapshot(path, note) if sha256 == note.sha256 else None


def _snapshot(path: Path, note: _Note) -> Snapshot:
    return Snapshot(path, note.sha256, note.size_bytes, note.retrieved_at, note.url, note.request, note.data_as_of,
                    note.origin)  # fmt: skip


def _note_path(path: Path) -> Path:
    return path.with_name(path.name + ".origin.json")
