"""What a neighbourhood has: places by kind and setting, and per 1,000 residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces.model.places import RESTRICTED_ACCESS

OUTSIDE = "outside"
"""Stands in the place of an area code for places just outside the municipality."""

SUPPLY_COLUMNS = ("area_code", "category", "setting", "weight", "restricted", "place_count", "per_1000", "length_m")
_KIND = ["category", "setting", "weight", "restricted"]


def per_1000(count: int, residents: int | None) -> float | None:
    """Places per 1,000 residents; unknown when residents are unknown or nobody lives there.

    Formula: 1000 × count / residents. Limit: CBS rounds residents to 5, so below some 100 residents it says little.
    """
    return 1000 * count / residents if residents else None


def supply(
    places: gpd.GeoDataFrame, living_streets: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame, municipality_code: str
) -> pd.DataFrame:
    """Counts per area and kind: each neighbourhood, the whole municipality, and what lies just outside.

    A place in two neighbourhoods counts in both, and once in the municipality. Amenities have rows too, with weight
    `amenity`, and are never part of a number of places. Living streets have metres and no count.

    Parameters
    ----------
    places, living_streets, neighbourhoods
        Tables in RD New; places know their `neighbourhood_codes`.

    Returns
    -------
    DataFrame
        Columns `SUPPLY_COLUMNS`; `per_1000` unknown where residents are, `length_m` only for living streets.
    """
    residents = _residents(neighbourhoods, municipality_code)
    kinds = places[["category", "setting", "weight"]].assign(restricted=places["access"].isin(RESTRICTED_ACCESS))
    codes = places["neighbourhood_codes"]
    inside = codes.map(len) > 0
    by_area = pd.concat(
        [
            kinds.assign(area_code=codes).explode("area_code")[lambda rows: rows["area_code"].notna()],
            kinds[inside].assign(area_code=municipality_code),
            kinds[~inside].assign(area_code=OUTSIDE),
        ]
    )
    counts = by_area.groupby(["area_code", *_KIND], as_index=False).size().rename(columns={"size": "place_count"})
    counts["per_1000"] = [
        per_1000(count, residents.get(code))
        for count, code in zip(counts["place_count"], counts["area_code"], strict=True)
    ]
    table = pd.concat([counts, _pavement(living_streets, neighbourhoods, municipality_code)], ignore_index=True)
    return table.reindex(columns=list(SUPPLY_COLUMNS)).astype(
        {"place_count": "int64", "per_1000": "Float64", "length_m": "Float64", "restricted": bool}
    )


def _residents(neighbourhoods: gpd.GeoDataFrame, municipality_code: str) -> dict[str, int]:
    """Residents per area where known; the municipality's is known only when every neighbourhood's is."""
    known = neighbourhoods.set_index("neighbourhood_code")["residents_count"]
    total = {} if known.isna().any() else {municipality_code: int(known.sum())}
    return {str(code): int(count) for code, count in known.dropna().items()} | total


def _pavement(
    living_streets: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame, municipality_code: str
) -> pd.DataFrame:
    """Metres of living street in each neighbourhood, cut at its outline, and in the municipality."""
    lines = shapely.union_all(living_streets.geometry.to_numpy())
    metres = dict(
        zip(
            [*neighbourhoods["neighbourhood_code"], municipality_code],
            shapely.length(
                shapely.intersection([*neighbourhoods.geometry, neighbourhoods.geometry.union_all()], lines)
            ),
            strict=True,
        )
    )
    rows = [
        {"area_code": code, "category": "living_street", "setting": "outdoor", "weight": "context",
         "restricted": False, "place_count": 0, "length_m": round(float(length), 1)}
        for code, length in metres.items()
        if length > 0
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[name for name in SUPPLY_COLUMNS if name != "per_1000"])


@dataclass(frozen=True)
class AreaSupply:
    """What one area has. Numbers of places never include amenities, living streets or places with a threshold.

    Where one must buy something, be a member or be referred is told apart, in `restricted`.
    """

    places_count: int
    core_count: int
    by_category: Mapping[str, int]
    by_setting: Mapping[str, int]
    restricted: Mapping[str, int]
    amenities: Mapping[str, int]
    living_street_m: float


def supply_of(table: pd.DataFrame, area_code: str) -> AreaSupply:
    """The counts of one area out of the supply table; an area without any place has zeros."""
    rows = table[table["area_code"] == area_code]
    all_places = rows[rows["weight"].isin(["core", "secondary"])]
    places = all_places[~all_places["restricted"]]

    def counted(part: pd.DataFrame, column: str) -> dict[str, int]:
        return {str(key): int(count) for key, count in part.groupby(column)["place_count"].sum().items()}

    return AreaSupply(
        places_count=int(places["place_count"].sum()),
        core_count=int(places.loc[places["weight"] == "core", "place_count"].sum()),
        by_category=counted(places, "category"),
        by_setting=counted(places, "setting"),
        restricted=counted(all_places[all_places["restricted"]], "category"),
        amenities=counted(rows[rows["weight"] == "amenity"], "category"),
        living_street_m=float(rows["length_m"].fillna(0).sum()),
    )
