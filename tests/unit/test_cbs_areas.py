"""Neighbourhoods of CBS: every dialect, every way to write coordinates, and figures that are not there."""

import gzip

import pandas as pd
import pytest
import shapely
from cbs_samples import BESIDE, BOW_TIE, SQUARE, buurt, geojson, geopackage, only, read, table
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from meetingplaces.model.areas import NEIGHBOURHOOD_COLUMNS
from meetingplaces.model.errors import CrsError, SchemaError


def test_a_geopackage_gives_the_columns_of_the_schema_in_rd_new_sorted_by_code(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt("BU01660100", BESIDE), buurt("BU01660000"), buurt("BU01930000"))))
    found = areas.neighbourhoods
    assert tuple(found.columns) == NEIGHBOURHOOD_COLUMNS
    assert found.crs.to_string() == "EPSG:28992"
    assert list(found["neighbourhood_code"]) == ["BU01660000", "BU01660100"]
    assert list(found.index) == [0, 1]
    assert (areas.notes, areas.repairs, areas.dropped) == ((), {}, {})


def test_percentages_become_shares_and_hectares_become_square_metres(tmp_path):
    row = only(read(geopackage(tmp_path, table(buurt()))))
    assert (row["residents_0_14_share"], row["residents_15_24_share"]) == (0.12, 0.11)
    assert (row["residents_65_plus_share"], row["one_person_households_share"]) == (0.17, 0.4)
    assert (row["land_area_m2"], row["residents_count"], row["boundary_year"]) == (570_000, 5245, 2024)


@pytest.mark.parametrize(
    "renamed",
    [
        {"aantal_inwoners": "aantalInwoners", "percentage_personen_65_jaar_en_ouder": "percentagePersonen65JaarEnOuder",
         "aantal_huishoudens": "aantalHuishoudens", "oppervlakte_land_in_ha": "oppervlakteLandInHa",
         "percentage_eenpersoonshuishoudens": "percentageEenpersoonshuishoudens",
         "percentage_personen_0_tot_15_jaar": "percentagePersonen0Tot15Jaar",
         "percentage_personen_15_tot_25_jaar": "percentagePersonen15Tot25Jaar"},
        {"buurtcode": "bu_code", "buurtnaam": "bu_naam", "wijkcode": "wk_code", "gemeentecode": "gm_code",
         "gemeentenaam": "gm_naam"},
        {"buurtcode": "BU_CODE", "buurtnaam": "BU_NAAM", "wijkcode": "WK_CODE", "gemeentecode": "GM_CODE",
         "gemeentenaam": "GM_NAAM", "water": "H2O", "aantal_inwoners": "AANT_INW", "aantal_huishoudens": "AANTAL_HH",
         "percentage_personen_65_jaar_en_ouder": "P_65_EO_JR", "percentage_eenpersoonshuishoudens": "P_EENP_HH",
         "percentage_personen_0_tot_15_jaar": "P_00_14_JR", "percentage_personen_15_tot_25_jaar": "P_15_24_JR",
         "oppervlakte_land_in_ha": "OPP_LAND"},
    ],
    ids=["camelCase of the WFS", "keys of 2026", "short names of the shapefiles"],
)  # fmt: skip
def test_every_dialect_says_the_same(tmp_path, renamed):
    (tmp_path / "other").mkdir()
    expected = read(geopackage(tmp_path, table(buurt())))
    found = read(geopackage(tmp_path / "other", table(buurt()).rename(columns=renamed)))
    pd.testing.assert_frame_equal(found.neighbourhoods, expected.neighbourhoods)
    assert found.notes == ()


@pytest.mark.parametrize("year", [2026, "2026", 2026.0])
def test_the_year_may_be_a_number_or_text(tmp_path, year):
    assert only(read(geopackage(tmp_path, table(buurt(jaar=year)))))["boundary_year"] == 2026


def test_the_year_follows_from_jrstatcode_when_there_is_no_year(tmp_path):
    assert (
        only(read(geopackage(tmp_path, table(buurt(jaar=None, jrstatcode="2023BU01660000")))))["boundary_year"] == 2023
    )


