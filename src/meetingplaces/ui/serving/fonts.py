"""Fonts of the size that is needed: Streamlit's own have every icon there is, and letters of every script.

Made when the server starts, from the files of the Streamlit that is installed. A letter or script that the small font
lacks comes from Streamlit's, which is then fetched too; of icons the small font has all that a page can name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from io import BytesIO
from itertools import chain
from pathlib import Path
from zlib import crc32

from fontTools import subset
from fontTools.ttLib import TTFont
from starlette.responses import Response
from streamlit import file_util

_log = logging.getLogger("meetingplaces.server")
_FOR_GOOD = "public, max-age=31536000, immutable"
_ICON = re.compile(rb":material/(\w+):")
_LETTERS = (
    range(0x20, 0x180),
    range(0x218, 0x21C),
    range(0x2000, 0x2070),
    range(0x20AC, 0x20AD),
    range(0x2190, 0x2300),
)
"""Latin script as Europe writes it, and punctuation, the euro, arrows and signs of mathematics."""
_OF_STREAMLIT = ("css/index.*.css", "media/SourceSansVF-Upright.*.woff2", "media/MaterialSymbols-Rounded.*.woff2")


class SmallFonts:
    """Fonts for the document, made in two seconds; where that fails, which is logged, Streamlit's serve."""

    def __init__(self) -> None:
        self._files: dict[str, Response] = {}
        self._instead: dict[bytes, bytes] = {}
        try:
            self._put_in_place(Path(file_util.get_static_dir(), "static"))
        except Exception:  # noqa: BLE001  a page with large fonts is better than none
            _log.exception("small fonts could not be made")

    def _put_in_place(self, static: Path) -> None:
        style, sans, symbols = (_only(static, name) for name in _OF_STREAMLIT)
        letters = self._serve("media/letters", _letters(sans), "woff2", "font/woff2")
        icons = self._serve("media/icons", _icons(symbols), "woff2", "font/woff2")
        # Streamlit asks for the whole family of icons before it draws any; so theirs must not be in it any more.
        rules = style.read_bytes().replace(symbols.name.encode(), icons) + _face_of_letters(letters)
        self._instead = {
            sans.name.encode(): letters,
            style.name.encode(): self._serve("css/style", rules, "css", "text/css"),
        }

    def _serve(self, stem: str, content: bytes, suffix: str, media_type: str) -> bytes:
        path = f"/static/{stem}-{crc32(content):08x}.{suffix}"
        self._files[path] = Response(content, media_type=media_type, headers={"Cache-Control": _FOR_GOOD})
        return Path(path).name.encode()

    def answer(self, path: str) -> Response | None:
        """The font or style at this address, to be kept for good; `None` when it is no address of ours."""
        return self._files.get(path[path.rfind("/static/") :])

    def into(self, document: bytes) -> bytes:
        """Streamlit's document with the small fonts for its large ones; any other document as it is."""
        for theirs, ours in self._instead.items():
            document = document.replace(theirs, ours)
        return document


def _only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def _face_of_letters(file: bytes) -> bytes:
    """A font described as Streamlit's own, to be taken for the same: of equals a browser asks the last first."""
    ranges = ",".join(f"U+{one.start:X}-{one.stop - 1:X}" for one in _LETTERS)
    described = "font-family:Source Sans;font-weight:100 900;font-style:normal"
    return (
        f'@font-face{{{described};unicode-range:{ranges};src:url(../media/{file.decode()})format("woff2")}}'
    ).encode()


def _letters(font: Path) -> bytes:
    options = subset.Options(flavor="woff2")
    return _subset(subset.load_font(font, options), options, unicodes=chain(*_LETTERS))


def _icons(path: Path) -> bytes:
    # An icon is a ligature of the letters of its name. With the closure of the layout, all icons would stay.
    options = subset.Options(flavor="woff2", layout_closure=False)
    font = subset.load_font(path, options)
    glyphs = ligatures(font)
    names = icon_names() & glyphs.keys()
    return _subset(font, options, glyphs=[glyphs[name] for name in names], text=" ".join(names))


def icon_names() -> set[str]:
    """The icons that our pages name and those that Streamlit does, such as that of its menu."""
    ours = Path(__file__).parents[2].rglob("*.py")
    theirs = Path(file_util.get_static_dir(), "static", "js").glob("*.js")
    return {name.decode() for file in (*ours, *theirs) for name in _ICON.findall(file.read_bytes())}


def ligatures(font: TTFont) -> dict[str, str]:
    """The glyph of each name that the font draws as one."""
    letter = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    tables = (table.ExtSubTable for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable)
    return {
        "".join(letter[part] for part in (first, *one.Component)): one.LigGlyph
        for table in tables for first, several in table.ligatures.items() for one in several
    }  # fmt: skip


def _subset(font: TTFont, options: subset.Options, **kept: Iterable[int] | Iterable[str] | str) -> bytes:
    subsetter = subset.Subsetter(options)
    subsetter.populate(**kept)
    subsetter.subset(font)
    made = BytesIO()
    subset.save_font(font, made, options)
    return made.getvalue()
