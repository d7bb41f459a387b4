"""Text of others as it may stand on paper and on a page."""

from __future__ import annotations

import re

# Control characters, halves of surrogate pairs and non-characters, which no page can show; and the marks that turn the
# direction of all text after them, with which a name could rewrite its neighbours.
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
CUT = "…"


def printable(text: str, longest: int | None = None) -> str:
    """The text on one line, without signs that cannot be shown; beyond `longest` characters it ends in an ellipsis."""
    shown = " ".join(_NOT_SHOWN.sub(" ", text).split())
    return shown if longest is None or len(shown) <= longest else shown[: longest - 1].rstrip() + CUT
