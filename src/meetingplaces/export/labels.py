"""Where numbers and names of streets stand on a small map, so that none covers another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]

# Tried one after the other: on the spot itself, in rings around it so many sizes of a symbol away, then anywhere.
_RINGS = (0.0, 1.0, 1.5, 2.0, 2.6, 3.3, 4.0, 5.0)
_ANGLES = np.linspace(0, 2 * np.pi, 16, endpoint=False) - np.pi / 2
_AROUND = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
_FULL_SHARE = 0.25
# Width of a letter of the font of the map, as a share of its size: a little more than the mean of street names.
_LETTER = 0.52
_TRIED_PER_STREET = 12


@dataclass(frozen=True)
class Sizes:
    """Sizes of a map in its own units: how wide and high, the side of a symbol and the height of letters."""

    width: float
    height: float
    symbol: float
    letters: float


@dataclass(frozen=True)
class StreetName:
    """A name to be written along its street: the middle of the text and its turn in degrees, clockwise."""

    name: str
    x: float
    y: float
    turn: float


def placed_numbers(spots: Points, sizes: Sizes) -> Points:
    """Middles of the symbols for the spots, (n, 2), map units: on the spot where there is room, else beside it.

    y points down. Where symbols would fill a quarter of the map, lines to their spots would hide it: then all stand on
    their spots, and cover each other until one zooms in.
    """
    size, far = sizes.symbol, np.array([sizes.width, sizes.height]) - sizes.symbol / 2
    if len(spots) * size**2 > _FULL_SHARE * sizes.width * sizes.height:
        return np.clip(spots, size / 2, far)
    anywhere = np.stack(np.meshgrid(*(np.arange(size / 2, end, size / 2) for end in far)), axis=-1).reshape(-1, 2)
    middles = np.empty((0, 2))
    for spot in spots:
        near = np.vstack([spot + size * ring * _AROUND for ring in _RINGS])
        near = near[np.all((near >= size / 2) & (near <= far), axis=1)]
        covered = _covered(near, middles, size)
        if covered.min(initial=np.inf) > 0:
            near = anywhere[np.argsort(np.hypot(*(anywhere - spot).T), kind="stable")]
            covered = _covered(near, middles, size)
        middles = np.vstack([middles, near[np.argmin(covered)]])
    return middles


def _covered(tried: Points, middles: Points, size: float) -> Points:
    """How much each of the tried places for a symbol overlaps with the symbols that are there; 0 for a free one."""
    apart = np.abs(tried[:, None] - middles[None]).max(axis=2)
    return np.asarray(np.clip(size - apart, 0, None).sum(axis=1))


def placed_names(streets: Mapping[str, NDArray[np.float64]], taken: Points, sizes: Sizes) -> list[StreetName]:
    """Names that fit along a straight bit of their street and cover neither each other nor a symbol.

    Parameters
    ----------
    streets
        Per name the straight bits of the street, (n, 2, 2), in units of the map.
    taken
        Middles of the symbols, squares of side `sizes.symbol`.
    """
    letters, edge, half = sizes.letters, sizes.letters / 2, sizes.symbol / 2
    room = shapely.box(edge, edge, sizes.width - edge, sizes.height - edge)
    covered = list(shapely.box(taken[:, 0] - half, taken[:, 1] - half, taken[:, 0] + half, taken[:, 1] + half))
    # The scale bar, at most a quarter of the width, and the north arrow.
    covered.append(shapely.box(0, sizes.height - 3 * letters, sizes.width / 4 + 2 * letters, sizes.height))
    covered.append(shapely.box(sizes.width - 3 * letters, 0, sizes.width, 4 * letters))
    found = []
    lengths = {name: float(_lengths(bits).sum()) for name, bits in streets.items()}
    for name in sorted(streets, key=lambda name: -lengths[name]):
        bits, long = streets[name], letters * _LETTER * len(name)
        if lengths[name] < 0.8 * long:
            continue
        for at, direction in _straight_bits(bits, long, letters):
            box = _box(at, direction, long + letters, letters * 1.3)
            if room.contains(box) and not shapely.intersects(box, covered).any():
                covered.append(box)
                turn = float(np.degrees(np.arctan2(direction[1], direction[0])))
                found.append(StreetName(name, float(at[0]), float(at[1]), turn))
                break
    return found


def _lengths(bits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.hypot(*(bits[:, 1] - bits[:, 0]).T))


def _straight_bits(bits: NDArray[np.float64], long: float, letters: float) -> list[tuple[Points, Points]]:
    """Where a text of this length follows the street: middles with a direction to the right, the longest bit first."""
    middles, lengths = bits.mean(axis=1), _lengths(bits)
    good = []
    for one in np.argsort(-lengths, kind="stable")[:_TRIED_PER_STREET]:
        direction = (bits[one, 1] - bits[one, 0]) / (lengths[one] or 1.0)
        direction = direction if direction[0] >= 0 else -direction
        from_here = bits.reshape(-1, 2) - middles[one]
        ahead, aside = from_here @ direction, np.abs(from_here @ np.array([-direction[1], direction[0]]))
        near = ahead[(np.abs(ahead) < 0.6 * long) & (aside < letters)]
        goes_on = near.min(initial=0) < -0.4 * long and near.max(initial=0) > 0.4 * long
        if lengths[one] >= 0.8 * long or goes_on:
            good.append((middles[one], direction))
    return good


def _box(at: Points, direction: Points, long: float, high: float) -> shapely.Polygon:
    along, across = direction * long / 2, np.array([-direction[1], direction[0]]) * high / 2
    return shapely.Polygon([at - along - across, at + along - across, at + along + across, at - along + across])
