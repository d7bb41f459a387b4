"""PDF, SVG and PNG by typst. What is shown travels as JSON, never as markup: no text can be taken for a command."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from meetingplaces.export.kit import Group, Kit, KitPlace, Symbol
from meetingplaces.export.labels import Sizes
from meetingplaces.export.map_svg import map_svg
from meetingplaces.export.printable import printable
from meetingplaces.export.templating import template, template_text

_LONGEST = 300  # OpenStreetMap holds at most 255 characters in a value; more would not fit on paper
_FONT_PACKAGE = "font_source_sans_pro"
_SHEET_WIDTH_MM = 182
_BOOKLET_MAP = Sizes(width=1240, height=1480, symbol=125, letters=50)
_FOLDED = 4  # pages on a sheet of paper that is folded once


@dataclass(frozen=True)
class _Fit:
    """A way to fill the sheet: most pages, text in points, columns, and height of the map and of a symbol in mm."""

    pages: int
    points: float
    columns: int
    map_mm: int
    symbol_mm: float

    @property
    def map_sizes(self) -> Sizes:
        """The map in tenths of a millimetre, with street names of 7 points."""
        return Sizes(10 * _SHEET_WIDTH_MM, 10 * self.map_mm, 10 * self.symbol_mm, 24)


# Tried in this order until all places fit: the more places, the smaller the text and the larger the map.
_SHEET_FITS = (
    _Fit(1, 10, 2, 100, 6.6),
    _Fit(1, 9, 2, 100, 6.6),
    _Fit(2, 10, 2, 130, 6.2),
    _Fit(2, 8.5, 2, 150, 5.6),
    _Fit(2, 7.5, 3, 150, 5.2),
)


def sheet_pdf(kit: Kit) -> bytes:
    """The A4 sheet: a numbered map and list on at most two pages.

    Text becomes smaller when there are many places; what does not fit even then is counted under the list
    (`words["more"]`) and left off the map.
    """
    qr = kit.link and qr_svg(kit.link)

    def shape(fit: _Fit, drawn: str = "") -> dict[str, Any]:
        return {"map": drawn, "qr": qr, "points": fit.points, "columns": fit.columns, "map_mm": fit.map_mm}

    fit, shown = _fitting(kit, shape)
    return _pdf("sheet.typ", shown, shape(fit, _map(shown, fit.map_sizes)), len(kit.places) - len(shown.places))


def _map(kit: Kit, sizes: Sizes) -> str:
    return map_svg(kit.ground, kit.places, kit.words["north"], sizes)


def _fitting(kit: Kit, shape: Callable[[_Fit], dict[str, Any]]) -> tuple[_Fit, Kit]:
    """The first way in which all places fit, else the last with as many places as fit."""
    for fit in _SHEET_FITS:
        if _pages("sheet.typ", kit, shape(fit)) <= fit.pages:
            return fit, kit
    fits, too_many = 0, len(kit.places)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        left_out = len(kit.places) - middle
        if _pages("sheet.typ", kit.first(middle), shape(fit), left_out) <= fit.pages:
            fits = middle
        else:
            too_many = middle
    return fit, kit.first(fits)


def booklet_pdf(kit: Kit) -> bytes:
    """The booklet: A5, letters of 14 points or more; pages for notes make it a multiple of four, to be folded."""
    shape: dict[str, Any] = {"map": _map(kit, _BOOKLET_MAP), "qr": kit.link and qr_svg(kit.link), "notes_pages": 1}
    shape["notes_pages"] = 1 + -_pages("booklet.typ", kit, shape) % _FOLDED
    return _pdf("booklet.typ", kit, shape)


def qr_image(link: str, caption: str, language: str, form: Literal["svg", "png"]) -> bytes:
    """The QR code of a link with a caption and the link itself below it; PNG at 300 dots per inch."""
    content = {"link": link, "caption": printable(caption, _LONGEST), "language": language, "qr": qr_svg(link)}
    made = _compiler("qr.typ", content).compile(format=form, ppi=300)
    return made if isinstance(made, bytes) else b"".join(made or [])


def qr_svg(link: str) -> str:
    """The QR code of a link, black on white, as an SVG drawing."""
    stream = io.BytesIO()
    segno.make(link, error="m", micro=False).save(stream, kind="svg", border=4, xmldecl=False)
    return stream.getvalue().decode()


def _pdf(name: str, kit: Kit, shape: Mapping[str, Any], left_out: int = 0) -> bytes:
    content = _content(kit, shape, left_out)
    try:
        return _bytes(_compiler(name, content).compile(format="pdf", pdf_standards=["ua-1"]))
    except typst.TypstError:
        # PDF/UA does not allow a sign that no font here has (emoji, Chinese). Then the file is tagged all the same,
        # its text can be read and copied, but it does not bear the mark of the standard.
        # A compiler that failed cannot be used again (typst 0.15 then misses its own input).
        return _bytes(_compiler(name, content).compile(format="pdf"))


def _bytes(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"one PDF expected, found {type(made)}")
    return made


def _pages(name: str, kit: Kit, shape: Mapping[str, Any], left_out: int = 0) -> int:
    compiler = _compiler(name, _content(kit, shape, left_out))
    return int(json.loads(compiler.query("<pages>", field="value", one=True)))


def _compiler(name: str, content: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        template_text(name).encode(), font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )  # fmt: skip


@cache
def _fonts() -> typst.Fonts:
    """Source Sans Pro from its package, and the fonts inside typst for Greek, Cyrillic, Hebrew and Arabic."""
    found = importlib.util.find_spec(_FONT_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(_FONT_PACKAGE)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(Path(found.origin).parent / "files")])


def _content(kit: Kit, shape: Mapping[str, Any], left_out: int) -> dict[str, Any]:
    numbered = iter(range(1, len(kit.places) + 1))
    return {
        "language": kit.language,
        "title": printable(kit.title, _LONGEST),
        "subtitle": printable(kit.subtitle, _LONGEST),
        "made_on": kit.made_on,
        "notes": [printable(note) for note in kit.notes],
        "groups": [_group(group, numbered) for group in kit.groups],
        "legend": [{"symbol": _shape(symbol), "text": text} for symbol, text in kit.legend],
        "sources": [printable(source) for source in kit.sources],
        "words": dict(kit.words),
        "more": kit.words["more"].format(count=left_out) if left_out else None,
        "link": kit.link,
        **shape,
    }


def _group(group: Group, numbered: Any) -> dict[str, Any]:
    return {"title": group.title, "places": [_place(place, next(numbered)) for place in group.places]}


def _place(place: KitPlace, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "name": printable(place.name, _LONGEST),
        "kind": place.described,
        "symbol": _shape(place.symbol),
        "facts": [[fact.label, printable(fact.text, _LONGEST)] for fact in place.facts],
    }


def _shape(symbol: Symbol) -> dict[str, Any]:
    """A symbol as SVG, without its number: that is text, set over it."""
    return {
        "svg": str(template("symbol.svg").module.alone(symbol)),  # type: ignore[attr-defined]
        "ink": symbol.colour if symbol.hollow else "#ffffff",
        "y": symbol.number_y,
    }
