"""Text of others as it may stand on paper and on a page."""

from __future__ import annotations

import re

from meetingplaces.export.clean import clean

# Marks that turn the direction of all text after them, with which a name could rewrite its neighbours.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
CUT = "…"


def printable(text: str, longest: int | None = None) -> str:
    """The text on one line, without signs that cannot be shown; beyond `longest` characters it ends in an ellipsis."""
    shown = " ".join(_TURNING.sub("", clean(text)).split())
    return shown if longest is None or len(shown) <= longest else shown[: longest - 1].rstrip() + CUT
