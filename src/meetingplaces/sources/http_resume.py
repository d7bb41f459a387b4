"""The beginning of a download that broke off, and whether the rest that is offered belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Unfinished:
    """`size_bytes` at the start of the file that the server marks with `tag` (its ETag, else its date)."""

    part: Path
    size_bytes: int
    tag: str

    @classmethod
    def of(cls, part: Path) -> Unfinished | None:
        """The beginning in the file `part`; None when there is none, or none that can be recognised."""
        try:
            size_bytes, tag = part.stat().st_size, _tag_path(part).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return cls(part, size_bytes, tag) if size_bytes and tag else None

    @staticmethod
    def begin(part: Path, headers: Mapping[str, str]) -> None:
        """Remember what the server calls the file that is about to be downloaded to `part`."""
        part.unlink(missing_ok=True)
        tag = headers.get("ETag") or headers.get("Last-Modified") or ""
        # A weak tag does not promise the same bytes.
        _tag_path(part).write_text("" if tag.startswith("W/") else tag, encoding="utf-8")

    def headers(self) -> dict[str, str]:
        """What to ask: the rest, or all of it if the file has changed since."""
        return {"Range": f"bytes={self.size_bytes}-", "If-Range": self.tag}

    def continued_by(self, headers: Mapping[str, str]) -> bool:
        """Whether an answer 206 goes on exactly where this ends."""
        return headers.get("Content-Range", "").startswith(f"bytes {self.size_bytes}-")


def forget(part: Path) -> None:
    """Remove a beginning, so that the next try starts anew."""
    part.unlink(missing_ok=True)
    _tag_path(part).unlink(missing_ok=True)


def _tag_path(part: Path) -> Path:
    return part.with_name(part.name + ".tag")
