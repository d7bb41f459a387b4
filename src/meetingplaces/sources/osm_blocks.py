"""The dense nodes of an OSM PBF file, decoded with numpy a block at a time.

Written after https://wiki.openstreetmap.org/wiki/PBF_Format. Only what `osm_nodes` needs: ways, relations and rare
packings are for pyosmium. The numbers in the code are the field numbers of that format.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from meetingplaces.sources.osm_wishes import TagWishes, is_wanted

Bounds = tuple[float, float, float, float]
TaggedNode = tuple[int, dict[str, str], tuple[float, float], int]
"""Id, tags, longitude and latitude, seconds since 1970 of the last edit (0 if the file does not say)."""

_MAX_HEADER, _MAX_BLOB = 64 * 1024, 32 * 1024 * 1024
_PLAIN_NODES, _DENSE_NODES = 1, 2


class UnusualPackingError(Exception):
    """A block holds nodes in a form that only pyosmium reads."""


@dataclass(frozen=True)
class DenseNodes:
    """Columns of one group: ids, degrees (NaN when nowhere on earth), edit times and tags as string numbers."""

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    edited: NDArray[np.int64]
    tags: NDArray[np.int64]

    def bounds(self) -> Bounds | None:
        """West, south, east, north of the nodes, None if none is on earth."""
        on_earth = ~np.isnan(self.lon) & ~np.isnan(self.lat)
        if not on_earth.any():
            return None
        lon, lat = self.lon[on_earth], self.lat[on_earth]
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def wanted(
        self, data: bytes, strings: list[tuple[int, int]], wishes: dict[bytes, frozenset[str] | None]
    ) -> Iterator[TaggedNode]:
        """The nodes with a wanted tag; `strings` says where in `data` the texts of the block are."""
        keys = {n: wishes[data[a:b]] for n, (a, b) in enumerate(strings) if data[a:b] in wishes}
        if not keys or not len(self.tags):
            return
        text = lambda number: data[slice(*strings[number])].decode()  # noqa: E731
        # Key, value, key, value, 0 for every node.
        ends = np.flatnonzero(self.tags == 0)
        starts = np.concatenate([[0], ends[:-1] + 1])
        owners, spots = self._places_of(list(keys), len(strings), starts, ends)
        hits = zip(owners.tolist(), self.tags[spots].tolist(), self.tags[spots + 1].tolist(), strict=True)
        for node in dict.fromkeys(node for node, key, value in hits if is_wanted(text(value), keys[key])):
            pairs = self.tags[starts[node] : ends[node]].tolist()
            tags = {text(key): text(value) for key, value in zip(pairs[::2], pairs[1::2], strict=True)}
            place = float(self.lon[node]), float(self.lat[node])
            yield int(self.ids[node]), tags, place, int(self.edited[node]) if len(self.edited) else 0

    def _places_of(
        self, keys: list[int], string_count: int, starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Nodes and places in `tags` where one of the keys stands as a key: an even way from the start of the node."""
        listed = np.zeros(string_count, dtype=bool)
        listed[keys] = True
        spots = np.flatnonzero(listed[self.tags])
        owners = np.searchsorted(ends, spots)
        as_key = (spots - starts[owners]) % 2 == 0
        return owners[as_key], spots[as_key]


@dataclass(frozen=True)
class Block:
    """One unpacked block: its texts and groups of dense nodes."""

    data: bytes
    strings: tuple[int, int]
    scale: dict[int, int]
    dense: list[tuple[int, int]]

    def groups(self) -> Iterator[DenseNodes]:
        """The groups of nodes, decoded."""
        for begin, end in self.dense:
            at = {number: (first, last) for number, first, last in fields(self.data, begin, end)}
            info = {number: (first, last) for number, first, last in fields(self.data, *at.get(5, (0, 0)))}
            yield DenseNodes(
                np.cumsum(self._signed(at, 1)),
                _degrees(np.cumsum(self._signed(at, 9)), self.scale[17], self.scale[20], 180),
                _degrees(np.cumsum(self._signed(at, 8)), self.scale[17], self.scale[19], 90),
                np.cumsum(self._signed(info, 2)) * self.scale[18] // 1000,
                _varints(self.data, *at.get(10, (0, 0))),
            )

    def _signed(self, at: dict[int, tuple[int, int]], number: int) -> NDArray[np.int64]:
        zigzag = _varints(self.data, *at.get(number, (0, 0)))
        return (zigzag >> 1) ^ -(zigzag & 1)

    def texts(self) -> list[tuple[int, int]]:
        """Where in `data` each text begins and ends. A loop of its own, for it runs once per text of the file."""
        data, (at, end), spans = self.data, self.strings, list[tuple[int, int]]()
        while at < end:
            length, at = (data[at + 1], at + 2) if data[at + 1] < 128 else varint(data, at + 1)
            spans.append((at, at + length))
            at += length
        return spans


