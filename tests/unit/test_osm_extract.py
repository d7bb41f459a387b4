from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from osm_samples import NODES, WISHES, read_file, shape, written

from meetingplaces.sources.osm_extract import OsmExtract, TagWishes
from meetingplaces.sources.osm_nodes import NodeQuestion, find_nodes, from_pyosmium
from meetingplaces.sources.osm_shapes import is_surface, may_stay_open

KAMPEN = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "osm" / "kampen.osm.pbf"
needs_kampen = pytest.mark.skipif(not KAMPEN.is_file(), reason="the shared Kampen extract is not beside the repository")


@pytest.fixture
def opl(tmp_path):
    def read(text: str, wishes: TagWishes = WISHES) -> OsmExtract:
        path = tmp_path / "fixture.opl"
        path.write_text("\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n")
        return read_file(path, wishes)

    return read


# --- what is read -----------------------------------------------------------------------------------------------------


def test_only_objects_with_a_wanted_tag_are_returned_with_all_their_tags(opl):
    found = opl("n1 x5 y52 Tamenity=bench,backrest=yes,check_date=2023-05\nn2 x5 y52 Tamenity=waste_basket\nn3 x5 y52")
    assert found.features.osm_id.tolist() == ["n1"]
    assert found.features.tags[0] == {"amenity": "bench", "backrest": "yes", "check_date": "2023-05"}
    assert shape(found, "n1") == shapely.Point(5, 52)


def test_any_member_of_a_value_list_counts(opl):
    found = opl("n1 x5 y52 Tsport=boules;%20%petanque\nn2 x5 y52 Tsport=boules\nn3 x5 y52 Tsport=petanque")
    assert found.features.osm_id.tolist() == ["n1", "n3"]


def test_a_key_without_values_means_any_value(opl):
    assert opl("n1 x5 y52 Tclub=chess\nn2 x5 y52 Tclub=anything").features.osm_id.tolist() == ["n1", "n2"]


@pytest.mark.parametrize("wishes", [{"tourism": None}, {}])
def test_nothing_found_is_an_empty_table_with_the_usual_columns(opl, wishes):
    empty, full = opl(NODES, wishes), opl("n1 x5 y52 Tamenity=bench")
    assert len(empty.features) == 0
    assert empty.features.dtypes.to_dict() == full.features.dtypes.to_dict()
    assert empty.features.columns.tolist() == ["osm_id", "tags", "geometry", "last_edit_at"]
    assert not empty.dropped


def test_ids_tell_nodes_ways_and_relations_apart(opl):
    found = opl(
        NODES + "n9 x5 y52 Tamenity=cafe\nw9 Nn1,n2,n3,n4,n1\nw10 Tleisure=park Nn5,n6,n7,n8,n5\n"
        "r9 Ttype=multipolygon,leisure=park Mw9@outer"
    )
    assert found.features.osm_id.tolist() == ["n9", "w10", "r9"]


# --- ways -------------------------------------------------------------------------------------------------------------


def test_a_closed_way_comes_once_as_a_polygon(opl):
    found = opl(NODES + "w1 Tleisure=park Nn1,n2,n3,n4,n1")
    assert found.features.osm_id.tolist() == ["w1"]
    assert shape(found, "w1").equals(shapely.box(5.0, 52.0, 5.4, 52.4))


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ("highway=pedestrian,area=yes", "Polygon"),
        ("highway=pedestrian", "LineString"),
        ("highway=living_street", "LineString"),
        ("leisure=park,area=no", "LineString"),
        ("leisure=playground,barrier=fence", "Polygon"),
        ("club=chess,barrier=fence", "LineString"),
        ("club=chess", "Polygon"),
    ],
)
def test_a_closed_way_is_a_surface_unless_it_is_linear_by_nature(opl, tags, kind):
    assert shape(opl(NODES + f"w1 T{tags} Nn1,n2,n3,n4,n1"), "w1").geom_type == kind


def test_a_square_mapped_on_the_street_around_it_is_a_surface():
    assert is_surface({"place": "square", "highway": "pedestrian"})
    assert not is_surface({"tourism": "attraction", "railway": "miniature"})
    assert not is_surface({"leisure": "track"})
    assert is_surface({"railway": "station"})


def test_a_bench_or_street_may_be_an_open_line(opl):
    found = opl(NODES + "w1 Tamenity=bench Nn1,n2\nw2 Thighway=pedestrian Nn2,n3\nw3 Tleisure=garden,area=no Nn3,n4")
    assert set(found.features.geometry.map(lambda line: line.geom_type)) == {"LineString"}
    assert len(found.features) == 3
    assert not may_stay_open({"leisure": "playground", "barrier": "fence"})
    assert may_stay_open({"place": "square", "highway": "pedestrian"})


