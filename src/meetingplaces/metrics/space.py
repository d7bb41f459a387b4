"""What a neighbourhood has for its residents: places, and square metres of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

SPACE_COLUMNS = (
    "area_code", "extent_share", "residents", "places_count", "places_per_1000", "places_without_area_count",
    "area_m2", "area_m2_per_1000",
)  # fmt: skip


def space(places: gpd.GeoDataFrame, wanted: NDArray[np.bool_], neighbourhoods: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places and square metres of them inside each neighbourhood, and per 1,000 residents; the last row is all.

    Premise: what lies inside a neighbourhood is there for those who live in it. Formula: 1000 × places / residents, and
    1000 × m² of the union of the outlines, cut at the border of the neighbourhood, / residents; a playground in a park
    counts twice as a place and once as ground. Limits: a place drawn as a point has no known area
    (`places_without_area_count`), so with some the m² are at least so many; a building is measured on the ground, not
    by floor. Residents are of the whole neighbourhood, places of the part inside the data (`extent_share`). CBS rounds
    residents to 5: below some 100 it says little. Source: numbers and m² per residents or homes are the usual form of
    Dutch supply norms (Platform31 gives them for neighbourhood centres).

    Parameters
    ----------
    places
        Checked table in RD New.
    wanted
        Which of them, as a mask.
    neighbourhoods
        Checked table in RD New with `extent_share`.

    Returns
    -------
    DataFrame
        `SPACE_COLUMNS`. NA where residents are unknown or nobody lives, and m² where there are places but none with a
        known area.
    """
    areas = neighbourhoods.set_index("neighbourhood_code")
    shapes = places.geometry.to_numpy()
    drawn = wanted & (shapely.get_dimensions(shapes) == 2)
    ground = shapely.area(shapely.intersection(areas.geometry.to_numpy(), shapely.union_all(shapes[drawn])))
    count, without = (_per_area(places, mask, areas.index) for mask in (wanted, wanted & ~drawn))
    whole, extent = areas.area.to_numpy(), areas["extent_share"].to_numpy(float)
    residents = areas["residents_count"].to_numpy(float, na_value=np.nan)
    table = pd.DataFrame(
        {
            "area_code": [*areas.index, str(neighbourhoods["municipality_code"].iloc[0])],
            "extent_share": np.append(extent, (extent * whole).sum() / whole.sum()),
            "residents": np.append(residents, residents.sum()),
            "places_count": count,
            "places_without_area_count": without,
            "area_m2": np.where((without == count) & (count > 0), np.nan, np.append(ground, ground.sum())),
        }
    )
    lived_in = table["residents"].where(table["residents"] > 0)
    table["places_per_1000"] = 1000 * table["places_count"] / lived_in
    table["area_m2_per_1000"] = 1000 * table["area_m2"] / lived_in
    figures = ("residents", "places_per_1000", "area_m2", "area_m2_per_1000")
    return table[list(SPACE_COLUMNS)].astype(dict.fromkeys(figures, "Float64"))


def _per_area(places: pd.DataFrame, mask: NDArray[np.bool_], codes: pd.Index) -> NDArray[np.int64]:
    """How many places touch each neighbourhood and, as the last, how many there are in all, each once."""
    touched = places.loc[mask, "neighbourhood_codes"]
    by_area = touched.explode().value_counts().reindex(codes, fill_value=0)
    return np.append(by_area.to_numpy(np.int64), int((touched.map(len) > 0).sum()))
