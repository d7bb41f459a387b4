"""`meetingplaces whatif`: who gains and who loses, and where one more place helps most, beside other computations."""

import json
from dataclasses import replace

import pytest
from bundle_writer import CODE, content_of, facts_of
from samples import BUURTEN, EAST, FAR, MUNICIPALITY, MUNICIPALITY_OPL, WEST, all_categories, areas_file, opl_file
from test_measure import HOUSES, STREETS, by_plain_search, places_like

from meetingplaces.cli import main
from meetingplaces.metrics.scenario import Scenario
from meetingplaces.model.bundle import COUNTS
from meetingplaces.model.errors import NoWalkingError
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import load_norms
from meetingplaces.pipeline.build import build
from meetingplaces.storage.bundle import open_bundle, write_bundle
from meetingplaces.storage.locations import norms_path
from meetingplaces.ui.case import Question
from meetingplaces.ui.whatif import EFFECT_OF_AREA, whatif_report

# In the east of the one street, where there is nothing yet.
LIBRARY = "library@5.9085,52.4993"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changed")
    osm = opl_file(folder / "changed.opl", MUNICIPALITY_OPL + STREETS + HOUSES)
    return build(MUNICIPALITY, osm, areas_file(folder / "changed.geojson", *BUURTEN), folder / "data", all_categories())


