"""What a map or chart on screen shows of a table: described without a drawing library, so that a page may hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import shapely

from meetingplaces.export.screen import Screen
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import ScreenError

# YlGnBu of ColorBrewer 2.0 (C. Brewer, Pennsylvania State University): safe for the colour-blind, and each class is
# darker than the one before, so that it reads in black and white.
_SEQUENTIAL = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
MOST_BANDS = len(_SEQUENTIAL)
Mark = Literal["bar", "dot"]
MOST_CHART_ROWS = 200
"""More would make a picture taller than programs open."""


def band_colours(count: int) -> tuple[str, ...]:
    """A colour per class from light to dark, as `#rrggbb`; for 1 to `MOST_BANDS` classes.

    Raises
    ------
    ScreenError
        There are no or more classes.
    """
    if not 1 <= count <= MOST_BANDS:
        raise ScreenError("classes", f"1 to {MOST_BANDS}", str(count))
    if count == 1:
        return (_SEQUENTIAL[3],)
    return tuple(_SEQUENTIAL[round(step * (MOST_BANDS - 1) / (count - 1))] for step in range(count))


@dataclass(frozen=True)
class Band:
    """A class of the legend: from `lower` up to but not with `upper`; the last class of a map holds its `upper` too."""

    lower: float
    upper: float
    label: str


@dataclass(frozen=True)
class Overlay:
    """What is drawn on top of a map, with its label in the legend: points, lines, or areas to be dotted (RD New)."""

    label: str
    geometry: gpd.GeoSeries

    @property
    def dimension(self) -> int:
        """0 for points, 1 for lines, 2 for areas; -1 for nothing."""
        return int(max(shapely.get_dimensions(self.geometry.to_numpy()), default=-1))


@dataclass(frozen=True)
class MapFigure:
    """A map of the rows of a screen by class.

    Parameters
    ----------
    column
        Key of the numbers that give a row its class.
    name_column
        Key of the names of the rows.
    bands
        The classes, rising and without holes; every number falls in one.
    overlays
        Drawn on top, in this order.
    outline
        Of the municipality, in RD New.
    view
        West, south, east and north of the part that is on screen, in RD New; None for all rows and the outline.

    Raises
    ------
    ScreenError
        There are too many classes, they leave a hole, or an overlay is not in RD New.
    """

    column: str
    name_column: str
    bands: tuple[Band, ...]
    overlays: tuple[Overlay, ...] = ()
    outline: shapely.Geometry | None = None
    view: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        band_colours(len(self.bands))
        for overlay in self.overlays:
            if overlay.geometry.crs is None or overlay.geometry.crs.to_string() != RD_NEW:
                raise ScreenError(overlay.label, RD_NEW, str(overlay.geometry.crs))
        for one, other in zip(self.bands, self.bands[1:], strict=False):
            if not one.lower < one.upper == other.lower:
                raise ScreenError("classes", f"a class from {one.upper:g} after {one.label}", f"{other.lower:g}")

    def classes(self, screen: Screen) -> dict[int, int | None]:
        """The class of each row that has a geometry, by the position of the row.

        What lies beyond the search is in the last class, unknown in none. A row without a geometry, such as a total,
        may have a number outside all classes.
        """
        shapes = [None] * len(screen.table) if screen.geometry is None else list(screen.geometry)
        rows = zip(screen.numbers(self.column), screen.is_beyond(self.column), shapes, strict=True)
        last = len(self.bands) - 1
        return {
            row: last if beyond else None if value is None else self.band_of(value)
            for row, (value, beyond, shape) in enumerate(rows)
            if shape is not None
        }

    def band_of(self, value: float) -> int:
        """The number of the class that holds a value.

        Raises
        ------
        ScreenError
            None does.
        """
        for number, band in enumerate(self.bands):
            if band.lower <= value < band.upper:
                return number
        if value == self.bands[-1].upper:
            return len(self.bands) - 1
        raise ScreenError("classes", f"{self.bands[0].lower:g} to {self.bands[-1].upper:g}", f"{value:g}")


@dataclass(frozen=True)
class Panel:
    """One measure of a chart: the key of its numbers and, where there is an interval, those of its ends."""

    column: str
    low: str | None = None
    high: str | None = None
    mark: Mark = "bar"


@dataclass(frozen=True)
class ChartFigure:
    """A chart with a line per row of a screen, from top to bottom, and its measures side by side.

    A row is called by its values in `name_columns`. `reference_row` is the position of the row, such as that of the
    municipality, to which the others are compared.
    """

    name_columns: tuple[str, ...]
    panels: tuple[Panel, ...]
    reference_row: int | None = None
