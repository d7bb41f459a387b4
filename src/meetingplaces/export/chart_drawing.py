"""A chart of the rows on screen, measures side by side, as PNG or SVG."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from meetingplaces.export.about import source_line
from meetingplaces.export.figures import MOST_CHART_ROWS, ChartFigure, Panel
from meetingplaces.export.page import BODY_WIDTH, FAINT, INK, Form, Page, drawing, fitted_lines, text_width
from meetingplaces.export.screen import Column, Screen
from meetingplaces.model.errors import ScreenError

_ROW, _AXIS, _HEAD_LINE, _SPACE = 0.24, 0.35, 0.18, 0.25
_SIZE, _VALUE_SIZE, _WIDEST_NAME = 8.5, 7.5, 2.6
_FILL = "#41b6c4"
_REFERENCE: dict[str, Any] = {"color": "#b30000", "linewidth": 1.0, "linestyle": "--"}
_ON_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
_ROOM_FOR_VALUES = 0.35


def draw_chart(screen: Screen, figure: ChartFigure, form: Form) -> bytes:
    """The chart as a file: a bar or dot per row and measure from 0, its interval as a line, its value in digits.

    Unknown is written out and has no bar. Where there is a reference row, a dashed line shows its value to all others.
    In SVG each bar has its name and value as title, and the description tells all of them.

    Raises
    ------
    ScreenError
        There are no rows or more than `MOST_CHART_ROWS`, there are no measures or one is not made of numbers, or the
        reference row is not there.
    """
    if not figure.panels or not 1 <= len(screen.table) <= MOST_CHART_ROWS:
        raise ScreenError("chart", f"measures, and 1 to {MOST_CHART_ROWS} rows", f"{len(screen.table)} rows")
    if figure.reference_row is not None and not 0 <= figure.reference_row < len(screen.table):
        raise ScreenError("chart", f"a row to compare with below {len(screen.table)}", str(figure.reference_row))
    with drawing():
        chart = _Chart(screen, figure)
        chart.draw()
        description = [*chart.told.values(), *screen.limits, source_line(screen)]
        return chart.page.saved(form, description, chart.told)


class _Chart:
    """A page with a panel per measure beside the names of the rows; `told` is what each bar tells, by its gid."""

    def __init__(self, screen: Screen, figure: ChartFigure) -> None:
        self.screen, self.figure = screen, figure
        named = zip(*(screen.told(key) for key in figure.name_columns), strict=True)
        self.names = [", ".join(parts) for parts in named]
        self.shown_names = [" ".join(fitted_lines(name, _SIZE, _WIDEST_NAME, most=1)) for name in self.names]
        self.left = max(text_width(name, _SIZE, bold=True) for name in self.shown_names) + 0.15
        self.width = (BODY_WIDTH - self.left) / len(figure.panels)
        labels = [screen.column(panel.column).label for panel in figure.panels]
        self.heads = [fitted_lines(label, _SIZE, self.width - _SPACE, most=3, bold=True) for label in labels]
        self.height = _ROW * len(self.names)
        self.page = Page(screen, self.height + _AXIS + _HEAD_LINE * max(map(len, self.heads)))
        self.told: dict[str, str] = {}

    def draw(self) -> None:
        for number, panel in enumerate(self.figure.panels):
            axes = self.page.axes(self.left + number * self.width, _AXIS, self.width - _SPACE, self.height)
            axes.set_title("\n".join(self.heads[number]), loc="left", size=_SIZE, weight="bold")
            axes.spines[:].set_visible(False)
            self.draw_names(axes, shown=number == 0)
            self.draw_panel(axes, panel, number)
        if self.figure.reference_row is not None:
            self.draw_key(self.shown_names[self.figure.reference_row])

    def draw_names(self, axes: Axes, *, shown: bool) -> None:
        axes.set_ylim(len(self.names) - 0.5, -0.5)
        axes.set_yticks(range(len(self.names)), self.shown_names if shown else [""] * len(self.names), size=_SIZE)
        axes.tick_params(axis="y", length=0)
        if self.figure.reference_row is not None:
            axes.get_yticklabels()[self.figure.reference_row].set_fontweight("bold")

    def draw_key(self, name: str) -> None:
        self.page.figure.legend(
            handles=[Line2D([], [], label=name, **_REFERENCE)], loc="lower left", bbox_to_anchor=self.page.at(0, 0),
            frameon=False, fontsize=_VALUE_SIZE, borderpad=0, borderaxespad=0,
        )  # fmt: skip

    def draw_panel(self, axes: Axes, panel: Panel, number: int) -> None:
        screen, column = self.screen, self.screen.column(panel.column)
        values, written = screen.numbers(panel.column), screen.told(panel.column)
        beyond = screen.is_beyond(panel.column)
        lows, highs = (screen.numbers(key) if key else [None] * len(values) for key in (panel.low, panel.high))
        _set_scale(axes, screen, column, [*values, *lows, *highs])
        for row, (value, low, high) in enumerate(zip(values, lows, highs, strict=True)):
            end = max(0.0, *(one for one in (value, high) if one is not None), 0.0)
            text = _draw_text(axes, panel, row, end, written[row], known=value is not None or beyond[row])
            part = text if value is None else _draw_value(axes, panel, row, value)
            part.set_gid(f"row-{row}-{number}")
            interval = ""
            if low is not None and high is not None:
                axes.plot([low, high], [row, row], color=INK, linewidth=1, marker="|", markersize=4, zorder=3)
                interval = f" ({screen.written(column, low)} – {screen.written(column, high)})"
            self.told[f"row-{row}-{number}"] = f"{self.names[row]}, {column.label}: {written[row]}{interval}"
        reference = None if self.figure.reference_row is None else values[self.figure.reference_row]
        if reference is not None:
            axes.axvline(reference, **_REFERENCE, zorder=1)


def _set_scale(axes: Axes, screen: Screen, column: Column, values: list[float | None]) -> None:
    """From 0, or from the least below it, to the most, with room for the values in digits."""
    known = [0.0, *(value for value in values if value is not None)]
    span = (max(known) - min(known)) or 1.0
    axes.set_xlim(min(known) * 1.03, max(known) + _ROOM_FOR_VALUES * span)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: _tick(screen, column, tick)))
    axes.tick_params(axis="x", labelsize=_VALUE_SIZE)
    axes.grid(axis="x", color="#d9d9d9", linewidth=0.5)
    axes.set_axisbelow(True)


def _tick(screen: Screen, column: Column, tick: float) -> str:
    """A tick, without decimals where it needs none."""
    shown = 100 * tick if column.kind == "share" else tick
    return screen.written(replace(column, decimals=0) if round(shown, 6).is_integer() else column, tick)


def _draw_value(axes: Axes, panel: Panel, row: int, value: float) -> Artist:
    if panel.mark == "bar":
        return axes.barh(row, value, 0.62, color=_FILL, edgecolor=INK, linewidth=0.3)[0]
    style: dict[str, Any] = {"markersize": 6, "markeredgecolor": INK, "markeredgewidth": 0.6}
    return axes.plot(value, row, "o", color=_FILL, zorder=4, **style)[0]


def _draw_text(axes: Axes, panel: Panel, row: int, end: float, written: str, *, known: bool) -> Artist:
    """The value in digits, right of the bar and its interval."""
    return axes.annotate(
        written, (end, row), (4 if panel.mark == "bar" else 7, 0), textcoords="offset points", va="center",
        size=_VALUE_SIZE, color=INK if known else FAINT, bbox=_ON_WHITE, zorder=5,
    )  # fmt: skip
