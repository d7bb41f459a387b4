"""A numbered map as SVG: vectors only, readable in black and white, the same on paper and in an offline page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.export.ground import Frame, Ground, Points, frame_around, to_rd
from meetingplaces.export.kit import KitPlace
from meetingplaces.export.labels import Sizes, StreetName, placed_names, placed_numbers
from meetingplaces.export.printable import printable
from meetingplaces.export.templating import template

_CLOSER = 3  # how far one must zoom in before the names of smaller streets are shown
_LONGEST_NAME = 60  # of a street; the longest in the Netherlands has fewer letters
_SCALE_STEPS_M = (50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class _Line:
    """A kind of line: its width on the ground in metres, and the least and most it is drawn, as shares of the map."""

    kind: str
    metres: float
    least: float
    most: float

    def stroke(self, per_m: float, width: float) -> float:
        """How wide it is drawn, in units of a map of this width."""
        return round(float(np.clip(self.metres * per_m, self.least * width, self.most * width)), 2)


_LINES = (
    _Line("river", 40, 0.003, 0.03),
    _Line("canal", 12, 0.002, 0.015),
    _Line("footpath", 2, 0.0008, 0.0025),
    _Line("street", 8, 0.0012, 0.007),
    _Line("living_street", 8, 0.0012, 0.007),
    _Line("main_street", 12, 0.0025, 0.01),
    _Line("railway", 4, 0.0015, 0.004),
)


@dataclass(frozen=True)
class Marker:
    """A numbered symbol: the spot it belongs to, and how far from it it stands."""

    number: int
    place: KitPlace
    x: float
    y: float
    dx: float
    dy: float

    @property
    def beside(self) -> bool:
        """Whether it stands beside its spot, and so needs a line to it."""
        return bool(self.dx or self.dy)


def map_svg(
    ground: Ground,
    places: Sequence[KitPlace],
    north: str,
    sizes: Sizes,
    *,
    linked: bool = False,
    smallest_m: float = 300.0,
) -> str:
    """A map of places, numbered from 1, with scale bar and north arrow; every text is escaped.

    Parameters
    ----------
    ground
        What it is drawn on; an outline in it is wholly on the map.
    north
        The letter of the north arrow.
    linked
        Every symbol is a link to `#place-<number>`, for a page.
    smallest_m
        So many metres are on the map at least, also when the places lie closer together.
    """
    spots = to_rd(place.lon_lat for place in places)
    frame = frame_around(_seen(ground, spots), sizes.width / sizes.height, smallest_m=smallest_m)
    ground, per_m = ground.within(frame), sizes.width / frame.width
    markers = _markers(places, _on_map(spots, frame, per_m), sizes)
    taken = np.array([[one.x + one.dx, one.y + one.dy] for one in markers]).reshape(-1, 2)
    streets = {printable(name, _LONGEST_NAME): _on_map(bits, frame, per_m) for name, bits in ground.names.items()}
    names = placed_names(streets, taken, sizes)
    closer = _closer_names(streets, names, taken, sizes) if linked else []
    strokes = {line.kind: line.stroke(per_m, sizes.width) for line in _LINES}
    return template("map.svg").render(
        sizes=sizes,
        paths={kind: _path(shapes, frame, per_m) for kind, shapes in ground.layers.items()},
        strokes=strokes,
        outline=_path(np.array([shapely.linestrings(ring) for ring in ground.outline], dtype=object), frame, per_m),
        markers=markers,
        names={1: names, _CLOSER: closer},
        scale=_scale_bar(per_m, sizes),
        north=north,
        linked=linked,
    )


def _closer_names(
    streets: Mapping[str, NDArray[np.float64]], shown: Sequence[StreetName], taken: Points, sizes: Sizes
) -> list[StreetName]:
    """Names that find room only when one zooms in, and symbols and letters are smaller than the map."""
    rest = {name: bits for name, bits in streets.items() if name not in {one.name for one in shown}}
    finer = replace(sizes, symbol=sizes.symbol / _CLOSER, letters=sizes.letters / _CLOSER)
    return placed_names(rest, taken, finer)


def _seen(ground: Ground, spots: Points) -> Points:
    """What must be on the map: the outline and the places; all streets when there is neither."""
    points = [*ground.outline, spots]
    if sum(map(len, points)):
        return np.vstack(points)
    everything = [shapely.get_coordinates(shapes) for shapes in ground.layers.values()]
    return np.vstack([*everything, to_rd([(5.387, 52.155)])[: not sum(map(len, everything))]])


def _on_map(points: NDArray[np.float64], frame: Frame, per_m: float) -> NDArray[np.float64]:
    """Positions in RD New, (…, 2), as units of the map; y points down."""
    return (points - [frame.west, frame.north]) * [per_m, -per_m]


def _markers(places: Sequence[KitPlace], spots: Points, sizes: Sizes) -> list[Marker]:
    middles = placed_numbers(spots, sizes)
    return [
        Marker(number, place, *np.round(spot, 1).tolist(), *np.round(middle - spot, 1).tolist())
        for number, (place, spot, middle) in enumerate(zip(places, spots, middles, strict=True), start=1)
    ]


def _path(shapes: NDArray[np.object_], frame: Frame, per_m: float) -> str:
    """Lines and rings as path data in whole units, each point relative to the one before."""
    if not len(shapes):
        return ""
    parts = shapely.get_parts(shapes)
    lines: Any = np.where(shapely.get_dimensions(parts) == 2, shapely.get_exterior_ring(parts), parts)
    points, of = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(_on_map(points, frame, per_m)).astype(int)
    return "".join(_relative(one) for one in np.split(whole, np.flatnonzero(np.diff(of)) + 1))


def _relative(points: NDArray[np.int_]) -> str:
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    if not len(steps):
        return ""
    (x, y), moves = points[0], " ".join(map(str, steps.ravel().tolist())).replace(" -", "-")
    return f"M{x} {y}l{moves}"


def _scale_bar(per_m: float, sizes: Sizes) -> tuple[int, float]:
    """Metres of the scale bar and its length: the longest round number within a quarter of the map."""
    fitting = [metres for metres in _SCALE_STEPS_M if metres * per_m <= sizes.width / 4]
    metres = fitting[-1] if fitting else _SCALE_STEPS_M[0]
    return metres, metres * per_m
