"""One HTML file that works without internet: map, list, filters and text. List and map need no JavaScript."""

from __future__ import annotations

import base64
import hashlib

from meetingplaces.export.kit import Kit
from meetingplaces.export.labels import Sizes
from meetingplaces.export.map_svg import map_svg
from meetingplaces.export.printable import printable
from meetingplaces.export.templating import template, template_text
from meetingplaces.model.errors import FileTooLargeError

MOST_BYTES = 2_000_000
_MAP = Sizes(width=8000, height=6000, symbol=280, letters=140)


def offline_html(kit: Kit) -> str:
    """The page, at most 2 MB in UTF-8. It asks for nothing: its policy allows only its own style and script.

    Raises
    ------
    FileTooLargeError
        So many places and streets do not fit; the caller should ask for a smaller area.
    """
    style, script = template_text("offline.css"), template_text("offline.js")
    drawn = map_svg(kit.ground, kit.places, kit.words["north"], _MAP, linked=True)
    page = template("offline.html").render(
        kit=kit, map=drawn, style=style, script=script,
        style_hash=_hash(style), script_hash=_hash(script), text=_text(kit),
    )  # fmt: skip
    size = len(page.encode())
    if size > MOST_BYTES:
        raise FileTooLargeError(size // 1000, MOST_BYTES // 1000)
    return page


def _text(kit: Kit) -> str:
    """The same in plain text, for an e-mail or a letter."""
    lines = [kit.title, f"{kit.subtitle}, {kit.made_on}", *kit.notes]
    number = 0
    for group in kit.groups:
        lines += ["", group.title]
        for place in group.places:
            number += 1
            told = [f"{fact.label}: {fact.text}" if fact.label else fact.text for fact in place.facts if not fact.url]
            lines.append(f"{number}. {place.name} ({place.described}). {'. '.join(told)}.")
    return "\n".join(printable(line) for line in [*lines, "", *kit.sources])


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