def unpack(blob: bytes) -> Block:
    """The block in a blob, with the places of what it holds."""
    data = _inflated(blob)
    strings, scale, dense = (0, 0), {17: 100, 18: 1000, 19: 0, 20: 0}, list[tuple[int, int]]()
    for number, begin, end in fields(data, 0, len(data)):
        if number == 1:
            strings = (begin, end)
        elif number == 2:
            # Nodes, ways and relations never share a group, so its first field tells which they are.
            for kind, first, last in islice(fields(data, begin, end), 1):
                if kind == _PLAIN_NODES:
                    raise UnusualPackingError
                dense.extend([(first, last)] if kind == _DENSE_NODES else [])
        elif number in scale:
            # Offsets are signed 64-bit numbers in plain varints.
            scale[number] = begin - (1 << 64) if begin >> 63 else begin
    return Block(data, strings, scale, dense)


def first_broken_byte(path: Path) -> int | None:
    """Offset of the first block of a PBF file that is not framed as the format asks, None if all of them are."""
    size, offset = path.stat().st_size, 0
    with path.open("rb") as stream:
        try:
            for offset, end in _frames(stream):
                if end > size:
                    return offset
                stream.seek(end)
        except (ValueError, IndexError, struct.error, UnusualPackingError):
            return stream.tell()
    return None


def data_blobs(stream: BinaryIO) -> Iterator[bytes]:
    """The blobs of a PBF file after that of the file's header."""
    for place, (begin, end) in enumerate(_frames(stream)):
        blob = stream.read(end - begin)
        if place:
            yield blob


def _frames(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Begin and end offset of every blob; the caller moves the stream to the end before asking on."""
    while length := stream.read(4):
        header_size = struct.unpack(">I", length)[0]
        header = stream.read(header_size) if header_size <= _MAX_HEADER else b""
        sizes = [begin for number, begin, _ in fields(header, 0, len(header)) if number == 3]
        if not sizes or sizes[0] > _MAX_BLOB:
            stream.seek(-len(length) - len(header), os.SEEK_CUR)
            raise ValueError(f"no block header of {header_size} bytes")
        yield stream.tell(), stream.tell() + sizes[0]


def fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Protocol Buffers fields: (number, begin, end) of a length-delimited one, (number, value, value) of a varint."""
    while at < end:
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
            yield key >> 3, value, value
        elif key & 7 == 2:
            length, at = varint(data, at)
            yield key >> 3, at, at + length
            at += length
        else:
            raise UnusualPackingError


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at` and the offset after it."""
    value = shift = 0
    while data[at] > 127:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _inflated(blob: bytes) -> bytes:
    for number, begin, end in fields(blob, 0, len(blob)):
        if number == 1:
            return blob[begin:end]
        if number == 3:
            return zlib.decompress(memoryview(blob)[begin:end])
    raise UnusualPackingError


def _degrees(raw: NDArray[np.int64], granularity: int, offset: int, limit: int) -> NDArray[np.float64]:
    """Degrees in steps of 1e-7, exactly as libosmium rounds them; NaN beyond `limit`."""
    degrees = np.trunc((raw * granularity + offset) / 100) / 1e7
    degrees[np.abs(degrees) > limit] = np.nan
    return degrees


def _varints(data: bytes, begin: int, end: int) -> NDArray[np.int64]:
    """A packed list of varints: seven bits a byte, the highest last; all numbers take their next byte together."""
    raw = np.frombuffer(data, np.uint8, end - begin, begin)
    ends = np.flatnonzero(raw < 128)
    values, before, step = raw[ends].astype(np.int64), np.concatenate([[-1], ends[:-1]])[: len(ends)], 1
    longer = np.flatnonzero(ends - 1 > before)
    while len(longer):
        values[longer] = values[longer] << 7 | (raw[ends[longer] - step] & 127)
        step += 1
        longer = longer[ends[longer] - step > before[longer]]
    return values


def wishes_as_bytes(wishes: TagWishes) -> dict[bytes, frozenset[str] | None]:
    """The wishes by key as it stands in a block."""
    return {key.encode(): values for key, values in wishes.items()}
