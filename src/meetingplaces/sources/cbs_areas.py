"""The neighbourhoods of one municipality from a file of CBS Wijken en Buurten."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.model.areas import (
    MUNICIPALITY_CODE,
    NEIGHBOURHOOD_CODE,
    NEIGHBOURHOOD_COLUMNS,
    check_neighbourhoods,
)
from meetingplaces.model.errors import SchemaError, UnknownMunicipalityError
from meetingplaces.model.groups import AGE_GROUPS
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources import cbs_fields, cbs_outlines
from meetingplaces.sources.cbs_file import AreasFile, Layer, open_areas

# Each figure of ours with the fields it can come from, as `cbs_fields` calls them.
_FIGURES = {
    "residents_count": {"residents_count"},
    "households_count": {"households_count"},
    **{f"{group}_share": {f"{group}_percentage", f"{group}_count"} for group in AGE_GROUPS},
    "one_person_households_share": {"one_person_households_percentage"},
    "land_area_m2": {"land_area_ha"},
}
_PRESENT_SHOWN = 5


@dataclass(frozen=True)
class CbsAreas:
    """The neighbourhoods of one municipality, and what had to be said, mended or left out to get there.

    `neighbourhoods` follows `neighbourhood_schema`, in EPSG:28992, sorted by code. `notes` are stable codes:
    `crs_guessed:EPSG:28992`, `crs_guessed:EPSG:4326`, `axes_swapped`, `outlines_approximate`, and
    `figure_absent:<column>` for a figure the file has no field for.
    """

    neighbourhoods: gpd.GeoDataFrame
    notes: tuple[str, ...]
    repairs: Counter[str]
    dropped: Counter[str]


def read_areas(snapshot: Snapshot, municipality_code: str) -> CbsAreas:
    """The land neighbourhoods of one municipality in EPSG:28992, from a GeoPackage or GeoJSON file, gzipped or not.

    Field names of every edition and service are understood, and a figure CBS does not give is unknown, never 0.
    Neighbourhoods of other municipalities are not asked for, so they are not counted as dropped.

    Parameters
    ----------
    snapshot
        A file with a layer of buurten; names of districts and municipality may come from its other layers.
    municipality_code
        GM and four digits, in capitals or not.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        The file cannot be read, or holds no buurten.
    SchemaError
        A code is absent or wrong, years are mixed, or no land neighbourhood with an outline is left.
    CrsError
        The outlines do not lie in the Netherlands in any reading.
    UnknownMunicipalityError
        The file holds no neighbourhood of this municipality.
    """
    wanted = _wanted(municipality_code, str(snapshot.path))
    repairs: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    with open_areas(snapshot) as file:
        layer = file.neighbourhood_layer()
        rows = _named(file, file.rows(layer, cbs_fields.ALIASES, wanted), wanted)
        if rows.empty:
            raise _nothing_of(wanted, file, layer)
    rows = _with_outline(_on_land(rows, repairs, dropped), dropped)
    _require(rows, file.name, dropped)
    rows, notes = _placed(_coded(rows, file.name), file.name, repairs, dropped)
    table = _one_row_each(_table(rows, repairs), file.name, repairs, dropped)
    said = (*notes, *_approximate(rows, repairs), *_absent(rows))
    return CbsAreas(check_neighbourhoods(table, file.name), said, repairs, dropped)


def _wanted(municipality_code: str, file: str) -> str:
    code = municipality_code.strip().upper()
    if re.fullmatch(MUNICIPALITY_CODE, code) is None:
        raise SchemaError(file, "municipality code asked for", "GM and four digits", municipality_code or "nothing")
    return code


def _nothing_of(wanted: str, file: AreasFile, layer: Layer) -> UnknownMunicipalityError:
    present = file.municipality_codes(layer)
    more = ", …" if len(present) > _PRESENT_SHOWN else ""
    return UnknownMunicipalityError(wanted, file.name, ", ".join(present[:_PRESENT_SHOWN]) + more)


def _named(file: AreasFile, rows: gpd.GeoDataFrame, wanted: str) -> gpd.GeoDataFrame:
    """Adds the names that the layer of neighbourhoods lacks (2025 and before) from the other layers."""
    for level, finer in (("district", "neighbourhood"), ("municipality", "district")):
        if f"{level}_name" not in rows and f"{level}_code" in rows:
            names = file.names(level, finer, wanted)
            rows = rows.assign(**{f"{level}_name": cbs_fields.codes(rows[f"{level}_code"]).map(names)})
    return rows


def _on_land(rows: gpd.GeoDataFrame, repairs: Counter[str], dropped: Counter[str]) -> gpd.GeoDataFrame:
    """Rows that are land. An unknown mark counts as land: leaving people out is worse than showing some water."""
    if "water" not in rows:
        return rows
    mark = cbs_fields.codes(rows["water"])
    _count(repairs, "water_mark_unknown", mark.notna() & ~mark.isin(["JA", "NEE", "B"]))
    _count(dropped, "water_area", mark == "JA")
    _count(dropped, "abroad", mark == "B")
    return rows[~mark.isin(["JA", "B"])]


def _with_outline(rows: gpd.GeoDataFrame, dropped: Counter[str]) -> gpd.GeoDataFrame:
    usable = cbs_outlines.usable(rows.geometry)
    _count(dropped, "empty_geometry", ~usable)
    return rows[usable]


def _require(rows: gpd.GeoDataFrame, file: str, dropped: Counter[str]) -> None:
    if rows.empty:
        found = ", ".join(f"{count} × {reason}" for reason, count in sorted(dropped.items()))
        raise SchemaError(file, "rows of the municipality", "at least one land neighbourhood with an outline", found)


def _coded(rows: gpd.GeoDataFrame, file: str) -> gpd.GeoDataFrame:
    """Codes in capitals without spaces; the first one of another shape is an error that names its feature."""
    tidy = {name: cbs_fields.codes(rows[name]) for name in rows if name.endswith("_code")}
    code = tidy["neighbourhood_code"]
    wrong = ~code.str.fullmatch(NEIGHBOURHOOD_CODE).fillna(False).astype(bool)
    if wrong.any():
        found = "nothing" if pd.isna(code[wrong].iloc[0]) else code[wrong].iloc[0]
        where = f"neighbourhood code of feature {rows.index[wrong][0]}"
        raise SchemaError(file, where, "BU, four digits and four digits or letters", found)
    return rows.assign(**tidy)


def _placed(
    rows: gpd.GeoDataFrame, file: str, repairs: Counter[str], dropped: Counter[str]
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Rows with a valid outline in RD New.

    Repaired twice: where an outline touches itself, the rounding of the conversion can make it cross itself (48 of
    14,566 neighbourhoods in one file of the whole country), and the file is not to be blamed for that.
    """
    sound = _polygonal(rows, "invalid_polygon_repaired", repairs, dropped)
    _require(sound, file, dropped)
    outlines, notes = cbs_outlines.in_rd_new(sound.geometry, file)
    placed = _polygonal(sound.set_geometry(outlines), "conversion_repaired", repairs, dropped)
    _require(placed, file, dropped)
    return placed, notes


