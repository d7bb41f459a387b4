"""Tables of an uploaded list, as HTML in which every text of the list is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from meetingplaces.model.categories import Categories
from meetingplaces.model.own_list import FATAL, ListReading, ListRow, Problem
from meetingplaces.pipeline.foretelling import Fate
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.own_list.report import problem_text

_MOST_COLUMNS = 30
_LONGEST_CELL = 80


def sample_html(reading: ListReading, texts: Catalogue) -> str:
    """The first rows as they were read, without the columns that are refused."""
    shown = [one for one in reading.columns if one not in reading.refused][:_MOST_COLUMNS]
    rows = [[_short(row.get(heading, "")) for heading in shown] for row in reading.sample]
    counts = {"rows": texts.number(len(reading.rows)), "shown": len(rows)}
    return _table(texts("own_sample", file=escape(reading.file), **counts), [_short(one) for one in shown], rows)


def refused_html(reading: ListReading, texts: Catalogue) -> str:
    """The columns that are about people, each with why it is not taken; empty without any."""
    if not reading.refused:
        return ""
    lines = [f"<li><b>{_short(one)}</b>: {texts(f'personal_{why}')}</li>" for one, why in reading.refused.items()]
    return f"<p>{texts('own_refused')}</p><ul>{''.join(lines)}</ul>"


def rows_html(reading: ListReading, categories: Categories, texts: Catalogue) -> str:
    """Every row with where it is, or why it is left out."""
    problems = _by_row(reading.problems)
    heads = [texts(f"own_head_{name}") for name in ("row", "name", "kind", "address", "outcome")]
    rows = []
    for row in reading.rows:
        kind = escape(categories.by_key[row.kind].name.in_language(texts.language)) if row.kind else texts("unknown")
        outcome = _placing(row, problems.get(row.row, []), texts)
        rows.append([str(row.row), _short(row.name or "–"), kind, _short(row.address.written or "–"), outcome])
    return _table(texts("own_rows"), heads, rows)


def fates_html(reading: ListReading, fates: Mapping[int, Fate], texts: Catalogue) -> str:
    """What became of every row: joined with which place, new, to be looked at, or left out and why."""
    problems = _by_row(reading.problems)
    heads = [texts(f"own_head_{name}") for name in ("row", "name", "outcome")]
    rows = []
    for row in reading.rows:
        fate = fates.get(row.row)
        why = _sentences((one for one in problems.get(row.row, []) if one.code in FATAL), texts)
        told = _fate(fate, texts) if fate else f"{texts('own_left_out')} {why}"
        rows.append([str(row.row), _short(row.name or "–"), told])
    return _table(texts("own_fates"), heads, rows)


def _placing(row: ListRow, problems: Sequence[Problem], texts: Catalogue) -> str:
    fatal = any(problem.code in FATAL for problem in problems)
    waiting = any(problem.code == "not_geocoded" for problem in problems)
    badge = "aging" if waiting else "old" if fatal else "fresh"
    verdict = texts("own_waits") if waiting else texts("own_out") if fatal else texts("own_fits")
    told = _sentences((problem for problem in problems if problem.code != "not_geocoded"), texts)
    return f'<span class="badge {badge}">{verdict}</span> {told}'


def _fate(fate: Fate, texts: Catalogue) -> str:
    place = escape(fate.place_name) if fate.place_name else texts("own_nameless_place")
    return texts(f"own_fate_{fate.outcome}", place=place)


def _sentences(problems: Iterable[Problem], texts: Catalogue) -> str:
    return " ".join(escape(problem_text(problem, texts)) for problem in problems)


def _by_row(problems: Iterable[Problem]) -> dict[int, list[Problem]]:
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.row, []).append(problem)
    return found


def _short(text: str) -> str:
    """Text of the list, escaped and not too long for a cell."""
    return escape(text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…")


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of escaped cells, the first of each row its heading."""
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{one}</td>" for one in rest)}</tr>' for first, *rest in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="figures">'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
