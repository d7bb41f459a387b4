"""Where coordinates can lie when they are in the Netherlands: a place tells its reference system and its axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.crs import RD_NEW, WGS84

WEB_MERCATOR = "EPSG:3857"

Box = tuple[float, float, float, float]

NETHERLANDS: dict[str, Box] = {RD_NEW: (0.0, 300_000.0, 300_000.0, 630_000.0), WGS84: (3.0, 50.0, 8.0, 54.0)}
"""Lowest x, lowest y, highest x, highest y of the European Netherlands, with room to spare. The two do not overlap, and
neither overlaps its own mirror image."""

NETHERLANDS_ON_THE_WEB: dict[str, Box] = {**NETHERLANDS, WEB_MERCATOR: (333_000.0, 6_440_000.0, 891_000.0, 7_171_000.0)}
"""The same with the system of web maps, in which servers answer that ignore the one asked for. No overlap either."""


def within(bounds: tuple[float, ...], box: Box) -> bool:
    """Whether `bounds` lie wholly in `box`."""
    return bounds[0] >= box[0] and bounds[1] >= box[1] and bounds[2] <= box[2] and bounds[3] <= box[3]


def inside(x: NDArray[np.float64], y: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    """Per point, whether it lies in `box`; NaN does not."""
    inner: NDArray[np.bool_] = (x >= box[0]) & (y >= box[1]) & (x <= box[2]) & (y <= box[3])
    return inner


def exchanged(shapes: NDArray[Any]) -> NDArray[Any]:
    """The shapes with x and y exchanged."""
    turned: NDArray[Any] = shapely.transform(shapes, lambda points: points[:, ::-1])
    return turned