def _polygonal(rows: gpd.GeoDataFrame, called: str, repairs: Counter[str], dropped: Counter[str]) -> gpd.GeoDataFrame:
    outlines = cbs_outlines.repaired(rows.geometry, repairs, called)
    missing = outlines.isna()
    _count(dropped, "no_polygon_left", missing)
    return rows.set_geometry(outlines)[~missing]


def _table(rows: gpd.GeoDataFrame, repairs: Counter[str]) -> gpd.GeoDataFrame:
    """The columns of the schema, not yet one row per neighbourhood."""
    unknown = pd.Series(pd.NA, rows.index)
    residents = cbs_fields.counts(rows.get("residents_count", unknown), repairs)
    columns = {
        "neighbourhood_code": rows["neighbourhood_code"],
        "neighbourhood_name": _name_or_code(rows, "neighbourhood", repairs),
        "district_code": rows.get("district_code", unknown),
        "district_name": cbs_fields.texts(rows.get("district_name", unknown)),
        "municipality_code": rows["municipality_code"],
        "municipality_name": _name_or_code(rows, "municipality", repairs),
        "boundary_year": cbs_fields.years(rows),
        "residents_count": residents,
        "households_count": cbs_fields.counts(rows.get("households_count", unknown), repairs),
        **{f"{group}_share": _age_share(rows, group, residents, repairs) for group in AGE_GROUPS},
        "one_person_households_share": cbs_fields.shares(
            rows.get("one_person_households_percentage", unknown), repairs
        ),
        "land_area_m2": cbs_fields.areas_m2(rows.get("land_area_ha", unknown), repairs),
        "outline_accuracy_m": cbs_fields.numbers(rows.get("outline_accuracy_m", unknown), repairs),
    }
    text = {name: cbs_fields.plain(values) for name, values in columns.items() if name.endswith(("_code", "_name"))}
    return gpd.GeoDataFrame(columns | text, geometry=rows.geometry, crs=rows.crs)


