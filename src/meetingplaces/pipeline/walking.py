"""Everything on foot for one municipality: streets, homes, entrances, the distances between them, and barriers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.metrics.joining import Snapped, snap
from meetingplaces.metrics.reach import REACH_LIMIT_M, reach
from meetingplaces.metrics.selection import counting
from meetingplaces.model.categories import Categories, merged_wishes
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.network import WalkNetwork
from meetingplaces.pipeline.drawing import BACKGROUND_WISHES
from meetingplaces.pipeline.entrances import ENTRANCE_WISHES, fenced_of, find_entrances, ground_of
from meetingplaces.pipeline.homes import HOME_WISHES, find_homes
from meetingplaces.pipeline.stops import STOP_WISHES, find_stops, nearest_stops
from meetingplaces.pipeline.streets import STREET_WISHES, walk_network

WALKING_WISHES = merged_wishes([STREET_WISHES, HOME_WISHES, ENTRANCE_WISHES, BACKGROUND_WISHES, STOP_WISHES])
"""What to ask `read_extract` for, besides `Categories.tag_wishes`."""


@dataclass(frozen=True)
class Walking:
    """What is known of walking in one municipality.

    `homes` is `Homes.table` with edge, offset_m and door_m (metres from the home to the network, `inf` where it is not
    joined). `entrances` has place_id, edge, offset_m and distance_m, of every place that is no amenity. `reach` has the
    rows of `homes` and a float32 column of metres per category, `inf` beyond 2 km, to the places of `counting` only.
    `barriers` is the water and railways near the network, for places that are thought of later; to the last digit,
    since a quay and its water share their points. `stops` is what `nearest_stops` gives. Geometry is in RD New.
    `counts` and `dropped` are of all steps together.
    """

    network: WalkNetwork
    homes: gpd.GeoDataFrame
    entrances: pd.DataFrame
    reach: pd.DataFrame
    barriers: gpd.GeoDataFrame
    stops: pd.DataFrame
    counts: Counter[str]
    dropped: Counter[str]


def walking(
    features: pd.DataFrame, places: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame, categories: Categories
) -> Walking:
    """The walking side of a bundle.

    Parameters
    ----------
    features
        Columns of `OsmExtract.features`, EPSG:4326, read with `WALKING_WISHES`.
    places
        Checked table in RD New; those just outside the municipality count too. Amenities are no destinations.
    neighbourhoods
        Checked table in RD New with `extent_share`.
    """
    network, of_streets = walk_network(features)
    homes = find_homes(features, neighbourhoods)
    ground = ground_of(features)
    destinations = places[places["weight"] != "amenity"].reset_index(drop=True)
    entrances, of_entrances = find_entrances(destinations, network, ground, fenced_of(features))
    doors = snap(homes.table.geometry.to_numpy(), network, ground.barriers)
    open_to_all = counting(destinations)
    kinds = {key: (destinations["category"] == key).to_numpy(bool) & open_to_all for key in categories.by_key}
    present = {key: entrances.of(those) for key, those in kinds.items() if those.any()}
    of_entrance = destinations["place_id"].to_numpy(object)[entrances.place]
    of_homes = homes.counts + Counter(homes_not_joined=int((~doors.joined).sum()))
    return Walking(
        network=network,
        homes=homes.table.assign(edge=doors.edge, offset_m=doors.offset_m, door_m=doors.distance_m),
        entrances=_table(entrances.at, of_entrance),
        reach=pd.DataFrame(reach(doors, present, network, REACH_LIMIT_M), columns=list(present)),
        barriers=gpd.GeoDataFrame(geometry=ground.barriers.near(network), crs=RD_NEW),
        stops=nearest_stops(find_stops(features), entrances.at, of_entrance, network, ground.barriers),
        counts=_named("streets", of_streets) + of_homes + _named("places", of_entrances),
        dropped=_named("address", homes.dropped),
    )


def _table(points: Snapped, place_ids: np.ndarray) -> pd.DataFrame:
    columns = {"edge": points.edge, "offset_m": points.offset_m, "distance_m": points.distance_m}
    return pd.DataFrame({"place_id": pd.Series(place_ids, dtype="str"), **columns})


def _named(subject: str, counts: Counter[str]) -> Counter[str]:
    return Counter({f"{subject}_{key}": count for key, count in counts.items()})