def test_no_year_is_unknown(tmp_path):
    assert only(read(geopackage(tmp_path, table(buurt()).drop(columns="jaar"))))["boundary_year"] is pd.NA


def test_mixed_years_are_refused_because_codes_are_used_again(tmp_path):
    with pytest.raises(SchemaError) as error:
        read(geopackage(tmp_path, table(buurt(), buurt("BU01660001", BESIDE, jaar=2023))))
    assert error.value.found == "2023, 2024"


@pytest.mark.parametrize("unknown", [-99995, -99997.0, -99999999, "-99995", "-99997.0", ".", None])
def test_a_figure_cbs_does_not_give_is_unknown(tmp_path, unknown):
    areas = read(geopackage(tmp_path, table(buurt(aantal_inwoners=unknown, percentage_eenpersoonshuishoudens=unknown))))
    row = only(areas)
    assert row["residents_count"] is pd.NA
    assert row["one_person_households_share"] is pd.NA
    assert areas.repairs == {}


@pytest.mark.parametrize("zero", [0, 0.0, "0"])
def test_zero_stays_zero(tmp_path, zero):
    row = only(read(geopackage(tmp_path, table(buurt(aantal_inwoners=zero, percentage_eenpersoonshuishoudens=zero)))))
    assert (row["residents_count"], row["one_person_households_share"]) == (0, 0.0)


@pytest.mark.parametrize(
    ("field", "value", "column", "repair"),
    [
        ("percentage_personen_65_jaar_en_ouder", 101, "residents_65_plus_share", "impossible_share"),
        ("percentage_personen_65_jaar_en_ouder", -1, "residents_65_plus_share", "impossible_share"),
        ("aantal_inwoners", -5, "residents_count", "impossible_count"),
        ("aantal_inwoners", 2.5, "residents_count", "impossible_count"),
        ("aantal_inwoners", "many", "residents_count", "not_a_number"),
        ("oppervlakte_land_in_ha", -1, "land_area_m2", "impossible_area"),
    ],
)
def test_an_impossible_figure_is_unknown_and_counted(tmp_path, field, value, column, repair):
    areas = read(geopackage(tmp_path, table(buurt(**{field: value}))))
    assert only(areas)[column] is pd.NA
    assert areas.repairs == {repair: 1}


COUNTED = pytest.mark.parametrize(
    ("count", "percentage", "share"),
    [
        ("aantal_inwoners_0_15", "percentage_personen_0_tot_15_jaar", "residents_0_14_share"),
        ("aantal_inwoners_65_plus", "percentage_personen_65_jaar_en_ouder", "residents_65_plus_share"),
    ],
)


@COUNTED
def test_a_count_of_an_age_group_becomes_a_share_when_there_is_no_percentage(tmp_path, count, percentage, share):
    nobody = buurt("BU01660001", BESIDE, **{"aantal_inwoners": 0, count: 0})
    rows = table(buurt(**{count: 1049}), nobody).drop(columns=percentage)
    assert list(read(geopackage(tmp_path, rows)).neighbourhoods[share]) == [pytest.approx(0.2), pd.NA]


@COUNTED
def test_a_percentage_wins_from_a_count_of_an_age_group(tmp_path, count, percentage, share):
    assert only(read(geopackage(tmp_path, table(buurt(**{count: 5245, percentage: 17})))))[share] == 0.17


def test_a_figure_the_file_has_no_field_for_is_said(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt()).drop(columns="percentage_eenpersoonshuishoudens")))
    assert areas.notes == ("figure_absent:one_person_households_share",)


def test_letters_occur_in_codes_and_small_letters_and_spaces_are_tidied(tmp_path):
    rows = table(buurt("bu0363af08 ", gemeentecode="gm0363 ", wijkcode="WK0363AF"))
    row = only(read(geopackage(tmp_path, rows), " gm0363"))
    assert (row["neighbourhood_code"], row["district_code"]) == ("BU0363AF08", "WK0363AF")
    assert row["municipality_code"] == "GM0363"


