"""The rules of `mapdata/conflation.yaml`."""

import pytest

from meetingplaces.model.conflation import load_conflation
from meetingplaces.model.errors import SchemaError
from meetingplaces.storage.locations import conflation_path

TEXT = conflation_path().read_text(encoding="utf-8")


def test_every_kind_that_is_shown_has_a_family(categories):
    shown = {
        key for key, kind in categories.by_key.items() if kind.weight not in {"excluded", "context"} and kind.standalone
    }
    assert shown - set(load_conflation(conflation_path()).family_of) == set()


def test_a_family_has_no_kind_that_does_not_exist(categories):
    assert set(load_conflation(conflation_path()).family_of) - set(categories.by_key) == set()


@pytest.mark.parametrize(
    ("written", "mistake", "where"),
    [
        ("kinds: [library, toy_library]", "kinds: [library, cafe]", "the whole file"),
        ("official_first: [name, ", "official_first: [", "the whole file"),
        ("official_first: [name, ", "official_first: [geometry, ", "official_first.0"),
        ("same_name: 0.87", "same_name: 87", "thresholds.same_name"),
        ("nameless_m: 1 ", "nameless_m: 101 ", "families.green"),
    ],
)
def test_a_mistake_is_told_with_the_key_it_is_at(tmp_path, written, mistake, where):
    assert written in TEXT
    path = tmp_path / "conflation.yaml"
    path.write_text(TEXT.replace(written, mistake), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_conflation(path)
    assert (caught.value.file, caught.value.where) == (str(path), where)
