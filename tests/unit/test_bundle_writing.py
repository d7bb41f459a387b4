"""A bundle is written whole or not at all, whatever happens to the process that writes it."""

import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from bundle_writer import CODE, content_of, facts_of, write

from meetingplaces.model.errors import BundleBusyError, MissingFileError, SchemaError
from meetingplaces.storage.bundle import Bundle, open_bundle, write_bundle

WRITER = Path(__file__).with_name("bundle_writer.py")


@pytest.fixture
def writer(built_bundle, tmp_path):
    """Start a writer into `tmp_path`, where version 0 of the bundle already is."""
    write(built_bundle, tmp_path, 0)
    started: list[subprocess.Popen[str]] = []

    def start(mode: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(WRITER), mode, str(built_bundle.folder.parent), str(tmp_path)]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def whole(folder: Path) -> str:
    """The version in the attribution of a bundle of which every file is as the manifest says."""
    bundle = open_bundle(folder, CODE)
    bundle.check()
    return (bundle.folder / bundle.manifest.attribution.name).read_text()


def files(bundle: Bundle) -> set[str]:
    return {path.relative_to(bundle.folder).as_posix() for path in bundle.folder.rglob("*") if path.is_file()}


# --- harm -------------------------------------------------------------------------------------------------------------


def test_killed_at_any_moment_of_a_write_the_bundle_is_the_old_or_the_new_one(writer, tmp_path):
    process, seen, last = writer("die"), [], "version 0"
    while (outcome := process.stdout.readline().strip()) == "killed":
        now = whole(tmp_path)
        number = len(seen)
        assert now in {last, f"version {1000 + number}"}
        seen.append(now != last)
        last = now
        process.stdin.write("\n")
        process.stdin.flush()
    assert outcome == "finished"
    # Eleven tables, three drawings, the attribution and the manifest, each killed before and after; only a writer that
    # came past the manifest left a new bundle.
    assert seen == [False] * 31 + [True]
    assert whole(tmp_path) == "version 1032"
    left = files(open_bundle(tmp_path, CODE))
    assert not [name for name in left if name.endswith(".part")]
    assert len(left) < 3 * 15


def test_a_reader_always_finds_a_whole_bundle_while_another_process_writes_and_is_killed(writer, tmp_path):
    process, seen, until = writer("loop"), set(), monotonic() + 60
    while len(seen) < 8 and monotonic() < until:
        seen.add(whole(tmp_path))
    process.kill()
    process.wait()
    assert len(seen) == 8
    assert whole(tmp_path).startswith("version")
    write(open_bundle(tmp_path, CODE), tmp_path, 7)
    assert whole(tmp_path) == "version 7"


def test_two_writers_at_once_are_one_too_many(writer, built_bundle, tmp_path):
    process = writer("hold")
    assert process.stdout.readline() == "writing\n"
    with pytest.raises(BundleBusyError) as told:
        write(built_bundle, tmp_path, 5)
    assert told.value.retryable
    assert whole(tmp_path) == "version 0"
    process.kill()
    process.wait()
    write(built_bundle, tmp_path, 5)
    assert whole(tmp_path) == "version 5"


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_table_that_breaks_its_schema_is_not_written(built_bundle, tmp_path):
    content = content_of(built_bundle, 0)
    content.places.loc[0, "access"] = "anyone"
    with pytest.raises(SchemaError) as told:
        write_bundle(tmp_path, facts_of(built_bundle), content)
    assert "access" in told.value.where
    assert "anyone" in told.value.found
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(built_bundle, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(MissingFileError, match="file"):
        write(built_bundle, tmp_path / "file", 0)


# --- what stays and what goes -----------------------------------------------------------------------------------------


def test_the_same_content_has_the_same_files_and_version(built_bundle, tmp_path):
    first, second = write(built_bundle, tmp_path / "a", 0), write(built_bundle, tmp_path / "b", 0)
    assert files(first) == files(second)
    assert first.manifest.version == second.manifest.version
    assert write(built_bundle, tmp_path / "b", 1).manifest.version != first.manifest.version


def test_files_of_the_version_before_stay_for_who_is_reading_and_older_ones_go(built_bundle, tmp_path):
    first, second, third = (write(built_bundle, tmp_path, version) for version in (0, 1, 2))
    second.check()
    assert first.manifest.attribution.name not in files(third)
    assert first.manifest.tables["places"].name not in files(third)


def test_leftovers_of_a_killed_write_go_and_files_of_strangers_stay(built_bundle, tmp_path):
    folder = write(built_bundle, tmp_path, 0).folder
    ours = ["places-0123456789ab.parquet", "drawings/shapes-0123456789ab.json.part", "bundle.json.part"]
    theirs = [
        "places-notes.txt",
        "supply-0123456789ab.xlsx",
        "README.md",
        "download.part",
        "drawings/logo.svg",
        "places-0123456789ab/x.parquet",
    ]
    for name in [*ours, *theirs]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    left = files(write(built_bundle, tmp_path, 1))
    assert left.isdisjoint(ours)
    assert left.issuperset(theirs)


def test_a_junk_manifest_does_not_stop_a_new_bundle(built_bundle, tmp_path):
    folder = write(built_bundle, tmp_path, 0).folder
    for junk in ("", "[]", '{"tables": 1, "drawings": {}, "attribution": {}}'):
        (folder / "bundle.json").write_text(junk)
        write(built_bundle, tmp_path, 1).check()