def test_a_torn_ring_is_dropped_and_not_closed(opl):
    found = opl(NODES + "w1 Tleisure=park Nn1,n2,n3,n4\nw2 Thighway=pedestrian,area=yes Nn1,n2,n3")
    assert found.features.empty
    assert found.dropped == {"open_ring": 2}


def test_a_way_with_nodes_outside_the_crop_is_dropped(opl):
    found = opl(NODES + "w1 Tleisure=park Nn1,n2,n99,n4,n1\nw2 Thighway=pedestrian Nn1,n99\nw3 Tamenity=bench Nn1,n2")
    assert found.features.osm_id.tolist() == ["w3"]
    assert found.dropped == {"missing_nodes": 2}


def test_ways_of_too_few_nodes_are_dropped(opl):
    text = "w1 Tleisure=park N\nw2 Tleisure=park Nn1\nw3 Tleisure=park Nn1,n2,n1\nw4 Tamenity=bench Nn1,n1"
    found = opl(NODES + text)
    assert found.features.empty
    assert found.dropped == {"too_few_nodes": 4}


def test_a_ring_that_crosses_itself_is_repaired_and_counted(opl):
    found = opl(NODES + "w1 Tleisure=park Nn1,n3,n2,n4,n1")
    bow_tie = shape(found, "w1")
    assert bow_tie.is_valid
    assert bow_tie.geom_type == "MultiPolygon"
    assert bow_tie.area == pytest.approx(0.08)
    assert found.repairs["self_intersection_repaired"] == 1


def test_a_ring_without_surface_is_dropped(opl):
    nodes = "n1 x5 y52\nn2 x5.1 y52\nn3 x5.2 y52\nn4 x5 y52\n"
    found = opl(nodes + "w1 Tleisure=park Nn1,n2,n3,n1\nw2 Tamenity=bench Nn1,n4")
    assert found.features.empty
    assert found.dropped == {"invalid_geometry": 2}


# --- relations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["multipolygon", "boundary"])
def test_a_relation_is_a_polygon_with_its_hole_and_its_plain_members_stay_out(opl, kind):
    found = opl(
        NODES + "w1 Nn1,n2,n3\nw2 Tbarrier=fence Nn3,n4,n1\nw3 Tsurface=grass Nn5,n6,n7,n8,n5\n"
        f"r1 Ttype={kind},leisure=park Mw1@outer,w2@outer,w3@inner,n5@label"
    )
    assert found.features.osm_id.tolist() == ["r1"]
    park = shape(found, "r1")
    assert park.geom_type == "Polygon"
    assert len(park.interiors) == 1
    assert park.area == pytest.approx(0.16 - 0.01)


def test_a_relation_of_two_outer_rings_is_a_multipolygon(opl):
    found = opl(
        NODES + "n11 x6.0 y52.0\nn12 x6.1 y52.0\nn13 x6.1 y52.1\nw1 Nn5,n6,n7,n8,n5\nw2 Nn11,n12,n13,n11\n"
        "r1 Ttype=multipolygon,leisure=park Mw1@outer,w2@outer"
    )
    assert shape(found, "r1").geom_type == "MultiPolygon"


def test_a_member_with_a_wanted_tag_of_its_own_is_a_feature_too(opl):
    found = opl(
        NODES + "w1 Nn1,n2,n3,n4,n1\nw2 Tleisure=playground Nn5,n6,n7,n8,n5\n"
        "r1 Ttype=multipolygon,leisure=park Mw1@outer,w2@inner"
    )
    assert found.features.osm_id.tolist() == ["w2", "r1"]


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        ("w1 Nn1,n2,n3\nr1 Ttype=multipolygon,leisure=park Mw1@outer,w99@outer", "missing_members"),
        ("w1 Nn1,n2,n99,n1\nr1 Ttype=multipolygon,leisure=park Mw1@outer", "missing_nodes"),
        ("w1 Nn1,n2,n3\nr1 Ttype=multipolygon,leisure=park Mw1@outer", "open_ring"),
        ("w1 Nn1,n2,n1\nr1 Ttype=multipolygon,leisure=park Mw1@outer", "invalid_geometry"),
        ("r1 Ttype=multipolygon,leisure=park Mn1@label", "no_member_ways"),
        ("w1 Nn1,n2,n3,n4,n1\nr1 Ttype=site,leisure=park Mw1@", "relation_without_area"),
        ("w1 Nn1,n2,n3,n4,n1\nr1 Tleisure=park Mw1@outer", "relation_without_area"),
    ],
)
def test_a_relation_that_encloses_nothing_is_dropped_with_its_reason(opl, relation, reason):
    found = opl(NODES + relation)
    assert found.features.empty
    assert found.dropped == {reason: 1}


