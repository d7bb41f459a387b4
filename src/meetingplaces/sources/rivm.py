"""Loneliness, care and volunteering per neighbourhood, as RIVM estimates them from the Gezondheidsmonitor.

The figures are estimates of a model, not counts, so each comes with its 95% interval; they tell nothing of causes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from meetingplaces.model.errors import FormatError
from meetingplaces.model.figures import OBSERVATION_COLUMNS, observed
from meetingplaces.model.provenance import Origin, Snapshot
from meetingplaces.sources import odata
from meetingplaces.sources.cbs_figures import SourceFigures
from meetingplaces.sources.endpoints import HealthEndpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.http_pages import fetch_pages

SOURCE_ID = "rivm"
_ADULTS, _OLDER = "20300", "80200"
_MARGINS = {"value": "MW00000", "low": "MOG0095", "high": "MBG0095"}
# The older table has another name for the second.
COLUMNS: odata.Columns = {
    "lonely": ("Eenzaam",),
    "strongly_lonely": ("SterkEenzaam", "ErnstigZeerErnstigEenzaam"),
    "emotionally_lonely": ("EmotioneelEenzaam",),
    "socially_lonely": ("SociaalEenzaam",),
    "informal_carers": ("Mantelzorger",),
    "volunteers": ("Vrijwilligerswerk",),
}
ALWAYS = ("lonely", "strongly_lonely")
# Each indicator with its column and the age it is about.
_INDICATORS = {
    **{f"{column}_share": (column, _ADULTS) for column in COLUMNS},
    "lonely_65_plus_share": ("lonely", _OLDER),
    "strongly_lonely_65_plus_share": ("strongly_lonely", _OLDER),
}
INDICATORS = tuple(_INDICATORS)


def origin(table: str) -> Origin:
    """Who publishes a table, and on what terms."""
    return Origin(
        source_id=SOURCE_ID,
        title=f"Gezondheid per wijk en buurt ({table})",
        publisher="RIVM",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        attribution="Bron: Gezondheidsmonitor Volwassenen en Ouderen, GGD'en, CBS en RIVM",
    )


def fetch_health(municipality_code: str, into: Path, door: Door, endpoints: HealthEndpoints) -> Snapshot:
    """The estimates of the last years for a municipality and all areas in it, in `into`.

    Raises
    ------
    SourceError
        The service failed, or holds nothing of this municipality.
    SchemaError
        Several columns have one name.
    """
    first = odata.properties_request(f"{endpoints.api}/{endpoints.table}", origin(endpoints.table))
    conditions = [
        _either("Leeftijd", [_ADULTS, _OLDER]),
        _either("Marges", _MARGINS.values()),
        _either("Perioden", [f"{year}JJ00" for year in endpoints.years]),
        odata.areas_filter(municipality_code),
    ]
    dimensions = (odata.AREA, "Leeftijd", "Marges", "Perioden")
    pages = odata.TablePages(first, odata.TableQuery(COLUMNS, ALWAYS, " and ".join(conditions), dimensions))
    return fetch_pages(door, first, into, file_name(municipality_code), check=pages.check, next_page=pages.next_page)


def file_name(municipality_code: str) -> str:
    """What the snapshot of a municipality is called."""
    return f"health-{municipality_code}.zip"


def _either(dimension: str, keys: Iterable[str]) -> str:
    return "(" + " or ".join(f"{dimension} eq '{key}'" for key in keys) + ")"


def read_health(snapshot: Snapshot, areas_year: int) -> SourceFigures:
    """The estimates in a snapshot of `fetch_health`, as shares with their 95% interval.

    Parameters
    ----------
    areas_year
        The year whose areas the table uses for all its periods.

    Raises
    ------
    FormatError, SchemaError
        It is no such snapshot, or misses a column it must have.
    """
    rows = odata.table_of(snapshot, COLUMNS)
    odata.require(rows.columns, ALWAYS, COLUMNS, str(snapshot.path))
    if not {"Leeftijd", "Marges", "Perioden"} <= set(rows):
        raise FormatError(str(snapshot.path), "rows", "Leeftijd, Marges and Perioden", ", ".join(map(str, rows)))
    tables = [
        observed(area, indicator, numbers, year=year, boundary_year=areas_year, source_id=SOURCE_ID)
        for year in sorted({int(str(period)[:4]) for period in rows["Perioden"]}, reverse=True)
        for indicator in _INDICATORS
        for area, numbers in [_estimates(rows[rows["Perioden"] == f"{year}JJ00"], *_INDICATORS[indicator])]
        if len(area)
    ]
    every = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(OBSERVATION_COLUMNS))
    return SourceFigures(every, pd.DataFrame(columns=["area_code", "year", "unchanged"]))


def _estimates(rows: pd.DataFrame, column: str, age: str) -> tuple[pd.Series, pd.DataFrame]:
    """Area codes, and value, low, high and status for each."""
    if column not in rows:
        return pd.Series(dtype="string"), pd.DataFrame()
    of_age = rows[rows["Leeftijd"] == age].assign(number=lambda each: pd.to_numeric(each[column], errors="coerce"))
    once = of_age.drop_duplicates(["area_code", "Marges"])
    wide = once.pivot(index="area_code", columns="Marges", values="number").reindex(columns=list(_MARGINS.values()))
    numbers = pd.DataFrame({ours: wide[theirs] / 100 for ours, theirs in _MARGINS.items()}).astype("Float64")
    impossible = ~numbers["value"].between(0, 1).fillna(False).astype(bool)
    numbers[impossible] = pd.NA
    numbers["low"] = numbers["low"].clip(lower=0)
    numbers["high"] = numbers["high"].clip(upper=1)
    known = numbers["value"].notna()
    status = pd.Series("suppressed", wide.index).mask(known, "known")
    numbers = numbers.assign(status=status if known.any() else "unpublished").reset_index()
    return numbers["area_code"], numbers.drop(columns="area_code")
