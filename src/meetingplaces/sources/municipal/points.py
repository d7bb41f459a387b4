"""Points from columns with coordinates, for sources that have no shapes of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.municipal import FieldMap
from meetingplaces.sources.municipal.exchange import Rows

# Pairs of column names in use, x first. Which system they are in is told by the numbers.
_PAIRS = (
    ("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("long", "lat"), ("lengtegraad", "breedtegraad"),
    ("rd_x", "rd_y"), ("x_rd", "y_rd"), ("x-coordinaat", "y-coordinaat"), ("x_coord", "y_coord"), ("x", "y"),
)  # fmt: skip


def points_of(rows: Rows, fields: FieldMap, names: Mapping[str, str], repairs: Counter[str]) -> NDArray[np.object_]:
    """The shape of each row, or the point in its columns with coordinates; `None` where there is neither.

    A coordinate that is no number is counted as `unreadable_shape`.
    """
    pair = (names[fields.x], names[fields.y]) if fields.x and fields.y else _guessed_pair(rows)
    if pair is None or not all(shape is None for shape in rows.shapes):
        return rows.shapes
    written = [(row.get(pair[0]), row.get(pair[1])) for row in rows.fields]
    points = np.full(len(written), None, dtype=object)
    for number, (x, y) in enumerate(written):
        read = _number(x), _number(y)
        if None not in read:
            points[number] = shapely.Point(read)
        elif any(value not in (None, "") for value in (x, y)):
            repairs["unreadable_shape"] += 1
    return points


def _guessed_pair(rows: Rows) -> tuple[str, str] | None:
    present = {str(name).casefold().strip(): name for fields in rows.fields[:1] for name in fields}
    for x, y in _PAIRS:
        if x in present and y in present:
            return present[x], present[y]
    return None


def _number(value: Any) -> float | None:
    """A coordinate, with a decimal comma or point; `None` when it is none."""
    if isinstance(value, str):
        text = value.strip()
        # 155.000,5 and 155,000.5: the last sign is the decimal one.
        if "," in text and "." in text:
            text = text.replace(min(",.", key=text.rfind), "")
        value = text.replace(",", ".")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None