def test_a_relation_whose_ring_crosses_itself_is_repaired_and_counted(opl):
    found = opl(NODES + "w1 Nn1,n3,n2\nw2 Nn2,n4,n1\nr1 Ttype=multipolygon,leisure=park Mw1@outer,w2@outer")
    assert shape(found, "r1").is_valid
    assert shape(found, "r1").area == pytest.approx(0.08)
    assert found.repairs["self_intersection_repaired"] == 1


# --- nothing is lost in silence ---------------------------------------------------------------------------------------


def wanted_count(path: Path, wishes: TagWishes) -> int:
    """Wanted objects by another road: every tagged object of the file, tag by tag."""

    def wanted(tag: osmium.osm.Tag) -> bool:
        values = wishes.get(tag.k, frozenset())
        return values is None or bool(values & set(map(str.strip, tag.v.split(";"))))

    tagged = osmium.FileProcessor(str(path)).with_filter(osmium.filter.EmptyTagFilter())
    return sum(any(map(wanted, thing.tags)) for thing in tagged)


def test_every_wanted_object_is_a_feature_or_counted_as_dropped(tmp_path):
    text = NODES + (
        "n20 x5 y52 Tamenity=bench\nn21 Tamenity=bench\nn22 x5 y52 Tsport=boules;petanque\nn20 x5 y52 Tamenity=bench\n"
        "w1 Tleisure=park Nn1,n2,n3,n4,n1\nw2 Tleisure=park Nn1,n2,n3\nw3 Thighway=pedestrian Nn1,n99\n"
        "w4 Tleisure=park Nn1\nw5 Nn5,n6,n7,n8,n5\nw6 Tamenity=bench Nn1,n2\n"
        "r1 Ttype=multipolygon,leisure=park Mw5@outer\nr2 Ttype=multipolygon,leisure=park Mw98@outer\n"
        "r3 Ttype=site,leisure=park Mw5@\n"
    )
    path = written(tmp_path / "mixed.opl", text.lstrip())
    found = read_file(path)
    assert wanted_count(path, WISHES) == len(found.features) + found.dropped.total() == 12
    assert found.features.osm_id.tolist() == ["n20", "n22", "w1", "w6", "r1"]
    assert found.dropped["missing_location"] == 1
    assert found.dropped["repeated_object"] == 1


@needs_kampen
def test_every_wanted_object_of_kampen_is_a_feature_or_counted_as_dropped():
    wishes = {**WISHES, "landuse": None, "natural": None, "building": frozenset({"school", "church"}), "boundary": None}
    found = read_file(KAMPEN, wishes)
    assert wanted_count(KAMPEN, wishes) == len(found.features) + found.dropped.total()
    assert len(found.features) > 1000
    assert found.features.osm_id.is_unique
    assert shapely.is_valid(found.features.geometry.to_numpy()).all()
    assert found.features.last_edit_at.isna().all()
    assert found.data_as_of == datetime(2023, 1, 30, 1, 0, 12, tzinfo=UTC)
    assert found.extent.bounds == (5.841, 52.524, 5.989, 52.584)


@needs_kampen
def test_nodes_of_kampen_are_those_that_pyosmium_finds():
    source = osmium.io.File(str(KAMPEN))
    present = [node.id for node in osmium.FileProcessor(source, osmium.osm.NODE)]
    ids = np.array([*present[::97], 1], dtype=np.int64)
    question = NodeQuestion(WISHES, np.unique(ids), with_bounds=True, nodes_first=False)
    ours, theirs = find_nodes(KAMPEN, source, question), from_pyosmium(source, question)
    np.testing.assert_array_equal(ours.at(ids), theirs.at(ids))
    assert np.isnan(ours.at(ids)[-1]).all()
    assert ours.bounds == theirs.bounds
    assert ours.tagged == [(number, tags, place, 0) for number, tags, place, _ in theirs.tagged]


@settings(deadline=None, max_examples=30)
@given(ids=st.lists(st.integers(1, 2**40), unique=True, min_size=1, max_size=30))
def test_ids_come_back_as_they_are_in_the_file(tmp_path_factory, ids):
    text = "".join(f"n{number} x5 y52 Tamenity=bench\n" for number in ids)
    found = read_file(written(tmp_path_factory.mktemp("ids") / "a.opl", text))
    assert Counter(found.features.osm_id) == Counter(f"n{number}" for number in ids)
