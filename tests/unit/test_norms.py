"""The norms: each has a source, and a mistake in the file names the file and the key."""

import itertools

import pytest

from meetingplaces.metrics.reach import REACH_LIMIT_M
from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError, UnknownProfileError
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import norms_path

GOOD = """
version: 1
budgets:
  - {metres: 300, source: someone}
profiles:
  walker:
    name: {nl: Loper, en: Walker}
    speed: {metres_per_second: 1.3, source: someone}
    budget: {metres: 400, source: someone}
  sitter:
    name: {nl: Zitter, en: Sitter}
    speed: {metres_per_second: 0.5, source: someone}
    budget: {metres: 200, source: someone}
    closed: {to: [steps], source: someone}
    rest: {every_m: 100, source: someone, beside: {metres: 10, source: someone}}
default_profile: walker
choice: {kinds: 2, source: someone}
moments:
  winter_evening: {month: 1, hour: 20, source: someone}
  august: {month: 8, hour: 14, source: someone}
day_parts:
  - {key: morning, name: {nl: ochtend, en: morning}, begins: "09:00", ends: "12:00", source: someone}
"""


def loaded(folder, text: str):
    path = folder / "norms.yaml"
    path.write_text(text, encoding="utf-8")
    return load_norms(path)


def test_the_norms_that_ship_are_sound_and_within_what_is_kept():
    norms = load_norms(norms_path())
    assert [budget.metres for budget in norms.budgets] == [300, 500, 800]
    assert all(budget.source and budget.metres <= REACH_LIMIT_M for budget in norms.budgets)
    assert norms.of_budget(500) is not None
    assert norms.of_budget(501) is None


def test_a_sound_file_is_read(tmp_path):
    norms = loaded(tmp_path, GOOD)
    assert norms.choice.kinds == 2
    assert norms.profile().budget.metres == 400
    assert norms.profile("sitter").rest.every_m == 100
    assert norms.profile() is norms.profile("walker")
    assert norms.profile().plain
    with pytest.raises(UnknownProfileError, match="walker, sitter"):
        norms.profile("runner")


def test_everyone_who_ships_walks_within_what_is_kept_and_the_rollator_rests():
    norms = load_norms(norms_path())
    assert set(norms.profiles) == {"adult", "older_person", "rollator", "wheelchair", "parent_with_child"}
    assert all(profile.budget.metres <= REACH_LIMIT_M for profile in norms.profiles.values())
    assert 100 <= norms.profile("rollator").rest.every_m <= 125
    assert "steps" in norms.profile("rollator").closed.to


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("metres: 300", "metres: 0", "budgets.0.metres"),
        ("metres: 300", "metres: 2001", "budgets.0.metres"),
        ("metres: 300", "metres: far", "budgets.0.metres"),
        ("{metres: 300, source: someone}", "{metres: 300}", "budgets.0.source"),
        ("{metres: 300, source: someone}", "{metres: 300, source: ''}", "budgets.0.source"),
        ("{metres: 300, source: someone}", "{metres: 300, source: x, colour: red}", "budgets.0.colour"),
        ("kinds: 2", "kinds: 1", "choice.kinds"),
        ("default_profile: walker", "default_profile: nobody", "the whole file"),
        ("default_profile: walker", "default_profile: sitter", "the whole file"),
        ("metres_per_second: 1.3", "metres_per_second: 0", "profiles.walker.speed.metres_per_second"),
        ("to: [steps]", "to: [stairs]", "profiles.sitter.closed.to.0"),
        ("to: [steps]", "to: []", "profiles.sitter.closed.to"),
        ("every_m: 100", "every_m: 0", "profiles.sitter.rest.every_m"),
        ("every_m: 100, source: someone, ", "every_m: 100, ", "profiles.sitter.rest.source"),
        ("beside: {metres: 10, source: someone}", "beside: {metres: 10}", "profiles.sitter.rest.beside.source"),
        ("  august: {month: 8, hour: 14, source: someone}\n", "", "the whole file"),
        ("month: 8", "month: 13", "moments.august.month"),
        ("name: {nl: Loper, en: Walker}", "name: {nl: Loper}", "profiles.walker.name.en"),
        ('ends: "12:00"', "ends: 12:00", "day_parts.0.ends"),
        ('begins: "09:00"', 'begins: "9:00"', "day_parts.0.begins"),
        ('begins: "09:00"', 'begins: "12:00"', "day_parts.0"),
        ('ends: "12:00"', 'ends: "24:00"', "day_parts.0.ends"),
        ('ends: "12:00", source: someone', 'ends: "12:00"', "day_parts.0.source"),
        ("key: morning", "key: Ochtend!", "day_parts.0.key"),
        ("name: {nl: ochtend, en: morning}", "name: {nl: ochtend}", "day_parts.0.name.en"),
        ("version: 1", "version: 2", "version"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path, before, after, where):
    with pytest.raises(SchemaError) as told:
        loaded(tmp_path, GOOD.replace(before, after))
    assert before in GOOD
    assert told.value.file == str(tmp_path / "norms.yaml")
    assert told.value.where == where


def test_a_part_of_the_day_cannot_come_twice(tmp_path):
    with pytest.raises(SchemaError, match="morning, morning"):
        loaded(tmp_path, GOOD + GOOD.splitlines()[-1] + "\n")


def test_the_parts_of_the_day_that_ship_follow_one_another():
    parts = load_norms(norms_path()).day_parts
    assert [part.key for part in parts] == ["morning", "afternoon", "evening"]
    assert all(part.clock[0] < part.clock[1] for part in parts)
    assert all(before.ends <= after.begins for before, after in itertools.pairwise(parts))


def test_no_file_and_no_yaml_are_told_apart(tmp_path):
    with pytest.raises(MissingFileError):
        load_norms(tmp_path / "nowhere.yaml")
    with pytest.raises(FormatError, match="line 3"):
        loaded(tmp_path, "version: 1\nbudgets: []\nversion: 1\n")