def test_names_missing_from_the_buurten_come_from_the_other_layers(tmp_path):
    path = geopackage(tmp_path, table(buurt()).drop(columns="gemeentenaam"), layer="wijkenbuurten:Buurten")
    wijk = {"wijkcode": "WK016600", "wijknaam": "Binnenstad", "gemeentecode": "GM0166", "geometry": SQUARE}
    gemeente = {"gemeentecode": "GM0166", "gemeentenaam": "Kampen", "geometry": SQUARE}
    table(wijk, wijk).to_file(path, layer="wijkenbuurten:wijken")
    table(gemeente).to_file(path, layer="wijkenbuurten:gemeenten")
    row = only(read(path))
    assert (row["district_name"], row["municipality_name"]) == ("Binnenstad", "Kampen")


@pytest.mark.parametrize("layer", ["buurten_2024_v2", "cbs_buurten_2024", "BUURTEN", "something_else"])
def test_the_layer_of_buurten_is_found_whatever_it_is_called(tmp_path, layer):
    path = geopackage(tmp_path, table(buurt()), layer=layer)
    table({"gemeentecode": "GM0166", "geometry": SQUARE}).to_file(path, layer="gemeenten")
    assert only(read(path))["neighbourhood_code"] == "BU01660000"


def test_a_row_without_names_is_pointed_at_by_its_codes(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt(buurtnaam=" ", gemeentenaam=None))))
    assert (only(areas)["neighbourhood_name"], only(areas)["municipality_name"]) == ("BU01660000", "GM0166")
    assert areas.repairs == {"neighbourhood_name_from_code": 1, "municipality_name_from_code": 1}


def test_water_and_abroad_are_left_out_and_counted(tmp_path):
    left_out = (buurt("BU01660001", water="JA"), buurt("BU01660002", water="B"), buurt("BU01930000", water="JA"))
    areas = read(geopackage(tmp_path, table(buurt(), *left_out)))
    assert only(areas)["neighbourhood_code"] == "BU01660000"
    assert areas.dropped == {"water_area": 1, "abroad": 1}


def test_without_a_water_column_everything_is_land(tmp_path):
    assert len(read(geopackage(tmp_path, table(buurt()).drop(columns="water"))).neighbourhoods) == 1


def test_the_parts_of_one_neighbourhood_become_one_row_with_the_figures_once(tmp_path):
    rows = table(buurt(), buurt(outline=BESIDE, aantal_inwoners=-99997), buurt(water="JA"))
    areas = read(geopackage(tmp_path, rows))
    assert (only(areas).geometry.area, only(areas)["residents_count"]) == (20_000, 5245)
    assert (areas.repairs, areas.dropped) == ({"parts_joined": 1}, {"water_area": 1})


def test_parts_that_contradict_each_other_leave_the_figure_unknown(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt(), buurt(outline=BESIDE, aantal_inwoners=10))))
    assert only(areas)["residents_count"] is pd.NA
    assert areas.repairs == {"parts_joined": 1, "parts_disagree": 1}


def test_the_same_row_twice_is_one_row(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt(), buurt())))
    assert only(areas).geometry.area == 10_000
    assert (areas.repairs, areas.dropped) == ({}, {"duplicate_code": 1})


def test_geojson_in_rd_without_a_declared_system_is_recognised_and_said(tmp_path):
    areas = read(geojson(tmp_path, table(buurt())))
    assert only(areas).geometry.equals(SQUARE)
    assert areas.notes == ("crs_guessed:EPSG:28992",)


def test_a_geopackage_without_a_declared_system_is_recognised_and_said(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt(), crs=None)))
    assert only(areas).geometry.equals(SQUARE)
    assert areas.notes == ("crs_guessed:EPSG:28992",)


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84", "EPSG:4258", "EPSG:3857", "EPSG:25831", "EPSG:7415"])
def test_a_declared_system_is_converted_without_a_word(tmp_path, crs):
    areas = read(geopackage(tmp_path, table(buurt()).to_crs(crs)))
    assert only(areas).geometry.equals_exact(SQUARE, tolerance=1.0)
    assert areas.notes == ()


