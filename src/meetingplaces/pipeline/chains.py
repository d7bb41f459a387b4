"""Segments strung into edges: from node to node, through the vertices where nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Chains:
    """Edges as rows of `ends` (first and last vertex); for each segment in order its number, edge and direction."""

    ends: _Ints
    segment: _Ints
    edge: _Ints
    turned: NDArray[np.bool_]


def chains_of(ends: _Ints, kind: _Ints, kept: NDArray[np.bool_]) -> Chains:
    """Edges between kept vertices.

    Parameters
    ----------
    ends
        (s, 2) vertices of the segments; segments of one line stand in order.
    kind
        (s,) what must be equal along an edge; it is, as vertices where it changes are kept.
    kept
        Per vertex. One that is not kept has exactly two segment ends, and every ring has a kept one.
    """
    begins = np.ones(len(ends), dtype=bool)
    begins[1:] = kept[ends[1:, 0]] | (ends[1:, 0] != ends[:-1, 1]) | (kind[1:] != kind[:-1])
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(ends)) - 1
    piece, turned, edge = _strung(ends[first, 0], ends[last, 1], kept) if len(ends) else (np.zeros(0, int),) * 3
    sizes = (last - first + 1)[piece]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    back = np.repeat(turned, sizes).astype(bool)
    segment = np.where(back, np.repeat(last[piece], sizes) - within, np.repeat(first[piece], sizes) + within)
    owner = np.repeat(edge, sizes)
    directed = np.where(back[:, None], ends[segment][:, ::-1], ends[segment])
    opens = np.ones(len(owner), dtype=bool)
    opens[1:] = owner[1:] != owner[:-1]
    closes = np.append(opens[1:], True)[: len(owner)]
    return Chains(np.column_stack([directed[opens, 0], directed[closes, 1]]), segment, owner, back)


def _strung(start: _Ints, end: _Ints, kept: NDArray[np.bool_]) -> tuple[_Ints, _Ints, _Ints]:
    """Pieces in order along their edges: piece, 1 when walked backwards, and number of the edge."""
    corners = np.column_stack([start, end])
    loose = ~kept[corners]
    beside: dict[int, list[int]] = {}
    for half in np.flatnonzero(loose.ravel()).tolist():
        beside.setdefault(int(corners.ravel()[half]), []).append(half)
    places, used = corners.ravel().tolist(), bytearray(len(start))
    strung: list[tuple[int, int, int]] = []
    edge = 0
    for half in np.flatnonzero(~loose.ravel()).tolist():
        if used[half // 2]:
            continue
        strung += [(one // 2, one % 2, edge) for one in _followed(half, places, beside, used)]
        edge += 1
    table = np.array(strung, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _followed(half: int, places: list[int], beside: dict[int, list[int]], used: bytearray) -> list[int]:
    """The halves by which pieces are entered on the way from a kept vertex to the next. Half 2p is p's start."""
    entered = [half]
    used[half // 2] = 1
    while (halves := beside.get(places[half ^ 1])) is not None:
        half = halves[0] if halves[1] == half ^ 1 else halves[1]
        entered.append(half)
        used[half // 2] = 1
    return entered
