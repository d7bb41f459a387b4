"""Screens to export: a small one with everything that can go wrong, and Kampen's neighbourhoods as measured."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces.export.screen import Beyond, Column, Screen
from meetingplaces.export.words import Words
from meetingplaces.metrics.selection import Selection
from meetingplaces.model.categories import load_categories
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.norms import load_norms
from meetingplaces.model.provenance import Provenance
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder, categories_path, norms_path
from meetingplaces.ui.case import Question
from meetingplaces.ui.catalogue import Language, catalogue
from meetingplaces.ui.measure import measure_report

MADE_AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
LONG = "lang " * 8_000
"""40,000 characters, more than a cell of Excel holds."""
HOSTILE = (
    "=1+1",
    "+31 6",
    "-1",
    '@SUM(A1:A9)="x"',
    "\t=2+2",
    "\r=3+3",
    "<script>alert('x')</script> & <b>vet</b>",
    "na\x00am\x1b[31m",
    "eerste regel\ntweede regel",
    "koffie ☕ 👵🏽",
    "مكان اللقاء",
    "_x0041_ $\\frac{1}{2}$ %s {0}",
    "half \ud83d teken \ufffe",
    "https://example.org/?a=1&b=2",
    '=HYPERLINK("http://example.org","klik")',
    LONG,
)
COLUMNS = (
    Column("name", "Buurt", "text", "Naam van de buurt."),
    Column("homes_count", "Adressen", "whole", "Adressen waar mensen wonen."),
    Column("share", "Dekking", "share", "Deel van de bewoners binnen 500 meter lopen."),
    Column("people", "Niet bereikt", "people", "Bewoners zonder plek binnen 500 meter lopen."),
    Column("people_low", "Niet bereikt, laagste", "people", "Met de afronding van het CBS."),
    Column("people_high", "Niet bereikt, hoogste", "people", "Met de afronding van het CBS."),
    Column(
        "median_m", "Helft woont binnen", "metres", "Loopafstand.", beyond=Beyond("is_far", "verder dan 2.000 m")
    ),
    Column("is_far", "Verder dan gezocht", "yes_no", "Of dat verder is dan 2.000 meter."),
    Column("index", "Cijfer", "number", "Een getal.", decimals=2),
    Column("checked_on", "Nagekeken op", "date", "Dag waarop iemand keek."),
)  # fmt: skip
ROWS = (
    ("Dorp West", 1234, 0.47638291, 758.8765, 750.0, 770.25, 412.5, False, -1.25, date(2025, 3, 1)),
    ("Dorp Oost", 0, 0.0, 0.0, 0.0, 0.0, None, True, 0.0, date(2024, 12, 31)),
    ("Buitengebied", 12, None, None, None, None, None, None, None, None),
    ("Het hele dorp", 1246, 1.0, 1_234_567.5, 1e6, 2e6, 1999.0, False, 1e-9, None),
)
RING = shapely.box(190_000, 507_000, 191_000, 508_000)
SHAPES = (
    RING.difference(shapely.box(190_300, 507_300, 190_600, 507_600)),
    shapely.box(191_000, 507_000, 192_500, 508_000).union(shapely.box(193_000, 507_000, 193_500, 508_000)),
    shapely.box(190_000, 508_000, 192_500, 509_500),
    None,
)  # fmt: skip
SOURCES = (
    Provenance(
        source_id="osm", title="OpenStreetMap", publisher="OpenStreetMap contributors", licence="ODbL 1.0",
        licence_url="https://opendatacommons.org/licenses/odbl/1-0/", attribution="© OpenStreetMap contributors",
        file="dorp.osm.pbf", size_bytes=1, sha256="0" * 64, retrieved_at=MADE_AT,
        data_as_of="2023-01-30T01:00:12+00:00",
    ),
    Provenance(
        source_id="cbs", title="Wijk- en buurtkaart", publisher="CBS, Kadaster", licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/", attribution="Bron: CBS, Kadaster", file="b.gpkg",
        size_bytes=1, sha256="1" * 64, retrieved_at=MADE_AT, data_as_of="2024",
    ),
)  # fmt: skip


def words(language: Language = "nl") -> Words:
    return Words.of(catalogue(language).texts)


def village(**changes: Any) -> Screen:
    """Four rows: numbers, zeros, nothing known, and a total without geometry."""
    table = pd.DataFrame(ROWS, columns=[column.key for column in COLUMNS], dtype=object)
    screen = Screen(
        name="dekking-dorp", title="Dekking in het dorp", language="nl", table=table, columns=COLUMNS,
        facts=(("Gemeente", "Driedorp"), ("Loopafstand", "500 meter"), ("Groep", "alle bewoners")), sources=SOURCES,
        limits=("We weten niet wie echt kan lopen.",), link="https://kaart.example/dekking?gemeente=GM9999",
        made_at=MADE_AT, words=words(), geometry=gpd.GeoSeries(SHAPES, crs=RD_NEW),
    )  # fmt: skip
    return replace(screen, **changes)


def hostile() -> Screen:
    """A row per text of `HOSTILE`, and the same texts in every other place that holds text."""
    column = Column("name", HOSTILE[6], "text", HOSTILE[0])
    facts = tuple((f"Keuze {number}", text) for number, text in enumerate(HOSTILE))
    sources = (SOURCES[0].model_copy(update={"title": HOSTILE[1], "attribution": HOSTILE[7], "licence": HOSTILE[14]}),)
    table = pd.DataFrame({"name": HOSTILE, "share": [number / 16 for number in range(16)]}, dtype=object)
    return village(
        title=HOSTILE[6] + HOSTILE[7] + HOSTILE[11], table=table, columns=(column, COLUMNS[2]), facts=facts,
        sources=sources, limits=HOSTILE, link=HOSTILE[13],
        geometry=gpd.GeoSeries([shapely.box(1e3 * x, 0, 1e3 * x + 900, 900) for x in range(16)], crs=RD_NEW),
    )  # fmt: skip


@cache
def kampen() -> Screen:
    """People of 65 and over with a place indoors within 500 m, per neighbourhood of Kampen, as `measure` tells it."""
    bundle = open_bundle(app_folder() / "mapdata", "GM0166")
    asked = Question("coverage", "residents_65_plus", 500, Selection(settings=frozenset({"indoor"})))
    report = measure_report(bundle, asked, load_categories(categories_path()), load_norms(norms_path()))
    table = pd.DataFrame(report["neighbourhoods"]).drop(columns=["people", "people_low", "people_high"])
    table = table.rename(
        columns={"area_name": "name", "gap": "people", "gap_low": "people_low", "gap_high": "people_high",
                 "median_beyond_search": "is_far"}
    )  # fmt: skip
    return village(
        name="dekking-gm0166", title="Dekking in Kampen", table=table, columns=COLUMNS[:8],
        sources=bundle.manifest.sources, geometry=bundle.neighbourhoods().geometry,
    )  # fmt: skip
