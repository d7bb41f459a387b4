"""What is known of walking in one municipality: homes, entrances, distances, the network and what lies in its way."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from meetingplaces.model.network import WalkNetwork


@dataclass(frozen=True)
class WalkingContent:
    """What a bundle holds on walking; the tables are as `pipeline.walking.Walking` says. Geometry is in RD New."""

    homes: gpd.GeoDataFrame
    entrances: pd.DataFrame
    reach: pd.DataFrame
    network: WalkNetwork
    barriers: gpd.GeoDataFrame
    stops: pd.DataFrame | None = None
