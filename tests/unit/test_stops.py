"""The nearest stop of a place, on drawn streets."""

import numpy as np
import pytest
from street_samples import features_of, joined, network_of

from meetingplaces.metrics.joining import Barriers
from meetingplaces.pipeline.stops import find_stops, nearest_stops
from meetingplaces.storage.bundle import Bundle

# One street of 600 m to the east; a stop halfway, one at its end, and one 3 km away.
TOWN = """
n1 @0,0
n2 @300,0
n3 @600,0
n4 @3000,0
n10 @300,5 Thighway=bus_stop,name=Halte%20%Midden
n11 @600,5 Tpublic_transport=platform,bus=yes,name=Halte%20%Eind
n12 @10,5 Tpublic_transport=platform,railway=platform,name=Spoor
w1 Thighway=residential,name=Laan Nn1,n2,n3,n4
"""


def told(tmp_path, *places, text=TOWN):
    network = network_of(tmp_path, text)
    ids = np.array([f"osm/n{number}" for number in range(len(places))], dtype=object)
    no_barriers = Barriers(np.array([], dtype=object))
    table = nearest_stops(find_stops(features_of(tmp_path, text)), joined(network, *places), ids, network, no_barriers)
    return {row.place_id: (row.name, row.distance_m) for row in table.itertuples(index=False)}


def test_each_place_has_its_nearest_stop_on_foot(tmp_path):
    found = told(tmp_path, (250, 0), (580, 0))
    assert found["osm/n0"] == ("Halte Midden", pytest.approx(55, abs=0.2))
    assert found["osm/n1"] == ("Halte Eind", pytest.approx(25, abs=0.2))


def test_a_place_far_from_any_stop_has_none(tmp_path):
    assert told(tmp_path, (2500, 0)) == {}


def test_of_a_stop_without_a_name_the_distance_is_known(tmp_path):
    [(name, metres)] = told(tmp_path, (0, 0), text=TOWN.replace(",name=Halte%20%Midden", "")).values()
    assert not isinstance(name, str)
    assert metres == pytest.approx(305, abs=0.2)


def test_a_bundle_without_stops_still_works(built_bundle):
    tables = {name: file for name, file in built_bundle.manifest.tables.items() if name != "stops"}
    older = Bundle(built_bundle.folder, built_bundle.manifest.model_copy(update={"tables": tables}))
    assert older.stops().empty
    assert len(older.walking().homes) == len(built_bundle.homes())
