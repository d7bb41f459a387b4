"""From two files to a bundle: what does not fit is refused, what is not covered is said."""

import gzip

import pytest
from samples import (
    BUURTEN,
    EAST,
    FAR,
    MUNICIPALITY,
    MUNICIPALITY_OPL,
    WEST,
    all_categories,
    areas_file,
    buurt,
    municipality_files,
    opl_file,
    square,
)

from meetingplaces.model.errors import ExtentMismatchError, FormatError, MissingFileError, UnknownMunicipalityError
from meetingplaces.pipeline.build import STAGES, build
from meetingplaces.storage.bundle import open_bundle


def made(folder, osm_text=MUNICIPALITY_OPL, buurten=BUURTEN, code=MUNICIPALITY, progress=None):
    osm, areas = opl_file(folder / "x.opl", osm_text), areas_file(folder / "x.geojson", *buurten)
    return build(code, osm, areas, folder / "data", all_categories(), progress=progress)


def test_areas_of_one_municipality_with_the_extract_of_another_write_nothing(tmp_path):
    ermelo = (buurt("BU02330001", "Ermelo", square(5.6, 52.28, 5.65, 52.32)),)
    with pytest.raises(ExtentMismatchError) as told:
        made(tmp_path, buurten=ermelo, code="GM0233")
    assert told.value.extract_bounds == "5.880 52.490 5.920 52.510"
    assert "5.600 52.280" in told.value.municipality_bounds
    assert not (tmp_path / "data").exists()


def test_a_municipality_that_only_touches_the_extract_is_not_covered_by_it(tmp_path):
    beside = (buurt("BU02330001", "Ernaast", square(5.92, 52.49, 5.94, 52.51)),)
    with pytest.raises(ExtentMismatchError):
        made(tmp_path, buurten=beside, code="GM0233")


def test_a_neighbourhood_partly_or_wholly_outside_the_extract_is_marked(tmp_path):
    beyond = buurt("BU99990004", "Ver weg", square(5.95, 52.495, 5.96, 52.505))
    bundle = made(tmp_path, buurten=(*BUURTEN, beyond))
    shares = bundle.neighbourhoods().set_index("neighbourhood_code")["extent_share"]
    assert shares.to_dict() == {WEST: 1.0, EAST: 1.0, FAR: 0.5, "BU99990004": 0.0}
    assert bundle.manifest.counts["neighbourhoods_partly_outside_extent"] == 1
    assert bundle.manifest.counts["neighbourhoods_outside_extent"] == 1
    assert bundle.manifest.extent.covers_municipality_share == pytest.approx(0.6)


def test_a_municipality_without_any_place_is_a_bundle_with_none(tmp_path):
    bundle = made(tmp_path, "n1 x5.88 y52.49\nn2 x5.92 y52.51")
    assert bundle.manifest.counts["places"] == 0
    assert len(bundle.places()) == 0
    assert len(bundle.supply()) == 0


def test_a_municipality_that_the_areas_file_does_not_hold_is_named_with_those_it_does(tmp_path):
    with pytest.raises(UnknownMunicipalityError) as told:
        made(tmp_path, code="GM0166")
    assert told.value.municipality_code == "GM0166"
    assert told.value.present == MUNICIPALITY


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_file_is_named(tmp_path, missing):
    files = list(municipality_files(tmp_path))
    files[missing] = tmp_path / "nowhere.gpkg"
    with pytest.raises(MissingFileError, match="nowhere"):
        build(MUNICIPALITY, *files, tmp_path / "data", all_categories())
    assert not (tmp_path / "data").exists()


def test_a_broken_extract_leaves_the_bundle_that_was_there(tmp_path):
    before = made(tmp_path)
    osm, areas = municipality_files(tmp_path)
    broken = tmp_path / "broken.opl.gz"
    broken.write_bytes(gzip.compress(osm.read_bytes())[:-200])
    with pytest.raises(FormatError, match="broken"):
        build(MUNICIPALITY, broken, areas, tmp_path / "data", all_categories())
    assert open_bundle(tmp_path / "data", MUNICIPALITY).manifest == before.manifest


def test_progress_hears_every_stage_begin_and_end_in_order(tmp_path):
    class Heard:
        def __init__(self):
            self.stages = []

        def begin(self, stage):
            self.stages.append(f"begin {stage}")

        def end(self, stage, counts):
            assert counts
            assert all(count >= 0 for count in counts.values())
            self.stages.append(f"end {stage}")

    heard = Heard()
    made(tmp_path, progress=heard)
    assert heard.stages == [f"{when} {stage}" for stage in STAGES for when in ("begin", "end")]


def test_the_manifest_says_what_was_read_from_where_and_under_which_licence(built_bundle):
    osm, cbs = built_bundle.manifest.sources
    assert (osm.source_id, osm.file, osm.licence) == ("osm", "driedorp.opl", "ODbL 1.0")
    assert (cbs.source_id, cbs.file, cbs.data_as_of) == ("cbs", "driedorp.geojson", "2024")
    assert osm.data_as_of is None
    assert osm.retrieved_at.tzinfo is not None
    assert built_bundle.manifest.boundary_year == 2024
    assert not built_bundle.manifest.outlines_approximate


def test_core_places_come_first_then_by_kind_and_named_before_nameless(built_bundle):
    places = built_bundle.places()
    order = {key: number for number, key in enumerate(all_categories().by_key)}
    weights = ["core", "secondary", "amenity"]
    ranks = [
        (weights.index(one.weight), order[one.category], not isinstance(one.name, str)) for one in places.itertuples()
    ]
    assert ranks == sorted(ranks)
