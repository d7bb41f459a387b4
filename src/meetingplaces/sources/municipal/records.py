"""From the rows of a source to records of places: fields by its field map, kinds by its category map, in RD New."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.model.records import RECORD_COLUMNS, RECORD_TEXT, check_records, record_id_of
from meetingplaces.sources.municipal.exchange import Rows
from meetingplaces.sources.municipal.placing import in_rd_new
from meetingplaces.sources.municipal.points import points_of

# Longer than any name, address or opening hours; what is longer is a story, or an attack.
_LONGEST_TEXT = 500
_SHOWN = 12


@dataclass(frozen=True)
class Records:
    """The records of one source (`record_schema`), and what was dropped, repaired and guessed on the way."""

    table: gpd.GeoDataFrame
    dropped: Counter[str]
    repairs: Counter[str]
    notes: tuple[str, ...]


def records_of(rows: Rows, source: MunicipalSource, file: str) -> Records:
    """The records in `rows`, as `source` says its fields are to be read.

    Parameters
    ----------
    rows
        What the source holds; may be empty, then so is the table.
    source
        Which field holds what, and which words stand for which kind.
    file
        Where the rows come from, to be named in an error.

    Raises
    ------
    SchemaError
        A field that `source` names is in no row at all.
    CrsError
        The shapes do not lie in the Netherlands in any reading.
    """
    dropped, repairs = Counter(rows.dropped), Counter(rows.repairs)
    names = _names(rows, source, file)
    located = points_of(rows, source.fields, names, repairs)
    shapes, astray, notes = in_rd_new(located, rows.crs, file)
    chosen = []
    for number, fields in enumerate(rows.fields):
        said = _said(fields, source, names)
        reason, kind = _verdict(fields, said, source, names)
        record = _record(fields, source, names, repairs)
        if reason is None and shapes[number] is None:
            reason = "record_outside_netherlands" if astray[number] else None if record["address"] else "record_nowhere"
        if reason is not None:
            dropped[reason] += 1
            continue
        own = _own_id(fields, rows.ids[number], source, names, shapes[number])
        chosen.append({**record, "record_id": own, "kind": kind, "said": said, "geometry": shapes[number]})
    kept = _each_once(chosen, dropped, repairs)
    return Records(_table(kept, source, rows.data_as_of, file), dropped, repairs, notes)


def field_names(rows: Rows, source: MunicipalSource) -> tuple[dict[str, str], tuple[str, ...]]:
    """The real name of every field that the registry names, and those that are in no row.

    Servers of one make differ in capitals, hyphens and underscores, so these do not count.
    """
    present = {_fold(name): name for fields in rows.fields for name in fields}
    wanted = (*source.fields.named, *source.only, *((source.kinds.field,) if source.kinds else ()))
    missing = tuple(name for name in wanted if _fold(name) not in present) if rows.fields else ()
    return {name: present.get(_fold(name), name) for name in wanted}, missing


def _names(rows: Rows, source: MunicipalSource, file: str) -> dict[str, str]:
    names, missing = field_names(rows, source)
    if missing:
        present = list(dict.fromkeys(name for fields in rows.fields for name in fields))
        raise SchemaError(file, "fields", f"fields {', '.join(missing)}", f"only {', '.join(present[:_SHOWN])}")
    return names


def _fold(name: str) -> str:
    return re.sub(r"[_\-\s]", "", name.casefold())


def _said(fields: Mapping[str, Any], source: MunicipalSource, names: Mapping[str, str]) -> dict[str, str]:
    if source.kinds is None:
        return {}
    return {source.kinds.field: _text(fields.get(names[source.kinds.field])) or ""}


def _verdict(
    fields: Mapping[str, Any], said: Mapping[str, str], source: MunicipalSource, names: Mapping[str, str]
) -> tuple[str | None, str | None]:
    """Why a row is no record of ours, if so; else its kind."""
    for name, wanted in source.only.items():
        if _text(fields.get(names[name])) != wanted:
            return "record_not_current", None
    kind = source.kinds.of(said[source.kinds.field]) if source.kinds else source.kind
    return ("record_of_other_kind", None) if kind is None else (None, kind)


def _record(
    fields: Mapping[str, Any], source: MunicipalSource, names: Mapping[str, str], repairs: Counter[str]
) -> dict[str, str | None]:
    def read(name: str | None) -> str | None:
        return _text(fields.get(names[name])) if name is not None else None

    record = {name: read(getattr(source.fields, name)) for name in RECORD_TEXT if name != "address"}
    record["address"] = " ".join(part for part in map(read, source.fields.address) if part) or None
    for name, text in record.items():
        if text is not None and len(text) > _LONGEST_TEXT:
            repairs["text_cut"] += 1
            record[name] = text[:_LONGEST_TEXT]
    as_of = source.fields.data_as_of
    return {**record, "data_as_of": _moment(fields.get(names[as_of])) if as_of else None}


def _text(value: Any) -> str | None:
    """One line of text; numbers without a needless `.0`, nested values as they are; empty is missing."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  (NaN)
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in written).split()) or None