@pytest.fixture
def run(capsys, town):
    def of(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main(["whatif", MUNICIPALITY, *map(str, arguments), "--data", str(town.folder.parent)])
        except SystemExit as stopped:
            code = stopped.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return of


def asked(run, *arguments: object) -> dict:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def homes_of(report: dict, name: str) -> int:
    counts = {rows["municipality"][f"homes_{name}_count"] for rows in report["effects"].values()}
    assert len(counts) == 1
    return counts.pop()


@pytest.mark.parametrize("budget_m", [200, 500, 1200])
def test_who_loses_is_who_a_plain_search_no_longer_finds_near(run, town, budget_m):
    wanted = places_like(town, setting="indoor")
    closed = sorted(wanted)[0]
    report = asked(run, "--close", closed, "--setting", "indoor", "--budget", budget_m)
    before, after = by_plain_search(town, wanted), by_plain_search(town, wanted - {closed})
    assert homes_of(report, "lost") == ((before <= budget_m) & (after > budget_m)).sum()
    assert homes_of(report, "farther") == (after > before + 1e-3).sum() - ((before > 2000) & (after > 2000)).sum()
    assert homes_of(report, "gained") == 0


def test_who_gains_and_where_is_told_per_group(run, town):
    report = asked(run, "--add", LIBRARY, "--setting", "indoor", "--budget", 150)
    assert list(report["effects"]) == list(GROUPS)
    residents = report["effects"]["residents"]
    assert list(residents["municipality"]) == list(EFFECT_OF_AREA)
    assert [row["area_code"] for row in residents["neighbourhoods"]] == [WEST, EAST, FAR]
    assert residents["municipality"]["area_name"] == "Driedorp"
    assert residents["municipality"]["homes_gained_count"] > 0
    # Of Dorp Oost nobody knows how many live there.
    assert residents["neighbourhoods"][1]["gained"] is None
    assert residents["neighbourhoods"][1]["homes_gained_count"] > 0
    assert report["added"][0] | {"street_m": None} == {
        "category": "library", "longitude": 5.9085, "latitude": 52.4993, "fits": True, "street_m": None,
    }  # fmt: skip
    assert 0 < report["added"][0]["street_m"] < 20
    assert report["best"] is None
    assert report["sources"]


def test_a_place_that_closes_and_comes_again_changes_nothing(run, town):
    places = town.places().set_index("place_id")
    church = places.loc["osm/n14"]
    again = f"{church['category']}@{church['longitude']:.7f},{church['latitude']:.7f}"
    report = asked(run, "--close", "osm/n14", "--add", again)
    row = report["effects"]["residents"]["municipality"]
    assert [row[name] for name in ("homes_gained_count", "homes_lost_count", "gained", "lost")] == [0, 0, 0, 0]
    assert row["share_before"] == row["share_after"]


def test_what_was_not_asked_for_changes_nothing_and_that_is_said(run):
    report = asked(run, "--add", LIBRARY, "--close", "osm/n10", "--setting", "outdoor")
    assert [one["fits"] for one in (*report["added"], *report["closed"])] == [False, False]
    assert homes_of(report, "gained") == homes_of(report, "lost") == 0
    _, out, _ = run("--add", LIBRARY, "--setting", "outdoor")
    assert "changes nothing here" in out
    assert "nothing changes" in out


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_best_spots_bring_what_adding_them_brings(run, count):
    best = asked(run, "--best", count, "--setting", "indoor", "--budget", 150)["best"]
    assert 0 < len(best["spots"]) <= count
    added = [f"library@{spot['longitude']},{spot['latitude']}" for spot in best["spots"]]
    report = asked(run, *(part for one in added for part in ("--add", one)), "--setting", "indoor", "--budget", 150)
    assert report["effects"] == best["effects"]
    told = sum(spot["people"]["residents"] for spot in best["spots"])
    assert best["effects"]["residents"]["municipality"]["gained"] == pytest.approx(told, abs=1e-3)
    # Of this municipality nobody knows how many are old.
    assert {spot["people"]["residents_65_plus"] for spot in best["spots"]} == {None}
    assert best["candidates_count"] > count


def test_the_best_spot_for_who_has_to_rest_brings_what_adding_it_brings(run):
    asking = ("--profile", "rollator", "--setting", "indoor", "--budget", 300)
    best = asked(run, "--best", 1, *asking)
    assert best["profile"] == "rollator"
    [spot] = best["best"]["spots"]
    report = asked(run, "--add", f"library@{spot['longitude']},{spot['latitude']}", *asking)
    assert homes_of(report, "gained") == spot["homes_count"] > 0


def test_the_best_spot_is_sought_after_the_scenario_has_come_about(run):
    first = asked(run, "--best", 1, "--setting", "indoor", "--budget", 150)["best"]["spots"][0]
    added = f"library@{first['longitude']},{first['latitude']}"
    second = asked(run, "--best", 1, "--add", added, "--setting", "indoor", "--budget", 150)["best"]["spots"]
    both = asked(run, "--best", 2, "--setting", "indoor", "--budget", 150)["best"]["spots"]
    assert second == both[1:]


def test_the_answer_for_reading_tells_what_whom_and_where(run):
    code, out, _ = run("--add", LIBRARY, "--close", "osm/n10", "--best", 2, "--setting", "indoor", "--budget", 150)
    assert code == 0
    assert "comes: library at 5.90850, 52.49930" in out
    assert "closes: osm/n10 Bibliotheek West" in out
    assert "best spot 1: " in out
    assert f"{WEST}  Dorp West" in out
    assert "unknown in " in out


def test_where_everybody_is_reached_there_is_no_best_spot(run):
    code, out, _ = run("--best", 3, "--budget", 2000)
    assert code == 0
    assert "best spot: none" in out


@pytest.mark.parametrize(
    "text", ["library", "library@5.9", "library@5.9,52.5,1", "@5.9,52.5", "library@vijf,52", "library@190000,500000",
             "library@5.9,91", "Library@5.9,52.5", "library@nan,52.5", "library@5.9;52.5", ""],
)  # fmt: skip
def test_what_is_not_a_kind_at_a_place_is_wrong_usage(run, text):
    code, out, err = run("--add", text)
    assert (code, out) == (2, "")
    assert f"{text!r} is not a kind of place at a longitude and latitude" in err


def test_nothing_to_work_out_is_wrong_usage(run):
    code, _, err = run()
    assert code == 2
    assert "give --add, --close or --best" in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--add", "castle@5.9,52.4993"), "castle is not a kind of place"),
        (("--add", "bench@5.9,52.4993"), "bench is not a kind of place"),
        (("--close", "osm/n404"), "osm/n404 is not a place that we know"),
        (("--close", "osm/n20"), "osm/n20 is not a place that we know, or it is an amenity"),
        (("--add", "library@5.9,52.55"), "No street comes within 200 m of library at 5.9, 52.55"),
        (("--add", "library@52.5,5.9"), "the nearest one is >100000 m away"),
        (("--category", "bench", "--best", 1), "bench is not a kind of place"),
        (("--profile", "runner", "--best", 1), "runner is not a way of walking"),
    ],
)
def test_what_cannot_be_is_told_with_the_facts(run, options, told):
    code, out, err = run(*options)
    assert (code, out) == (1, "")
    assert told in err


def test_a_bundle_without_streets_says_so(built_bundle, tmp_path):
    facts = facts_of(built_bundle)
    facts["counts"] = {name: facts["counts"][name] for name in COUNTS}
    write_bundle(tmp_path, facts, replace(content_of(built_bundle, 0), walking=None))
    with pytest.raises(NoWalkingError):
        whatif_report(
            open_bundle(tmp_path, CODE), Question(), Scenario(), all_categories(), load_norms(norms_path()), spots=1
        )


def test_without_a_scenario_every_number_stays(town):
    report = whatif_report(town, Question(), Scenario(), all_categories(), load_norms(norms_path()))
    changes = [
        row[name]
        for rows in report["effects"].values()
        for row in (*rows["neighbourhoods"], rows["municipality"])
        for name in ("gained", "lost", "homes_nearer_count", "homes_farther_count")
    ]
    assert set(changes) <= {0, None}
