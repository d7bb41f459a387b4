"""Small files of CBS areas, written by the tests that read them."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import Polygon, box

from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.cbs_areas import CbsAreas, read_areas

SQUARE = box(190_000, 507_000, 190_100, 507_100)
BESIDE = box(190_100, 507_000, 190_200, 507_100)
BOW_TIE = Polygon([(190_000, 507_000), (190_100, 507_100), (190_100, 507_000), (190_000, 507_100)])


def buurt(code: str = "BU01660000", outline: object = SQUARE, **fields: object) -> dict[str, object]:
    """One neighbourhood as the OGC API and GeoPackage of 2024 give it."""
    return {
        "buurtcode": code,
        "buurtnaam": f"Buurt {code}",
        "wijkcode": "WK016600",
        "gemeentecode": f"GM{code[2:6]}",
        "gemeentenaam": "Kampen",
        "water": "NEE",
        "aantal_inwoners": 5245,
        "aantal_huishoudens": 3135,
        "percentage_personen_0_tot_15_jaar": 12,
        "percentage_personen_15_tot_25_jaar": 11,
        "percentage_personen_65_jaar_en_ouder": 17,
        "percentage_eenpersoonshuishoudens": 40,
        "oppervlakte_land_in_ha": 57,
        "jaar": 2024,
        "geometry": outline,
    } | fields


def table(*rows: dict[str, object], crs: str | None = "EPSG:28992") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(list(rows), geometry="geometry", crs=crs)


def geopackage(folder: Path, rows: gpd.GeoDataFrame, layer: str = "buurten") -> Path:
    rows.to_file(folder / "areas.gpkg", layer=layer, driver="GPKG")
    return folder / "areas.gpkg"


def geojson(folder: Path, rows: gpd.GeoDataFrame) -> Path:
    """Without a declared reference system, whatever the coordinates are."""
    features = {key: value for key, value in json.loads(rows.to_json()).items() if key != "crs"}
    (folder / "areas.geojson").write_text(json.dumps(features))
    return folder / "areas.geojson"


def read(path: Path, municipality_code: str = "GM0166") -> CbsAreas:
    return read_areas(Snapshot.of_file(path), municipality_code)


def only(areas: CbsAreas) -> pd.Series:
    assert len(areas.neighbourhoods) == 1
    return areas.neighbourhoods.iloc[0]
