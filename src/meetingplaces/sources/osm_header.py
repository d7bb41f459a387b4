"""Opening an OpenStreetMap file: which format, what its header says, and what is wrong when it does not read."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import osmium
import shapely

from meetingplaces.model.errors import FormatError, MissingFileError
from meetingplaces.sources.osm_blocks import first_broken_byte

FORMATS = {
    ".osm.pbf": "pbf",
    ".osm.gz": "xml.gz",
    ".osm.bz2": "xml.bz2",
    ".osm": "xml",
    ".opl.gz": "opl.gz",
    ".opl": "opl",
}
_BEGINNINGS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "gzip data",
    b"BZh": "bzip2 data",
    b"%PDF": "a PDF document",
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
    b"{": "JSON",
    b"[": "JSON",
}
# What pyosmium raises, and what our own decoding of blocks runs into when their content is garbled.
_COMPLAINTS = (RuntimeError, ValueError, OSError, IndexError, zlib.error, osmium.InvalidLocationError)
_POSITION = re.compile(r"line (\d+),? column (\d+)")
_TIMESTAMP = re.compile(r"""\b(?:osm_base|timestamp)=["']([^"']+)["']""")
_HEAD_BYTES = 4096


def suffix_of(path: Path) -> str:
    """The suffix of `path` that names its format, such as ".osm.pbf".

    Raises
    ------
    FormatError
        It ends in none of the suffixes we read.
    """
    for suffix in FORMATS:
        if path.name.lower().endswith(suffix):
            return suffix
    raise FormatError(str(path), "file name", "a name ending in " + ", ".join(FORMATS), path.name)


def open_extract(path: Path) -> osmium.io.File:
    """The file as pyosmium wants it, with the format taken from the name and an empty file refused.

    pyosmium reads an empty OPL file as a sound file without objects; to us it is a failed download.
    """
    osm_format = FORMATS[suffix_of(path)]
    try:
        with path.open("rb") as stream:
            beginning = stream.read(1)
    except OSError as error:
        raise MissingFileError(str(path), "the file itself", "a readable file", error.strerror or "nothing") from error
    if not beginning:
        raise FormatError(str(path), "byte 0", _expected(path), "an empty file")
    return osmium.io.File(str(path), osm_format)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """A stretch of reading in which every complaint about the file becomes a FormatError."""
    try:
        yield
    except _COMPLAINTS as error:
        raise FormatError(str(path), _where(path, str(error)), _expected(path), _found(path, str(error))) from error


def data_as_of(path: Path, header: osmium.io.Header) -> datetime | None:
    """The moment (UTC) the extract describes, None when the file does not say.

    Overpass writes it in an XML element `meta` that libosmium skips, hence the look at the text itself.
    """
    stated = header.get("osmosis_replication_timestamp") or header.get("timestamp") or _stated_in_xml(path)
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def stated_extent(path: Path, header: osmium.io.Header) -> shapely.Polygon | shapely.MultiPolygon | None:
    """The data extent (EPSG:4326) by the `.poly` file beside the extract, else by its header, else None."""
    poly = path.with_name(path.name[: -len(suffix_of(path))] + ".poly")
    if poly.is_file():
        return read_poly(poly)
    bounds = header.box()
    if not bounds.valid():
        return None
    return shapely.box(bounds.bottom_left.lon, bounds.bottom_left.lat, bounds.top_right.lon, bounds.top_right.lat)


def read_poly(path: Path) -> shapely.Polygon | shapely.MultiPolygon:
    """The area of an Osmosis polygon file (EPSG:4326); sections whose name starts with "!" are cut out.

    Raises
    ------
    FormatError
        The file is not in that format; names the line.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    area, section, ring = shapely.Polygon(), None, list[tuple[float, float]]()
    for number, line in enumerate(lines[1:], start=2):
        text = line.strip()
        if section is None and text and text != "END":
            section, ring = text, []
        elif section is not None and text == "END":
            part = _ring_area(path, number, ring)
            area, section = (area.difference(part) if section.startswith("!") else area.union(part)), None
        elif section is not None and text:
            ring.append(_coordinates(path, number, text))
    if section is not None or not area.area:
        raise FormatError(str(path), f"line {len(lines)}", "polygon sections closed by END", "the end of the file")
    return area


def _coordinates(path: Path, number: int, text: str) -> tuple[float, float]:
    try:
        longitude, latitude = (float(part) for part in text.split())
    except ValueError as error:
        raise FormatError(str(path), f"line {number}", "longitude and latitude", text) from error
    return longitude, latitude


def _ring_area(path: Path, number: int, ring: list[tuple[float, float]]) -> shapely.Geometry:
    if len(ring) < 3:
        raise FormatError(str(path), f"line {number}", "a section of at least 3 points", f"{len(ring)} points")
    return shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)


def _head(path: Path) -> bytes:
    """The first bytes, unpacked where the file is packed as its name says; empty when they do not unpack."""
    unpack: Callable[[Path], IO[bytes]] | None = {".gz": gzip.GzipFile, ".bz2": bz2.BZ2File}.get(path.suffix.lower())
    try:
        with unpack(path) if unpack else path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""


def _stated_in_xml(path: Path) -> str:
    if not FORMATS[suffix_of(path)].startswith("xml"):
        return ""
    # Only what stands before the first object: objects have timestamps of their own.
    prologue = re.split(r"<(?:node|way|relation)\b", _head(path).decode("utf-8", "replace"), maxsplit=1)[0]
    stated = _TIMESTAMP.search(prologue)
    return stated.group(1) if stated else ""


def _expected(path: Path) -> str:
    return f"OpenStreetMap data in the format of {suffix_of(path)}"


def _found(path: Path, complaint: str) -> str:
    """What the file really is when its first bytes tell, else what the reader complained of."""
    with path.open("rb") as stream:
        raw = stream.read(64)
    packed = path.suffix.lower() in {".gz", ".bz2"}
    beginnings = [_head(path)[:64]] if packed and raw[:2] in (b"\x1f\x8b", b"BZ") else [raw]
    for beginning in beginnings:
        for mark, kind in _BEGINNINGS.items():
            if beginning.lstrip().lower().startswith(mark.lower()):
                return f"{kind} ({complaint})"
    return complaint


def _where(path: Path, complaint: str) -> str:
    osm_format = FORMATS[suffix_of(path)]
    if osm_format == "pbf":
        broken = first_broken_byte(path)
        return "data" if broken is None else f"byte {broken}"
    position = _POSITION.search(complaint)
    if position is None:
        return "header" if "version" in complaint or "top-level" in complaint else "data"
    # libosmium counts the lines of an OPL file from 0, those of XML from 1.
    line = int(position.group(1)) + osm_format.startswith("opl")
    return f"line {line}, column {position.group(2)}"