def _moment(value: Any) -> str | None:
    """A day or moment in ISO 8601 from what sources write: milliseconds since 1970 (ArcGIS) or ISO; else unknown."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > 1e10:
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat((_text(value) or "")[:10]).isoformat()
    except ValueError:
        return None


def _own_id(
    fields: Mapping[str, Any], own: str | None, source: MunicipalSource, names: Mapping[str, str], shape: Any
) -> str:
    named = source.fields.record_id
    given = _text(fields.get(names[named])) if named else _text(own)
    if given is None:
        content = json.dumps(fields, sort_keys=True, default=str).encode() + (shapely.to_wkb(shape) or b"")
        given = hashlib.sha256(content).hexdigest()[:16]
    return record_id_of(source.source_id, given)


def _each_once(records: list[dict[str, Any]], dropped: Counter[str], repairs: Counter[str]) -> list[dict[str, Any]]:
    """Every record under an identifier of its own: exact repeats go, others that share one are numbered by content."""
    kept: dict[str, dict[str, Any]] = {}
    for record in records:
        first = kept.get(record["record_id"])
        if first is None:
            kept[record["record_id"]] = record
        elif _content(first) == _content(record):
            dropped["record_repeated"] += 1
        else:
            own = f"{record['record_id']}-{hashlib.sha256(_content(record)).hexdigest()[:8]}"
            fresh = own not in kept
            kept.setdefault(own, {**record, "record_id": own})
            (repairs if fresh else dropped)["record_id_shared" if fresh else "record_repeated"] += 1
    return list(kept.values())


def _content(record: Mapping[str, Any]) -> bytes:
    rest = {key: value for key, value in record.items() if key not in {"geometry", "record_id"}}
    return json.dumps(rest, sort_keys=True).encode() + (shapely.to_wkb(record["geometry"]) or b"")


def _table(
    records: list[dict[str, Any]], source: MunicipalSource, data_as_of: str | None, file: str
) -> gpd.GeoDataFrame:
    """The records as a table, sorted by identifier so that the same source gives the same file."""
    ordered = sorted(records, key=lambda record: record["record_id"])
    columns = {name: [record.get(name) for record in ordered] for name in RECORD_COLUMNS if name != "geometry"}
    columns["source_id"] = [source.source_id] * len(ordered)
    columns["data_as_of"] = [record["data_as_of"] or data_as_of for record in ordered]
    table = pd.DataFrame({name: _column(name, values) for name, values in columns.items()})
    shapes = np.array([record["geometry"] for record in ordered], dtype=object)
    return check_records(gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=RD_NEW)), file)


def _column(name: str, values: list[Any]) -> pd.Series:
    return pd.Series(values, dtype=object if name == "said" else "str")
