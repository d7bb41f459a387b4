"""Where the nodes of ways are: positions for a given set of node ids, in memory that depends on the set alone.

pyosmium has two ways to get there: a location store for every node of the file (16 bytes each), or an id filter,
whose bitset takes 4 MB per touched run of 33 million ids: 480 MB for the town of Kampen, 1.3 GB for a country. So the
dense nodes of a PBF file are decoded here, with numpy, a block at a time: as fast, in some 30 MB. Other formats, and
PBF files with blocks packed in an unusual way, go through pyosmium node by node.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import osmium
from numpy.typing import NDArray

_MAX_HEADER, _MAX_BLOB = 64 * 1024, 32 * 1024 * 1024
_BATCH = 16


@dataclass
class NodePositions:
    """Positions (EPSG:4326, degrees) of the nodes in `ids`, which is sorted; NaN where the file lacks the node."""

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    bounds: tuple[float, float, float, float] | None = None

    def at(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """Array of shape (n, 2) with longitude and latitude; every id must be among those asked for."""
        index = np.searchsorted(self.ids, ids)
        return np.column_stack([self.lon[index], self.lat[index]])

    def put(self, index: NDArray[np.intp], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        """Record the positions of `ids[index]`."""
        self.lon[index], self.lat[index] = lon, lat

    def widen(self, west: float, south: float, east: float, north: float) -> None:
        """Let `bounds` take in another box."""
        old = self.bounds or (west, south, east, north)
        self.bounds = (min(old[0], west), min(old[1], south), max(old[2], east), max(old[3], north))


class _UnusualPackingError(Exception):
    """A block holds nodes in a form that only pyosmium reads."""


def node_positions(
    path: Path, source: osmium.io.File, ids: NDArray[np.int64], *, with_bounds: bool, nodes_first: bool
) -> NodePositions:
    """Positions of the nodes in `ids` (any order), and the bounds of all nodes of the file if asked for.

    With `nodes_first`, reading stops at the first ways; only a header that promises the order justifies it.
    """
    wanted = np.unique(ids)
    if path.name.lower().endswith(".pbf"):
        try:
            return _from_blocks(path, wanted, with_bounds, nodes_first)
        except _UnusualPackingError:
            pass
    return _from_pyosmium(source, wanted, with_bounds)


def _nowhere(ids: NDArray[np.int64]) -> NodePositions:
    return NodePositions(ids, np.full(len(ids), np.nan), np.full(len(ids), np.nan))


def _from_pyosmium(source: osmium.io.File, ids: NDArray[np.int64], with_bounds: bool) -> NodePositions:
    positions = _nowhere(ids)
    index = {node_id: place for place, node_id in enumerate(ids.tolist())}
    nodes: Iterable[Any] = osmium.FileProcessor(source, osmium.osm.NODE)
    for node in nodes:
        place, location = index.get(node.id), node.location
        if not location.valid():
            continue
        if place is not None:
            positions.lon[place], positions.lat[place] = location.lon, location.lat
        if with_bounds:
            positions.widen(location.lon, location.lat, location.lon, location.lat)
    return positions


def _from_blocks(path: Path, ids: NDArray[np.int64], with_bounds: bool, nodes_first: bool) -> NodePositions:
    positions, past_nodes = _nowhere(ids), False
    # zlib and numpy let go of the interpreter, so two threads are worth having; small batches keep memory flat.
    with path.open("rb") as stream, ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        blobs = _blobs(stream)
        next(blobs, None)  # the header block
        while not past_nodes and (batch := list(islice(blobs, _BATCH))):
            for runs in pool.map(lambda blob: _node_runs(blob, ids, with_bounds), batch):
                past_nodes = nodes_first and runs is None
                for index, lon, lat, bounds in runs or ():
                    positions.put(index, lon, lat)
                    if bounds is not None:
                        positions.widen(*bounds)
    return positions


def first_broken_byte(path: Path) -> int | None:
    """Offset of the first block of a PBF file that is not framed as the format asks, None if all of them are."""
    size, offset = path.stat().st_size, 0
    with path.open("rb") as stream:
        try:
            for offset, end in _frames(stream):
                if end > size:
                    return offset
                stream.seek(end)
        except (ValueError, IndexError, struct.error, _UnusualPackingError):
            return stream.tell()
    return None


def _frames(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Begin and end offset of every data blob; the caller moves the stream to the end before asking on."""
    while length := stream.read(4):
        header_size = struct.unpack(">I", length)[0]
        if header_size > _MAX_HEADER:
            stream.seek(-len(length), os.SEEK_CUR)
            raise ValueError(header_size)
        header = stream.read(header_size)
        sizes = [begin for field, begin, _ in _fields(header, 0, len(header)) if field == 3]
        if not sizes or sizes[0] > _MAX_BLOB:
            stream.seek(-len(length) - len(header), os.SEEK_CUR)
            raise ValueError(sizes)
        yield stream.tell(), stream.tell() + sizes[0]


