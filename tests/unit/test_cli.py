"""The command `meetingplaces`: what it prints, and how it ends: 0 fine, 1 an error of ours on stderr, 2 wrong usage."""

import json
import os
import shutil
import subprocess
import sys
from typing import get_args

import pytest
from samples import EAST, FAR, MUNICIPALITY, WEST, areas_file, buurt, municipality_files, square

from meetingplaces.cli import main

# The keys of the JSON that others may build on.
LIST_KEYS = {"municipality_code", "municipality_name", "places", "neighbourhoods", "built_at", "data_as_of", "error"}
SHOW_KEYS = {
    "municipality_code", "municipality_name", "neighbourhood_code", "neighbourhood_name", "boundary_year", "residents",
    "extent_share", "places", "core", "restricted", "per_1000_residents", "by_setting", "by_category", "amenities",
    "living_street_m", "data_as_of",
}  # fmt: skip


@pytest.fixture
def run(capsys):
    """Run the command in this process: exit code, what it printed, what it said on stderr."""

    def of(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as error:
            code = error.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return of


@pytest.fixture
def data(built_bundle):
    return built_bundle.folder.parent


def process(*arguments: object, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "meetingplaces.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **options)


# --- list and show ----------------------------------------------------------------------------------------------------


def test_list_tells_what_bundles_there_are(run, data, built_bundle):
    code, out, err = run("list", "--json", "--data", data)
    (line,) = json.loads(out)
    assert (code, err) == (0, "")
    assert set(line) == LIST_KEYS
    assert line["municipality_code"] == MUNICIPALITY
    assert line["places"] == built_bundle.manifest.counts["places"]
    assert line["error"] is None
    assert "Driedorp: 10 places, 3 neighbourhoods" in run("list", "--data", data)[1]


def test_list_names_a_broken_bundle_beside_the_others(run, data, tmp_path):
    shutil.copytree(data / MUNICIPALITY, tmp_path / MUNICIPALITY)
    (tmp_path / "GM0001").mkdir()
    (tmp_path / "GM0001" / "bundle.json").write_text("junk")
    code, out, _ = run("list", "--json", "--data", tmp_path)
    broken, sound = json.loads(out)
    assert code == 0
    assert "bundle_broken" in broken["error"]
    assert sound["error"] is None


def test_an_empty_folder_has_no_bundles(run, tmp_path):
    assert run("list", "--data", tmp_path)[:2] == (0, "")
    assert run("list", "--json", "--data", tmp_path)[1] == "[]\n"


def test_show_tells_the_counts_of_the_municipality(run, data):
    code, out, err = run("show", MUNICIPALITY, "--json", "--data", data)
    shown = json.loads(out)
    assert (code, err) == (0, "")
    assert set(shown) == SHOW_KEYS
    assert shown["neighbourhood_code"] is None
    assert (shown["places"], shown["core"], shown["restricted"]) == (10, 7, {"cafe": 1})
    assert shown["residents"] is None
    assert shown["per_1000_residents"]["places"] is None
    assert shown["by_setting"] == {"indoor": 4, "outdoor": 5, "sheltered": 1}
    assert shown["amenities"] == {"bench": 4, "picnic_table": 1, "toilets": 1}
    assert shown["living_street_m"] == pytest.approx(271.6, abs=1)


def test_list_and_show_count_the_same_places(run, data):
    listed = json.loads(run("list", "--json", "--data", data)[1])[0]["places"]
    shown = json.loads(run("show", MUNICIPALITY, "--json", "--data", data)[1])["places"]
    assert listed == shown


def test_show_tells_the_counts_of_one_neighbourhood(run, data):
    west = json.loads(run("show", MUNICIPALITY, "--neighbourhood", WEST, "--json", "--data", data)[1])
    assert (west["neighbourhood_name"], west["residents"], west["extent_share"]) == ("Dorp West", 2000, 1.0)
    assert west["per_1000_residents"]["places"] == 3.5
    far = json.loads(run("show", MUNICIPALITY, "--neighbourhood", FAR, "--json", "--data", data)[1])
    assert (far["places"], far["extent_share"]) == (1, 0.5)


def test_show_says_unknown_where_residents_are_not_known(run, data):
    out = run("show", MUNICIPALITY, "--neighbourhood", EAST, "--data", data)[1]
    assert "residents: unknown" in out
    assert "  places: unknown" in out


# --- errors and wrong usage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", MUNICIPALITY, "--neighbourhood", "BU99999999"), "BU99999999"),
        (("show", MUNICIPALITY, "--neighbourhood", "junk"), "junk"),
        (("show", "GM0001"), "GM0001"),
        (("measure", "GM0001"), "GM0001"),
        (("measure", MUNICIPALITY, "--category", "library", "bench"), "bench"),
        (("export", "GM0001", "--format", "csv"), "GM0001"),
        (("export", MUNICIPALITY, "--format", "csv", "--output", "/nowhere/at/all.csv"), "/nowhere/at/all.csv"),
    ],
)
def test_an_error_of_ours_is_one_line_on_stderr_and_exit_code_1(run, data, arguments, told):
    code, out, err = run(*arguments, "--data", data)
    assert (code, out) == (1, "")
    assert err.startswith("meetingplaces: ")
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_data_folder_that_is_not_there_is_an_error(run, tmp_path):
    code, _, err = run("list", "--data", tmp_path / "nowhere")
    assert code == 1
    assert "nowhere" in err


