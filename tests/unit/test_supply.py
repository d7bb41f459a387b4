"""What each neighbourhood has, and per 1,000 residents."""

import pandas as pd
import pytest
from samples import BUURTEN, CORNERS, EAST, FAR, MUNICIPALITY, WEST, areas_file, buurt, classified, square

from meetingplaces.metrics.supply import OUTSIDE, per_1000, supply, supply_of
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.assign import assign
from meetingplaces.sources.cbs_areas import read_areas

PARK = CORNERS + "w1 Tleisure=park,name=Grenspark Nn21,n22,n23,n24,n21\n"


@pytest.fixture
def supplied(tmp_path):
    def of(text: str, buurten=BUURTEN) -> pd.DataFrame:
        areas = Snapshot.of_file(areas_file(tmp_path / "areas.geojson", *buurten))
        neighbourhoods = read_areas(areas, MUNICIPALITY).neighbourhoods
        found = classified(tmp_path, text)
        places, _ = assign(found.places, neighbourhoods, 500)
        return supply(places, found.living_streets, neighbourhoods, MUNICIPALITY)

    return of


def rate(table: pd.DataFrame, area: str, category: str) -> float:
    return table.set_index(["area_code", "category"]).loc[(area, category), "per_1000"]


@pytest.mark.parametrize(
    ("count", "residents", "expected"), [(3, 2000, 1.5), (0, 2000, 0.0), (3, None, None), (3, 0, None)]
)
def test_places_per_1000_residents(count, residents, expected):
    assert per_1000(count, residents) == expected


def test_a_place_on_the_border_counts_on_both_sides_and_once_in_the_municipality(supplied):
    table = supplied(PARK)
    assert [supply_of(table, area).places_count for area in (WEST, EAST, MUNICIPALITY)] == [1, 1, 1]


def test_per_1000_is_unknown_where_residents_are(supplied):
    table = supplied(PARK)
    assert rate(table, WEST, "park") == pytest.approx(0.5)
    assert pd.isna(rate(table, EAST, "park"))


def test_residents_of_the_municipality_are_known_only_when_those_of_every_neighbourhood_are(supplied):
    library = "n1 x5.895 y52.5 Tamenity=library"
    assert pd.isna(rate(supplied(library), MUNICIPALITY, "library"))
    known = (
        buurt(WEST, "West", square(5.89, 52.495, 5.9, 52.505), 600),
        buurt(EAST, "Oost", square(5.9, 52.495, 5.91, 52.505), 400),
    )
    assert rate(supplied(library, known), MUNICIPALITY, "library") == pytest.approx(1.0)


def test_where_nobody_lives_a_rate_is_unknown_not_endless(supplied):
    empty = (buurt(WEST, "West", square(5.89, 52.495, 5.9, 52.505), 0),)
    assert pd.isna(rate(supplied("n1 x5.895 y52.5 Tamenity=library", empty), WEST, "library"))


def test_a_place_just_outside_counts_nowhere_but_outside(supplied):
    table = supplied("n1 x5.8895 y52.5 Tamenity=library")
    assert supply_of(table, OUTSIDE).places_count == 1
    assert supply_of(table, MUNICIPALITY).places_count == 0
    assert supply_of(table, WEST).places_count == 0


def test_amenities_are_counted_apart_and_never_as_places(supplied):
    found = supply_of(supplied("n1 x5.895 y52.5 Tamenity=bench\nn2 x5.895 y52.501 Tamenity=toilets"), WEST)
    assert (found.places_count, dict(found.amenities)) == (0, {"bench": 1, "toilets": 1})


def test_core_secondary_and_restricted_are_told_apart(supplied):
    found = supply_of(
        supplied(
            "n1 x5.895 y52.5 Tamenity=library\nn2 x5.895 y52.501 Tamenity=cafe\n"
            "n3 x5.895 y52.502 Tleisure=dog_park\nn4 x5.895 y52.503 Tleisure=bandstand"
        ),
        WEST,
    )
    assert (found.places_count, found.core_count, dict(found.restricted)) == (3, 1, {"cafe": 1})
    assert dict(found.by_setting) == {"indoor": 1, "outdoor": 1, "sheltered": 1}
    assert dict(found.by_category) == {"library": 1, "dog_park": 1, "bandstand": 1}


def test_living_streets_have_metres_cut_at_the_border_and_no_count(supplied):
    table = supplied("n1 x5.898 y52.4965\nn2 x5.903 y52.4965\nw3 Thighway=living_street Nn1,n2")
    metres = {area: supply_of(table, area).living_street_m for area in (WEST, EAST, FAR, MUNICIPALITY)}
    assert metres[WEST] == pytest.approx(136, abs=2)
    assert metres[EAST] == pytest.approx(204, abs=2)
    assert metres[MUNICIPALITY] == pytest.approx(metres[WEST] + metres[EAST], abs=0.2)
    assert metres[FAR] == 0
    assert supply_of(table, WEST).places_count == 0
    assert table["length_m"].notna().sum() == 3


def test_a_living_street_drawn_twice_is_as_long_as_once(supplied):
    street = "n1 x5.891 y52.4965\nn2 x5.893 y52.4965\nw3 Thighway=living_street Nn1,n2\n"
    once, twice = supplied(street), supplied(street + "w4 Thighway=living_street Nn2,n1")
    assert supply_of(once, WEST).living_street_m == supply_of(twice, WEST).living_street_m


def test_an_area_without_any_place_has_zeros(supplied):
    found = supply_of(supplied("n1 x5.9 y52.5"), WEST)
    assert (found.places_count, found.core_count, found.living_street_m) == (0, 0, 0)
    assert dict(found.by_category) == {}
