"""One municipality = one folder with `bundle.json` and the files it names.

Writing is whole or not at all: every file gets a name that carries its checksum and is put beside what is there; then
`bundle.json` is replaced in one step. Killed at any moment, the old manifest still names the old files. Files of the
manifest that was replaced stay until the write after, so that whoever is reading them can finish.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import filelock
import geopandas as gpd
import pandas as pd
from pydantic import ValidationError

from meetingplaces.model.areas import check_neighbourhoods
from meetingplaces.model.bundle import Drawing, Manifest, StoredFile, Table
from meetingplaces.model.errors import (
    BundleBrokenError,
    BundleBusyError,
    BundleMissingError,
    MissingFileError,
    NoWalkingError,
)
from meetingplaces.model.figures import check_figures
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.origins import MunicipalContent
from meetingplaces.model.places import LIST_COLUMNS, check_places, list_column
from meetingplaces.model.walking import WalkingContent
from meetingplaces.storage.files import replace_file
from meetingplaces.storage.municipal_tables import municipal_from, municipal_tables_of
from meetingplaces.storage.network_tables import check_walking, network_from, tables_of
from meetingplaces.storage.older import homes_of_now, neighbourhoods_of_now, places_of_now

MANIFEST = "bundle.json"
DRAWINGS = "drawings"
_STEMS = "|".join((*get_args(Table), *get_args(Drawing), "attribution"))
# Names that only we give: content files, and the unfinished ones of a write that was killed.
_OURS = re.compile(rf"(({_STEMS})-[0-9a-f]{{12}}\.(parquet|json|md)(\.part)?)|{re.escape(MANIFEST)}\.part")


@dataclass(frozen=True)
class BundleContent:
    """All that goes into a bundle besides the manifest. Tables in RD New.

    `walking` and `municipal` are `None` when nothing is known.
    """

    places: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    supply: pd.DataFrame
    drawings: Mapping[Drawing, str]
    attribution: str
    walking: WalkingContent | None = None
    figures: pd.DataFrame | None = None
    municipal: MunicipalContent | None = None


@dataclass(frozen=True)
class Bundle:
    """A bundle on disk. Tables are read when asked for, and checked against the manifest's checksums.

    What was not kept yet when an older bundle was made is unknown in it, see `storage.older`.
    """

    folder: Path
    manifest: Manifest

    def places(self) -> gpd.GeoDataFrame:
        """The places and amenities, EPSG:28992, following `place_schema`."""
        table = places_of_now(gpd.read_parquet(self._bytes(self.manifest.tables["places"])))
        for name in LIST_COLUMNS:
            table[name] = list_column(table[name])
        return check_places(table, str(self.folder))

    def neighbourhoods(self) -> gpd.GeoDataFrame:
        """The neighbourhoods, EPSG:28992, with their share inside the data extent."""
        table = neighbourhoods_of_now(gpd.read_parquet(self._bytes(self.manifest.tables["neighbourhoods"])))
        return check_neighbourhoods(table, str(self.folder))

    def supply(self) -> pd.DataFrame:
        """Counts per area and kind, see `metrics.supply`."""
        return pd.read_parquet(self._bytes(self.manifest.tables["supply"]))

    def figures(self) -> pd.DataFrame | None:
        """The key figures of the areas, following `figure_schema`; `None` when the bundle has no such table."""
        if "figures" not in self.manifest.tables:
            return None
        return check_figures(pd.read_parquet(self._bytes(self.manifest.tables["figures"])), str(self.folder))

    @property
    def has_walking(self) -> bool:
        """Whether `walking` and each of its parts can be read; else they raise `NoWalkingError`."""
        return self.manifest.has_walking

    def homes(self) -> gpd.GeoDataFrame:
        """The homes, EPSG:28992, with people per home and where they join the network, see `pipeline.walking`."""
        return homes_of_now(gpd.read_parquet(self._walking_bytes("homes")))

    def entrances(self) -> pd.DataFrame:
        """Where places are entered: place_id, edge, offset_m and distance_m."""
        return pd.read_parquet(self._walking_bytes("entrances"))

    def reach(self) -> pd.DataFrame:
        """Metres on foot (float32) from each of `homes` to the nearest place without a threshold, per category."""
        return pd.read_parquet(self._walking_bytes("reach"))

    def network(self) -> WalkNetwork:
        """The walking network."""
        nodes, edges, segments = (
            pd.read_parquet(self._walking_bytes(name)) for name in ("nodes", "edges", "segments")
        )  # fmt: skip
        return network_from(nodes, edges, segments)

    def barriers(self) -> gpd.GeoDataFrame:
        """Water and railways near the network (EPSG:28992), which one does not cross except along it."""
        return gpd.read_parquet(self._walking_bytes("barriers"))

    def walking(self) -> WalkingContent:
        """Homes, entrances, distances, network and barriers together."""
        return WalkingContent(
            self.homes(), self.entrances(), self.reach(), self.network(), self.barriers(), self.stops()
        )

    def stops(self) -> pd.DataFrame:
        """The nearest stop of places, see `pipeline.stops`; empty in a bundle of before stops were kept."""
        held = self.manifest.tables.get("stops")
        if held is None:
            return pd.DataFrame({"place_id": [], "name": [], "distance_m": []})
        return pd.read_parquet(self._bytes(held))

    def municipal(self) -> MunicipalContent:
        """Municipal records, RD New, and how they met the places; empty when no municipality was asked."""
        held = self.manifest.tables
        if "records" not in held:
            return MunicipalContent.empty()
        records = gpd.read_parquet(self._bytes(held["records"]))
        origins, pairs = (pd.read_parquet(self._bytes(held[name])) for name in ("origins", "pairs"))
        return municipal_from(records, origins, pairs).checked(str(self.folder))

    def drawing_path(self, drawing: Drawing) -> Path:
        """The file of a drawing, to be sent to a browser as it is. Nothing else stands in its folder."""
        return self.folder / self.manifest.drawings[drawing].name

    def check(self) -> None:
        """Read every file once and compare it with the manifest.

        Raises
        ------
        BundleBrokenError
            A file is missing or is not what the manifest says.
        """
        for stored in self.manifest.stored_files():
            self._bytes(stored)

    def _walking_bytes(self, table: Table) -> io.BytesIO:
        if not self.has_walking:
            raise NoWalkingError(self.manifest.municipality_code, str(self.folder))
        return self._bytes(self.manifest.tables[table])

    def _bytes(self, stored: StoredFile) -> io.BytesIO:
        path = self.folder / stored.name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BundleBrokenError(
                str(path), "the file itself", "a readable file", error.strerror or "none"
            ) from error
        found = hashlib.sha256(content).hexdigest()
        if found != stored.sha256:
            raise BundleBrokenError(str(path), "its checksum", stored.sha256, found)
        return io.BytesIO(content)


def list_bundles(data_folder: Path) -> list[str]:
    """Municipality codes of the bundles in `data_folder`, sorted; whether they can be read is another matter."""
    return sorted(manifest.parent.name for manifest in data_folder.glob(f"GM[0-9][0-9][0-9][0-9]/{MANIFEST}"))


def open_bundle(data_folder: Path, municipality_code: str) -> Bundle:
    """The bundle of one municipality.

    Raises
    ------
    BundleMissingError
        There is none.
    BundleBrokenError
        Its manifest cannot be read.
    """
    folder = data_folder / municipality_code
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BundleMissingError(municipality_code, str(data_folder)) from error
    except UnicodeDecodeError as error:
        raise BundleBrokenError(str(path), f"byte {error.start}", "UTF-8 text", "other bytes") from error
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise BundleBrokenError(str(path), where, first["msg"], repr(first["input"])[:120]) from error
    if manifest.municipality_code != municipality_code:
        raise BundleBrokenError(str(path), "municipality_code", municipality_code, manifest.municipality_code)
    return Bundle(folder, manifest)


def write_bundle(data_folder: Path, manifest_facts: Mapping[str, object], content: BundleContent) -> Bundle:
    """Write a bundle whole, read it back, and make it the one that is served.

    Parameters
    ----------
    manifest_facts
        Every field of `Manifest` except the stored files.

    Raises
    ------
    BundleBusyError
        Another process is writing it.
    MissingFileError
        The folder cannot be written to.
    SchemaError
        A table does not follow its schema; nothing was written.
    """
    code = str(manifest_facts["municipality_code"])
    check_places(content.places, "places to write")
    check_neighbourhoods(content.neighbourhoods, "neighbourhoods to write")
    if content.walking:
        check_walking(content.walking)
    if content.figures is not None:
        check_figures(content.figures, "figures to write")
    if content.municipal:
        content.municipal.checked("municipal tables to write")
    folder = data_folder / code
    try:
        (folder / DRAWINGS).mkdir(parents=True, exist_ok=True)
        with alone(folder, code):
            manifest = Manifest.model_validate({**manifest_facts, **_store(folder, content)})
            Bundle(folder, manifest).check()
            previous = _named_by(folder / MANIFEST)
            replace_file(folder / MANIFEST, (manifest.model_dump_json(indent=1) + "\n").encode())
            _sweep(folder, {file.name for file in manifest.stored_files()} | previous)
    except OSError as error:
        raise MissingFileError(str(folder), "the folder to write", "a writable folder", str(error.strerror)) from error
    return Bundle(folder, manifest)


def _store(folder: Path, content: BundleContent) -> dict[str, object]:
    tables: dict[Table, bytes] = {
        "places": _parquet(content.places),
        "neighbourhoods": _parquet(content.neighbourhoods),
        "supply": _parquet(content.supply),
    }
    if content.figures is not None:
        tables["figures"] = _parquet(content.figures)
    if content.walking:
        walking = content.walking
        tables |= {
            "homes": _parquet(walking.homes),
            "entrances": _parquet(walking.entrances),
            "reach": _parquet(walking.reach),
            "barriers": _parquet(walking.barriers),
        }
        tables |= {name: _parquet(table) for name, table in tables_of(walking.network).items()}
        if walking.stops is not None:
            tables["stops"] = _parquet(walking.stops)
    if content.municipal:
        tables |= {name: _parquet(table) for name, table in municipal_tables_of(content.municipal).items()}
    return {
        "tables": {name: _stored(folder, name, "parquet", body) for name, body in tables.items()},
        "drawings": {
            name: _stored(folder, f"{DRAWINGS}/{name}", "json", text.encode())
            for name, text in content.drawings.items()
        },
        "attribution": _stored(folder, "attribution", "md", content.attribution.encode()),
    }


def _parquet(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, index=False, compression="zstd")
    return stream.getvalue()


def _stored(folder: Path, stem: str, suffix: str, body: bytes) -> StoredFile:
    digest = hashlib.sha256(body).hexdigest()
    name = f"{stem}-{digest[:12]}.{suffix}"
    replace_file(folder / name, body)
    return StoredFile(name=name, sha256=digest, size_bytes=len(body))


def _named_by(manifest_path: Path) -> set[str]:
    """File names in the manifest that is about to be replaced; none when it is absent or unreadable."""
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        stored = [*manifest["tables"].values(), *manifest["drawings"].values(), manifest["attribution"]]
        return {str(file["name"]) for file in stored}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove what earlier or interrupted writes of ours left behind; anything else in the folder stays."""
    for path in [*folder.iterdir(), *(folder / DRAWINGS).iterdir()]:
        if _OURS.fullmatch(path.name) and path.relative_to(folder).as_posix() not in keep:
            path.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path, municipality_code: str) -> Iterator[None]:
    """Hold the bundle in `folder` for oneself; raises `BundleBusyError` when another process does."""
    try:
        with filelock.FileLock(folder / ".lock", timeout=0):
            yield
    except filelock.Timeout as error:
        raise BundleBusyError(municipality_code, str(folder)) from error
