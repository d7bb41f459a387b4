"""A screen as an HTML table: the text equivalent of every map, with the numbers of one column drawn as bars."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from meetingplaces.export.screen import DECIMALS, Column, Screen, Value
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import link_html
from meetingplaces.ui.planner.page import Planning


def table_html(
    screen: Screen,
    texts: Catalogue,
    *,
    bar: str | None = None,
    line: float | None = None,
    link: str | None = None,
    total: bool = False,
    marked: int | None = None,
) -> str:
    """The rows of `screen`; `bar` names the column that is drawn as bars too, `line` a value to mark in it.

    `link` names a column with addresses of ours, to which the first cell of a row then leads. With `total` the last row
    is that of the whole and stays in sight; `marked` is the row that the visitor chose. Wider than the window the table
    scrolls by itself, with the keyboard too.
    """
    columns = [one for one in _shown(screen) if one.key != link]
    addresses = screen.values(link) if link else [None] * len(screen.table)
    styles = _bars(screen, bar, line, total=total)
    head = "".join(f'<th scope="col"{_class(one)}>{escape(one.label)}</th>' for one in columns)
    told = zip(*(screen.told(one.key) for one in columns), strict=True)
    rows = [
        _row_html(columns, row, bar, style, address, marked=number == marked)
        for number, (row, style, address) in enumerate(zip(told, styles, addresses, strict=True))
    ]
    foot = f"<tfoot>{rows.pop()}</tfoot>" if total and rows else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(screen.title)}">'
        f'<table class="figures"><caption>{escape(screen.title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody>{foot}</table></div>{_line_html(screen, texts, bar, line)}"
    )


def small_multiples_html(screen: Screen, keys: Sequence[str], texts: Catalogue) -> str:
    """A small table with bars per column, all with the same rows; the last row is marked as what to compare with."""
    cards = []
    for key in keys:
        column, styles = screen.column(key), _bars(screen, key, _last(screen, key), total=True)
        rows = zip(screen.told(screen.columns[0].key), screen.told(key), styles, strict=True)
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td{_drawn(style)}>{escape(told)}</td></tr>'
            for name, told, style in rows
        )
        caption = f"<caption>{escape(column.label)}</caption>"
        cards.append(f'<table class="figures multiple">{caption}<tbody>{body}</tbody></table>')
    note = texts("compare_line", area=escape(screen.told(screen.columns[0].key)[-1]))
    return f'<div class="multiples">{"".join(cards)}</div><p class="note">{note}</p>'


def week_html(screen: Screen, planning: Planning, shown: str, around: tuple[str, str]) -> str:
    """Days as rows, parts of the day as columns: in each cell a share, how sure it is, and a bar of it.

    The rows of `screen` are the parts of each day in turn; `around` names the lowest and the highest the share may be.
    """
    parts = len(planning.norms.day_parts)
    days = screen.told("weekday")[::parts]
    told = list(zip(screen.told(shown), *(screen.told(one) for one in around), _bars(screen, shown, 1.0), strict=True))
    head = "".join(f'<th scope="col" class="n">{escape(part)}</th>' for part in screen.told("part")[:parts])
    body = "".join(
        f'<tr><th scope="row">{escape(day)}</th>'
        + "".join(_cell_html(cell, planning.texts) for cell in told[number * parts : (number + 1) * parts])
        + "</tr>"
        for number, day in enumerate(days)
    )
    caption = f"<caption>{escape(screen.column(shown).definition)}</caption>"
    return (
        f'<div class="scroll whole" tabindex="0" role="region" aria-label="{escape(screen.title)}">'
        f'<table class="figures week">{caption}<thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell_html(cell: tuple[str, str, str, str], texts: Catalogue) -> str:
    share, low, high, style = cell
    doubt = "" if low == high else f'<br><span class="note">{texts("hours_between", low=low, high=high)}</span>'
    return f"<td{_drawn(style)}>{escape(share)}{doubt}</td>"


def _last(screen: Screen, key: str) -> float | None:
    """What the last row has, to hold the others against; a sum is no measure for its parts."""
    return None if _adds_up(screen, key) else screen.numbers(key)[-1]


def _adds_up(screen: Screen, key: str) -> bool:
    return screen.column(key).kind in {"people", "whole"} and not key.endswith("_per_1000")


def _shown(screen: Screen) -> list[Column]:
    """The columns but those that only mark what lies beyond the search: that stands in place of the number."""
    marks = {one.beyond.key for one in screen.columns if one.beyond}
    return [one for one in screen.columns if one.key not in marks]


def _row_html(
    columns: Sequence[Column], row: Sequence[str], bar: str | None, style: str, address: Value, *, marked: bool
) -> str:
    first, *rest = row
    head = link_html(address, first) if isinstance(address, str) else escape(first)
    cells = [f'<th scope="row">{head}</th>']
    for column, told in zip(columns[1:], rest, strict=True):
        drawn = _drawn(style) if column.key == bar else _class(column)
        cells.append(f"<td{drawn}>{escape(told)}</td>")
    chosen = ' class="marked" aria-current="true"' if marked else ""
    return f"<tr{chosen}>{''.join(cells)}</tr>"


def _drawn(style: str) -> str:
    return f' class="n bar" style="{style}"' if style else ' class="n"'


def _class(column: Column) -> str:
    return ' class="n"' if column.kind in DECIMALS else ""


def _bars(screen: Screen, bar: str | None, line: float | None, *, total: bool = False) -> list[str]:
    """For each row the style of its bar; empty where there is no number, and where the last row is a sum (`total`)."""
    if bar is None:
        return [""] * len(screen.table)
    values = screen.numbers(bar)
    if total and _adds_up(screen, bar):
        values[-1] = None
    longest = max([line or 0, *(value for value in values if value is not None)])
    if longest <= 0:
        return [""] * len(values)
    mark = "" if line is None else f";--line:{line / longest:.3f}"
    return ["" if value is None else f"--part:{max(value, 0) / longest:.3f}{mark}" for value in values]


def _line_html(screen: Screen, texts: Catalogue, bar: str | None, line: float | None) -> str:
    if bar is None or line is None:
        return ""
    return f'<p class="note">{texts("table_line", value=escape(screen.written(screen.column(bar), line)))}</p>'
