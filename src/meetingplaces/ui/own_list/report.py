"""What was read of an uploaded list, for a page and for the command line."""

from __future__ import annotations

from typing import Any

from meetingplaces.model.own_list import FATAL, ListReading, ListRow, Problem
from meetingplaces.ui.catalogue import Catalogue


def list_report(reading: ListReading) -> dict[str, Any]:
    """Everything that was read and refused, as plain values.

    Keys: `file`, `columns`, `mapping` (heading per field), `refused` (reason per heading), `rows` (with `row`,
    `accepted`, the fields and a `position` in EPSG:28992), `problems` (`row`, `code`, `column`, `found`, `fatal`), and
    the numbers `read_count`, `accepted_count`, `left_out_count`.
    """
    accepted = {row.row for row in reading.accepted}
    return {
        "file": reading.file,
        "columns": list(reading.columns),
        "mapping": dict(reading.mapping),
        "refused": dict(reading.refused),
        "rows": [_row(row, accepted=row.row in accepted) for row in reading.rows],
        "problems": [_problem(problem) for problem in reading.problems],
        "read_count": len(reading.rows),
        "accepted_count": len(accepted),
        "left_out_count": len(reading.rows) - len(accepted),
    }


def problem_text(problem: Problem, texts: Catalogue) -> str:
    """What is wrong, in a sentence with the row, the column and what was found; text of the list, to be escaped."""
    column = f" ({problem.column})" if problem.column else ""
    return texts(f"ownlist_{problem.code}", row=problem.row, column=column, found=problem.found or "–")


def _row(row: ListRow, *, accepted: bool) -> dict[str, Any]:
    middle = None if row.point is None else row.point.representative_point()
    return {
        "row": row.row,
        "accepted": accepted,
        "name": row.name,
        "kind": row.kind,
        "address": row.address.written,
        "postcode": row.address.postcode,
        "opening_hours": row.opening_hours,
        "phone": row.phone,
        "website": row.website,
        "email": row.email,
        "position": None if middle is None else [round(middle.x, 1), round(middle.y, 1)],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "code": problem.code,
        "column": problem.column,
        "found": problem.found,
        "fatal": problem.code in FATAL,
    }
