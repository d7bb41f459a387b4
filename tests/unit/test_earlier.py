"""Earlier bundles: kept when asked, whole or not at all, and each by itself."""

import json
import shutil
from pathlib import Path

import filelock
import pytest
from samples import MUNICIPALITY, all_categories, municipality_files

from meetingplaces.cli import main
from meetingplaces.model.errors import (
    BundleBrokenError,
    BundleBusyError,
    BundleMissingError,
    EarlierKeptError,
    MissingFileError,
)
from meetingplaces.pipeline.build import build
from meetingplaces.storage.bundle import list_bundles, open_bundle
from meetingplaces.storage.earlier import check_tables, date_of, earlier_bundles, keep, list_earlier


@pytest.fixture
def data(built_bundle, tmp_path) -> Path:
    """A data folder of one's own with the bundle of Driedorp."""
    shutil.copytree(built_bundle.folder, tmp_path / "data" / MUNICIPALITY)
    return tmp_path / "data"


@pytest.fixture
def run(capsys):
    def of(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as error:
            code = error.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return of


def rewritten(data: Path, folder: Path, **facts: object) -> None:
    """Change facts in a manifest."""
    path = folder / MUNICIPALITY / "bundle.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


def of_date(data: Path, date: str) -> Path:
    """A copy of the present bundle among the earlier ones, under another date."""
    folder = data / "earlier" / date
    shutil.copytree(data / MUNICIPALITY, folder / MUNICIPALITY)
    return folder


def test_nothing_is_kept_unless_asked(tmp_path):
    osm, areas = municipality_files(tmp_path / "files")
    for _ in range(2):
        build(MUNICIPALITY, osm, areas, tmp_path / "data", all_categories())
    assert list_earlier(tmp_path / "data") == []


def test_a_kept_bundle_is_the_present_one_to_the_last_byte(data):
    kept, present = keep(data, MUNICIPALITY), open_bundle(data, MUNICIPALITY)
    assert kept.folder == data / "earlier" / date_of(present.manifest) / MUNICIPALITY
    assert kept.manifest == present.manifest
    kept.check()
    check_tables(kept)
    assert kept.places().equals(present.places())


def test_a_kept_bundle_outlives_the_one_it_was_made_of(data):
    keep(data, MUNICIPALITY)
    shutil.rmtree(data / MUNICIPALITY)
    (one,) = earlier_bundles(data, MUNICIPALITY)
    assert len(one.bundle.places()) > 0


def test_earlier_bundles_are_not_listed_among_the_present_ones(data):
    keep(data, MUNICIPALITY)
    assert list_bundles(data) == [MUNICIPALITY]


def test_keeping_the_same_bundle_again_does_nothing(data):
    first = keep(data, MUNICIPALITY)
    before = (first.folder / "bundle.json").stat().st_mtime_ns
    assert keep(data, MUNICIPALITY) == first
    assert (first.folder / "bundle.json").stat().st_mtime_ns == before


def test_another_bundle_of_the_same_date_is_not_overwritten(data):
    first = keep(data, MUNICIPALITY)
    rewritten(data, data, municipality_name="Anders")
    with pytest.raises(EarlierKeptError) as told:
        keep(data, MUNICIPALITY)
    assert told.value.date == first.folder.parent.name
    assert open_bundle(first.folder.parent, MUNICIPALITY).manifest.municipality_name == "Driedorp"


def test_what_a_copy_that_was_killed_left_behind_does_no_harm(data):
    date = date_of(open_bundle(data, MUNICIPALITY).manifest)
    part = data / "earlier" / date / f".{MUNICIPALITY}.part"
    part.mkdir(parents=True)
    (part / "bundle.json").write_text("half")
    assert earlier_bundles(data, MUNICIPALITY) == []
    keep(data, MUNICIPALITY).check()
    assert not part.exists()


def test_a_damaged_bundle_is_not_kept(data):
    stored = open_bundle(data, MUNICIPALITY).manifest.tables["places"]
    (data / MUNICIPALITY / stored.name).write_bytes(b"junk")
    with pytest.raises(BundleBrokenError):
        keep(data, MUNICIPALITY)
    assert list_earlier(data) == []


def test_a_bundle_that_is_being_written_is_not_kept(data):
    with filelock.FileLock(data / MUNICIPALITY / ".lock"), pytest.raises(BundleBusyError):
        keep(data, MUNICIPALITY)


def test_a_municipality_without_a_bundle_cannot_be_kept(data):
    with pytest.raises(BundleMissingError):
        keep(data, "GM0001")


def test_where_nothing_can_be_written_the_folder_is_named(data):
    (data / "earlier").write_text("a file")
    with pytest.raises(MissingFileError) as told:
        keep(data, MUNICIPALITY)
    assert "earlier" in told.value.file


def test_the_latest_comes_first_and_strange_folders_are_left_alone(data):
    for date in ("2021", "2024-05-01", "2022-12-31", "2024-99-99", "old", "2024-05"):
        of_date(data, date)
    assert [one.date for one in earlier_bundles(data, MUNICIPALITY)] == ["2024-05-01", "2022-12-31", "2021"]


@pytest.mark.parametrize("text", ["junk", "{}", '{"schema_version": 0}'])
def test_a_broken_or_older_bundle_says_why_and_harms_no_other(data, text):
    of_date(data, "2024-05-01")
    (of_date(data, "2022-12-31") / MUNICIPALITY / "bundle.json").write_text(text)
    sound, broken = earlier_bundles(data, MUNICIPALITY)
    assert (sound.error, broken.bundle) == (None, None)
    assert isinstance(broken.error, BundleBrokenError)


def test_the_date_of_undated_places_is_the_day_the_bundle_was_made(data):
    manifest = open_bundle(data, MUNICIPALITY).manifest
    dated = manifest.sources[0].model_copy(update={"data_as_of": "2023-01-30T01:00:12+00:00", "source_id": "osm"})
    undated = dated.model_copy(update={"data_as_of": None})
    assert date_of(manifest.model_copy(update={"sources": (dated,)})) == "2023-01-30"
    assert date_of(manifest.model_copy(update={"sources": (undated,)})) == manifest.built_at.date().isoformat()


def test_the_command_keeps_and_lists(run, data):
    code, out, err = run("keep", MUNICIPALITY, "--json", "--data", data)
    kept = json.loads(out)
    assert (code, err, kept["municipality_code"]) == (0, "", MUNICIPALITY)
    assert (Path(kept["folder"]) / "bundle.json").is_file()
    (of_date(data, "2020-01-01") / MUNICIPALITY / "bundle.json").write_text("junk")
    sound, broken = json.loads(run("keep", "--list", "--json", "--data", data)[1])
    assert (sound["date"], sound["places"], sound["error"]) == (kept["date"], 10, None)
    assert "bundle_broken" in broken["error"]
    assert f"{MUNICIPALITY}  {kept['date']}: 10 places" in run("keep", "--list", "--data", data)[1]


@pytest.mark.parametrize("arguments", [[], ["GM9999", "--list"], ["Kampen"]])
def test_keep_asks_for_one_municipality_or_the_list(run, data, arguments):
    assert run("keep", *arguments, "--data", data)[0] == 2


def test_keeping_another_bundle_of_the_date_is_an_error_that_says_what_to_do(run, data):
    keep(data, MUNICIPALITY)
    rewritten(data, data, municipality_name="Anders")
    code, _, err = run("keep", MUNICIPALITY, "--data", data)
    assert code == 1
    assert "Remove that first" in err