def test_a_tampered_bundle_is_an_error_that_names_the_file(run, data, tmp_path):
    shutil.copytree(data / MUNICIPALITY, tmp_path / MUNICIPALITY)
    table = next((tmp_path / MUNICIPALITY).glob("places-*.parquet"))
    table.write_bytes(b"junk")
    code, _, err = run("export", MUNICIPALITY, "--format", "csv", "--data", tmp_path)
    assert code == 1
    assert str(table) in err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("shout",),
        ("show",),
        ("show", "Kampen"),
        ("show", "GM01661"),
        ("show", "GM０１６６"),
        ("show", "../../etc"),
        ("build", MUNICIPALITY),
        ("build", MUNICIPALITY, "--osm", "x.pbf"),
        ("export", MUNICIPALITY),
        ("export", MUNICIPALITY, "--format", "pdf"),
        ("list", "--colour"),
        ("serve", "--port", "many"),
        ("measure", MUNICIPALITY, "--measure", "happiness"),
        ("measure", MUNICIPALITY, "--group", "dogs"),
        ("measure", MUNICIPALITY, "--budget", "0"),
        ("measure", MUNICIPALITY, "--budget", "2001"),
        ("measure", MUNICIPALITY, "--budget", "far"),
        ("measure", MUNICIPALITY, "--budget", "nan"),
        ("measure", MUNICIPALITY, "--json", "--csv"),
    ],
)
def test_wrong_usage_is_exit_code_2(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "usage: meetingplaces" in err


def test_the_version_and_help_are_fine(run):
    assert run("--version")[0] == 0
    code, out, _ = run("--help")
    assert code == 0
    assert {"build", "list", "show", "measure", "export", "serve"} <= set(out.split())


# --- build ------------------------------------------------------------------------------------------------------------


def test_build_writes_a_bundle_and_tells_what_it_counted_and_left_out(run, tmp_path):
    osm, areas = municipality_files(tmp_path)
    code, out, err = run("build", MUNICIPALITY, "--osm", osm, "--areas", areas, "--into", tmp_path / "data")
    assert code == 0
    assert out.startswith(f"{MUNICIPALITY} Driedorp: ")
    assert "dropped: inside_school_grounds: 1" in out
    assert "repaired: merged_area: 1" in out
    stages = [line.split(":")[0] for line in err.splitlines()]
    assert stages == [
        "areas",
        "extract",
        "classify",
        "deduplicate",
        "conflate",
        "enrich",
        "assign",
        "walk",
        "draw",
        "write",
    ]
    assert run("list", "--data", tmp_path / "data")[0] == 0


def test_a_municipality_code_in_small_letters_is_understood(run, data):
    assert run("show", MUNICIPALITY.lower(), "--data", data)[0] == 0


def test_build_with_areas_of_one_and_extract_of_another_municipality_writes_nothing(run, tmp_path):
    osm, _ = municipality_files(tmp_path)
    areas = areas_file(tmp_path / "ermelo.geojson", buurt("BU02330001", "Ermelo", square(5.6, 52.28, 5.65, 52.32)))
    code, out, err = run("build", "GM0233", "--osm", osm, "--areas", areas, "--into", tmp_path / "data")
    assert (code, out) == (1, "")
    assert "Nothing was written" in err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("missing", ["--osm", "--areas"])
def test_build_with_a_missing_file_names_it(run, tmp_path, missing):
    osm, areas = municipality_files(tmp_path)
    files = {"--osm": osm, "--areas": areas} | {missing: tmp_path / "nowhere.pbf"}
    code, _, err = run("build", MUNICIPALITY, *sum(files.items(), ()), "--into", tmp_path / "data")
    assert code == 1
    assert "nowhere.pbf" in err
    assert not (tmp_path / "data").exists()


def test_build_into_something_that_is_no_folder_is_an_error(run, tmp_path):
    osm, areas = municipality_files(tmp_path)
    (tmp_path / "data").write_text("a file")
    code, _, err = run("build", MUNICIPALITY, "--osm", osm, "--areas", areas, "--into", tmp_path / "data")
    assert code == 1
    assert str(tmp_path / "data") in err


def test_ermelo_with_the_extract_of_kampen_is_refused(run, shared_data, tmp_path):
    osm, areas = shared_data / "osm/kampen.osm.pbf", shared_data / "boundaries/ermelo_buurten_2024_approx.geojson"
    code, out, err = run("build", "GM0233", "--osm", osm, "--areas", areas, "--into", tmp_path / "data")
    assert (code, out) == (1, "")
    assert "Ermelo" in err
    assert not (tmp_path / "data").exists()


# --- export, in a process of its own ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["geojson", "csv"])
def test_export_to_a_file_and_to_standard_output_are_the_same_bytes(data, tmp_path, kind):
    path = tmp_path / f"places.{kind}"
    to_file = process("export", MUNICIPALITY, "--format", kind, "--output", path, "--data", data)
    to_stdout = process("export", MUNICIPALITY, "--format", kind, "--data", data)
    assert (to_file.returncode, to_file.stdout, to_file.stderr) == (0, b"", b"")
    assert (to_stdout.returncode, to_stdout.stderr) == (0, b"")
    assert path.read_bytes() == to_stdout.stdout
    assert "Café 't Hoekje".encode() in to_stdout.stdout


@pytest.mark.parametrize("command", [("list", "--json"), ("export", MUNICIPALITY, "--format", "geojson")])
def test_a_reader_who_goes_away_is_no_error(data, command):
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "meetingplaces.cli", *command, "--data", str(data)],
        stdout=writing, stderr=subprocess.PIPE, timeout=120, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_exit_codes_reach_the_shell(data):
    assert process("show", "GM0001", "--data", data).returncode == 1
    assert process("show").returncode == 2


def test_the_folder_named_in_the_environment_is_used(data):
    ended = process("list", env=os.environ | {"MEETINGPLACES_DATA": str(data)})
    assert "Driedorp" in ended.stdout.decode()


def test_near_takes_every_wish_and_tells_which_were_asked(run, data):
    from meetingplaces.cli.near import _WISHES  # noqa: PLC0415
    from meetingplaces.metrics.near import Wish  # noqa: PLC0415

    assert get_args(Wish) == _WISHES
    code, out, _ = run("near", "5.9,52.4965", "--wish", "dog", "--wish", "seat", "--data", data, "--json")
    told = json.loads(out)
    assert (code, told["wishes"]) == (0, ["dog", "seat"])
    assert told["counts"]["yes"] == 0
    assert all("dog" in place["unknown"] for place in told["places"] if place["fit"] == "unknown")
