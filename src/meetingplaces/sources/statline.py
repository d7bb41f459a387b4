"""Key figures from StatLine, *Kerncijfers wijken en buurten*: a table per year, of which the last is provisional."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from meetingplaces.model.figures import OBSERVATION_COLUMNS, observed
from meetingplaces.model.provenance import Origin, Snapshot
from meetingplaces.sources import cbs_fields, cbs_numbers, odata
from meetingplaces.sources.cbs_figures import SourceFigures
from meetingplaces.sources.endpoints import StatlineEndpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.http_pages import fetch_pages

SOURCE_ID = "cbs_statline"
COLUMNS: odata.Columns = {
    "change": ("IndelingswijzigingWijkenEnBuurten", "IndelingswijzigingGemeenteWijkBuurt"),
    "residents": ("AantalInwoners",),
    "children": ("k_0Tot15Jaar",),
    "young": ("k_15Tot25Jaar",),
    "older": ("k_65JaarOfOuder",),
    "households": ("HuishoudensTotaal",),
    "alone": ("Eenpersoonshuishoudens",),
    "netherlands": ("Nederland",),
    "europe": ("EuropaExclusiefNederland",),
    "outside_europe": ("BuitenEuropa",),
    "income": ("GemiddeldInkomenPerInwoner",),
    "wmo": ("WmoClientenRelatief",),
}
ALWAYS = ("residents", "older")
# Each indicator with the columns it is made of. CBS changed its idea of origin in 2022; the two series are not joined,
# so the older columns are not among them.
_COUNTS = {"residents_count": "residents", "households_count": "households"}
_SHARES = {
    "residents_0_14_share": ("children", "residents"),
    "residents_15_24_share": ("young", "residents"),
    "residents_65_plus_share": ("older", "residents"),
    "one_person_households_share": ("alone", "households"),
    "origin_netherlands_share": ("netherlands", "residents"),
    "origin_europe_share": ("europe", "residents"),
    "origin_outside_europe_share": ("outside_europe", "residents"),
}
INDICATORS = (*_COUNTS, *_SHARES, "income_per_resident", "wmo_clients_per_1000")


def origin(table: str) -> Origin:
    """Who publishes a table, and on what terms."""
    return Origin(
        source_id=SOURCE_ID,
        title=f"Kerncijfers wijken en buurten ({table})",
        publisher="CBS",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        attribution=f"Bron: CBS StatLine, {table}",
    )


def fetch_statline(year: int, municipality_code: str, into: Path, door: Door, endpoints: StatlineEndpoints) -> Snapshot:
    """The figures of one year for a municipality and all areas in it, in `into`.

    Raises
    ------
    SourceError
        The service failed, or holds nothing of this municipality.
    SchemaError
        A column it must have is gone, or several have its name.
    """
    table = endpoints.tables[year]
    first = odata.properties_request(f"{endpoints.api}/{table}", origin(table))
    pages = odata.TablePages(first, odata.TableQuery(COLUMNS, ALWAYS, odata.areas_filter(municipality_code)))
    return fetch_pages(
        door, first, into, file_name(year, municipality_code), check=pages.check, next_page=pages.next_page
    )


def file_name(year: int, municipality_code: str) -> str:
    """What the snapshot of a year and municipality is called."""
    return f"statline-{year}-{municipality_code}.zip"


def read_statline(snapshot: Snapshot, year: int) -> SourceFigures:
    """The figures in a snapshot of `fetch_statline`. Areas are those of the same year.

    A column without one figure is not published yet; a gap in another is kept secret.

    Raises
    ------
    FormatError, SchemaError
        It is no such snapshot, or misses a column it must have.
    """
    rows = odata.table_of(snapshot, COLUMNS)
    odata.require(rows.columns, ALWAYS, COLUMNS, str(snapshot.path))
    rows = rows.drop_duplicates("area_code").reset_index(drop=True)
    numbers = {name: cbs_fields.numbers(rows[name], Counter()) for name in COLUMNS if name in rows and name != "change"}
    made = {
        name: cbs_numbers.counts(numbers[column], rows[column]) for name, column in _COUNTS.items() if column in rows
    }
    for name, (part, whole) in _SHARES.items():
        if {part, whole} <= numbers.keys():
            made[name] = cbs_numbers.shares(numbers[part], numbers[whole], rows[part])
    if "income" in rows:
        made["income_per_resident"] = cbs_numbers.thousands(numbers["income"], rows["income"])
    if "wmo" in rows:
        made["wmo_clients_per_1000"] = cbs_numbers.per_1000(numbers["wmo"], numbers["residents"], rows["wmo"])
    tables = [
        observed(rows["area_code"], name, table, year=year, boundary_year=year, source_id=SOURCE_ID)
        for name, table in made.items()
    ]
    return SourceFigures(pd.concat(tables, ignore_index=True)[list(OBSERVATION_COLUMNS)], _unchanged(rows, year))


def _unchanged(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    flag = cbs_fields.texts(rows["change"]) if "change" in rows else pd.Series(pd.NA, rows.index, dtype="string")
    flag = flag.str.removesuffix(".0")
    told = pd.DataFrame({"area_code": rows["area_code"], "year": year, "unchanged": flag == "1"})
    return told[flag.isin(["1", "2", "3"]).fillna(False).astype(bool)].reset_index(drop=True)
