"""Key figures of one municipality and its districts and neighbourhoods from a file of CBS Wijken en Buurten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from meetingplaces.model.figures import OBSERVATION_COLUMNS, observed
from meetingplaces.model.groups import AGE_GROUPS
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources import cbs_fields, cbs_numbers
from meetingplaces.sources.cbs_file import AreasFile, Layer, open_areas

SOURCE_ID = "cbs"

_Reading = Callable[[pd.Series, pd.Series], pd.DataFrame]

# Each indicator with the field of CBS it is read from, as `cbs_fields` calls it, and how.
_READINGS: dict[str, tuple[str, _Reading]] = {
    "residents_count": ("residents_count", cbs_numbers.counts),
    "households_count": ("households_count", cbs_numbers.counts),
    **{f"{group}_share": (f"{group}_percentage", cbs_numbers.percentages) for group in AGE_GROUPS},
    "one_person_households_share": ("one_person_households_percentage", cbs_numbers.percentages),
    "origin_netherlands_share": ("origin_netherlands_percentage", cbs_numbers.percentages),
    "origin_europe_share": ("origin_europe_percentage", cbs_numbers.percentages),
    "origin_outside_europe_share": ("origin_outside_europe_percentage", cbs_numbers.percentages),
    "income_per_resident": ("income_per_resident_thousands", cbs_numbers.thousands),
}
_LEVELS = ("neighbourhood_code", "district_code", "municipality_code")
# "1": code and outline are those of the year before, so the figures of both years are about the same area.
_UNCHANGED = "1"


@dataclass(frozen=True)
class SourceFigures:
    """What one source says: `observations` (`OBSERVATION_COLUMNS`), and of which areas it says since when they are so.

    `unchanged` has area_code, year and unchanged: whether code and outline are those of the year before. Areas of
    which the source does not say are not in it.
    """

    observations: pd.DataFrame
    unchanged: pd.DataFrame


def read_figures(snapshot: Snapshot, municipality_code: str) -> SourceFigures:
    """The key figures in a file of areas, of every level that the file holds; no figures make an empty table.

    Raises
    ------
    FormatError, MissingFileError
        As `read_areas`.
    """
    with open_areas(snapshot) as file:
        read = [_of_layer(file, layer, municipality_code) for layer in file.layers]
    return SourceFigures(
        _together([each.observations for each in read], OBSERVATION_COLUMNS),
        _together([each.unchanged for each in read], ("area_code", "year", "unchanged")),
    )


def _together(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    some = [table for table in tables if len(table)]
    return pd.concat(some, ignore_index=True) if some else pd.DataFrame(columns=list(columns))


def _of_layer(file: AreasFile, layer: Layer, municipality_code: str) -> SourceFigures:
    level = next((code for code in _LEVELS if code in layer.fields), None)
    if level is None or "municipality_code" not in layer.fields:
        return SourceFigures(pd.DataFrame(), pd.DataFrame())
    rows = file.rows(layer, layer.fields, municipality_code, outlines=False)
    if "water" in rows:
        rows = rows[~cbs_fields.codes(rows["water"]).isin(["JA", "B"])]
    rows = rows.assign(area_code=cbs_fields.codes(rows[level])).dropna(subset="area_code")
    # CBS gives each part of an area the figures of the whole.
    rows = rows.drop_duplicates("area_code").reset_index(drop=True)
    years = cbs_fields.years(rows).dropna()
    if rows.empty or years.empty:
        return SourceFigures(pd.DataFrame(), pd.DataFrame())
    year = int(years.iloc[0])
    return SourceFigures(_observations(rows, year), _unchanged(rows, year))


def _observations(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    def read(field: str) -> pd.Series:
        return cbs_fields.numbers(rows[field], Counter())

    made = {name: reading(read(field), rows[field]) for name, (field, reading) in _READINGS.items() if field in rows}
    for share, count in ((f"{group}_share", f"{group}_count") for group in AGE_GROUPS):
        if {count, "residents_count"} <= set(rows):
            counted = cbs_numbers.shares(read(count), read("residents_count"), rows[count])
            # CBS does not give both here; who does has made the percentage from the rounded counts.
            made[share] = cbs_numbers.widened(made.get(share, counted), counted)
    wmo = "wmo_clients_per_1000"
    if {wmo, "residents_count"} <= set(rows):
        made[wmo] = cbs_numbers.per_1000(read(wmo), read("residents_count"), rows[wmo])
    tables = [
        observed(rows["area_code"], name, numbers, year=year, boundary_year=year, source_id=SOURCE_ID)
        for name, numbers in made.items()
    ]
    return _together(tables, OBSERVATION_COLUMNS)


def _unchanged(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    if "change" not in rows:
        return pd.DataFrame()
    flag = cbs_fields.texts(rows["change"]).str.removesuffix(".0")
    told = pd.DataFrame({"area_code": rows["area_code"], "year": year, "unchanged": flag == _UNCHANGED})
    return told[flag.isin(["1", "2", "3"])]
