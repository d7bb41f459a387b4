"""Walking distances from one spot to places."""

import numpy as np
import pandas as pd
import pytest
import shapely

from meetingplaces.metrics.distances import doors_of
from meetingplaces.metrics.nearby import walk_to_places
from meetingplaces.metrics.selection import counting
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder

FAR_M = 5000.0


@pytest.fixture(scope="module")
def shipped():
    return open_bundle(app_folder() / "mapdata", "GM0166")


def _homes_near_a_library(walk):
    near = np.isfinite(walk.reach["library"].to_numpy()) & doors_of(walk.homes).joined
    rows = np.flatnonzero(near)[::3000]
    assert len(rows) > 3
    return rows


def test_a_spot_at_a_home_has_the_distance_that_home_has(shipped):
    """The same number by another road: outward from the places to all homes, as the bundle keeps it."""
    places, walk = shipped.places(), shipped.walking()
    for row in _homes_near_a_library(walk):
        home = walk.homes.iloc[[row]]
        kept = walk.reach["library"].iloc[row]
        libraries = places.loc[(places["category"] == "library") & counting(places), "place_id"]
        metres = walk_to_places(home.geometry.iloc[0], libraries, walk.entrances, walk.network, 2000.0)
        assert np.isfinite(kept)
        assert metres.min() == pytest.approx(kept, abs=0.5)


def test_a_place_without_an_entrance_or_beyond_the_limit_is_infinitely_far(shipped):
    walk, places = shipped.walking(), shipped.places()
    spot = walk.homes.geometry.iloc[0]
    ids = pd.Series([*places.loc[places["weight"] != "amenity", "place_id"].iloc[:5], "osm/n999999"])
    metres = walk_to_places(spot, ids, walk.entrances, walk.network, FAR_M)
    assert metres.shape == (6,)
    assert np.isinf(metres[-1])
    assert np.isinf(walk_to_places(spot, ids, walk.entrances, walk.network, 1.0)).all()


def test_walking_is_never_shorter_than_the_straight_line(shipped):
    walk, places = shipped.walking(), shipped.places()
    places = places[places["weight"] != "amenity"].reset_index(drop=True)
    spot = shapely.Point(walk.homes.geometry.iloc[1000])
    metres = walk_to_places(spot, places["place_id"], walk.entrances, walk.network, FAR_M)
    known = np.isfinite(metres)
    assert known.sum() > 50
    assert np.all(metres[known] >= places.distance(spot).to_numpy()[known] - 15)
