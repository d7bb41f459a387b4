"""Which neighbourhoods a place serves: every one it touches."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.model.places import list_column


def assign(
    places: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame, margin_m: float
) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """Places (RD New) with the codes of all neighbourhoods they touch.

    A park on a border serves both sides. A place within `margin_m` of the municipality is kept with no code at all:
    outside, but not lost. What lies further away is dropped and counted; no `amenity_ids` point to it any more.
    """
    places = places.reset_index(drop=True)
    outlines = neighbourhoods.geometry.to_numpy()
    codes = neighbourhoods["neighbourhood_code"].to_numpy(str)
    geometries = places.geometry.to_numpy()
    place, outline = shapely.STRtree(outlines).query(geometries, predicate="intersects")
    touched: list[list[str]] = [[] for _ in range(len(places))]
    for row, found in zip(place, outline, strict=True):
        touched[row].append(str(codes[found]))
    near = np.zeros(len(places), dtype=bool)
    near[shapely.STRtree(outlines).query(geometries, predicate="dwithin", distance=margin_m)[0]] = True
    table = places.assign(neighbourhood_codes=list_column(map(sorted, touched)))[near].reset_index(drop=True)
    kept = set(table["place_id"])
    table["amenity_ids"] = list_column([one for one in named if one in kept] for named in table["amenity_ids"])
    return table, +Counter({"outside_municipality": int((~near).sum())})


def points_inside(
    points: NDArray[np.object_], outlines: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row numbers of every point and outline it lies in or on, a pair each.

    By box first and by coordinates then: twice as fast as asking the tree for the relation (`benchmarks/assign.py`).
    """
    outline, point = shapely.STRtree(points).query(outlines)
    shapely.prepare(outlines)
    inside = shapely.intersects_xy(outlines[outline], shapely.get_coordinates(points)[point])
    return point[inside], outline[inside]


def with_near_street(places: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, within_m: float = 100.0) -> gpd.GeoDataFrame:
    """Places with the name of the nearest named street within `within_m`, so that a nameless one can be found.

    `streets` has columns `name` and `geometry` in RD New.
    """
    named = streets[streets["name"].notna()]
    if named.empty or places.empty:
        return places
    tree = shapely.STRtree(named.geometry.to_numpy())
    place, street = tree.query_nearest(
        shapely.points(shapely.get_coordinates(places.geometry.representative_point().to_numpy())),
        max_distance=within_m,
        all_matches=False,
    )
    names = np.full(len(places), None, dtype=object)
    names[place] = named["name"].to_numpy(object)[street]
    return places.assign(near_street=names).astype({"near_street": "str"})
