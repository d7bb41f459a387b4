"""`mapdata/sources.yaml`: what ships with the product, and what a mistake in it leads to."""

import pytest
import yaml
from municipal_services import source
from samples import all_categories

from meetingplaces.model.errors import FormatError, SchemaError
from meetingplaces.model.municipal import load_sources
from meetingplaces.storage.locations import sources_path

GOOD = {
    "title": "Banken",
    "municipalities": ["GM0166"],
    "publisher": "Gemeente Kampen",
    "protocol": "arcgis",
    "url": "https://geo.example.nl/0",
    "kind": "bench",
    "attribution": "Bron: Gemeente Kampen",
}


def registry(folder, **entry):
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "sources": {"kampen_benches": {**GOOD, **entry}}}))
    return load_sources(path, all_categories())


@pytest.fixture(scope="module")
def shipped():
    return load_sources(sources_path(), all_categories())


def test_ten_lines_make_a_source(tmp_path):
    (made,) = registry(tmp_path).places_of("GM0166")
    assert made.origin.attribution == "Bron: Gemeente Kampen"
    assert made.origin.licence == "unknown"
    assert made.checked_on is None


@pytest.mark.parametrize(
    ("mistake", "where"),
    [
        ({"kind": "bank"}, "sources.kampen_benches"),
        ({"kind": "town_hall"}, "sources.kampen_benches"),
        ({"kind": None}, "sources.kampen_benches"),
        ({"protocol": "soap"}, "sources.kampen_benches.protocol"),
        ({"url": "ftp://x.example"}, "sources.kampen_benches.url"),
        ({"url": "https://me:secret@x.example/"}, "sources.kampen_benches.url"),
        ({"url": None}, "sources.kampen_benches.url"),
        ({"municipalities": ["0166"]}, "sources.kampen_benches.municipalities"),
        ({"fields": {"naam": "NAAM"}}, "sources.kampen_benches.fields.naam"),
        ({"atribution": "x"}, "sources.kampen_benches.atribution"),
        ({"kind": None, "kinds": {"field": "S", "words": {"bench": ["bank"], "park": ["Bank"]}}}, "kinds"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(mistake, where, tmp_path):
    with pytest.raises(SchemaError) as caught:
        registry(tmp_path, **mistake)
    assert where in caught.value.where
    assert caught.value.file.endswith("sources.yaml")


def test_a_source_that_comes_twice_is_refused(tmp_path):
    (tmp_path / "x.yaml").write_text("version: 1\nsources:\n  a: {}\n  a: {}\n")
    with pytest.raises(FormatError, match="second time"):
        load_sources(tmp_path / "x.yaml", all_categories())


def test_words_give_a_kind_in_capitals_or_not_and_a_star_any_other(tmp_path):
    kinds = {"field": "SOORT", "words": {"library": ["bibliotheek"], "neighbourhood_centre": ["*"]}}
    made = source("file", None, kind=None, kinds=kinds)
    assert [made.kinds.of(word) for word in (" Bibliotheek", "buurthuis")] == ["library", "neighbourhood_centre"]


def test_what_ships_covers_the_towns_of_the_contracts_and_the_whole_country(shipped):
    covered = {code for each in shipped.by_id.values() if each.municipalities != "all" for code in each.municipalities}
    assert covered >= {"GM0363", "GM0599", "GM0518", "GM0344", "GM0772", "GM0014", "GM0268", "GM0202", "GM0193",
                       "GM0503", "GM0855", "GM0301", "GM1960", "GM0153", "GM0034", "GM0758", "GM0307"}  # fmt: skip
    assert [each.source_id for each in shipped.places_of("GM0166")] == ["bgt_street_furniture"]
    assert {each.protocol for each in shipped.by_id.values()} >= {
        "arcgis",
        "wfs",
        "ogc",
        "opendatasoft",
        "ckan",
        "file",
    }


def test_nothing_that_ships_claims_to_have_been_seen(shipped):
    """Until somebody with internet has run `meetingplaces sources check` and looked."""
    assert [each.source_id for each in shipped.by_id.values() if each.checked_on is not None] == []


def test_what_is_spare_or_for_reference_is_never_read_as_places(shipped):
    read = {each.source_id for code in ("GM0363", "GM0599") for each in shipped.places_of(code)}
    assert "amsterdam_facilities" in read
    assert not read & {"amsterdam_sport_wfs", "amsterdam_city_parks", "rotterdam_areas", "rotterdam_portal"}
