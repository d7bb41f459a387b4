"""The real Kampen, counted once by us and once by osmium-tool; every difference has a reason from the rules."""

import json
import shutil
import subprocess

import geopandas as gpd
import pytest
import shapely
from samples import all_categories

from meetingplaces.metrics.supply import supply_of
from meetingplaces.pipeline.build import build

pytestmark = pytest.mark.skipif(shutil.which("osmium") is None, reason="osmium-tool is not installed")

# Tag -> the kinds it may become, how many OpenStreetMap has in the extract, and how many inside the municipality
# `meetingplaces show` tells. Counted on 30 January 2023's extract with the approximate outlines of 2024.
KINDS = {
    "amenity=bench": ({"bench", "seating_spot", "youth_spot"}, 140),
    "leisure=playground": ({"playground", "play_garden", "play_forest", "youth_spot"}, 51),
    "amenity=community_centre": (
        {"neighbourhood_centre", "village_hall", "meeting_centre", "drop_in", "commercial_hall"}, 3),
    "amenity=library": ({"library"}, 2),
    "landuse=allotments": ({"allotments", "open_allotments", "community_garden"}, 18),
}  # fmt: skip


@pytest.fixture(scope="module")
def kampen(shared_data, tmp_path_factory):
    osm = shared_data / "osm/kampen.osm.pbf"
    areas = shared_data / "boundaries/kampen_buurten_2024_approx.geojson"
    return build("GM0166", osm, areas, tmp_path_factory.mktemp("kampen"), all_categories())


def by_osmium(folder, extract, *filters: str) -> gpd.GeoSeries:
    """Shapes (RD New) by identifier of what `osmium tags-filter` finds, without any code of ours."""
    found, shapes = folder / "found.osm.pbf", folder / "found.geojsonseq"
    subprocess.run(["osmium", "tags-filter", extract, *filters, "-o", found, "--overwrite"], check=True, timeout=60,
                   capture_output=True)  # fmt: skip
    options = ["-u", "type_id", "-f", "geojsonseq", "-x", "print_record_separator=false", "--overwrite"]
    subprocess.run(["osmium", "export", found, *options, "-o", shapes], check=True, timeout=60, capture_output=True)
    wanted = [one.split("/", 1)[1].split("=") for one in filters]
    rows = {}
    for line in shapes.read_text().splitlines():
        feature = json.loads(line)
        if any(feature["properties"].get(key) in values.split(",") for key, values in wanted):
            rows[_osm_id(feature["id"])] = shapely.geometry.shape(feature["geometry"])
    return gpd.GeoSeries(rows, crs=4326).to_crs(28992)


def _osm_id(unique: str) -> str:
    """`a90` is how osmium calls the area of way 45, `a91` that of relation 45."""
    if unique[0] != "a":
        return f"osm/{unique}"
    number = int(unique[1:])
    return f"osm/{'wr'[number % 2]}{number // 2}"


@pytest.mark.parametrize("tag", KINDS)
def test_what_osmium_finds_is_in_the_bundle_or_left_out_by_a_rule(kampen, shared_data, tmp_path, tag):
    kinds, in_extract = KINDS[tag]
    extract = shared_data / "osm/kampen.osm.pbf"
    found = by_osmium(tmp_path, extract, f"nwr/{tag}")
    assert len(found) == in_extract

    places = kampen.places()
    known = set(places.loc[places["category"].isin(kinds), "records"].explode())
    town = kampen.neighbourhoods().union_all()
    schools = by_osmium(tmp_path, extract, "nwr/amenity=school,kindergarten,childcare").union_all()
    reasons = {}
    for osm_id in set(found.index) - known:
        inside_school = found[osm_id].representative_point().within(schools)
        far = found[osm_id].distance(town) > 500
        reasons[osm_id] = "outside" if far else "school" if inside_school else None
    assert None not in reasons.values(), f"left out without a reason: {reasons}"

    # The other way round: nothing of these kinds that OpenStreetMap does not have.
    assert known - set(found.index) - _of_other_tags(places) == set()


def _of_other_tags(places: gpd.GeoDataFrame) -> set[str]:
    """A community centre tagged as a social facility, and the like."""
    return set(places.loc[places["place_id"] == "osm/n2732411237", "place_id"])


def test_what_show_counts_is_what_osmium_finds_inside_the_municipality(kampen, shared_data, tmp_path):
    """Places are counted once in the municipality; benches and playgrounds in Kampen are all open to everyone."""
    told = supply_of(kampen.supply(), "GM0166")
    counts = {**told.by_category, **told.amenities}
    town = kampen.neighbourhoods().union_all()
    schools = by_osmium(tmp_path, shared_data / "osm/kampen.osm.pbf", "nwr/amenity=school,kindergarten,childcare")
    for tag, category, extra in (
        ("amenity=bench", ("bench",), 0),
        ("leisure=playground", ("playground", "play_garden", "play_forest"), 0),
        ("amenity=community_centre", ("neighbourhood_centre", "village_hall"), 1),  # one is a social_facility
        ("amenity=library", ("library",), 0),
        ("landuse=allotments", ("allotments",), 0),
    ):
        found = by_osmium(tmp_path, shared_data / "osm/kampen.osm.pbf", f"nwr/{tag}")
        inside = found[found.intersects(town)]
        ours = inside[~inside.representative_point().within(schools.union_all()) | (tag == "landuse=allotments")]
        assert sum(counts.get(key, 0) for key in category) == len(ours) + extra, tag
