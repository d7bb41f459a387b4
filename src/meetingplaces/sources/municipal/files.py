"""Files with places: CSV, XLSX, GeoJSON, GeoPackage or a zipped shapefile; what it is, its first bytes tell.

Formulas are not computed, macros not run, and nothing is unpacked beyond the limits.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from shapely.errors import ShapelyError

from meetingplaces.model.errors import FormatError, MissingFileError
from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.municipal import archives, sheets
from meetingplaces.sources.municipal.archives import FileLimits
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows
from meetingplaces.sources.municipal.geojson import rows_of

_EXPECTED = "a CSV, XLSX, GeoJSON, GeoPackage or zipped shapefile"
_OTHERS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an Excel file of before 2007 (.xls); save it as .xlsx",
    b"\x1f\x8b": "a gzip file",
    b"<": "XML or HTML",
}
_GEOPACKAGE = b"SQLite format 3\0"
_GEOPACKAGE_MARKS = (b"GPKG", b"GP10", b"GP11")
_SHAPEFILE = b"\x00\x00\x27\x0a"
_START = 512


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = 0) -> Conversation:
    """Ask for the file."""
    return Conversation(Request(str(source.url), source.origin, hosts=source.hosts), check)


def check(answer: Answer) -> None:
    """A `Check`: the first bytes are those of a file we read."""
    with answer.path.open("rb") as stream:
        start = stream.read(_START)
    other = _other(start)
    if other is not None:
        raise answer.wrong(_EXPECTED, other)


def read(pages: Iterable[bytes], source: MunicipalSource) -> Rows:
    """The rows of the file in the last page; before it may be an answer that said where it is (CKAN)."""
    with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
        path = Path(folder) / source.source_id
        path.write_bytes(list(pages)[-1])
        return read_file(path, layer=source.layer if source.protocol == "file" else None)


def read_file(path: Path, limits: FileLimits | None = None, layer: str | None = None) -> Rows:
    """The rows of a file as it says them, none left out without being counted.

    Parameters
    ----------
    path
        CSV, XLSX, GeoJSON, GeoPackage or a zip file with one shapefile or one of the others.
    limits
        How large the file, what comes out of it, and the number of rows may be.
    layer
        Which sheet or layer, where there are several.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is of no kind we read, is damaged, or is larger than the limits; nothing of it is used.
    """
    limits = limits or FileLimits()
    start = _first_bytes(path, limits)
    other = _other(start)
    if other is not None:
        raise FormatError(path.name, "first bytes", _EXPECTED, other)
    if start.startswith(_GEOPACKAGE):
        return _drawn(path, path.name, layer, limits)
    if start.startswith(b"PK\x03\x04"):
        return _packed(path, layer, limits)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _collection(path, limits)
    return sheets.read_csv(path, limits)


def _first_bytes(path: Path, limits: FileLimits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(_START)
    except OSError as error:
        raise MissingFileError(str(path), "the file itself", "a readable file", error.strerror or "nothing") from error
    if size > limits.file_bytes:
        raise FormatError(path.name, "its size", f"at most {limits.file_bytes} bytes", f"{size} bytes")
    return start


def _other(start: bytes) -> str | None:
    """What it is, when it is none of the kinds we read."""
    if not start.strip():
        return "an empty file"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    # GDAL follows what some kinds of file point at; only real GeoPackages and shapefiles are shown to it.
    if start.startswith(_GEOPACKAGE) and start[68:72] not in _GEOPACKAGE_MARKS:
        return "a SQLite database that is no GeoPackage"
    return next((what for sign, what in _OTHERS.items() if text.startswith(sign)), None)


def _packed(path: Path, layer: str | None, limits: FileLimits) -> Rows:
    kind, member = archives.kind_of(path, limits)
    if kind == "xlsx":
        return sheets.read_xlsx(path, limits, layer)
    with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
        inner = archives.unpacked(path, member, Path(folder), limits)
        if kind == "shapefile":
            if not inner.read_bytes().startswith(_SHAPEFILE):
                raise FormatError(path.name, member, "a shapefile", "something else under that name")
            return _drawn(inner, path.name, None, limits)
        return read_file(inner, limits, layer)


def _collection(path: Path, limits: FileLimits) -> Rows:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FormatError(path.name, "contents", "GeoJSON", f"JSON that breaks off: {error}"[:200]) from error
    if not isinstance(content.get("features"), list):
        raise FormatError(path.name, "contents", "a GeoJSON feature collection", f"keys {', '.join(content)}"[:200])
    rows = rows_of(content)
    archives.check_rows(path.name, len(rows.fields), limits)
    return rows


def _drawn(path: Path, name: str, layer: str | None, limits: FileLimits) -> Rows:
    """Rows of a file that GDAL reads; its shapes in the system that the file declares."""
    try:
        layers = [str(found) for found, kind in pyogrio.list_layers(path) if kind is not None]
        if layer is None and len(layers) != 1:
            raise FormatError(name, "layers", "one layer with shapes, or the name of one", ", ".join(layers) or "none")
        info = pyogrio.read_info(path, layer=layer or layers[0])
        archives.check_rows(name, int(info["features"]), limits)
        _, ids, written, _ = pyogrio.raw.read(path, layer=layer or layers[0], columns=[], return_fids=True)
        table = pyogrio.read_dataframe(path, layer=layer or layers[0], read_geometry=False)
        shapes = shapely.from_wkb(written, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ShapelyError, ValueError) as error:
        raise FormatError(name, "contents", _EXPECTED, str(error).replace(str(path), name)[:200]) from error
    fields = table.astype(object).where(table.notna(), None).to_dict("records")
    return Rows(fields, np.asarray(shapes, dtype=object), [str(own) for own in ids], info["crs"])
