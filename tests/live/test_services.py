"""One small question to every service of figures, areas and municipal data; what differs from its contract is told."""

import json

import pytest
from samples import all_categories

from meetingplaces.model.municipal import load_sources
from meetingplaces.sources import odata, rivm, statline
from meetingplaces.sources.cbs_download import CBS
from meetingplaces.sources.cbs_fields import find_fields
from meetingplaces.sources.cbs_service import newest_download
from meetingplaces.sources.endpoints import Endpoints, load_endpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.municipal.checking import check_source
from meetingplaces.sources.ogc_features import check_items, items_request
from meetingplaces.storage.locations import sources_path

pytestmark = pytest.mark.live

ENDPOINTS = Endpoints()
SOURCES = load_sources(sources_path(), all_categories()).by_id
NEEDED = {"neighbourhood_code", "neighbourhood_name", "municipality_code", "year", "water", "residents_count"}


@pytest.fixture(scope="module")
def door() -> Door:
    return Door(load_endpoints())


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_municipal_source_answers_as_the_registry_says(source_id, door):
    found = check_source(SOURCES[source_id], door)
    told = f"{source_id}: {found.status} {', '.join(found.differences)} {found.error or ''}; it has {found.found}"
    print(told)
    assert found.status == "fine", told


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_an_edition_of_the_areas_is_listed_for_download(year, door):
    address = newest_download(year, door, ENDPOINTS.cbs)
    print(f"{year}: {address}")
    assert address.endswith(".gpkg")


@pytest.mark.parametrize(("year", "key"), [(2024, "gemeentecode"), (2025, "gemeentecode"), (2026, "gm_code")])
def test_the_ogc_api_filters_on_the_municipality_and_names_its_fields_as_we_think(year, key, door):
    url = f"{ENDPOINTS.cbs.collections.format(year=year)}/buurten/items"
    answer = json.loads(door.read(items_request(url, CBS, {key: "GM0301"}, limit=2), check_items))
    present = set(answer["features"][0]["properties"])
    print(f"{year}: fields not known to us: {sorted(present - set(find_fields(present).values()))}")
    assert set(find_fields(present)) >= NEEDED


@pytest.mark.parametrize("year", ENDPOINTS.statline.tables)
def test_a_table_of_statline_has_our_columns(year, door):
    table = ENDPOINTS.statline.tables[year]
    request = odata.properties_request(f"{ENDPOINTS.statline.api}/{table}", statline.origin(table))
    properties = json.loads(door.read(request, odata.TablePages.check))["value"]
    found = odata.resolved(properties, statline.COLUMNS, table)
    print(f"{year}: {found}; absent: {sorted(statline.COLUMNS.keys() - found.keys())}")
    assert found.keys() >= set(statline.ALWAYS)


def test_the_table_of_rivm_has_our_columns(door):
    table = ENDPOINTS.health.table
    request = odata.properties_request(f"{ENDPOINTS.health.api}/{table}", rivm.origin(table))
    properties = json.loads(door.read(request, odata.TablePages.check))["value"]
    found = odata.resolved(properties, rivm.COLUMNS, table)
    assert found.keys() == rivm.COLUMNS.keys(), sorted(rivm.COLUMNS.keys() - found.keys())
