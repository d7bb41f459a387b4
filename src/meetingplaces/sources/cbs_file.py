"""Opening a file of CBS areas: which kind it is, which layers it has, and its rows for one municipality."""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyogrio
from shapely.errors import ShapelyError

from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.cbs_fields import ALIASES, codes, find_fields
from meetingplaces.sources.cbs_pages import joined_pages

_EXPECTED = "a GeoPackage or GeoJSON file, one of these gzipped, or pages of the OGC API"
_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"%PDF": "a PDF document",
    b"<": "XML or HTML",
    b"\x1f\x8b": "a gzip file inside a gzip file",
}


@dataclass(frozen=True)
class Layer:
    """One layer: its name, the names of all its fields, and which of our words they stand for."""

    name: str
    present: tuple[str, ...]
    fields: dict[str, str]


@dataclass(frozen=True)
class AreasFile:
    """A readable file of areas. `name` is the file as the user knows it, `path` may be an unpacked copy.

    `filters` tells whether the driver gains from being asked for one municipality only.
    """

    name: str
    path: Path
    layers: tuple[Layer, ...]
    filters: bool

    def neighbourhood_layer(self) -> Layer:
        """The one layer that holds neighbourhoods (buurten).

        The fields decide; the name only does when several layers have a neighbourhood code, or none has.
        """
        coded = [layer for layer in self.layers if "neighbourhood_code" in layer.fields]
        named = [layer for layer in self.layers if _is_called_buurten(layer.name)]
        chosen = [layer for layer in named if layer in coded] or coded or named
        if len(chosen) != 1:
            raise self._no_single_layer(chosen)
        for needed in ("neighbourhood_code", "municipality_code"):
            if needed not in chosen[0].fields:
                raise self._no_field(chosen[0], needed)
        return chosen[0]

    def names(self, level: str, finer: str, municipality_code: str) -> pd.Series:
        """Names by code from the layer of districts or municipalities: the one without codes of the `finer` level."""
        code, name = f"{level}_code", f"{level}_name"
        for layer in self.layers:
            if {code, name, "municipality_code"} <= layer.fields.keys() and f"{finer}_code" not in layer.fields:
                rows = self.rows(layer, {code, name, "municipality_code"}, municipality_code, outlines=False)
                return pd.Series(rows[name].to_numpy(), codes(rows[code])).groupby(level=0).first()
        return pd.Series(dtype="string")

    def rows(self, layer: Layer, wanted: Iterable[str], municipality_code: str, outlines: bool = True) -> pd.DataFrame:
        """The rows of one municipality under our words, indexed by feature id; outlines as in the file, in 2D.

        GeoPackage filters while reading, which spares a country file; GeoJSON has to be read whole by any reader.
        """
        where = None
        if self.filters:
            column = layer.fields["municipality_code"].replace('"', '""')
            where = f"upper(trim(\"{column}\")) = '{municipality_code}'"
        rows = self._read(layer, wanted, where=where, outlines=outlines)
        return rows[(codes(rows["municipality_code"]) == municipality_code).fillna(False).astype(bool)]

    def municipality_codes(self, layer: Layer) -> list[str]:
        """All municipality codes present, sorted; raises FormatError when there is not one feature."""
        rows = self._read(layer, ["municipality_code"], where=None, outlines=False)
        if rows.empty:
            raise self._no_features(layer)
        return sorted(codes(rows["municipality_code"]).dropna().unique())

    def _read(self, layer: Layer, wanted: Iterable[str], where: str | None, outlines: bool) -> pd.DataFrame:
        theirs = {theirs: ours for ours, theirs in layer.fields.items() if ours in set(wanted)}
        with _readable(self.name, self.path):
            rows = pyogrio.read_dataframe(
                self.path,
                layer=layer.name,
                columns=list(theirs),
                where=where,
                read_geometry=outlines,
                force_2d=True,
                fid_as_index=True,
                on_invalid="ignore",  # what is no polygon at all becomes None, is dropped and counted
            )
        return rows.rename(columns=theirs)

    def _no_single_layer(self, chosen: list[Layer]) -> FormatError | SchemaError:
        if chosen:
            return FormatError(self.name, "layers", "one layer of buurten", ", ".join(layer.name for layer in chosen))
        levels = {"wijken": "district_code", "gemeenten": "municipality_code"}
        for layer in self.layers:
            for level, code in levels.items():
                if code in layer.fields:
                    every = ", ".join(layer.name for layer in self.layers)
                    return FormatError(self.name, "layers", "buurten (neighbourhoods)", f"only {level}: {every}")
        return self._no_field(self.layers[0], "neighbourhood_code")

    def _no_field(self, layer: Layer, needed: str) -> FormatError | SchemaError:
        if not layer.present:  # GeoJSON has its fields only in its features
            return self._no_features(layer)
        found = f"columns {', '.join(layer.present)[:300]}"
        return SchemaError(self.name, f"layer {layer.name}", f"a column {' or '.join(ALIASES[needed])}", found)

    def _no_features(self, layer: Layer) -> FormatError:
        return FormatError(self.name, f"layer {layer.name}", "at least one neighbourhood", "no features with fields")


