"""Benches, toilets and the like: what they add to the places around them, and where they make a place themselves."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from meetingplaces.model.categories import Categories, Provision
from meetingplaces.model.places import RESTRICTED_ACCESS, TEXT_COLUMNS, list_column
from meetingplaces.pipeline.classify import located

_SEATING_SPOT = "seating_spot"
_BENCH = "bench"


def enrich(places: gpd.GeoDataFrame, categories: Categories) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """Places (RD New) that know their amenities, with seating spots added and places dropped that needed a seat.

    Returns
    -------
    tuple
        The table, amenities kept as rows of their own, and the dropped rows counted by reason.
    """
    table = pd.concat([places, _seating_spots(places, categories)], ignore_index=True)
    pairs = _beside(table, categories.thresholds.amenity_reach_m)
    table = _with_amenities(table, pairs, categories)
    return _kept(table, categories)


def _beside(table: gpd.GeoDataFrame, reach_m: float) -> pd.DataFrame:
    """Row numbers (`place`, `amenity`) of every amenity that stands in or within `reach_m` of a place.

    A toilet for customers of the restaurant in the park is nothing the park has to offer.
    """
    is_amenity = (table["weight"] == "amenity").to_numpy()
    open_to_all = ~table["access"].isin(RESTRICTED_ACCESS).to_numpy()
    place_rows, amenity_rows = np.flatnonzero(~is_amenity), np.flatnonzero(is_amenity & open_to_all)
    tree = shapely.STRtree(table.geometry.to_numpy()[amenity_rows])
    place, amenity = tree.query(table.geometry.to_numpy()[place_rows], predicate="dwithin", distance=reach_m)
    return pd.DataFrame({"place": place_rows[place], "amenity": amenity_rows[amenity]}).sort_values(
        ["place", "amenity"]
    )


def _with_amenities(table: gpd.GeoDataFrame, pairs: pd.DataFrame, categories: Categories) -> gpd.GeoDataFrame:
    provided: list[set[Provision]] = [set(own) for own in table["provides"]]
    named: list[list[str]] = [list(own) for own in table["amenity_ids"]]
    standalone = {key for key, category in categories.by_key.items() if category.standalone}
    for place, amenity in zip(pairs["place"], pairs["amenity"], strict=True):
        provided[place] |= set(table["provides"].iat[amenity])
        if table["category"].iat[amenity] in standalone:
            named[place].append(table["place_id"].iat[amenity])
    ids = list_column(sorted(set(members)) for members in named)
    return table.assign(provides=list_column(map(sorted, provided)), amenity_ids=ids)


def _kept(table: gpd.GeoDataFrame, categories: Categories) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    kinds = [categories.by_key[key] for key in table["category"]]
    needs_seat = np.array([kind.keep_if == "name_or_seat" for kind in kinds], dtype=bool)
    has_seat = np.array(["seat" in provided for provided in table["provides"]], dtype=bool)
    without = needs_seat & ~has_seat & table["name"].isna().to_numpy()
    dropped = Counter(f"{key}_without_name_or_seat" for key in table["category"][without])
    only_enriches = np.array([not kind.standalone for kind in kinds], dtype=bool)
    dropped.update(f"{key}_only_enriches" for key in table["category"][only_enriches])
    return table[~(without | only_enriches)].reset_index(drop=True), dropped


def _seating_spots(places: gpd.GeoDataFrame, categories: Categories) -> gpd.GeoDataFrame:
    """Places of at least the set number of benches within the set radius, where no other place has them already."""
    limits = categories.thresholds
    usable = places["access"].isin(["public", "assumed_public"]) & (places["setting"] != "indoor")
    benches = places[(places["category"] == _BENCH) & usable].reset_index(drop=True)
    others = places.geometry[~places["weight"].isin(["amenity"])].to_numpy()
    taken = np.unique(
        shapely.STRtree(benches.geometry.to_numpy()).query(
            others, predicate="dwithin", distance=limits.amenity_reach_m
        )[1]
    )
    free = benches.drop(index=taken).sort_values("place_id").reset_index(drop=True)
    groups = _groups(free, limits.seating_group_radius_m, limits.seating_group_benches)
    spots = [_spot(free.iloc[members], categories) for members in groups]
    return pd.concat(spots, ignore_index=True) if spots else places.iloc[:0]


def _groups(benches: gpd.GeoDataFrame, radius_m: float, at_least: int) -> list[list[int]]:
    """Row numbers of benches per group: the fullest circle around a bench first, no bench in two groups.

    Circles rather than chains: twenty benches along a dyke, each near the next, are not one spot.
    """
    if benches.empty:
        return []
    points = shapely.get_coordinates(shapely.centroid(benches.geometry.to_numpy()))
    neighbours = [set(near) for near in cKDTree(points).query_ball_point(points, radius_m)]
    groups: list[list[int]] = []
    left = set(range(len(points)))
    while left:
        centre = max(left, key=lambda row: (len(neighbours[row] & left), -row))
        members = neighbours[centre] & left
        if len(members) < at_least:
            break
        groups.append(sorted(members))
        left -= members
    return groups


def _spot(benches: gpd.GeoDataFrame, categories: Categories) -> gpd.GeoDataFrame:
    """One seating spot at the middle of its benches, named after the lowest of their identifiers.

    What one bench says of itself (hours, wheelchair, dogs, last survey) does not hold for the spot.
    """
    category = categories.by_key[_SEATING_SPOT]
    # Those of OpenStreetMap first, so that a spot keeps its name when a municipality adds a bench to it.
    lowest = min(benches["place_id"], key=lambda place_id: (not place_id.startswith("osm/"), len(place_id), place_id))
    middle = shapely.centroid(
        shapely.MultiPoint(shapely.get_coordinates(shapely.centroid(benches.geometry.to_numpy())))
    )
    spot = benches[benches["place_id"] == lowest].assign(
        place_id=lowest.replace("/", "/g", 1),
        **dict.fromkeys(TEXT_COLUMNS),
        category=category.key,
        setting=category.setting,
        weight=category.weight,
        access=category.access,
        wheelchair="unknown",
        dogs="unknown",
        inferred=True,
        area_m2=pd.NA,
        last_edit_on=benches["last_edit_on"].max(),
        checked_on=pd.NaT,
        geometry=middle,
    )
    spot["provides"] = [sorted({provision for own in benches["provides"] for provision in own})]
    spot["amenity_ids"] = [sorted(benches["place_id"])]
    spot["records"] = [sorted(benches["place_id"])]
    return located(spot.astype(benches.dtypes.drop("geometry").to_dict()))
