"""How far it is from one spot to each place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.metrics.joining import Snapped, snap
from meetingplaces.metrics.reach import home_distances
from meetingplaces.model.network import WalkNetwork


def walk_to_places(
    spot: shapely.Point, place_ids: pd.Series, entrances: pd.DataFrame, network: WalkNetwork, limit_m: float
) -> NDArray[np.float64]:
    """Metres on foot from the spot to the nearest entrance of each place, `inf` beyond `limit_m` or without a way.

    Parameters
    ----------
    spot
        RD New. It joins the network at the nearest street, as a home does.
    place_ids
        The places asked for, one result each.
    entrances, network
        Of one bundle, see `Bundle.entrances`.
    """
    wanted = entrances[entrances["place_id"].isin(place_ids)]
    doors = Snapped(*(wanted[name].to_numpy() for name in ("edge", "offset_m", "distance_m")))
    start = snap(np.array([spot], dtype=object), network)
    # Walking is symmetric: from every entrance to the spot is one search outward from the spot.
    metres = pd.Series(home_distances(doors, start, network, limit_m)).groupby(wanted["place_id"].to_numpy()).min()
    return np.asarray(metres.reindex(place_ids.to_numpy(), fill_value=np.inf), dtype=np.float64)
