"""The symbol of each setting: shape and colour both say it, so that neither is needed to understand it.

Colours are dark enough for 4.5:1 on white, and stay apart for people who see few colours (after Okabe and Ito's
palette, darkened). A white rim makes the same symbol stand out on anything dark, so that it is the same everywhere: on
the page in light and dark, on the map and on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from meetingplaces.model.categories import Setting

SYMBOLS: Mapping[Setting, Mapping[str, str]] = {
    "indoor": {"path": "M4 11 12 4l8 7v9H4z", "colour": "#0060a8"},
    "outdoor": {"path": "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17z", "colour": "#00735c"},
    "sheltered": {"path": "M12 3.5 21.5 20h-19z", "colour": "#b34700"},
}


# Signs that a data address in double quotes may hold as they are; the fewer are encoded, the less travels.
_PLAIN = "<>=' /:.,"


def symbol_image(setting: Setting, hollow: bool = False) -> str:
    """The symbol as an image, decorative: text beside it must say the same. `hollow` for places with a threshold.

    An image and not inline SVG, because Streamlit takes SVG elements out of HTML.
    """
    symbol = SYMBOLS[setting]
    fill, line = ("#fff", symbol["colour"]) if hollow else (symbol["colour"], "#fff")
    order = "normal" if hollow else "stroke"
    paint = f"fill='{fill}' stroke='{line}' stroke-width='3' stroke-linejoin='round' paint-order='{order}'"
    path = f"<path d='{symbol['path']}' {paint}/>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'>{path}</svg>"
    return f'<img class="symbol" alt="" src="data:image/svg+xml,{quote(svg, safe=_PLAIN)}">'
