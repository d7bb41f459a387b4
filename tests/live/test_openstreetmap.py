"""One small request to each real service of OpenStreetMap data, to see that the contract still holds. Opt-in:

    MEETINGPLACES_LIVE=1 MEETINGPLACES_CONTACT=you@example.org python -m pytest -m live tests/live -rP

The addresses are those of the settings, so the same tests can be pointed at a mirror. `-rP` shows what was found.
"""

import os

import pytest
import shapely

from meetingplaces.sources.endpoints import load_endpoints
from meetingplaces.sources.geofabrik import Geofabrik
from meetingplaces.sources.http import Door
from meetingplaces.sources.overpass import Overpass
from meetingplaces.sources.overpass_answer import read_overpass
from meetingplaces.sources.overpass_query import OverpassQuestion

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif("MEETINGPLACES_LIVE" not in os.environ, reason="asks real services; set MEETINGPLACES_LIVE"),
]
# The old town of Kampen, and a point each in Zutphen and West Betuwe, which lie in the extract of Gelderland.
KAMPEN = (5.905, 52.552, 5.925, 52.562)
IN_GELDERLAND = {"Zutphen": (6.20, 52.14), "West Betuwe": (5.20, 51.88)}


@pytest.fixture(scope="module")
def endpoints():
    return load_endpoints()


@pytest.fixture(scope="module")
def door(endpoints):
    return Door(endpoints)


def test_overpass_answers_a_small_question(door, endpoints, tmp_path):
    question = OverpassQuestion(KAMPEN, {"amenity": frozenset({"library", "community_centre", "bench"})}, {})
    snapshot = Overpass(door, endpoints.overpass.mirrors, tmp_path).fetch(question, tmp_path, "osm.zip")
    extract = read_overpass(snapshot, question)
    found = f"{len(extract.features)} features, data of {extract.data_as_of}, lost {dict(extract.dropped)}"
    print(f"{snapshot.url}: {found}")
    assert extract.data_as_of is not None
    assert len(extract.features) > 0


@pytest.mark.parametrize("name", IN_GELDERLAND)
def test_geofabrik_offers_a_province_with_changes(door, endpoints, tmp_path, name):
    lon, lat = IN_GELDERLAND[name]
    geofabrik = Geofabrik(door, endpoints.geofabrik.index, tmp_path)
    region = geofabrik.region_around(shapely.box(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01))
    print(f"{name}: {region.name}, {region.pbf}, changes {region.updates}")
    assert region.updates is not None
    if "geofabrik.de" in endpoints.geofabrik.index:
        assert region.name == "gelderland"
