"""What is on screen, described: wrong descriptions are refused, and values read as they do on screen."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from screens import COLUMNS, MADE_AT, village, words

from meetingplaces.export.clean import clean
from meetingplaces.export.screen import Beyond, Column
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import ScreenError


def with_value(key: str, value: object) -> dict:
    table = village().table.copy()
    table.loc[1, key] = value
    return {"table": table}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("share", np.inf),
        ("median_m", -np.inf),
        ("share", "0,5"),
        ("homes_count", 2.5),
        ("homes_count", "drie"),
        ("name", 7),
        ("is_far", "misschien"),
        ("is_far", 2),
        ("checked_on", "gisteren"),
        ("checked_on", 2024),
        ("people", [1, 2]),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused_with_its_row(key, value):
    with pytest.raises(ScreenError) as caught:
        village(**with_value(key, value))
    assert caught.value.part == f"{key}, row 2"
    assert caught.value.expected == next(column.kind for column in COLUMNS if column.key == key)
    assert caught.value.found == repr(value)


@pytest.mark.parametrize("unknown", [None, np.nan, pd.NA, pd.NaT])
@pytest.mark.parametrize("key", [column.key for column in COLUMNS])
def test_every_kind_of_unknown_is_unknown(key, unknown):
    screen = village(**with_value("is_far", False))
    table = screen.table.copy()
    table.loc[1, key] = unknown
    screen = replace(screen, table=table)
    assert screen.values(key)[1] is None
    assert screen.told(key)[1] == "onbekend"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"name": "Dekking Dorp"}, "name"),
        ({"name": "../geheim"}, "name"),
        ({"made_at": datetime(2026, 1, 1)}, "made_at"),  # noqa: DTZ001
        ({"columns": (*COLUMNS, Column("absent", "Weg", "text", ""))}, "columns"),
        ({"columns": (*COLUMNS, replace(COLUMNS[0], label="Ander"))}, "columns"),
        ({"columns": (*COLUMNS[:2], replace(COLUMNS[2], label="Buurt\x00"))}, "columns"),
        ({"columns": (Column("geom", "Vorm", "text", ""),)}, "columns"),
        ({"columns": (Column("Naam", "Naam", "text", ""),)}, "columns"),
        ({"columns": (COLUMNS[6],)}, "columns"),
        ({"geometry": village().geometry.iloc[:2]}, "geometry"),
        ({"geometry": village().geometry.to_crs(4326)}, "geometry"),
        ({"geometry": gpd.GeoSeries([shapely.Point(0, 0), *village().geometry[1:]], crs=RD_NEW)}, "geometry"),
    ],
)
def test_a_description_that_does_not_hang_together_is_refused(changes, part):
    with pytest.raises(ScreenError) as caught:
        village(**changes)
    assert caught.value.part == part


def test_a_distance_beyond_the_search_is_neither_unknown_nor_a_number():
    screen = village()
    assert screen.told("median_m") == ["412 m", "verder dan 2.000 m", "onbekend", "1.999 m"]
    assert screen.is_beyond("median_m") == [False, True, False, False]
    assert COLUMNS[6].beyond == Beyond("is_far", "verder dan 2.000 m")


def test_values_read_as_on_screen_in_both_languages():
    dutch = village()
    assert dutch.told("share") == ["47,6%", "0,0%", "onbekend", "100,0%"]
    assert dutch.told("people")[3] == "1.234.568"
    assert dutch.told("is_far") == ["nee", "ja", "onbekend", "nee"]
    assert dutch.told("checked_on")[0] == "01-03-2025"
    english = village(language="en", words=words("en"))
    assert english.told("share") == ["47.6%", "0.0%", "unknown", "100.0%"]
    assert english.told("index")[0] == "-1.25"
    assert english.written(COLUMNS[8], -0.001) == "0.00"
    assert english.told("checked_on")[0] == "01/03/2025"
    assert english.made_at_written == "22/11/2026 14:05 UTC"


def test_the_moment_is_told_in_utc_wherever_it_was_asked():
    amsterdam = village(made_at=MADE_AT.astimezone(tz=datetime.strptime("+0100", "%z").tzinfo))
    assert amsterdam.made_at_written == "22-11-2026 14:05 UTC"


def test_only_what_xml_cannot_hold_is_taken_from_a_text():
    assert clean("a\x00b\x1bc\ud800d\ufffee\r\nf\rg\th") == "abcde\nf\ng\th"
    assert clean("é 👵🏽 مكان <b> =1+1") == "é 👵🏽 مكان <b> =1+1"


def test_a_page_that_may_export_does_not_import_a_drawing_library():
    asked = "import meetingplaces.export.files, sys; print({'matplotlib', 'xlsxwriter'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
