"""Text of others as every format can hold it."""

from __future__ import annotations

import re

# What XML 1.0 (and so XLSX and SVG) cannot hold: control characters, halves of surrogate pairs, non-characters.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without characters that XML cannot hold, with every line break a line feed; the rest is untouched."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