def _name_or_code(rows: gpd.GeoDataFrame, level: str, repairs: Counter[str]) -> pd.Series:
    """Names, or the code where there is none: a row without a name still has to be pointed at."""
    code = rows[f"{level}_code"]
    names = cbs_fields.texts(rows.get(f"{level}_name", pd.Series(pd.NA, rows.index)))
    _count(repairs, f"{level}_name_from_code", names.isna())
    return names.fillna(code)


def _age_share(rows: gpd.GeoDataFrame, group: str, residents: pd.Series, repairs: Counter[str]) -> pd.Series:
    percentage, count = f"{group}_percentage", f"{group}_count"
    if percentage not in rows and count in rows:
        return cbs_fields.shares_of(rows[count], residents, repairs)
    return cbs_fields.shares(rows.get(percentage, pd.Series(pd.NA, rows.index)), repairs)


def _one_row_each(table: gpd.GeoDataFrame, file: str, repairs: Counter[str], dropped: Counter[str]) -> gpd.GeoDataFrame:
    """One row per code, sorted: parts of one neighbourhood are joined, exact repeats dropped.

    Codes are re-used between years for other areas, so a file that mixes years is refused, not joined.
    """
    years = sorted(table["boundary_year"].dropna().unique())
    if len(years) > 1:
        raise SchemaError(file, "boundary year", "one year for the whole municipality", ", ".join(map(str, years)))
    several = table.duplicated("neighbourhood_code", keep=False)
    joined = [_joined(parts, repairs, dropped) for _, parts in table[several].groupby("neighbourhood_code")]
    whole = pd.concat([table[~several], *joined]) if joined else table
    return whole[list(NEIGHBOURHOOD_COLUMNS)].sort_values("neighbourhood_code", ignore_index=True)


def _joined(parts: gpd.GeoDataFrame, repairs: Counter[str], dropped: Counter[str]) -> gpd.GeoDataFrame:
    """One row for the parts of a neighbourhood. CBS gives each part the figures of the whole, so they are not added up.

    Where parts contradict each other the figure is unknown, and counted as `parts_disagree`.
    """
    shapes = shapely.normalize(parts.geometry.to_numpy())
    different = len(np.unique(shapely.to_wkb(shapes)))
    dropped.update({"duplicate_code": len(parts) - different} if different < len(parts) else {})
    repairs.update({"parts_joined": different - 1} if different > 1 else {})
    row = parts.iloc[[0]].copy()
    for name in parts.columns.drop(["neighbourhood_code", "geometry"]):
        known = parts[name].dropna().unique()
        figure = not name.endswith(("_code", "_name"))
        repairs.update(["parts_disagree"] if len(known) > 1 else [])
        row[name] = pd.array([None if figure and len(known) > 1 else next(iter(known), None)], dtype=row[name].dtype)
    return row.set_geometry([shapely.union_all(shapes)], crs=parts.crs)


def _approximate(rows: gpd.GeoDataFrame, repairs: Counter[str]) -> tuple[str, ...]:
    if "outline_ok" in rows:
        _count(repairs, "outline_doubtful", cbs_fields.codes(rows["outline_ok"]).isin(["FALSE", "0"]))
    if "outline_kind" in rows and (cbs_fields.codes(rows["outline_kind"]) == "APPROX").any():
        return ("outlines_approximate",)
    return ()


def _absent(rows: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Notes on the figures the file has no field for: all of them unknown is not the same as unknown by secrecy."""
    return tuple(f"figure_absent:{figure}" for figure, fields in _FIGURES.items() if fields.isdisjoint(rows.columns))


def _count(tally: Counter[str], what: str, where: pd.Series) -> None:
    # A counter that holds zeros would report things that never happened.
    if where.any():
        tally[what] += int(where.sum())
