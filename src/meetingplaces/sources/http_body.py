"""Taking in the body of an answer: piece by piece, unpacked, never more and never longer than agreed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

PIECE_BYTES = 1 << 16
_GZIP = 31  # zlib's way to say: a gzip header, with the largest window


class BodyTooLarge(Exception):  # noqa: N818  (findings of the door, which tells of them as errors of ours)
    """More bytes than agreed, before or after unpacking."""


class BodyTooSlow(Exception):  # noqa: N818
    """Longer than agreed, though bytes keep coming."""


class BodyBroken(Exception):  # noqa: N818
    """What came is not, or not all of, what the headers announced."""


def take_in(raw: Any, into: IO[bytes], limit_bytes: int, in_time: Callable[[], bool]) -> None:
    """Write the body of urllib3's response `raw` to the file `into`, which may hold its beginning already.

    Raises
    ------
    BodyTooLarge
        `into` would come to hold more than `limit_bytes`.
    BodyTooSlow
        `in_time` said no between two pieces.
    BodyBroken
        The body is packed in another way than gzip, or what was packed breaks off.
    """
    pieces = _pieces(raw, in_time)
    encoding = (raw.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding in {"gzip", "x-gzip"}:
        pieces = unpacked(pieces)
    elif encoding != "identity":
        raise BodyBroken(f"a body packed as {encoding[:40]!r}")
    elif into.tell() + (raw.length_remaining or 0) > limit_bytes:
        raise BodyTooLarge
    for piece in pieces:
        if into.tell() + len(piece) > limit_bytes:
            raise BodyTooLarge
        into.write(piece)


def _pieces(raw: Any, in_time: Callable[[], bool]) -> Iterator[bytes]:
    """Bytes as they come; `read1` does not wait for a whole piece, so a slow drip is seen while it drips."""
    while piece := raw.read1(PIECE_BYTES, decode_content=False):
        if not in_time():
            raise BodyTooSlow
        yield piece


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same without gzip, at most `PIECE_BYTES` at a time: a small piece can hold a thousand times its size.

    Raises
    ------
    BodyBroken
        It is no gzip, or breaks off.
    """
    unpacker, whole = zlib.decompressobj(_GZIP), True
    for piece in pieces:
        left, unpacked = piece, b""
        # A full piece may mean that more is waiting inside the unpacker, also when it has taken in all it was given.
        while left or len(unpacked) == PIECE_BYTES:
            try:
                unpacked = unpacker.decompress(left, PIECE_BYTES)
            except zlib.error as error:
                raise BodyBroken("gzip that does not unpack") from error
            whole = unpacker.eof
            left = unpacker.unused_data if whole else unpacker.unconsumed_tail
            if whole:
                unpacker = zlib.decompressobj(_GZIP)
            yield unpacked
    if not whole:
        raise BodyBroken("gzip that breaks off")
