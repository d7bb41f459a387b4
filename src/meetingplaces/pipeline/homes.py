"""Homes: the address points of an extract that may be dwellings, with residents spread over them.

The Dutch addresses in OpenStreetMap come from the national register (BAG), but without its "purpose of use"
(woonfunctie), so what is a dwelling is told by exclusion: what clearly is something else is left out and counted. A
BAG file with that purpose would do better and fits the same table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.model.categories import Tags
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.pipeline.assign import points_inside
from meetingplaces.pipeline.residents import with_residents

# Buildings in which no address is a home. Not shops and offices, over which people live in the same building.
_NO_HOMES_INSIDE = frozenset({
    "industrial", "warehouse", "factory", "greenhouse", "barn", "farm_auxiliary", "stable", "cowshed", "sty", "school",
    "kindergarten", "university", "college", "hospital", "church", "chapel", "mosque", "synagogue", "temple",
    "religious", "garage", "garages", "shed", "carport", "parking", "sports_hall", "sports_centre",
    "grandstand", "stadium", "fire_station", "train_station", "transportation", "public", "civic", "government",
    "service", "tech_cab", "transformer_tower", "hangar", "storage_tank", "silo", "roof", "supermarket", "bunker",
    "ruins",
})  # fmt: skip
_NOT_A_HOME = _NO_HOMES_INSIDE | {"retail", "commercial", "office", "kiosk", "hotel"}
_BUSINESS_KEYS = (
    "shop", "office", "amenity", "craft", "tourism", "leisure", "healthcare", "industrial", "man_made", "club",
    "emergency", "military", "public_transport", "aeroway", "railway", "sport",
)  # fmt: skip
# Values of those keys that say nothing against living there.
_HOME_ALL_THE_SAME = frozenset({"no", "vacant", "apartment", "guest_house", "nursing_home", "social_facility"})
_BUSINESS_GROUNDS = frozenset({"industrial", "commercial", "retail", "cemetery", "allotments", "military", "port"})

HOME_WISHES: Mapping[str, frozenset[str] | None] = {"addr:housenumber": None, "building": _NO_HOMES_INSIDE}
"""What to ask `read_extract` for: addresses, and the buildings that hold no homes."""

_ADDRESS = ("street", "housenumber", "postcode", "unit")
HOME_COLUMNS = ("home_id", "neighbourhood_code", "street", "housenumber", "postcode", "geometry")


@dataclass(frozen=True)
class Homes:
    """Homes (RD New; `HOME_COLUMNS` and `model.groups.RESIDENT_COLUMNS`), counts, and addresses left out by reason."""

    table: gpd.GeoDataFrame
    counts: Counter[str]
    dropped: Counter[str]


def find_homes(features: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame) -> Homes:
    """Homes in the neighbourhoods, each with its share of the residents.

    Parameters
    ----------
    features
        Columns of `OsmExtract.features`, EPSG:4326, read with `HOME_WISHES`.
    neighbourhoods
        Checked table in RD New, with `extent_share`, the share of each inside the data extent, in [0, 1].

    Returns
    -------
    Homes
        One row per address. Dropped are: business (the address carries a shop or the like), address_of_business (the
        same address as one that does), not_a_dwelling (its own building tag), in_building_without_homes,
        same_address, outside_municipality.
    """
    addresses, dropped = _addresses(features)
    addresses, twins = _once(addresses)
    inside = _assigned(addresses, neighbourhoods)
    dropped += twins + Counter(outside_municipality=len(addresses) - len(inside))
    table, counts = with_residents(inside[list(HOME_COLUMNS)], neighbourhoods)
    return Homes(table, counts, +dropped)


def _addresses(features: pd.DataFrame) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """Address points (RD New) that may be dwellings, nodes first."""
    told = np.array(["addr:housenumber" in tags for tags in features["tags"]], dtype=bool)
    rows = features[told]
    tags = pd.DataFrame([_address_of(one) for one in rows["tags"]], columns=list(_ADDRESS))
    shapes = gpd.GeoSeries(list(rows["geometry"]), crs=WGS84).to_crs(RD_NEW).to_numpy()
    points = np.where(shapely.get_type_id(shapes) == 0, shapes, shapely.point_on_surface(shapes))
    reason = np.array([_no_home(one) for one in rows["tags"]], dtype=object)
    table = gpd.GeoDataFrame(tags, geometry=points, crs=RD_NEW)
    table["home_id"] = [f"osm/{one}" for one in rows["osm_id"]]
    table["is_node"] = rows["osm_id"].str.startswith("n").to_numpy(bool)
    key = _full_address(table)
    of_business = key.isin(set(key[(reason == "business") & key.notna()])) & (reason == None)  # noqa: E711  (an array)
    reason[of_business] = "address_of_business"
    inside = _in_building_without_homes(points, features) & (reason == None)  # noqa: E711
    reason[inside] = "in_building_without_homes"
    kept = table[reason == None].sort_values("is_node", ascending=False, kind="stable")  # noqa: E711
    return kept.reset_index(drop=True), Counter(one for one in reason if one is not None)


def _address_of(tags: Tags) -> tuple[str | None, ...]:
    street, unit = tags.get("addr:street") or tags.get("addr:place"), tags.get("addr:unit") or tags.get("addr:flats")
    return street, tags["addr:housenumber"].strip(), tags.get("addr:postcode"), unit


def _no_home(tags: Tags) -> str | None:
    """Why an address clearly is not a dwelling by its own tags, `None` when it may be one."""
    business = any(key in tags and tags[key] not in _HOME_ALL_THE_SAME for key in _BUSINESS_KEYS)
    if business or tags.get("landuse") in _BUSINESS_GROUNDS:
        return "business"
    return "not_a_dwelling" if tags.get("building") in _NOT_A_HOME else None


def _in_building_without_homes(points: NDArray[np.object_], features: pd.DataFrame) -> NDArray[np.bool_]:
    areas = shapely.get_dimensions(features["geometry"].to_numpy(object)) == 2
    empty = areas & np.array([tags.get("building") in _NO_HOMES_INSIDE for tags in features["tags"]], dtype=bool)
    shapes = gpd.GeoSeries(list(features["geometry"][empty]), crs=WGS84).to_crs(RD_NEW).to_numpy()
    inside = np.zeros(len(points), dtype=bool)
    inside[shapely.STRtree(shapes).query(points, predicate="within")[0]] = True
    return inside


def _full_address(table: pd.DataFrame) -> pd.Series:
    """One text per address, NA when street or postcode is not known."""
    parts = table[list(_ADDRESS)].astype("string")
    parts["unit"] = parts["unit"].fillna("")
    parts["postcode"] = parts["postcode"].str.replace(" ", "")
    return parts["street"].str.cat(parts[["postcode", "housenumber", "unit"]], sep="|").str.casefold()


def _once(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """Each address once: the same full address, or the same number at the same position (to the decimetre)."""
    address = _full_address(table)
    same = address.notna() & address.duplicated()
    spot = pd.DataFrame(np.rint(shapely.get_coordinates(table.geometry.to_numpy()) * 10), columns=["x", "y"])
    number = table["housenumber"].astype("string") + "|" + table["unit"].astype("string").fillna("")
    same |= spot.assign(number=number.str.casefold()).duplicated()
    return table[~same].reset_index(drop=True), Counter(same_address=int(same.sum()))


def _assigned(table: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The homes inside a neighbourhood, with its code; on a border the first by code."""
    codes = np.sort(neighbourhoods["neighbourhood_code"].to_numpy(str))
    outlines = neighbourhoods.set_index("neighbourhood_code").geometry[codes].to_numpy()
    home, outline = points_inside(table.geometry.to_numpy(), outlines)
    first = np.full(len(table), len(codes))
    np.minimum.at(first, home, outline)
    inside = first < len(codes)
    return table[inside].assign(neighbourhood_code=codes[first[inside]]).reset_index(drop=True)
