"""What every table promises where it crosses a layer: the readers', the pipeline's and the bundle's."""

import pandas as pd
import pytest
import shapely
from samples import BUURTEN, MUNICIPALITY, MUNICIPALITY_OPL, all_categories, areas_file, opl_file, places_of

from meetingplaces.metrics.supply import SUPPLY_COLUMNS
from meetingplaces.model.areas import NEIGHBOURHOOD_COLUMNS, check_neighbourhoods
from meetingplaces.model.errors import CrsError, SchemaError
from meetingplaces.model.places import check_places, place_schema
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.classify import PLACE_COLUMNS
from meetingplaces.sources.cbs_areas import read_areas
from meetingplaces.sources.osm_extract import read_extract

WISHES = all_categories().tag_wishes()


# --- the readers ------------------------------------------------------------------------------------------------------


def features_hold(features: pd.DataFrame) -> None:
    assert features.columns.tolist() == ["osm_id", "tags", "geometry", "last_edit_at"]
    assert features["osm_id"].str.fullmatch(r"[nwr]-?\d+").all()
    assert features["osm_id"].is_unique
    assert features["tags"].map(lambda tags: isinstance(tags, dict) and bool(tags)).all()
    geometries = features["geometry"].to_numpy()
    assert shapely.is_valid(geometries).all()
    assert not shapely.is_empty(geometries).any()
    assert str(features["last_edit_at"].dtype) == "datetime64[s, UTC]"


def test_the_features_of_an_extract_are_valid_shapes_with_tags(tmp_path):
    path = opl_file(tmp_path / "x.opl", MUNICIPALITY_OPL)
    first, second = (read_extract(Snapshot.of_file(path), WISHES) for _ in range(2))
    features_hold(first.features)
    pd.testing.assert_frame_equal(first.features, second.features)


def test_the_features_of_a_real_extract_are_valid_shapes_with_tags(shared_data):
    features_hold(read_extract(Snapshot.of_file(shared_data / "osm/kampen.osm.pbf"), WISHES).features)


def test_the_neighbourhoods_of_a_file_follow_their_schema(tmp_path):
    path = areas_file(tmp_path / "x.geojson", *BUURTEN)
    first, second = (read_areas(Snapshot.of_file(path), MUNICIPALITY).neighbourhoods for _ in range(2))
    check_neighbourhoods(first, "x.geojson")
    pd.testing.assert_frame_equal(first, second)


def test_the_neighbourhoods_of_real_files_follow_their_schema(shared_data):
    for name, code in (("kampen_buurten_2024_approx", "GM0166"), ("baarn_buurten_2024_kerncijfers", "GM0308")):
        areas = read_areas(Snapshot.of_file(shared_data / "boundaries" / f"{name}.geojson"), code)
        check_neighbourhoods(areas.neighbourhoods, name)


# --- the pipeline and the bundle --------------------------------------------------------------------------------------


def test_classified_places_follow_their_schema(tmp_path):
    places = places_of(tmp_path, MUNICIPALITY_OPL)
    check_places(places, "classified")
    assert tuple(places.columns) == PLACE_COLUMNS
    assert set(PLACE_COLUMNS) == set(place_schema().columns)
    check_places(places_of(tmp_path, "n1 x5.9 y52.5"), "classified, none")


def test_the_tables_of_a_bundle_follow_their_schemas_after_a_round_trip(built_bundle):
    check_places(built_bundle.places(), "bundle")
    neighbourhoods = built_bundle.neighbourhoods()
    check_neighbourhoods(neighbourhoods, "bundle")
    assert neighbourhoods.columns.tolist() == [*NEIGHBOURHOOD_COLUMNS[:-1], "geometry", "extent_share"]
    assert neighbourhoods["extent_share"].between(0, 1).all()
    supply = built_bundle.supply()
    assert supply.columns.tolist() == list(SUPPLY_COLUMNS)
    assert not supply[["area_code", "category", "setting", "weight", "restricted"]].duplicated().any()
    assert {name: str(supply[name].dtype) for name in ("place_count", "per_1000", "length_m", "restricted")} == {
        "place_count": "int64",
        "per_1000": "Float64",
        "length_m": "Float64",
        "restricted": "bool",
    }


# --- what a schema refuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("place_id", "n12"),
        ("category", "Library!"),
        ("setting", "inside"),
        ("weight", "excluded"),
        ("access", "private"),
        ("fee", "maybe"),
        ("wheelchair", "yes please"),
        ("longitude", 190_000.0),
        ("latitude", 507_000.0),
        ("area_m2", -1.0),
    ],
)
def test_a_value_that_is_not_allowed_names_file_row_and_column(built_bundle, column, value):
    places = built_bundle.places()
    places.loc[3, column] = value
    with pytest.raises(SchemaError) as told:
        check_places(places, "the file")
    assert told.value.file == "the file"
    assert told.value.where == f"row 3, column {column}"
    assert str(value) in told.value.found


def test_a_missing_a_double_and_a_strange_column_are_refused(built_bundle):
    places = built_bundle.places()
    with pytest.raises(SchemaError, match="wheelchair"):
        check_places(places.drop(columns="wheelchair"), "x")
    with pytest.raises(SchemaError, match="colour"):
        check_places(places.assign(colour="red"), "x")
    with pytest.raises(SchemaError, match="osm/n12"):
        check_places(pd.concat([places, places.iloc[:1]], ignore_index=True), "x")


def test_a_list_column_holds_lists_of_text(built_bundle):
    places = built_bundle.places()
    for wrong in ("osm/n1", None, [1, 2]):
        changed = places.assign(records=[wrong, *places["records"].iloc[1:]])
        with pytest.raises(SchemaError, match="records"):
            check_places(changed, "x")


def test_places_in_degrees_are_refused(built_bundle):
    with pytest.raises(SchemaError, match="28992"):
        check_places(built_bundle.places().to_crs(4326), "x")
    with pytest.raises(CrsError):
        check_neighbourhoods(built_bundle.neighbourhoods().to_crs(3857), "x")
