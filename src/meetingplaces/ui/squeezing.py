"""Text squeezed into the signs that an address carries as they are: letters, digits, `-` and `_`."""

from __future__ import annotations

import base64
import zlib

_RAW_DEFLATE = -15


def squeezed(content: str, words: bytes = b"") -> str:
    """The text, compressed; the shorter, the more of it stands in `words`."""
    writer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE, 9, zlib.Z_DEFAULT_STRATEGY, words)
    return base64.urlsafe_b64encode(writer.compress(content.encode()) + writer.flush()).decode().rstrip("=")


def unsqueezed(text: str, most_signs: int, most_bytes: int, words: bytes = b"") -> str:
    """What `squeezed` was given with the same `words`; `ValueError` for anything that it cannot have written."""
    if len(text) > most_signs or not text.isascii():
        raise ValueError("too long, or other signs")
    reader = zlib.decompressobj(_RAW_DEFLATE, words)
    try:
        content = reader.decompress(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", True), most_bytes)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not reader.eof or reader.unused_data:
        raise ValueError("too much, or broken off")
    return content.decode()
