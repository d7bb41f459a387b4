"""Bundles kept for links: one copy per edition, whole or not at all, never more than so many, none ever dropped."""

import json
import shutil

import filelock
import pytest
from samples import MUNICIPALITY

from meetingplaces.model.errors import BundleBrokenError, BundleBusyError, FrozenFullError, MissingFileError
from meetingplaces.storage.bundle import list_bundles, open_bundle
from meetingplaces.storage.earlier import keep
from meetingplaces.storage.frozen import FROZEN, bundles_of_edition, can_freeze, edition_of, freeze


@pytest.fixture
def data(built_bundle, tmp_path):
    """A data folder of one's own with the bundle of Driedorp."""
    shutil.copytree(built_bundle.folder, tmp_path / "data" / MUNICIPALITY)
    return tmp_path / "data"


def refreshed(data, year):
    """Another edition: the same tables, built in another year."""
    path = data / MUNICIPALITY / "bundle.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "built_at": f"{year}-11-03T10:00:00Z"}))
    return edition_of(open_bundle(data, MUNICIPALITY).manifest)


def kept(data):
    return sorted(path.name for path in (data / FROZEN).iterdir())


def test_an_edition_is_kept_once_and_found_after_the_bundle_was_replaced(data):
    then = edition_of(freeze(data, MUNICIPALITY, 2).manifest)
    assert freeze(data, MUNICIPALITY, 2).folder == data / FROZEN / then / MUNICIPALITY
    now = refreshed(data, 2031)
    assert kept(data) == [then]
    [found] = bundles_of_edition(data, MUNICIPALITY, then)
    found.check()
    assert bundles_of_edition(data, MUNICIPALITY, now) == []
    assert list_bundles(data) == [MUNICIPALITY]


def test_no_more_are_kept_than_allowed_and_none_is_dropped_for_another(data):
    names = []
    for year in (2031, 2032):
        names.append(refreshed(data, year))
        assert can_freeze(data, MUNICIPALITY, 2)
        freeze(data, MUNICIPALITY, 2)
    assert can_freeze(data, MUNICIPALITY, 2)
    refreshed(data, 2033)
    assert not can_freeze(data, MUNICIPALITY, 2)
    with pytest.raises(FrozenFullError) as told:
        freeze(data, MUNICIPALITY, 2)
    assert told.value.most == 2
    assert kept(data) == names


def test_where_nothing_may_be_kept_it_cannot_be_offered(data):
    assert not can_freeze(data, MUNICIPALITY, 0)


def test_a_broken_copy_is_mended_by_keeping_the_same_edition_again(data):
    copy = freeze(data, MUNICIPALITY, 1)
    next(copy.folder.glob("places-*.parquet")).write_bytes(b"broken")
    freeze(data, MUNICIPALITY, 1).check()


def test_a_broken_bundle_is_not_kept(data):
    next((data / MUNICIPALITY).glob("places-*.parquet")).write_bytes(b"broken")
    with pytest.raises(BundleBrokenError):
        freeze(data, MUNICIPALITY, 1)
    assert not (data / FROZEN).exists()


def test_a_bundle_that_is_being_written_is_not_kept(data):
    with filelock.FileLock(data / MUNICIPALITY / ".lock"), pytest.raises(BundleBusyError):
        freeze(data, MUNICIPALITY, 1)


def test_a_folder_that_cannot_be_written_to_is_named_and_nothing_is_left(data):
    (data / FROZEN).write_text("in the way")
    with pytest.raises(MissingFileError) as told:
        freeze(data, MUNICIPALITY, 1)
    assert told.value.facts()["file"] == str(data / FROZEN)


def test_a_copy_that_fails_half_way_leaves_nothing(data, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(MissingFileError):
        freeze(data, MUNICIPALITY, 1)
    assert [path for path in data.rglob("*") if path.name.endswith(".part")] == []
    assert bundles_of_edition(data, MUNICIPALITY, edition_of(open_bundle(data, MUNICIPALITY).manifest)) == []


def test_what_was_kept_to_compare_with_serves_links_too(data):
    then = edition_of(keep(data, MUNICIPALITY).manifest)
    refreshed(data, 2031)
    assert len(bundles_of_edition(data, MUNICIPALITY, then)) == 1
