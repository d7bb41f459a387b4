"""Which neighbourhoods a place serves, and how a nameless place is found."""

import geopandas as gpd
import pytest
import shapely
from samples import BUURTEN, CORNERS, EAST, MUNICIPALITY, WEST, areas_file, places_of

from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.assign import assign, with_near_street
from meetingplaces.sources.cbs_areas import read_areas

SMALL = "Nn21,n22,n23,n24,n21"


@pytest.fixture
def neighbourhoods(tmp_path):
    return read_areas(Snapshot.of_file(areas_file(tmp_path / "areas.geojson", *BUURTEN)), MUNICIPALITY).neighbourhoods


@pytest.fixture
def assigned(tmp_path, neighbourhoods):
    def of(text: str, margin_m: float = 500):
        places, dropped = assign(places_of(tmp_path, text), neighbourhoods, margin_m)
        return places.set_index("place_id"), dict(dropped)

    return of


def test_a_park_on_a_border_serves_both_neighbourhoods(assigned):
    places, dropped = assigned(CORNERS + f"w1 Tleisure=park,name=Grenspark {SMALL}")
    assert places.loc["osm/w1", "neighbourhood_codes"] == [WEST, EAST]
    assert dropped == {}


def test_a_place_inside_one_neighbourhood_serves_that_one(assigned):
    places, _ = assigned("n1 x5.895 y52.5 Tamenity=library")
    assert places.loc["osm/n1", "neighbourhood_codes"] == [WEST]


def test_a_place_just_outside_is_kept_as_outside(assigned):
    places, dropped = assigned("n1 x5.8895 y52.5 Tamenity=library")
    assert places.loc["osm/n1", "neighbourhood_codes"] == []
    assert dropped == {}


def test_a_place_far_away_is_dropped_and_counted(assigned):
    places, dropped = assigned("n1 x5.85 y52.5 Tamenity=library\nn2 x5.895 y52.5 Tamenity=library")
    assert places.index.tolist() == ["osm/n2"]
    assert dropped == {"outside_municipality": 1}


def test_the_margin_decides_what_is_far(assigned):
    near_village = "n1 x5.8885 y52.5 Tamenity=library"  # about 100 m west of the border
    assert len(assigned(near_village, margin_m=150)[0]) == 1
    assert len(assigned(near_village, margin_m=50)[0]) == 0


def test_a_place_that_loses_a_far_amenity_does_not_point_to_it(tmp_path, neighbourhoods):
    places = places_of(tmp_path, "n1 x5.895 y52.5 Tamenity=library\nn2 x5.85 y52.5 Tamenity=bench")
    places["amenity_ids"] = [["osm/n2"], []]
    assert assign(places, neighbourhoods, 500)[0]["amenity_ids"].tolist() == [[]]


def test_no_places_are_no_trouble(assigned):
    places, dropped = assigned("n1 x5.9 y52.5")
    assert (len(places), dropped) == (0, {})


# --- near street ------------------------------------------------------------------------------------------------------


def streets(**names_and_distances: float | None) -> gpd.GeoDataFrame:
    """Streets running north at so many metres east of n1."""
    east, north = gpd.GeoSeries([shapely.Point(5.895, 52.5)], crs="EPSG:4326").to_crs(RD_NEW).iloc[0].coords[0]
    lines = [
        shapely.LineString([(east + metres, north - 50), (east + metres, north + 50)])
        for metres in names_and_distances.values()
    ]
    names = [None if name == "nameless" else name for name in names_and_distances]
    return gpd.GeoDataFrame({"name": names}, geometry=lines, crs=RD_NEW)


def test_a_place_is_near_the_nearest_street_with_a_name(tmp_path):
    places = places_of(tmp_path, "n1 x5.895 y52.5 Tleisure=playground")
    found = with_near_street(places, streets(Dorpsweg=80, Hofstraat=40, nameless=5))
    assert found["near_street"].tolist() == ["Hofstraat"]


def test_a_street_more_than_a_hundred_metres_away_is_not_near(tmp_path):
    places = places_of(tmp_path, "n1 x5.895 y52.5 Tleisure=playground")
    assert with_near_street(places, streets(Dorpsweg=101))["near_street"].isna().all()
    assert with_near_street(places, streets(Dorpsweg=99))["near_street"].tolist() == ["Dorpsweg"]


def test_without_any_named_street_nothing_is_said(tmp_path):
    places = places_of(tmp_path, "n1 x5.895 y52.5 Tleisure=playground")
    assert with_near_street(places, streets(nameless=5))["near_street"].isna().all()
