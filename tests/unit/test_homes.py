"""Homes: which addresses are, where they belong, and how many people live there."""

from pathlib import Path
from zlib import crc32

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from street_samples import ORIGIN, features_of

from meetingplaces.model.groups import GROUPS, RESIDENT_COLUMNS
from meetingplaces.pipeline.homes import Homes, _assigned, find_homes
from meetingplaces.pipeline.residents import with_residents

WEST, EAST, FAR = "BU99990001", "BU99990002", "BU99990003"
ADDRESS = "addr:street=Laan,addr:housenumber={number},addr:postcode=8261AB"


def area(code: str, west: float, **figures: float | None) -> dict[str, object]:
    """A neighbourhood of 100 × 100 m, so many metres east of the origin, wholly inside the extract."""
    x, y = ORIGIN
    known = {"residents_count": 100, "households_count": 40, "residents_65_plus_share": 0.2, "extent_share": 1.0}
    known |= {"residents_0_14_share": 0.16, "residents_15_24_share": 0.12, "one_person_households_share": 0.5} | figures
    outline = shapely.box(x + west, y, x + west + 100, y + 100)
    return {"neighbourhood_code": code, "municipality_code": "GM9999", **known, "geometry": outline}


def areas(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs="EPSG:28992")
    counts = {"residents_count": "Int64", "households_count": "Int64"}
    return table.astype(counts | {made.share: "Float64" for made in GROUPS.values() if made.share})


# The eastern one first: the order of the rows must not matter.
BOTH = areas(area(EAST, 100, residents_count=None, households_count=None), area(WEST, 0))


def homes_of(folder: Path, text: str, neighbourhoods: gpd.GeoDataFrame = BOTH) -> Homes:
    return find_homes(features_of(folder, text), neighbourhoods)


def house(number: str, place: str, more: str = "") -> str:
    return f"n{crc32((number + place + more).encode()) + 10} @{place} T{ADDRESS.format(number=number)}{more}\n"


def ids(homes: Homes) -> list[str]:
    return sorted(homes.table["housenumber"])


def test_homes_are_address_points_and_buildings_with_an_address(tmp_path: Path) -> None:
    building = f"n1 @50,50\nn2 @60,50\nn3 @60,60\nw1 Tbuilding=house,{ADDRESS.format(number=3)} Nn1,n2,n3,n1\n"
    homes = homes_of(tmp_path, house("1", "10,10") + house("2-A", "20,20") + building)
    assert ids(homes) == ["1", "2-A", "3"]
    x, y = homes.table.geometry[homes.table["home_id"] == "osm/w1"].iloc[0].coords[0]
    assert 50 < x - ORIGIN[0] < 60
    assert 50 < y - ORIGIN[1] < 60


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (",shop=bakery", "business"),
        (",office=lawyer", "business"),
        (",amenity=school", "business"),
        (",landuse=retail", "business"),
        (",building=industrial", "not_a_dwelling"),
        (",building=retail", "not_a_dwelling"),
    ],
)
def test_what_clearly_is_no_dwelling_is_left_out_and_counted(tmp_path: Path, more: str, reason: str) -> None:
    homes = homes_of(tmp_path, house("1", "10,10") + house("2", "20,20", more))
    assert ids(homes) == ["1"]
    assert dict(homes.dropped) == {reason: 1}


@pytest.mark.parametrize("more", ["building=houseboat", "building=apartments", "tourism=guest_house", "shop=vacant"])
def test_what_may_be_a_dwelling_stays(tmp_path: Path, more: str) -> None:
    assert ids(homes_of(tmp_path, house("1", "10,10", "," + more))) == ["1"]


def test_the_bare_address_of_a_shop_is_the_shop(tmp_path: Path) -> None:
    homes = homes_of(tmp_path, house("1", "10,10") + house("1", "11,10", ",shop=bakery") + house("1a", "10,10"))
    assert ids(homes) == ["1a"]
    assert homes.dropped["address_of_business"] == 1


def test_an_address_in_a_factory_is_no_home_and_one_over_a_shop_is(tmp_path: Path) -> None:
    block = "n1 @0,0\nn2 @30,0\nn3 @30,30\nn4 @0,30\nw1 Tbuilding={} Nn1,n2,n3,n4,n1\n"
    in_factory = homes_of(tmp_path, house("1", "10,10") + block.format("industrial"))
    assert dict(in_factory.dropped) == {"in_building_without_homes": 1}
    assert ids(homes_of(tmp_path, house("1", "10,10") + block.format("retail"))) == ["1"]


