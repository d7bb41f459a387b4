"""What a map for paper is drawn on: streets, water and green of a bundle, the outline asked for, names of streets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.storage.bundle import Bundle

Points = NDArray[np.float64]
_AREAS = frozenset({"green", "water"})


@dataclass(frozen=True)
class Frame:
    """A part of the country in RD New: metres."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Metres from west to east."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Metres from south to north."""
        return self.north - self.south


@dataclass(frozen=True)
class Ground:
    """The map without places, RD New. `names` has per street the straight bits that bear its name, (n, 2, 2)."""

    layers: Mapping[str, NDArray[np.object_]]
    outline: tuple[Points, ...]
    names: Mapping[str, NDArray[np.float64]]

    def within(self, frame: Frame) -> Ground:
        """What there is of it in the frame. Lines are cut there; areas that reach beyond it are kept whole."""
        box = (frame.west, frame.south, frame.east, frame.north)
        # GEOS 3.13 cannot clip some rings that touch the edge ("Invalid number of points in LinearRing").
        cut = {
            kind: shapes[shapely.intersects(shapely.envelope(shapes), shapely.box(*box))]
            if kind in _AREAS
            else shapely.clip_by_rect(shapes, *box)
            for kind, shapes in self.layers.items()
        }
        inside = {
            name: bits[np.all((bits >= box[:2]) & (bits <= box[2:]), axis=(1, 2))] for name, bits in self.names.items()
        }
        return Ground(
            {kind: shapes[~shapely.is_empty(shapes)] for kind, shapes in cut.items()},
            self.outline,
            {name: bits for name, bits in inside.items() if len(bits)},
        )


def read_ground(bundle: Bundle, neighbourhood_code: str | None) -> Ground:
    """The ground of a bundle with the outline of one neighbourhood, or without one for the whole municipality.

    Names of streets come from the walking network; a bundle without one has a map without them.
    """
    background = json.loads(bundle.drawing_path("background").read_bytes())
    outlines = json.loads(bundle.drawing_path("outlines").read_bytes())
    lines = [(kind, line) for kind, of_kind in background["layers"].items() for line in of_kind]
    decoded = _decoded([line for _, line in lines], background["scale"])
    layers = {
        kind: _shapes([line for (one, _), line in zip(lines, decoded, strict=True) if one == kind], kind in _AREAS)
        for kind in background["layers"]
    }
    rings = [ring for row in outlines["neighbourhoods"] if row["code"] == neighbourhood_code for ring in row["rings"]]
    return Ground(layers, tuple(_decoded(rings, outlines["scale"])), _street_names(bundle))


def to_rd(lon_lat: Iterable[tuple[float, float]]) -> Points:
    """Positions in EPSG:4326 as metres in RD New, (n, 2)."""
    points = np.asarray(list(lon_lat), dtype=float).reshape(-1, 2)
    transformer = Transformer.from_crs(WGS84, RD_NEW, always_xy=True)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def frame_around(points: Points, aspect: float, margin: float = 0.06, smallest_m: float = 300.0) -> Frame:
    """The frame of the given aspect (width / height) that holds the points (RD New, one at least) with a margin.

    `margin` is the share of the longer side that stays free all around.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    centre, size = (low + high) / 2, np.maximum(high - low, smallest_m)
    size = size + 2 * margin * size.max()
    width = max(size[0], size[1] * aspect)
    half = np.array([width, width / aspect]) / 2
    (west, south), (east, north) = centre - half, centre + half
    return Frame(float(west), float(south), float(east), float(north))


def _decoded(lines: list[list[int]], scale: int) -> list[Points]:
    """Lines of a drawing (see `pipeline.drawing`) in RD New."""
    if not lines:
        return []
    degrees = [np.cumsum(np.reshape(line, (-1, 2)), axis=0) for line in lines]
    metres = to_rd(np.vstack(degrees) / scale)
    return list(np.split(metres, np.cumsum([len(one) for one in degrees])[:-1]))


def _shapes(lines: list[Points], closed: bool) -> NDArray[np.object_]:
    """All lines or rings as shapes at once; what has too few points to be one is left out."""
    drawn = [line for line in lines if len(line) >= (4 if closed else 2)]
    if not drawn:
        return np.empty(0, dtype=object)
    points, of = np.vstack(drawn), np.repeat(np.arange(len(drawn)), [len(line) for line in drawn])
    made: Any = (
        shapely.polygons(shapely.linearrings(points, indices=of)) if closed else shapely.linestrings(points, indices=of)
    )
    return np.asarray(made, dtype=object)


def _street_names(bundle: Bundle) -> dict[str, NDArray[np.float64]]:
    if not bundle.has_walking:
        return {}
    network = bundle.network()
    named = network.name_index[network.segment_edge]
    order = np.argsort(named, kind="stable")
    starts = np.searchsorted(named[order], np.arange(len(network.names) + 1))
    return {
        name: network.segment_xy[order[start:end]]
        for name, start, end in zip(network.names, starts, starts[1:], strict=False)
    }
