"""Own lists on disk: one GeoJSON file per list, beside the bundle, so that they survive every refresh.

Only what was accepted is kept: columns that were refused, and rows that could not be placed, are in no file of ours.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pydantic import ValidationError

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError, UnknownOwnListError
from meetingplaces.model.own_list import OWN_LIST_ID, OwnList
from meetingplaces.model.provenance import Provenance
from meetingplaces.model.records import RECORD_COLUMNS, check_records, records_table
from meetingplaces.storage.files import replace_file

_DECIMALS = 7  # of a degree: a centimetre


def lists_folder(data_folder: Path, municipality_code: str) -> Path:
    """The folder of the own lists of one municipality; it need not be there."""
    return data_folder / "local" / municipality_code / "lists"


def keep_own_list(data_folder: Path, municipality_code: str, own: OwnList) -> Path:
    """Write the list, in one step; one with the same `source_id` is replaced.

    Raises
    ------
    SchemaError
        The records do not follow their schema.
    MissingFileError
        The folder cannot be written to.
    """
    if not re.fullmatch(OWN_LIST_ID, own.provenance.source_id):
        raise SchemaError("own list to keep", "source_id", OWN_LIST_ID, own.provenance.source_id)
    records = check_records(own.records, "own list to keep")
    points = records.geometry.to_crs(WGS84).to_numpy()
    shapes = [json.loads(one) for one in shapely.to_geojson(shapely.set_precision(points, 10.0**-_DECIMALS))]
    told = records[list(RECORD_COLUMNS[:-1])].astype(object).where(records.notna(), None).to_dict("records")
    features = [
        {"type": "Feature", "properties": told_of, "geometry": shape}
        for told_of, shape in zip(told, shapes, strict=True)
    ]
    content = {
        "type": "FeatureCollection",
        "provenance": own.provenance.model_dump(mode="json"),
        "features": features,
    }
    path = lists_folder(data_folder, municipality_code) / f"{own.provenance.source_id}.geojson"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise MissingFileError(str(path), "the file to write", "a writable folder", str(error.strerror)) from error
    return path


def own_lists(data_folder: Path, municipality_code: str) -> tuple[OwnList, ...]:
    """All own lists of a municipality, by `source_id`.

    Raises
    ------
    FormatError, SchemaError
        A file is not what we wrote; `file` names it.
    """
    return tuple(_read(path) for path in sorted(lists_folder(data_folder, municipality_code).glob("own_*.geojson")))


def remove_own_list(data_folder: Path, municipality_code: str, source_id: str) -> None:
    """Forget a list; its places are gone after the next build.

    Raises
    ------
    UnknownOwnListError
        There is no such list.
    """
    folder = lists_folder(data_folder, municipality_code)
    present = sorted(path.stem for path in folder.glob("own_*.geojson"))
    if source_id not in present:
        raise UnknownOwnListError(source_id, municipality_code, ", ".join(present) or "-")
    (folder / f"{source_id}.geojson").unlink()


def _read(path: Path) -> OwnList:
    try:
        content = json.loads(path.read_bytes())
        provenance = Provenance.model_validate(content["provenance"])
        rows = [_row(feature) for feature in content["features"]]
    except OSError as error:
        raise MissingFileError(str(path), "the file itself", "a readable file", error.strerror or "nothing") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("provenance", *map(str, first["loc"])))
        raise SchemaError(str(path), where, first["msg"], repr(first["input"])[:120]) from error
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise FormatError(
            str(path), "contents", "an own list as we wrote it", f"{type(error).__name__}: {error}"[:200]
        ) from error
    table = records_table(rows)
    shapes = gpd.GeoSeries(np.array([None, *(row["geometry"] for row in rows)], dtype=object)[1:], crs=WGS84)
    return OwnList(provenance, check_records(table.set_geometry(shapes.to_crs(RD_NEW)), str(path)))


def _row(feature: dict[str, Any]) -> dict[str, Any]:
    return {**feature["properties"], "geometry": shapely.from_geojson(json.dumps(feature["geometry"]))}
