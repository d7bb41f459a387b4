"""Where the services are, by default and by choice."""

import pytest

from meetingplaces.model.errors import SchemaError
from meetingplaces.sources.endpoints import load_endpoints


def test_without_settings_the_public_services_are_used():
    endpoints = load_endpoints({})
    assert endpoints.overpass.mirrors[0] == "https://overpass-api.de/api/interpreter"
    assert endpoints.private_hosts == frozenset()


def test_a_file_replaces_what_it_names_and_leaves_the_rest(tmp_path):
    path = tmp_path / "endpoints.yaml"
    path.write_text("overpass: {mirrors: ['http://overpass.local/api/interpreter']}\nprivate_hosts: [overpass.local]\n")
    endpoints = load_endpoints({"MEETINGPLACES_ENDPOINTS": str(path), "MEETINGPLACES_CONTACT": "kaart@example.org"})
    assert endpoints.overpass.mirrors == ("http://overpass.local/api/interpreter",)
    assert endpoints.geofabrik.index.startswith("https://download.geofabrik.de/")
    assert endpoints.contact == "kaart@example.org"


@pytest.mark.parametrize(
    ("text", "where"),
    [("overpas: {}", "overpas"), ("overpass: {mirrors: []}", "overpass.mirrors"),
     ("geofabrik: {index: 'file:///etc/passwd'}", "geofabrik.index"),
     ("geofabrik: {index: 'https://me:pw@example.org/'}", "geofabrik.index"),
     ("contact: \"a\\r\\nX-Evil: b\"", "contact")],
)  # fmt: skip
def test_a_setting_that_is_not_allowed_is_told_by_its_name(tmp_path, text, where):
    path = tmp_path / "endpoints.yaml"
    path.write_text(text)
    with pytest.raises(SchemaError) as caught:
        load_endpoints({"MEETINGPLACES_ENDPOINTS": str(path)})
    assert (caught.value.file, caught.value.where) == (str(path), where)


def test_a_server_can_be_set_to_suggest_no_addresses(tmp_path):
    path = tmp_path / "endpoints.yaml"
    path.write_text("locatieserver: {suggest: null}")
    assert load_endpoints({"MEETINGPLACES_ENDPOINTS": str(path)}).locatieserver.suggest is None
    assert load_endpoints({}).locatieserver.suggest == "https://api.pdok.nl/bzk/locatieserver/search/v3_1/suggest"
