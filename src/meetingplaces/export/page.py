"""The page on which maps and charts are drawn: title and choices above, sources and limits below, saved as PNG or SVG.

Matplotlib takes half a second to import and is not made for threads; import this when something is to be drawn, and
draw within `drawing`.
"""

from __future__ import annotations

import io
import math
import textwrap
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal
from xml.etree import ElementTree

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from meetingplaces.export.about import about_rows, credit, source_line
from meetingplaces.export.clean import clean
from meetingplaces.export.screen import Screen

Form = Literal["png", "svg"]
INK, FAINT = "#1a1a1a", "#595959"
_WIDTH, _MARGIN, _GAP = 10.0, 0.3, 0.15
BODY_WIDTH = _WIDTH - 2 * _MARGIN
"""Inches between the margins."""
_TITLE_SIZE, _TEXT_SIZE, _NOTE_SIZE = 14.0, 9.0, 7.5
_LINE_HEIGHT = 1.35 / 72  # inches for each point of the font
_DOTS_PER_INCH = 150
_LONGEST_TEXT = 5_000
_SVG = "http://www.w3.org/2000/svg"
# Text is drawn as paths, so that it looks the same without our font; `$` in a name is no formula; and the names that
# parts get do not change from one drawing to the next.
_STYLE: Any = {
    "font.family": ["DejaVu Sans"], "font.size": _TEXT_SIZE, "text.color": INK, "text.parse_math": False,
    "axes.edgecolor": FAINT, "axes.labelcolor": INK, "xtick.color": FAINT, "ytick.color": INK,
    "hatch.linewidth": 0.5, "svg.fonttype": "path", "svg.hashsalt": "meetingplaces",
}  # fmt: skip
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Our style, for one drawing at a time: Matplotlib's settings and fonts are shared by all threads."""
    with _ONE_AT_A_TIME, rc_context(_STYLE):
        yield


class Page:
    """A figure with all texts of a screen in place, and room for a body of `BODY_WIDTH` by `body_height` inches."""

    def __init__(self, screen: Screen, body_height: float) -> None:
        self.screen = screen
        above = [
            (fitted_lines(screen.title, _TITLE_SIZE, BODY_WIDTH, most=2, bold=True), _TITLE_SIZE, INK),
            (fitted_lines(_facts(screen), _TEXT_SIZE, BODY_WIDTH, most=4), _TEXT_SIZE, INK),
        ]
        below = [
            (fitted_lines(text, _NOTE_SIZE, BODY_WIDTH, most=most), _NOTE_SIZE, FAINT)
            for text, most in ((" ".join(screen.limits), 6), (source_line(screen), 4), (_made(screen), 2))
        ]
        tall_above, tall_below = (sum(len(lines) * size * _LINE_HEIGHT for lines, size, _ in texts)
                                  for texts in (above, below))  # fmt: skip
        self.height = 2 * (_MARGIN + _GAP) + tall_above + body_height + tall_below
        self.body_bottom = _MARGIN + tall_below + _GAP
        self.figure = Figure((_WIDTH, self.height), facecolor="white")
        FigureCanvasAgg(self.figure)  # knows how large text is
        self._put(above, self.height - _MARGIN)
        self._put(below, _MARGIN + tall_below)

    def _put(self, texts: Sequence[tuple[list[str], float, str]], top: float) -> None:
        for lines, size, colour in texts:
            bold = "bold" if size == _TITLE_SIZE else "normal"
            for line in lines:
                self.figure.text(
                    _MARGIN / _WIDTH, top / self.height, line, size=size, color=colour, weight=bold, va="top"
                )
                top -= size * _LINE_HEIGHT

    def at(self, left: float, bottom: float) -> tuple[float, float]:
        """A point of the body in inches as a fraction of the figure."""
        return (_MARGIN + left) / _WIDTH, (self.body_bottom + bottom) / self.height

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes in the body, in inches."""
        return self.figure.add_axes((*self.at(left, bottom), width / _WIDTH, height / self.height))

    def saved(self, form: Form, description: Sequence[str], titles: Mapping[str, str]) -> bytes:
        """The page as a file.

        Parameters
        ----------
        form
            PNG has 150 dots per inch; in SVG text is paths.
        description
            What the drawing shows, a sentence per line, for who cannot see it.
        titles
            The text of each part by its gid; browsers show it under the pointer.
        """
        stream, title = io.BytesIO(), clean(self.screen.title)
        told = "\n".join(clean(line) for line in (*map(_joined, about_rows(self.screen)), *description))
        if form == "png":
            metadata = {"Title": title, "Description": told, "Copyright": credit(self.screen.sources)}
            self.figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, metadata=metadata)
            return stream.getvalue()
        moment = self.screen.made_at.isoformat()
        metadata = {"Date": moment, "Rights": credit(self.screen.sources), "Language": self.screen.language}
        self.figure.savefig(stream, format="svg", metadata=metadata)
        return _told_svg(stream.getvalue(), self.screen.language, title, told, titles)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Inches that a line of text takes."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return width / 72


def fitted_lines(text: str, size: float, width: float, *, most: int, bold: bool = False) -> list[str]:
    """The text in at most `most` lines that fit in `width` inches; what does not fit gives way to an ellipsis."""
    characters, text = math.ceil(width * 72 / (0.4 * size)), clean(text)[:_LONGEST_TEXT]
    while True:
        lines = textwrap.wrap(text, characters)
        if len(lines) > most:  # textwrap's own `max_lines` would leave nothing of a single long word
            lines = [*lines[: most - 1], lines[most - 1][: characters - 1].rstrip() + "…"]
        widest = max((text_width(line, size, bold=bold) for line in lines), default=0.0)
        if widest <= width or characters <= 3:
            return lines
        characters = max(3, min(characters - 1, int(characters * width / widest)))


def _facts(screen: Screen) -> str:
    return "  ·  ".join(map(_joined, screen.facts))


def _made(screen: Screen) -> str:
    words = screen.words
    return f"{words.made_at} {screen.made_at_written}  ·  {words.link}: {screen.link}"


def _joined(row: tuple[str, str]) -> str:
    return f"{row[0]}: {row[1]}"


def _told_svg(svg: bytes, language: str, title: str, description: str, titles: Mapping[str, str]) -> bytes:
    """The SVG with a title and description for who cannot see it, and a title for each part."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314  this is what Matplotlib just wrote
    for number, (name, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{name}", {"id": name})
        element.text = text
        root.insert(number, element)
    root.attrib |= {"role": "img", "aria-labelledby": "title", "aria-describedby": "desc", "lang": language}
    for part in root.iter(f"{{{_SVG}}}g"):
        if part.get("id") in titles:
            element = ElementTree.Element(f"{{{_SVG}}}title")
            element.text = clean(titles[part.attrib["id"]])
            part.insert(0, element)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