def test_one_address_mapped_twice_is_one_home(tmp_path: Path) -> None:
    homes = homes_of(tmp_path, house("1", "10,10") + house("1", "12,10") + house("1", "10,10", ",addr:unit=b"))
    assert len(homes.table) == 2
    assert homes.dropped["same_address"] == 1


def test_the_same_number_at_the_same_spot_is_one_home_also_without_a_street(tmp_path: Path) -> None:
    bare = "n1 @10,10 Taddr:housenumber=7\nn2 @10,10 Taddr:housenumber=7\nn3 @40,10 Taddr:housenumber=7\n"
    assert len(homes_of(tmp_path, bare).table) == 2


def test_a_home_on_a_border_is_in_the_first_neighbourhood_by_code() -> None:
    # OpenStreetMap's rounding cannot hit the border exactly, hence not through an extract.
    border = shapely.Point(ORIGIN[0] + 100, ORIGIN[1] + 50)
    on_border = gpd.GeoDataFrame({"neighbourhood_code": ["?"]}, geometry=[border])
    assert _assigned(on_border, BOTH)["neighbourhood_code"].tolist() == [WEST]


def test_a_home_outside_is_counted_and_left_out(tmp_path: Path) -> None:
    homes = homes_of(tmp_path, house("1", "-50,10"))
    assert homes.table.empty
    assert dict(homes.dropped) == {"outside_municipality": 1}


def test_residents_are_spread_evenly_with_the_rounding_of_cbs(tmp_path: Path) -> None:
    homes = homes_of(tmp_path, "".join(house(str(number), f"{number},10") for number in range(1, 51))).table
    assert homes[["residents", "residents_low", "residents_high"]].sum().tolist() == pytest.approx([100, 96, 104])
    for group, people in (("residents_0_14", 16), ("residents_15_24", 12), ("residents_65_plus", 20)):
        told = homes[[group, f"{group}_low", f"{group}_high"]].sum()
        assert told.tolist() == pytest.approx([people, people - 0.5 - 4, people + 0.5 + 4])
    assert homes["one_person_households"].sum() == pytest.approx(20)
    assert homes["residents"].nunique() == 1


def test_an_unknown_figure_stays_unknown_and_is_never_zero(tmp_path: Path) -> None:
    homes = homes_of(tmp_path, house("1", "150,10"))
    assert homes.table["neighbourhood_code"].tolist() == [EAST]
    assert homes.table[list(RESIDENT_COLUMNS)].isna().all(axis=None)
    assert homes.counts["homes_without_figures"] == 1


def spread(neighbourhood: dict[str, object], count: int) -> tuple[float, dict[str, int]]:
    homes = gpd.GeoDataFrame({"neighbourhood_code": [neighbourhood["neighbourhood_code"]] * count, "geometry": None})
    table, counts = with_residents(homes, areas(neighbourhood))
    return table["residents"].sum(min_count=1), dict(counts)


def test_a_neighbourhood_half_outside_does_not_get_all_its_residents_inside() -> None:
    residents, counts = spread(area(FAR, 0, extent_share=0.5), 20)
    assert residents == pytest.approx(50)
    assert counts["residents_not_placed"] == 50


def test_a_neighbourhood_partly_outside_with_all_its_homes_inside_gets_all() -> None:
    assert spread(area(FAR, 0, extent_share=0.5), 45)[0] == pytest.approx(100)


def test_partly_outside_without_a_number_of_households_is_unknown() -> None:
    assert pd.isna(spread(area(FAR, 0, extent_share=0.5, households_count=None), 20)[0])


def test_a_new_estate_with_few_homes_on_the_map_is_not_crowded_into_them() -> None:
    assert spread(area(FAR, 0), 4)[0] == pytest.approx(10)


def test_residents_without_any_home_are_counted() -> None:
    _, counts = spread(area(FAR, 0), 0)
    assert (counts["neighbourhoods_without_homes"], counts["residents_without_homes"]) == (1, 100)


def test_a_figure_of_zero_is_zero_to_four() -> None:
    homes = gpd.GeoDataFrame({"neighbourhood_code": [FAR], "geometry": [None]})
    table, _ = with_residents(homes, areas(area(FAR, 0, residents_count=0, households_count=0)))
    assert table.loc[0, ["residents_low", "residents", "residents_high"]].tolist() == [0, 0, 4]
