"""Neighbourhoods and homes in colours: what the map is told, and the legend below it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meetingplaces.export.figures import Band, MapFigure, band_colours
from meetingplaces.export.screen import Column, Screen
from meetingplaces.metrics.classes import Classing, class_borders
from meetingplaces.ui.catalogue import Catalogue

HOME_BORDERS_M = (300, 500, 800, 2000)
# RdYlBu of ColorBrewer 2.0, near to far: the last is beyond 2,000 m, or where no street comes. Another scale than that
# of neighbourhoods, since it says something else.
_HOME_COLOURS = ("#2c7bb6", "#abd9e9", "#ffffbf", "#fdae61", "#d7191c")
# Level 9 of zlib takes 20 ms to make it 6 % smaller.
_PACKED = 4
_HATCHED = "background:repeating-linear-gradient(45deg,var(--between-hatch) 0 4px,var(--hatch) 4px 6px)"


def figure_of(screen: Screen, column: str, classing: Classing, count: int, texts: Catalogue) -> MapFigure | None:
    """The numbers of a column in at most `count` classes; `None` when no area has a number."""
    values = np.array([np.nan if value is None else value for value in screen.numbers(column)])
    drawn = np.array([] if screen.geometry is None else screen.geometry.notna(), dtype=bool)
    borders = class_borders(values[: len(drawn)][drawn], classing, count)
    if not len(borders):
        return None
    told = [screen.written(screen.column(column), border) for border in borders]
    pairs = zip(borders, borders[1:], told, told[1:], strict=False)
    bands = [Band(low, high, _range(low_told, high_told, texts)) for low, high, low_told, high_told in pairs]
    beyond = screen.column(column).beyond
    if beyond and any(screen.is_beyond(column)):  # drawn in the last class, see `MapFigure.classes`
        bands[-1] = replace(bands[-1], label=texts("legend_or", one=bands[-1].label, other=beyond.label))
    return MapFigure(column, screen.columns[0].key, tuple(bands))


def _range(low: str, high: str, texts: Catalogue) -> str:
    return low if low == high else texts("legend_from_to", low=low, high=high)


def area_view(screen: Screen, column: str, figure: MapFigure | None, texts: Catalogue) -> dict[str, Any]:
    """The rows with an outline as planning.js draws them: by `area_code`, with the colour and value of `column`.

    Without a figure nothing is known, and all of them are.
    """
    names, told, inside = screen.told(screen.columns[0].key), screen.told(column), _inside(screen, texts)
    if figure is None:
        shapes = [] if screen.geometry is None else screen.geometry
        classes: dict[int, int | None] = {row: None for row, shape in enumerate(shapes) if shape is not None}
    else:
        classes = figure.classes(screen)
    colours, codes = _colours(figure), screen.table["area_code"].tolist()
    return {
        codes[row]: {
            "colour": None if band is None else colours[band],
            "label": f"{names[row]}: {told[row]}{inside[row]}",
        }
        for row, band in classes.items()
    }


def _inside(screen: Screen, texts: Catalogue) -> list[str]:
    """For each row what to add when it lies partly outside the data, where the screen tells of that."""
    if "extent_share" not in screen.table:
        return [""] * len(screen.table)
    share = Column("extent_share", "", "share", "", 0)
    return [
        "" if value >= 1 else f" ({texts('area_inside', share=screen.written(share, value))})"
        for value in screen.table["extent_share"]
    ]


def home_view(metres: NDArray[np.float32]) -> dict[str, Any]:
    """Homes by their walking distance in metres, packed: 25,000 of them are some 4 kB, in less than a millisecond."""
    found = np.searchsorted(HOME_BORDERS_M, metres, side="left").astype(np.uint8)
    return {"classes": base64.b64encode(zlib.compress(found.tobytes(), _PACKED)).decode(), "palette": _HOME_COLOURS}


def area_legend_html(title: str, screen: Screen, figure: MapFigure | None, texts: Catalogue) -> str:
    """Which colour stands for which values."""
    bands = figure.bands if figure else ()
    rows = [(f"background:{colour}", band.label) for colour, band in zip(_colours(figure), bands, strict=True)]
    if figure is None or None in figure.classes(screen).values():
        rows.append((_HATCHED, texts("unknown")))
    return _legend(title, rows)


def home_legend_html(texts: Catalogue) -> str:
    """Which colour of a home stands for which walking distance."""
    told = [texts("legend_at_most", value=f"{texts.number(metres)} m") for metres in HOME_BORDERS_M]
    pairs = zip(_HOME_COLOURS, [*told, texts("legend_beyond")], strict=True)
    rows = [(f"background:{colour};border-radius:50%;width:14px", text) for colour, text in pairs]
    return _legend(texts("legend_homes"), rows)


def _colours(figure: MapFigure | None) -> Sequence[str]:
    return band_colours(len(figure.bands)) if figure else ()


def _legend(title: str, rows: Sequence[tuple[str, str]]) -> str:
    items = "".join(f'<li><span class="classes" style="{style}"></span>{escape(text)}</li>' for style, text in rows)
    return f'<p class="note">{escape(title)}</p><ul class="legend" aria-label="{escape(title)}">{items}</ul>'