def _is_called_buurten(layer_name: str) -> bool:
    """Whether `buurt` or `buurten` is a word of the name, as in `wijkenbuurten:buurten` but not in `wijkenbuurten`."""
    return re.search(r"(?<![a-z])buurt(?:en)?(?![a-z])", layer_name.casefold()) is not None


@contextmanager
def open_areas(snapshot: Snapshot) -> Iterator[AreasFile]:
    """The file behind `snapshot`, unpacked if need be and found to be of a kind we read.

    Pages of the OGC API, as one fetch keeps them, become one file with a layer for each kind of area.
    The kind follows from the first bytes, never from the file name: downloads are often called something else.

    Raises
    ------
    MissingFileError
        There is no such file, or it may not be read.
    FormatError
        It is not a GeoPackage or GeoJSON file, breaks off or is damaged.
    """
    name = str(snapshot.path)
    with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
        path = snapshot.path
        if _first_bytes(path, name).startswith(b"\x1f\x8b"):
            path = _unpacked(path, Path(folder) / "areas", name)
        if _first_bytes(path, name).startswith(b"PK\x03\x04"):
            path = joined_pages(snapshot, Path(folder) / "areas.gpkg")
        filters = _is_geopackage(_first_bytes(path, name), name)
        with _readable(name, path):
            layers = tuple(_layer(path, str(layer)) for layer, _ in pyogrio.list_layers(path))
        if not layers:
            raise FormatError(name, "layers", "buurten (neighbourhoods)", "no layers")
        yield AreasFile(name, path, layers, filters)


def _layer(path: Path, layer_name: str) -> Layer:
    present = tuple(str(field) for field in pyogrio.read_info(path, layer=layer_name)["fields"])
    return Layer(layer_name, present, find_fields(present))


def _first_bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(512)
    except OSError as error:
        raise MissingFileError(name, "the file itself", "a readable file", error.strerror or "nothing") from error


def _unpacked(packed: Path, target: Path, name: str) -> Path:
    # GDAL can read inside gzip, but SQLite jumps back and forth and every jump back would unpack from the start.
    try:
        with gzip.open(packed) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(name, "gzip contents", "a whole gzip file", str(error)) from error
    return target


def _is_geopackage(start: bytes, name: str) -> bool:
    if not start:
        raise FormatError(name, "first bytes", _EXPECTED, "an empty file")
    if start.startswith(b"SQLite format 3\0"):
        return True
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    found = next((what for sign, what in _SIGNATURES.items() if start.startswith(sign)), f"bytes {start[:12]!r}")
    raise FormatError(name, "first bytes", _EXPECTED, found)


@contextmanager
def _readable(name: str, path: Path) -> Iterator[None]:
    """Turns what GDAL, GEOS or the text decoder has to say into a FormatError; their warnings stay off the screen."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (RuntimeError, ValueError, OSError, ShapelyError) as error:
        # pyogrio strings messages together, the cause last, then advice that does not fit us.
        cause = str(error).replace(str(path), name).partition("; It might help")[0].rpartition("; ")[2]
        found = " ".join(cause.split())[:200]
        raise FormatError(name, "contents", _EXPECTED, found) from error
