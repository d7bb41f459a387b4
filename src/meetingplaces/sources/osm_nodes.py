"""One pass over the nodes: those with a wanted tag, and the positions of those that ways need.

pyosmium has two ways to get positions: a location store for every node of the file (16 bytes each), or an id filter,
whose bitset takes 4 MB per touched run of 33 million ids: 480 MB for the town of Kampen, 1.3 GB for a country. So the
dense nodes of a PBF file are decoded here, with numpy, a block at a time: as fast, in memory that depends on the
answer alone. Other formats, and PBF files with blocks packed in an unusual way, go through pyosmium node by node.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

from meetingplaces.sources.osm_blocks import (
    Bounds,
    TaggedNode,
    UnusualPackingError,
    data_blobs,
    unpack,
    wishes_as_bytes,
)
from meetingplaces.sources.osm_wishes import TagWishes, is_wanted


@dataclass(frozen=True)
class NodeQuestion:
    """What to look for: nodes with these tags, the positions of `ids` (sorted), the bounds of all nodes or not.

    With `nodes_first` the search stops at the first ways; only a header that promises that order justifies it.
    """

    wishes: TagWishes
    ids: NDArray[np.int64]
    with_bounds: bool
    nodes_first: bool


@dataclass
class NodePositions:
    """Positions (EPSG:4326, degrees) of the nodes in `ids`, which is sorted; NaN where the file lacks the node."""

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tagged: list[TaggedNode] = field(default_factory=list)
    bounds: Bounds | None = None

    @classmethod
    def unknown(cls, ids: NDArray[np.int64]) -> NodePositions:
        """Nothing known yet of any of the ids."""
        return cls(ids, np.full(len(ids), np.nan), np.full(len(ids), np.nan))

    def at(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """Array of shape (n, 2) with longitude and latitude; every id must be among those asked for."""
        index = np.searchsorted(self.ids, ids)
        return np.column_stack([self.lon[index], self.lat[index]])

    def widen(self, new: Bounds | None) -> None:
        """Let `bounds` take in another box."""
        if new is not None:
            old = self.bounds or new
            self.bounds = (min(old[0], new[0]), min(old[1], new[1]), max(old[2], new[2]), max(old[3], new[3]))


def find_nodes(path: Path, source: osmium.io.File, question: NodeQuestion) -> NodePositions:
    """The tagged nodes and positions asked for."""
    if path.name.lower().endswith(".pbf"):
        try:
            return _from_blocks(path, question)
        except UnusualPackingError:
            pass
    return from_pyosmium(source, question)


def from_pyosmium(source: osmium.io.File, question: NodeQuestion) -> NodePositions:
    """The same by way of pyosmium: for every format, but some ten times slower."""
    found = NodePositions.unknown(question.ids)
    index = {node_id: place for place, node_id in enumerate(question.ids.tolist())}
    nodes: Iterable[Any] = osmium.FileProcessor(source, osmium.osm.NODE)
    for node in nodes:
        location = node.location
        place = (location.lon, location.lat) if location.valid() else (np.nan, np.nan)
        if node.id in index:
            found.lon[index[node.id]], found.lat[index[node.id]] = place
        if question.with_bounds and location.valid():
            found.widen(place + place)
        if len(node.tags) and any(is_wanted(tag.v, question.wishes.get(tag.k, frozenset())) for tag in node.tags):
            tags = {tag.k: tag.v for tag in node.tags}
            found.tagged.append((node.id, tags, place, int(node.timestamp.timestamp())))
    return found


@dataclass(frozen=True)
class _Part:
    """What one block adds to the answer."""

    index: NDArray[np.intp]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tagged: list[TaggedNode]
    bounds: Bounds | None


def _from_blocks(path: Path, question: NodeQuestion) -> NodePositions:
    # Two threads were measured to be slower than one: most of the work is many small numpy calls.
    found, wishes = NodePositions.unknown(question.ids), wishes_as_bytes(question.wishes)
    with path.open("rb") as stream:
        for blob in data_blobs(stream):
            parts = _parts(blob, question, wishes)
            if question.nodes_first and not parts:
                break
            for part in parts:
                found.lon[part.index], found.lat[part.index] = part.lon, part.lat
                found.tagged += part.tagged
                found.widen(part.bounds)
    return found


def _parts(blob: bytes, question: NodeQuestion, wishes: dict[bytes, frozenset[str] | None]) -> list[_Part]:
    """One part for every group of nodes in the blob."""
    block, parts = unpack(blob), list[_Part]()
    texts = block.texts() if block.dense else []
    for nodes in block.groups():
        low, high = np.searchsorted(question.ids, [nodes.ids.min(), nodes.ids.max() + 1]) if len(nodes.ids) else (0, 0)
        asked = question.ids[low:high]
        spots = np.searchsorted(asked, nodes.ids)
        hits = np.flatnonzero(asked[np.minimum(spots, len(asked) - 1)] == nodes.ids) if len(asked) else spots[:0]
        tagged = list(nodes.wanted(block.data, texts, wishes))
        bounds = nodes.bounds() if question.with_bounds else None
        parts.append(_Part(low + spots[hits], nodes.lon[hits], nodes.lat[hits], tagged, bounds))
    return parts
