"""Borders between a few classes of values, for a map."""

from __future__ import annotations

from typing import Literal

import jenkspy
import numpy as np
from numpy.typing import NDArray

Classing = Literal["quantiles", "equal", "natural"]


def class_borders(values: NDArray[np.float64], classing: Classing, count: int) -> NDArray[np.float64]:
    """Ascending borders of at most `count` classes over the finite values: lowest, the borders between, highest.

    `quantiles` puts about as many areas in each class, `equal` makes each as wide, `natural` keeps like values together
    (least squared deviations within classes; Fisher, 1958, as Jenks applied it to maps). Fewer distinct values than
    classes give fewer classes; no finite value gives none.
    """
    known = np.unique(values[np.isfinite(values)])
    if len(known) < 2:
        return np.repeat(known, 2)
    classes = min(count, len(known))
    if classing == "equal":
        return np.linspace(known[0], known[-1], classes + 1)
    if classing == "natural" and classes < len(known):
        last = np.searchsorted(known, jenkspy.jenks_breaks(known, classes)[1:-1])
        # jenkspy names the last value of each class; halfway to the next, it is not on the border.
        return np.array([known[0], *((known[last] + known[last + 1]) / 2), known[-1]])
    finite = values[np.isfinite(values)]
    return np.unique(np.quantile(finite if classing == "quantiles" else known, np.linspace(0, 1, classes + 1)))
