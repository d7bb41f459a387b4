"""A map of the rows on screen by class, as PNG or SVG, with legend, scale and sources."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from meetingplaces.export.about import source_line
from meetingplaces.export.figures import MapFigure, Overlay, band_colours
from meetingplaces.export.page import BODY_WIDTH, FAINT, INK, Form, Page, drawing, fitted_lines
from meetingplaces.export.screen import Screen
from meetingplaces.model.errors import ScreenError

_LEGEND_WIDTH, _SPACE = 2.4, 0.2
_MAP_WIDTH = BODY_WIDTH - _LEGEND_WIDTH - _SPACE
_LOWEST, _HIGHEST, _AROUND = 4.2, 9.0, 1.03
_LABEL_SIZE, _NAME_SIZE, _NAME_WIDTH, _PAD = 8.5, 6.0, 0.8, 1.0
_NO_CLASS = "#e0e0e0"
_UNKNOWN: dict[str, Any] = {"facecolor": _NO_CLASS, "hatch": "/////", "edgecolor": "#8c8c8c"}
_DOTTED: dict[str, Any] = {"facecolor": "none", "hatch": "..", "edgecolor": "#404040"}
_MARKERS, _DASHES = "os^Dv", ("-", "--", ":", "-.")


def draw_map(screen: Screen, figure: MapFigure, form: Form) -> bytes:
    """The map as a file: rows coloured by class, darker is more, unknown grey and hatched.

    Rows without geometry are left out. Names and values stand in an area where they fit. In SVG each row has its name
    and value as title, and the description tells all of them.

    Raises
    ------
    ScreenError
        Nothing on screen has a geometry, or a number is in none of the classes.
    """
    if screen.geometry is None or screen.geometry.isna().all():
        raise ScreenError("geometry", "at least one row with a geometry", "none")
    with drawing():
        drawn = _Map(screen, screen.geometry, figure)
        drawn.draw_rows()
        drawn.draw_overlays()
        drawn.draw_names()
        drawn.draw_legend()
        drawn.draw_scale()
        classes = [f"{screen.words.legend}: {', '.join(band.label for band in figure.bands)}"]
        told = [f"{name}: {value}" for name, value in zip(drawn.names, drawn.values, strict=True)]
        description = [*classes, *told, *screen.limits, source_line(screen)]
        titles = {f"row-{row}": text for row, text in enumerate(told)} | {"scale": drawn.scale}
        return drawn.page.saved(form, description, titles)


class _Map:
    """A page with axes in metres of RD New; a row has a class, or None when its number is unknown."""

    def __init__(self, screen: Screen, geometry: gpd.GeoSeries, figure: MapFigure) -> None:
        self.screen, self.figure = screen, figure
        self.shapes = [None if shape is None or shape.is_empty else shape for shape in geometry]
        self.classes = figure.classes(screen)
        self.names, self.values = screen.told(figure.name_column), screen.told(figure.column)
        self.colours = band_colours(len(figure.bands))
        everything = shapely.total_bounds([*filter(None, self.shapes), figure.outline])
        west, south, east, north = everything if figure.view is None else figure.view
        self.height = min(max(_MAP_WIDTH * (north - south) / max(east - west, 1.0), _LOWEST), _HIGHEST)
        self.metres_per_inch = _AROUND * max((east - west) / _MAP_WIDTH, (north - south) / self.height, 1.0)
        self.scale_m = _round_length(0.7 * _LEGEND_WIDTH * self.metres_per_inch)
        self.scale = f"{self.scale_m / 1000:g} km" if self.scale_m >= 1000 else f"{self.scale_m:g} m"
        self.page = Page(screen, self.height)
        self.axes = self.page.axes(0, 0, _MAP_WIDTH, self.height)
        self.axes.set_axis_off()
        for middle, inches, set_limits in (
            ((west + east) / 2, _MAP_WIDTH, self.axes.set_xlim),
            ((south + north) / 2, self.height, self.axes.set_ylim),
        ):
            set_limits(middle - inches * self.metres_per_inch / 2, middle + inches * self.metres_per_inch / 2)

    def draw_rows(self) -> None:
        for row, band in self.classes.items():
            if (shape := self.shapes[row]) is not None:
                artist = _row_artist(shape, None if band is None else self.colours[band])
                artist.set_gid(f"row-{row}")
                self.axes.add_artist(artist)

    def draw_overlays(self) -> None:
        if self.figure.outline is not None:
            path = _path(self.figure.outline)
            self.axes.add_artist(PathPatch(path, facecolor="none", edgecolor=INK, linewidth=1.4))
        for number, overlay in enumerate(self.figure.overlays):
            shapes = overlay.geometry.dropna().to_numpy()
            if overlay.dimension == 2:
                self.axes.add_artist(PathPatch(_path(shapely.union_all(shapes)), linewidth=0, **_DOTTED))
            elif overlay.dimension >= 0:
                self.axes.add_artist(Line2D(*_points(shapes), **_overlay_style(overlay, number)))

    def draw_names(self) -> None:
        """Name and value in each area that has room for them beside what is on top, else the value, else nothing."""
        (west, east), (south, north), taken = self.axes.get_xlim(), self.axes.get_ylim(), self.taken()
        view = shapely.box(west, south, east, north)
        for row, band in self.classes.items():
            shape, name, value = self.shapes[row], self.names[row], self.values[row]
            if shape is None or shapely.get_dimensions(shape) != 2:
                continue
            # A buffer of 0 drops the lines and points that are left where an area only touches the view.
            room = shape.intersection(view).buffer(0).difference(taken)
            fill = _NO_CLASS if band is None else self.colours[band]
            wrapped = fitted_lines(name, _NAME_SIZE, _NAME_WIDTH, most=3)
            if not room.is_empty:
                any(self.placed(room, text, fill) for text in ("\n".join([*wrapped, value]), value))

    def taken(self) -> shapely.Geometry:
        """Where points and lines are drawn on top."""
        around = 3 / 72 * self.metres_per_inch
        drawn = [
            overlay.geometry.dropna().to_numpy() for overlay in self.figure.overlays if overlay.dimension in {0, 1}
        ]
        return shapely.union_all(shapely.buffer(np.concatenate([*drawn, []]), around))

    def placed(self, room: shapely.Geometry, text: str, fill: str) -> bool:
        """Write text in the widest spot; False, and nothing written, when it does not fit there."""
        x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(room, tolerance=10))[0]
        written = Text(
            x, y, text, size=_NAME_SIZE, color=INK if _is_light(fill) else "white", ha="center", va="center",
            bbox={"facecolor": fill, "edgecolor": "none", "pad": _PAD},
        )  # fmt: skip
        self.axes.add_artist(written)
        box = written.get_window_extent().padded(_PAD * self.page.figure.dpi / 72)
        west, south, east, north = box.transformed(self.axes.transData.inverted()).extents
        fits = bool(room.contains(shapely.box(west, south, east, north)))
        if not fits:
            written.remove()
        return fits

    def draw_legend(self) -> None:
        keys: list[Artist] = [
            Patch(facecolor=colour, edgecolor=FAINT, label=_label(band.label))
            for colour, band in zip(self.colours, self.figure.bands, strict=True)
        ]
        if None in self.classes.values():
            keys.append(Patch(label=_label(self.screen.words.unknown), **_UNKNOWN))
        keys += [_overlay_key(overlay, number) for number, overlay in enumerate(self.figure.overlays)]
        label = self.screen.column(self.figure.column).label
        self.page.figure.legend(
            handles=keys, title="\n".join(fitted_lines(label, _LABEL_SIZE, _LEGEND_WIDTH, most=3, bold=True)),
            loc="upper left", bbox_to_anchor=self.page.at(_MAP_WIDTH + _SPACE, self.height), frameon=False,
            fontsize=_LABEL_SIZE, title_fontproperties={"weight": "bold", "size": _LABEL_SIZE}, alignment="left",
            handlelength=2.0, handleheight=1.3, borderaxespad=0, borderpad=0,
        )  # fmt: skip

    def draw_scale(self) -> None:
        """A bar of a round length, half of it filled, and an arrow to the north of RD New, which is up."""
        left, width, right = 0.05, self.scale_m / self.metres_per_inch, _LEGEND_WIDTH - 0.2
        axes = self.page.axes(_MAP_WIDTH + _SPACE, 0, _LEGEND_WIDTH, 0.8)
        axes.set(xlim=(0, _LEGEND_WIDTH), ylim=(0, 0.8))
        axes.set_axis_off()
        for length, colour in ((width, "white"), (width / 2, INK)):
            (bar,) = axes.barh(
                0.1, length, 0.07, left=left, align="edge", facecolor=colour, edgecolor=INK, linewidth=0.7
            )
            bar.set_gid("scale" if length == width else None)
        axes.text(left, 0.21, "0", size=_LABEL_SIZE, ha="center")
        axes.text(left + width, 0.21, self.scale, size=_LABEL_SIZE, ha="center")
        axes.annotate("", (right, 0.6), (right, 0.08), arrowprops={"arrowstyle": "-|>", "color": INK})
        axes.text(right, 0.62, self.screen.words.north, size=_LABEL_SIZE, weight="bold", ha="center", va="bottom")


def _row_artist(shape: shapely.Geometry, colour: str | None) -> Artist:
    style: dict[str, Any]
    match shapely.get_dimensions(shape):
        case 2:
            style = _UNKNOWN if colour is None else {"facecolor": colour, "edgecolor": FAINT}
            return PathPatch(_path(shape), linewidth=0.6, **style)
        case 1:
            style = {"linestyle": "-", "path_effects": [withStroke(linewidth=2.6, foreground=FAINT)]}
            style = style if colour else {"linestyle": ":"}
            return Line2D(*_points([shape]), color=colour or FAINT, linewidth=1.8, **style)
        case _:
            style = {
                "linestyle": "",
                "marker": "o",
                "markersize": 5,
                "markerfacecolor": colour or "white",
                "color": FAINT,
            }
            return Line2D(*_points([shape]), **style)


def _path(shape: shapely.Geometry) -> Path:
    """The areas as one path; outer rings turn one way and holes the other, so that holes stay open."""
    parts = shapely.get_parts(shapely.orient_polygons(shape))
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))


def _points(shapes: Any) -> tuple[list[float], list[float]]:
    """The coordinates of points or lines; a missing point keeps what follows apart."""
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(shapes)]
    x, y = np.vstack([row for part in parts for row in (part, [[np.nan, np.nan]])]).T.tolist()
    return x, y


def _overlay_style(overlay: Overlay, number: int) -> dict[str, Any]:
    """A form of its own for each overlay, so that colour is not needed to tell them apart."""
    if overlay.dimension == 1:
        return {"color": INK, "linewidth": 1.0, "linestyle": _DASHES[number % len(_DASHES)]}
    return {"color": "#d7301f", "linestyle": "", "marker": _MARKERS[number % len(_MARKERS)], "markersize": 4,
            "markeredgecolor": "white", "markeredgewidth": 0.6}  # fmt: skip


def _overlay_key(overlay: Overlay, number: int) -> Artist:
    if overlay.dimension == 2:
        return Patch(label=_label(overlay.label), linewidth=0.5, **_DOTTED)
    return Line2D([], [], label=_label(overlay.label), **_overlay_style(overlay, number))


def _label(text: str) -> str:
    return "\n".join(fitted_lines(text, _LABEL_SIZE, _LEGEND_WIDTH - 0.5, most=3))


def _round_length(longest: float) -> float:
    """The longest of 1, 2 or 5 times a power of ten that is at most `longest` metres."""
    decade = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * decade for step in (1, 2, 5) if step * decade <= longest))


def _is_light(colour: str) -> bool:
    """Whether dark text reads better on a colour: relative luminance (WCAG 2.2) above even contrast."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return bool(np.dot(linear, (0.2126, 0.7152, 0.0722)) > 0.18)
