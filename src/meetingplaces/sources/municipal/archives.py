"""Zip files from outside: looked at before anything is unpacked, and unpacked no further than the limits."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from meetingplaces.model.errors import FormatError

_SHAPEFILE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_TABLES = (".csv", ".txt", ".geojson", ".json", ".gpkg")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileLimits:
    """The largest file, the most that may come out of it when unpacked, and the most rows."""

    file_bytes: int = 50 << 20
    unpacked_bytes: int = 200 << 20
    members: int = 2000
    rows: int = 100_000


def check_rows(name: str, count: int, limits: FileLimits) -> None:
    """Raise FormatError when there are more rows than the limit."""
    if count > limits.rows:
        raise FormatError(name, "its rows", f"at most {limits.rows} rows", f"{count} or more rows")


def kind_of(path: Path, limits: FileLimits) -> tuple[Literal["xlsx", "shapefile", "table"], str]:
    """What a zip file holds and the member to read, going by its list of contents alone.

    Raises
    ------
    FormatError
        It is damaged, holds nothing or too much for us, or would unpack to more than the limit.
    """
    members = _members(path, limits)
    if "xl/workbook.xml" in members:
        return "xlsx", "xl/workbook.xml"
    real = [name for name in members if not name.endswith("/") and not name.startswith("__MACOSX/")]
    shapes = [name for name in real if name.casefold().endswith(".shp")]
    tables = [name for name in real if name.casefold().endswith(_TABLES)]
    if len(shapes) == 1:
        return "shapefile", shapes[0]
    if not shapes and len(tables) == 1:
        return "table", tables[0]
    found = ", ".join(real[:8]) or "nothing"
    raise FormatError(path.name, "the zip file", "one shapefile or one table", found[:200])


def unpacked(path: Path, member: str, folder: Path, limits: FileLimits) -> Path:
    """The member, and what belongs to it, in `folder` under names of our own."""
    stem = member.rpartition(".")[0]
    parts = [f"{stem}{suffix}" for suffix in _SHAPEFILE_PARTS] if member.casefold().endswith(".shp") else [member]
    wanted = {part.casefold() for part in parts}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.casefold() in wanted:
                _unpack(archive, name, folder / f"table{PurePosixPath(name).suffix.casefold()}", limits)
    return folder / f"table{PurePosixPath(member).suffix.casefold()}"


def _members(path: Path, limits: FileLimits) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FormatError(path.name, "the zip file", "a whole zip file", str(error)[:200]) from error
    # Reading stops at the size that is stated here, so a member that lies about it cannot unpack to more.
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked_bytes or len(infos) > limits.members:
        found = f"{total} bytes in {len(infos)} files"
        raise FormatError(path.name, "the zip file", f"at most {limits.unpacked_bytes} bytes when unpacked", found)
    return [info.filename for info in infos]


def _unpack(archive: zipfile.ZipFile, name: str, target: Path, limits: FileLimits) -> None:
    left = limits.unpacked_bytes
    try:
        with archive.open(name) as source, target.open("wb") as copy:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FormatError(name, "the zip file", f"at most {limits.unpacked_bytes} bytes", "more")
                copy.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise FormatError(name, "the zip file", "a whole file without password", str(error)[:200]) from error
