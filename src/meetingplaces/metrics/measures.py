"""Every measure there is, with its unit. What it rests on and where it ends is in the docstring of its function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import choice, coverage
from meetingplaces.metrics.mixing import co_access
from meetingplaces.metrics.space import space

Unit = Literal["share", "people", "m", "min", "places_per_1000", "m2_per_1000"]


@dataclass(frozen=True)
class Measure:
    """One measure: the function that makes its table, the column that a map or ranking shows, and its unit."""

    key: str
    unit: Unit
    column: str
    function: Callable[..., Any]
    on_foot: bool = True
    """Whether a budget and a profile matter."""
    by_group: bool = True
    """Whether it is of one group of people."""


MEASURES = {
    one.key: one
    for one in (
        Measure("coverage", "share", "share", coverage),
        Measure("gap", "people", "gap", coverage),
        Measure("distance", "m", "median_m", coverage),
        Measure("minutes", "min", "median_min", coverage),
        Measure("choice", "share", "share", choice),
        Measure("places", "places_per_1000", "places_per_1000", space, on_foot=False, by_group=False),
        Measure("space", "m2_per_1000", "area_m2_per_1000", space, on_foot=False, by_group=False),
        Measure("mix", "people", "residents", co_access, by_group=False),
    )
}
"""By key. All but `mix`, which is per place, are per neighbourhood and for the municipality."""
AREA_MEASURES = tuple(key for key in MEASURES if key != "mix")


def minutes(metres: NDArray[np.float64], metres_per_second: float) -> NDArray[np.float64]:
    """How many minutes the walk takes, without rests and waiting at crossings: metres / speed / 60."""
    return metres / metres_per_second / 60
