"""What benches, toilets and lamps add to the places around them, and where benches make a place themselves."""

import pandas as pd
import pytest
from samples import CORNERS, all_categories, places_of

from meetingplaces.pipeline.amenities import enrich

PARK = CORNERS + "w1 Tleisure=park,name=Stadspark Nn31,n32,n33,n34,n31\n"
# In degrees of longitude at 52.5° N; 0.0001° is 6.8 m.
METRE_EAST = 0.0001 / 6.79


@pytest.fixture
def enriched(tmp_path):
    def of(text: str):
        places, dropped = enrich(places_of(tmp_path, text), all_categories())
        return places.set_index("place_id", drop=False), dict(dropped)

    return of


def benches(count: int, apart_m: float, tags: str = "amenity=bench", first: int = 101) -> str:
    """A row of benches from west to east."""
    return "\n".join(
        f"n{first + number} x{5.91 + number * apart_m * METRE_EAST:.7f} y52.5 T{tags}" for number in range(count)
    )


def spots(places: pd.DataFrame) -> pd.DataFrame:
    return places[places["category"] == "seating_spot"]


# --- beside a place ---------------------------------------------------------------------------------------------------


def test_a_bench_in_a_park_belongs_to_the_park_and_stays_a_row_of_its_own(enriched):
    places, dropped = enriched(PARK + "n90 x5.9 y52.5 Tamenity=bench,lit=yes")
    assert places.loc["osm/w1", "amenity_ids"] == ["osm/n90"]
    assert places.loc["osm/w1", "provides"] == ["light", "seat"]
    assert places.loc["osm/n90", "weight"] == "amenity"
    assert dropped == {}


def test_an_amenity_beside_a_place_counts_and_one_across_the_street_does_not(enriched):
    beside, across = 5.9 + 14 * METRE_EAST, 5.9 - 17 * METRE_EAST
    places, _ = enriched(
        "n1 x5.9 y52.5 Tamenity=library\n"
        f"n90 x{beside:.7f} y52.5 Tamenity=toilets\nn91 x{across:.7f} y52.5 Tamenity=drinking_water"
    )
    assert places.loc["osm/n1", "amenity_ids"] == ["osm/n90"]
    assert places.loc["osm/n1", "provides"] == ["toilet"]


@pytest.mark.parametrize("access", ["customers", "members"])
def test_a_toilet_for_customers_is_nothing_the_park_has_to_offer(enriched, access):
    places, _ = enriched(PARK + f"n90 x5.9 y52.5 Tamenity=toilets,access={access}")
    assert places.loc["osm/w1", "provides"] == []
    assert places.loc["osm/w1", "amenity_ids"] == []


def test_a_street_lamp_only_gives_light_and_is_counted(enriched):
    places, dropped = enriched(PARK + "n90 x5.9 y52.5 Thighway=street_lamp")
    assert places.index.tolist() == ["osm/w1"]
    assert places.loc["osm/w1", "provides"] == ["light"]
    assert places.loc["osm/w1", "amenity_ids"] == []
    assert dropped == {"street_lamp_only_enriches": 1}


def test_a_bench_between_two_places_serves_both(enriched):
    places, _ = enriched(
        "n1 x5.9 y52.5 Tleisure=playground\nn2 x5.9002 y52.5 Tleisure=pitch,sport=table_tennis\n"
        "n90 x5.9001 y52.5 Tamenity=bench"
    )
    assert places.loc["osm/n1", "amenity_ids"] == places.loc["osm/n2", "amenity_ids"] == ["osm/n90"]


def test_places_without_amenities_and_amenities_without_places_are_fine(enriched):
    assert len(enriched("n1 x5.9 y52.5 Tamenity=library")[0]) == 1
    assert len(enriched("n1 x5.9 y52.5 Tamenity=toilets")[0]) == 1
    assert len(enriched("n1 x5.9 y52.5")[0]) == 0


# --- seating spots ----------------------------------------------------------------------------------------------------


def test_three_benches_within_25_metres_are_a_seating_spot(enriched):
    places, _ = enriched(benches(3, apart_m=12))
    spot = places.loc["osm/gn101"]
    assert (spot["category"], spot["weight"], spot["setting"]) == ("seating_spot", "secondary", "outdoor")
    assert spot["inferred"]
    assert spot["amenity_ids"] == spot["records"] == ["osm/n101", "osm/n102", "osm/n103"]
    assert spot["provides"] == ["seat"]
    assert len(places) == 4


def test_two_benches_are_not_a_spot_nor_are_three_far_apart(enriched):
    assert spots(enriched(benches(2, apart_m=5))[0]).empty
    assert spots(enriched(benches(3, apart_m=30))[0]).empty


def test_twenty_benches_along_a_dyke_are_not_one_spot(enriched):
    found = spots(enriched(benches(20, apart_m=20))[0])
    assert len(found) > 1
    assert found["amenity_ids"].map(len).max() <= 3
    assert found["amenity_ids"].explode().is_unique
    assert spots(enriched(benches(20, apart_m=40))[0]).empty


def test_benches_in_a_park_make_no_spot_of_their_own(enriched):
    inside = "\n".join(f"n{number} x5.90{number - 90} y52.5 Tamenity=bench" for number in (90, 91, 92))
    near = "\n".join(f"n{90 + number} x{5.9 + number * 0.0001:.4f} y52.5 Tamenity=bench" for number in range(3))
    assert spots(enriched(PARK + near)[0]).empty
    assert spots(enriched(PARK + inside)[0]).empty


def test_the_spot_is_named_after_the_lowest_number_not_the_first_in_the_alphabet(enriched):
    places, _ = enriched(benches(3, apart_m=5, first=99))
    assert spots(places).index.tolist() == ["osm/gn99"]


def test_what_one_bench_says_does_not_hold_for_the_spot(enriched):
    says = (
        "amenity=bench,wheelchair=yes,dog=yes,opening_hours=24/7,check_date=2024-05-06,name=Piet,website=https://e.org"
    )
    spot = spots(enriched(benches(3, apart_m=5, tags=says))[0]).iloc[0]
    assert spot[["wheelchair", "dogs"]].tolist() == ["unknown", "unknown"]
    assert spot[["name", "opening_hours", "website", "checked_on", "area_m2"]].isna().all()


def test_benches_for_customers_make_no_public_spot(enriched):
    assert spots(enriched(benches(5, apart_m=5, tags="amenity=bench,access=customers"))[0]).empty
    assert spots(enriched(benches(5, apart_m=5, tags="amenity=bench,indoor=yes"))[0]).empty


def test_the_spot_knows_the_toilet_beside_it(enriched):
    places, _ = enriched(benches(3, apart_m=2) + "\nn200 x5.9101 y52.5 Tamenity=toilets")
    assert spots(places).iloc[0]["provides"] == ["seat", "toilet"]
    assert "osm/n200" in spots(places).iloc[0]["amenity_ids"]


def test_the_spot_lies_in_the_middle_of_its_benches(enriched):
    spot = spots(enriched(benches(3, apart_m=10))[0]).iloc[0]
    assert spot["longitude"] == pytest.approx(5.91 + 10 * METRE_EAST, abs=1e-6)
