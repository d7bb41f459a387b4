"""What a neighbourhood has for its residents: places, and square metres of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_Mask = NDArray[np.bool_]

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
    residents to 5: below some 100 it says little. Where CBS keeps the residents of a neighbourhood to itself, those of
    the municipality are of the other neighbourhoods, and so are the places and m² that it has per 1,000 of them; a
    place on the border between both kinds counts. Source: numbers and m² per residents or homes are the usual form of
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
        known area. places_count, places_without_area_count and area_m2 of the municipality are of all of it.
    """
    areas = neighbourhoods.set_index("neighbourhood_code")
    shapes = places.geometry.to_numpy()
    drawn = wanted & (shapely.get_dimensions(shapes) == 2)
    ground = shapely.area(shapely.intersection(areas.geometry.to_numpy(), shapely.union_all(shapes[drawn])))
    whole, extent = areas.area.to_numpy(), areas["extent_share"].to_numpy(float)
    residents = areas["residents_count"].to_numpy(float, na_value=np.nan)
    known = ~np.isnan(residents)
    pairs = [places.loc[mask, "neighbourhood_codes"].explode() for mask in (wanted, wanted & ~drawn)]
    in_all, where_known = (_supplied(pairs, areas.index, ground, part) for part in (np.ones_like(known), known))
    table = pd.DataFrame(
        {
            "area_code": [*areas.index, str(neighbourhoods["municipality_code"].iloc[0])],
            "extent_share": np.append(extent, (extent * whole).sum() / whole.sum()),
            "residents": np.append(residents, residents[known].sum() if known.any() else np.nan),
            **in_all,
        }
    )
    lived_in = table["residents"].where(table["residents"] > 0)
    table["places_per_1000"] = 1000 * where_known["places_count"] / lived_in
    table["area_m2_per_1000"] = 1000 * where_known["area_m2"] / lived_in
    figures = ("residents", "places_per_1000", "area_m2", "area_m2_per_1000")
    return table[list(SPACE_COLUMNS)].astype(dict.fromkeys(figures, "Float64"))


def _supplied(
    pairs: Sequence[pd.Series], codes: pd.Index, ground: NDArray[np.float64], part: _Mask
) -> dict[str, NDArray[Any]]:
    """Places and m² of every neighbourhood and, as the last, of those in `part` together.

    `pairs` are the neighbourhoods that places touch, by the row of the place: of all, and of those without an outline.
    """
    count, without = (_per_area(one, codes, part) for one in pairs)
    return {
        "places_count": count,
        "places_without_area_count": without,
        "area_m2": np.where((without == count) & (count > 0), np.nan, np.append(ground, ground[part].sum())),
    }


def _per_area(pairs: pd.Series, codes: pd.Index, part: _Mask) -> NDArray[np.int64]:
    """How many places touch each neighbourhood and, as the last, how many touch one in `part`, each once."""
    by_area = pairs.value_counts().reindex(codes, fill_value=0)
    return np.append(by_area.to_numpy(np.int64), pairs[pairs.isin(codes[part])].index.nunique())