def _blobs(stream: BinaryIO) -> Iterator[bytes]:
    for begin, end in _frames(stream):
        yield stream.read(end - begin)


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Protocol Buffers fields: (number, begin, end) of a length-delimited one, (number, value, value) of a varint."""
    while at < end:
        key, at = _varint(data, at)
        if key & 7 == 0:
            value, at = _varint(data, at)
            yield key >> 3, value, value
        elif key & 7 == 2:
            length, at = _varint(data, at)
            yield key >> 3, at, at + length
            at += length
        else:
            raise _UnusualPackingError


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while data[at] > 127:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _unpacked(blob: bytes) -> bytes:
    for field, begin, end in _fields(blob, 0, len(blob)):
        if field == 1:
            return blob[begin:end]
        if field == 3:
            return zlib.decompress(memoryview(blob)[begin:end])
    raise _UnusualPackingError


_Run = tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64], tuple[float, float, float, float] | None]


def _node_runs(blob: bytes, ids: NDArray[np.int64], with_bounds: bool) -> list[_Run] | None:
    """For every group of nodes which of `ids` are in it, where, and its bounds; None if the block has no nodes."""
    data = _unpacked(blob)
    groups, scale = list[tuple[int, int, int]](), {17: 100, 19: 0, 20: 0}
    for number, begin, end in _fields(data, 0, len(data)):
        if number == 2:
            # Nodes, ways and relations never share a group, so its first field tells which they are.
            groups.extend(islice(_fields(data, begin, end), 1))
        elif number in scale:
            # Offsets are signed 64-bit numbers in plain varints.
            scale[number] = begin - (1 << 64) if begin >> 63 else begin
    if any(kind == 1 for kind, _, _ in groups):
        raise _UnusualPackingError
    dense = [_columns(data, begin, end) for kind, begin, end in groups if kind == 2]
    return [run for columns in dense for run in _dense_run(columns, scale, ids, with_bounds)] if dense else None


def _columns(data: bytes, begin: int, end: int) -> dict[int, memoryview]:
    """The packed ids (1), latitudes (8) and longitudes (9) of a group of dense nodes."""
    view, empty = memoryview(data), memoryview(b"")
    found = {number: view[first:last] for number, first, last in _fields(data, begin, end) if number in {1, 8, 9}}
    return {1: empty, 8: empty, 9: empty} | found


def _dense_run(
    columns: dict[int, memoryview], scale: dict[int, int], ids: NDArray[np.int64], with_bounds: bool
) -> Iterator[_Run]:
    here = _deltas(columns[1])
    if not len(here):
        return
    low, high = np.searchsorted(ids, [here.min(), here.max() + 1])
    spots = np.searchsorted(ids[low:high], here)
    hits = np.flatnonzero(ids[low:high][np.minimum(spots, high - low - 1)] == here) if high > low else spots[:0]
    if len(hits) or with_bounds:
        lat = _degrees(_deltas(columns[8]), scale[17], scale[19], 90)
        lon = _degrees(_deltas(columns[9]), scale[17], scale[20], 180)
        yield low + spots[hits], lon[hits], lat[hits], _bounds(lon, lat) if with_bounds else None


def _bounds(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    on_earth = ~np.isnan(lon) & ~np.isnan(lat)
    if not on_earth.any():
        return None
    west, south = lon[on_earth].min(), lat[on_earth].min()
    return float(west), float(south), float(lon[on_earth].max()), float(lat[on_earth].max())


def _degrees(raw: NDArray[np.int64], granularity: int, offset: int, limit: int) -> NDArray[np.float64]:
    """Degrees in steps of 1e-7, exactly as libosmium rounds them; NaN beyond `limit`, which is nowhere on earth."""
    degrees = np.trunc((raw * granularity + offset) / 100) / 1e7
    degrees[np.abs(degrees) > limit] = np.nan
    return degrees


def _deltas(packed: memoryview) -> NDArray[np.int64]:
    """Running sum of a packed list of zigzag varints."""
    raw = np.frombuffer(packed, np.uint8)
    if not len(raw):
        return np.empty(0, np.int64)
    ends = np.flatnonzero(raw < 128)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(raw)) - np.repeat(starts, ends - starts + 1)
    values = np.add.reduceat((raw & 127).astype(np.int64) << (7 * place), starts)
    return np.cumsum((values >> 1) ^ -(values & 1))