@pytest.mark.parametrize(
    ("crs", "declared", "notes"),
    [
        ("EPSG:4326", "EPSG:4326", ("axes_swapped",)),
        ("EPSG:28992", "EPSG:28992", ("axes_swapped",)),
        ("EPSG:4326", None, ("crs_guessed:EPSG:4326", "axes_swapped")),
        ("EPSG:4326", "EPSG:28992", ("crs_guessed:EPSG:4326", "axes_swapped")),
    ],
)
def test_swapped_axes_are_recognised_swapped_back_and_said(tmp_path, crs, declared, notes):
    outlines = table(buurt()).to_crs(crs).geometry.to_numpy()
    swapped = shapely.transform(outlines, lambda points: points[:, ::-1])
    areas = read(geopackage(tmp_path, table(buurt(outline=swapped[0]), crs=declared)))
    assert only(areas).geometry.symmetric_difference(SQUARE).area < 1
    assert areas.notes == notes


def test_coordinates_outside_the_netherlands_are_an_error_with_their_extent(tmp_path):
    with pytest.raises(CrsError) as error:
        read(geojson(tmp_path, table(buurt(outline=box(9, 47, 10, 48)))))
    assert "x 9 to 10, y 47 to 48" in error.value.found


def test_heights_are_left_out(tmp_path):
    assert not only(read(geopackage(tmp_path, table(buurt(outline=shapely.force_3d(SQUARE, 1.5)))))).geometry.has_z


def test_a_crossing_outline_is_repaired_and_its_change_of_area_said(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt(outline=BOW_TIE))))
    assert only(areas).geometry.is_valid
    assert only(areas).geometry.area == 5_000
    assert areas.repairs == {"invalid_polygon_repaired": 1, "repair_changed_area": 1}


def test_overlapping_parts_do_not_become_a_hole(tmp_path):
    overlapping = MultiPolygon([SQUARE, box(190_050, 507_000, 190_150, 507_100)])
    assert only(read(geopackage(tmp_path, table(buurt(outline=overlapping))))).geometry.area == 15_000


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        (None, "empty_geometry"),
        (Polygon(), "empty_geometry"),
        (Polygon([(190_000, 507_000), (float("nan"), 507_100), (190_100, 507_000)]), "empty_geometry"),
        (Point(190_000, 507_000), "no_polygon_left"),
        (Polygon([(190_000, 507_000), (190_100, 507_100), (190_000, 507_000)]), "no_polygon_left"),
    ],
    ids=["none", "empty", "not a number", "a point", "a flat polygon"],
)
def test_what_has_no_polygon_is_left_out_and_counted(tmp_path, outline, reason):
    areas = read(geopackage(tmp_path, table(buurt(outline=outline), buurt("BU01660001"))))
    assert only(areas)["neighbourhood_code"] == "BU01660001"
    assert areas.dropped == {reason: 1}
    assert areas.repairs == {}


def test_only_the_polygons_of_a_mixed_outline_are_kept(tmp_path):
    mixed = GeometryCollection([SQUARE, LineString([(190_000, 507_000), (190_300, 507_000)])])
    areas = read(geopackage(tmp_path, table(buurt(outline=mixed))))
    assert only(areas).geometry.equals(SQUARE)
    assert areas.repairs == {"other_geometry_left_out": 1}


def test_approximate_outlines_say_how_good_they_are(tmp_path):
    areas = read(geopackage(tmp_path, table(buurt(_geom="approx", _geom_res_m=28.1, _geom_ok=False))))
    assert only(areas)["outline_accuracy_m"] == 28.1
    assert (areas.notes, areas.repairs) == (("outlines_approximate",), {"outline_doubtful": 1})


@pytest.mark.parametrize("write", [geopackage, geojson])
def test_a_gzipped_file_reads_as_the_file_inside(tmp_path, write):
    plain = write(tmp_path, table(buurt()))
    packed = tmp_path / f"{plain.name}.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    pd.testing.assert_frame_equal(read(packed).neighbourhoods, read(plain).neighbourhoods)


def test_the_same_file_gives_the_same_rows_twice_and_nothing_on_the_screen(tmp_path, capfd):
    path = geopackage(tmp_path, table(buurt(), buurt("BU01660001", BOW_TIE))).rename(tmp_path / "areas.download")
    pd.testing.assert_frame_equal(read(path).neighbourhoods, read(path).neighbourhoods)
    assert capfd.readouterr() == ("", "")
