"""Where data comes from: who made it, when, under which licence, with which checksum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from meetingplaces.model.errors import MissingFileError


class Origin(BaseModel):
    """Who publishes a source, and on what terms."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: str
    title: str
    publisher: str
    licence: str
    licence_url: str
    attribution: str


class Provenance(Origin):
    """Origin of one source of a bundle.

    `retrieved_at` is when we read it (UTC); `data_as_of` is what the data describes, `None` when the source does
    not say. `data_as_of` may be a full timestamp or only a year, so it is text in ISO 8601. `url` is where it was
    fetched, without secrets; `None` for a file that someone gave us.
    """

    file: str
    size_bytes: int
    sha256: str
    retrieved_at: datetime
    data_as_of: str | None = None
    notes: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """Untouched bytes of a source on disk, with what is known of them before they are parsed.

    The last four are known only of what was fetched: `url` without secrets, `request` what was asked there,
    `data_as_of` as in `Provenance`.
    """

    path: Path
    sha256: str
    size_bytes: int
    retrieved_at: datetime
    url: str | None = None
    request: str | None = None
    data_as_of: str | None = None
    origin: Origin | None = None

    @classmethod
    def of_file(cls, path: Path) -> Snapshot:
        """The file at `path` as it is now.

        Raises
        ------
        MissingFileError
            There is no such file, or it may not be read.
        """
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = path.stat().st_size
        except OSError as error:
            raise MissingFileError(
                str(path), "the file itself", "a readable file", error.strerror or "nothing"
            ) from error
        return cls(path, digest, size, datetime.now(UTC))
