"""What the tables of an older bundle lack, because it was not kept then: there, nobody knows it."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

# The groups that came after the first bundles.
_LATER_GROUPS = ("residents_0_14", "residents_15_24")


def places_of_now(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The places, whether a dog may come along included."""
    if "dogs" not in table:
        table.insert(table.columns.get_loc("wheelchair") + 1, "dogs", "unknown")
    return table


def neighbourhoods_of_now(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The neighbourhoods, with the share of every group among the residents."""
    return _with_unknown(table, (f"{group}_share" for group in _LATER_GROUPS))


def homes_of_now(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The homes, with people of every group."""
    return _with_unknown(table, (f"{group}{bound}" for group in _LATER_GROUPS for bound in ("", "_low", "_high")))


def _with_unknown(table: gpd.GeoDataFrame, columns: Iterable[str]) -> gpd.GeoDataFrame:
    unknown = pd.Series(pd.NA, table.index, dtype="Float64")
    return table.assign(**{name: unknown for name in columns if name not in table})
