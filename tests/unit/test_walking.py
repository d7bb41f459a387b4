"""The whole walk from an extract to distances, and the network through a file and back."""

import io
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from samples import all_categories
from street_samples import CLOSE_M, ORIGIN, features_of, network_of
from test_homes import BOTH, WEST, house

from meetingplaces.metrics.distances import doors_of
from meetingplaces.metrics.reach import home_distances
from meetingplaces.pipeline.classify import classify
from meetingplaces.pipeline.walking import Walking, walking
from meetingplaces.storage.network_tables import network_from, tables_of

TOWN = """
n1 @-50,20
n2 @250,20
n3 @90,28 Tamenity=library
n4 @10,26 Tamenity=bench
n5 @150,30 Tleisure=playground
n6 @-50,5000
n7 @-40,5000
w1 Thighway=residential,name=Laan Nn1,n2
w2 Thighway=footway,lit=yes Nn6,n7
"""


@pytest.fixture
def town(tmp_path: Path) -> Walking:
    features = features_of(tmp_path, TOWN + house("1", "10,15") + house("2", "40,15") + house("3", "160,10"))
    return walking(features, classify(features, all_categories()).places, BOTH, all_categories())


def test_every_home_knows_how_far_each_kind_is(town: Walking) -> None:
    metres = town.reach.set_index(town.homes["housenumber"])
    assert sorted(metres.columns) == ["library", "playground"]
    assert metres.loc["1", "library"] == pytest.approx(5 + 80 + 8, abs=CLOSE_M)
    assert metres.loc["3", "playground"] == pytest.approx(10 + 10 + 10, abs=CLOSE_M)


def test_what_was_found_and_left_out_is_counted(town: Walking) -> None:
    assert town.counts["homes"] == 3
    assert town.counts["streets_components"] == 2
    assert town.counts["places_at_nearest"] == 2
    assert town.homes["neighbourhood_code"].tolist().count(WEST) == 2


def test_water_and_rail_near_the_streets_are_kept_for_places_to_come(tmp_path: Path) -> None:
    drawn = """
    n11 @0,40
    n12 @200,40
    n13 @0,400
    n14 @200,400
    w11 Twaterway=canal Nn11,n12
    w12 Trailway=rail Nn13,n14
    w13 Trailway=tram Nn11,n12
    """
    features = features_of(tmp_path, TOWN + drawn)
    kept = walking(features, classify(features, all_categories()).places, BOTH, all_categories()).barriers
    assert str(kept.crs) == "EPSG:28992"
    # The railway is 380 m from the only street near: no way to that street can meet it.
    assert [round(line.centroid.y - ORIGIN[1]) for line in kept.geometry] == [40]


def test_homes_out_of_the_table_are_as_far_as_before(town: Walking) -> None:
    again = home_distances(doors_of(town.homes), doors_of(town.homes), town.network)
    assert again == pytest.approx(2 * town.homes["door_m"].to_numpy())


def test_a_network_comes_back_from_parquet_as_it_was(tmp_path: Path, town: Walking) -> None:
    for network in (town.network, network_of(tmp_path, "n1 @0,0 Tbarrier=gate")):
        stored = {}
        for name, table in tables_of(network).items():
            stream = io.BytesIO()
            table.to_parquet(stream, index=False)
            stored[name] = pd.read_parquet(stream)
        back = network_from(**stored)
        for field in fields(network):
            before, after = getattr(network, field.name), getattr(back, field.name)
            assert np.array_equal(before, after)
            assert getattr(before, "dtype", None) == getattr(after, "dtype", None)
