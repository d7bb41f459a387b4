"""The file of categories: what it says of itself, and mistakes that name file and key."""

import pytest
import yaml
from samples import all_categories

from meetingplaces.model.categories import load_categories
from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError
from meetingplaces.storage.locations import categories_path

SOUND = """
version: 1
thresholds: {amenity_reach_m: 15, seating_group_radius_m: 25, seating_group_benches: 3, outside_margin_m: 500}
grounds:
  school:
    - tags: {amenity: school}
categories:
  library:
    name: {nl: Bibliotheek, en: Library}
    setting: indoor
    weight: core
    match:
      - tags: {amenity: library}
        name_like: biblio
"""


@pytest.fixture
def load(tmp_path):
    def of(text: str):
        path = tmp_path / "categories.yaml"
        path.write_text(text, encoding="utf-8")
        return load_categories(path)

    return of


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ("setting: indoor", "setting: inside", "categories.library.setting"),
        ("setting: indoor", "setting: indoor\n    colour: red", "categories.library.colour"),
        ("weight: core", "weight: kern", "categories.library.weight"),
        ("    weight: core\n", "", "categories.library.weight"),
        ("weight: core", "weight: excluded", "categories.library"),
        ("weight: core", "weight: core\n    reason: because", "categories.library"),
        ("weight: core", "weight: core\n    access: public", "categories.library.access"),
        ("weight: core", "weight: core\n    hours: always", "categories.library.hours"),
        ("weight: core", "weight: core\n    hours: assumed_always", "categories.library"),
        ("weight: core", "weight: core\n    study: tuin", "categories.library.study"),
        ("weight: core", "weight: core\n    inside: {campus: excluded}", "categories.library.inside"),
        ("weight: core", "weight: core\n    provides: [chair]", "categories.library.provides.0"),
        ("name: {nl: Bibliotheek, en: Library}", "name: {nl: Bibliotheek}", "categories.library.name.en"),
        ("name: {nl: Bibliotheek, en: Library}", 'name: {nl: "", en: Library}', "categories.library.name.nl"),
        ("name_like: biblio", "name_like: '(biblio'", "categories.library.match.0.name_like"),
        ("name_like: biblio", "name_likes: biblio", "categories.library.match.0.name_likes"),
        ("name_like: biblio", "shape: polygon", "categories.library.match.0.shape"),
        ("name_like: biblio", "below_m2: -1", "categories.library.match.0.below_m2"),
        ("tags: {amenity: library}", "tags: {}", "categories.library.match.0.tags"),
        ("tags: {amenity: library}", "tags: {amenity: []}", "categories.library.match.0.tags.amenity"),
        ("tags: {amenity: library}", "tags: {indoor: yes}", "categories.library.match.0.tags.indoor"),
        ("tags: {amenity: library}", "tags: {amenity: null}", "categories.library.match.0"),
        ("tags: {amenity: library}", "tags: {amenity: {like: x}}", "categories.library.match.0"),
        ("  library:", "  Library:", "categories.Library.key"),
        ("  school:", "  pool:", "grounds.pool"),
        ("version: 1", "version: 2", "version"),
        ("amenity_reach_m: 15", "amenity_reach_m: -15", "thresholds.amenity_reach_m"),
        ("amenity_reach_m: 15", "amenity_reach: 15", "thresholds.amenity_reach"),
    ],
)
def test_a_mistake_names_file_and_key(load, tmp_path, right, wrong, where):
    assert SOUND.count(right) == 1
    with pytest.raises(SchemaError) as told:
        load(SOUND.replace(right, wrong))
    assert told.value.file == str(tmp_path / "categories.yaml")
    assert told.value.where.startswith(where)
    assert told.value.expected
    assert told.value.found


def test_the_sound_example_is_read(load):
    assert list(load(SOUND).by_key) == ["library"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("version: 1\nthresholds: [", "line 2"),
        ("\tversion: 1", "line 1"),
        (SOUND + "  library:\n    weight: secondary\n", "line 15"),
        (SOUND.replace("setting: indoor", "setting: indoor\n    setting: outdoor"), "line 11"),
        (SOUND.replace("amenity: library}", "amenity: library, amenity: cafe}"), "line 13"),
    ],
    ids=["breaks off", "tab", "category twice", "setting twice", "tag twice"],
)
def test_what_is_not_yaml_or_has_a_key_twice_names_the_line(load, text, where):
    with pytest.raises(FormatError) as told:
        load(text)
    assert told.value.where == where


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "categories: {}"])
def test_a_file_of_something_else_is_refused(load, text):
    with pytest.raises(SchemaError):
        load(text)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "categories.yaml"
    path.write_bytes(SOUND.replace("Bibliotheek", "Café").encode("latin-1"))
    with pytest.raises(FormatError, match="UTF-8"):
        load_categories(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="nowhere"):
        load_categories(tmp_path / "nowhere.yaml")


def test_a_python_object_in_the_file_is_not_made(load):
    with pytest.raises(FormatError):
        load("version: !!python/object/apply:os.getcwd []")


# --- our own file -----------------------------------------------------------------------------------------------------


def test_the_five_outdoor_kinds_of_the_study_are_all_there_by_name():
    kinds = all_categories().by_key.values()
    by_study = {study: [kind.name.nl.lower() for kind in kinds if kind.study == study]
                for study in ("plein", "park", "buurttuin", "plantsoen", "stoep")}  # fmt: skip
    assert all(any(study in name for name in names) for study, names in by_study.items())


def test_every_category_has_its_own_name_in_both_languages():
    names = [kind.name for kind in all_categories().by_key.values()]
    assert len({name.nl for name in names}) == len(names)
    assert len({name.en for name in names}) == len(names)


def test_every_amenity_that_gives_something_says_what():
    silent = [key for key, kind in all_categories().by_key.items() if kind.weight == "amenity" and not kind.provides]
    assert silent == ["barbecue"]


def test_every_rule_can_be_searched_for():
    wishes = all_categories().tag_wishes()
    for kind in all_categories().by_key.values():
        for rule in kind.match:
            key, values = rule.selector
            assert wishes[key] is None or (values is not None and values <= wishes[key])


def test_the_file_is_plain_yaml_that_others_can_read():
    assert yaml.safe_load(categories_path().read_text(encoding="utf-8"))["version"] == 1
