"""`add` and `refresh` against servers on this machine that stand in for Overpass, Geofabrik and CBS."""

import json
from datetime import timedelta

import filelock
import pytest
import yaml
from fault_server import FaultServer, Reply
from geofabrik_standin import GeofabrikStandIn, extract_file
from overpass_standin import OverpassStandIn
from own_list_samples import own_list
from samples import BUURTEN, MUNICIPALITY, MUNICIPALITY_OPL, WEST, areas_file, opl_file
from statline_standin import StatlineStandIn, health, key_figures

from meetingplaces.cli import main
from meetingplaces.model.errors import BundleMissingError, UnknownMunicipalityError
from meetingplaces.model.progress import Silent
from meetingplaces.model.source_errors import JobBusyError, SourceAnswerError, SourceError, SourceRefusedError
from meetingplaces.pipeline.build import build
from meetingplaces.pipeline.jobs import Workshop, add, refresh
from meetingplaces.sources.endpoints import CbsEndpoints, Endpoints, GeofabrikEndpoints, OverpassEndpoints
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.jobs import last_job
from meetingplaces.storage.own_lists import keep_own_list, remove_own_list

STREETS = """
n101 x5.892 y52.4962
n102 x5.908 y52.4962
n103 x5.9 y52.5005 Taddr:housenumber=1,addr:street=Dorpsstraat
w101 Thighway=residential,name=Dorpsstraat Nn101,n102
"""
OPL = MUNICIPALITY_OPL + STREETS
OVERPASS = "/api/interpreter"


class Online:
    """All services on one server, and a workshop that may go there."""

    def __init__(self, server: FaultServer, folder, categories) -> None:
        self.server, self.folder = server, folder
        self.geofabrik = GeofabrikStandIn(server, extract_file(folder / "province.osm.pbf", OPL))
        server.on("/api/status", Reply(body=b"Rate limit: 0"))
        server.on(OVERPASS, OverpassStandIn(opl_file(folder / "all.opl", OPL)).reply)
        areas = areas_file(folder / "areas.geojson", *BUURTEN)
        server.on("/areas.geojson", Reply(body=areas.read_bytes()))
        settings = {
            "overpass": OverpassEndpoints(mirrors=(server.url + OVERPASS,)),
            "geofabrik": GeofabrikEndpoints(index=self.geofabrik.address),
            "cbs": CbsEndpoints(areas=server.url + "/areas.geojson"),
            **self._figures(),
        }
        endpoints = Endpoints(private_hosts={server.host}, **settings)
        self.shop = Workshop(folder / "data", folder / "cache", server.door(), endpoints, categories)

    def _figures(self) -> dict[str, object]:
        """Key figures of the town: income for all of 2024, and loneliness."""
        statline = StatlineStandIn(self.server)
        told = {"AantalInwoners": 900, "k_65JaarOfOuder": 200, "GemiddeldInkomenPerInwoner": 30.0}
        statline.serve_year(2024, key_figures(MUNICIPALITY, **told))
        statline.serve("50150NED", health(MUNICIPALITY, Eenzaam=(45.0, 40.0, 50.0)))
        return statline.endpoints

    def ids(self) -> set[str]:
        return set(open_bundle(self.shop.data, MUNICIPALITY).places()["place_id"])

    def tomorrow(self, sequence: int, change: str) -> None:
        self.server.clock.sleep(timedelta(days=1).total_seconds())
        self.geofabrik.changed(sequence, change)


@pytest.fixture
def online(tmp_path, categories):
    with FaultServer() as server:
        yield Online(server, tmp_path, categories)


class Heard(Silent):
    def __init__(self) -> None:
        self.stages: list[str] = []

    def begin(self, stage: str) -> None:
        self.stages.append(stage)


NEW = '<create><node id="900" version="1" lat="52.5" lon="5.895"><tag k="leisure" v="playground"/></node></create>'


# --- add --------------------------------------------------------------------------------------------------------------


def test_add_gives_the_same_places_as_a_build_from_the_files(online, tmp_path):
    outcome = add(MUNICIPALITY, online.shop, Silent())
    built = build(
        MUNICIPALITY,
        tmp_path / "province.osm.pbf",
        tmp_path / "areas.geojson",
        tmp_path / "files",
        online.shop.categories,
    )
    assert set(built.places()["place_id"]) == online.ids()
    assert outcome.bundle.has_walking
    assert set(outcome.changed["change"]) == {"added"}
    assert [one.url for one in outcome.bundle.manifest.sources] == [
        online.server.url + online.geofabrik.pbf,
        online.server.url + "/areas.geojson",
        online.server.url + "/odata/2024NED/DataProperties",
        online.server.url + "/odata/50150NED/DataProperties",
    ]


def test_the_bundle_holds_key_figures_of_all_services_with_their_year_and_level(online):
    table = add(MUNICIPALITY, online.shop, Silent()).bundle.figures().set_index(["area_code", "indicator"])
    code = WEST
    income = table.loc[(code, "income_per_resident")]
    assert (income["value"], income["level_code"], income["status"]) == (30_000, MUNICIPALITY, "unpublished")
    assert table.loc[(MUNICIPALITY, "lonely_share"), "source_id"] == "rivm"
    assert table.loc[(code, "residents_count"), "source_id"] == "cbs"


def test_a_service_of_figures_that_fails_never_stops_the_job_and_is_told(online):
    add(MUNICIPALITY, online.shop, Silent())
    online.server.on("/odata/2024NED/DataProperties", Reply(503))
    online.server.clock.sleep(timedelta(days=1).total_seconds())
    outcome = refresh(MUNICIPALITY, online.shop, Silent(), only=["figures"])
    assert [error.code for error in outcome.failures] == ["source_busy"]
    assert last_job(online.shop.data, MUNICIPALITY).attempts["cbs_statline"].error["code"] == "source_busy"
    assert last_job(online.shop.data, MUNICIPALITY).attempts["rivm"].error is None
    kept = outcome.bundle.figures()
    assert set(kept.loc[kept["indicator"] == "income_per_resident", "year"]) == {2024}


def test_the_map_is_there_before_the_extract_is_asked_for(online):
    seen = []

    def look(asked):
        seen.append(open_bundle(online.shop.data, MUNICIPALITY).has_walking)
        return Reply(500)

    online.server.on(online.geofabrik.pbf, look)
    with pytest.raises(SourceError):
        add(MUNICIPALITY, online.shop, Silent())
    assert seen[0] is False
    assert len(online.ids()) > 10


def test_when_overpass_fails_the_extract_makes_the_bundle_and_the_failure_is_told(online):
    online.server.on(OVERPASS, Reply(406))
    outcome = add(MUNICIPALITY, online.shop, Silent())
    assert outcome.bundle.has_walking
    assert [type(error) for error in outcome.failures] == [SourceRefusedError]


def test_add_where_there_is_a_bundle_does_not_bother_overpass(online):
    add(MUNICIPALITY, online.shop, Silent())
    asked = len(online.server.asked(OVERPASS))
    heard = Heard()
    assert add(MUNICIPALITY, online.shop, heard).changed.empty
    assert len(online.server.asked(OVERPASS)) == asked
    assert "overpass" not in heard.stages


def test_a_municipality_that_the_areas_do_not_hold_is_told_and_leaves_nothing(online):
    with pytest.raises(UnknownMunicipalityError):
        add("GM0001", online.shop, Silent())
    assert list(online.shop.data.glob("GM*")) == []


# --- refresh ----------------------------------------------------------------------------------------------------------


def test_refresh_applies_the_changes_and_tells_them(online):
    add(MUNICIPALITY, online.shop, Silent())
    online.tomorrow(2840, NEW)
    outcome = refresh(MUNICIPALITY, online.shop, Silent())
    assert [(row.change, row.place_id) for row in outcome.changed.itertuples()] == [("added", "osm/n900")]
    assert outcome.done == ("places", "areas", "figures")
    assert len(online.server.asked("/areas.geojson")) == 2


def test_refresh_of_places_only_does_not_ask_for_areas(online):
    add(MUNICIPALITY, online.shop, Silent())
    online.tomorrow(2840, NEW)
    refresh(MUNICIPALITY, online.shop, Silent(), only=("places",))
    assert "osm/n900" in online.ids()
    assert len(online.server.asked("/areas.geojson")) == 1


def test_refresh_of_areas_only_leaves_the_places(online):
    add(MUNICIPALITY, online.shop, Silent())
    online.tomorrow(2840, NEW)
    outcome = refresh(MUNICIPALITY, online.shop, Silent(), only=("areas",))
    assert outcome.changed.empty
    assert len(online.server.asked("/areas.geojson")) == 2


def test_what_is_young_enough_is_left_alone(online):
    add(MUNICIPALITY, online.shop, Silent())
    asked = len(online.server.log)
    online.tomorrow(2840, NEW)
    outcome = refresh(MUNICIPALITY, online.shop, Silent(), older_than=timedelta(days=7))
    assert (outcome.done, len(online.server.log)) == ((), asked)
    online.server.clock.sleep(timedelta(days=7).total_seconds())
    assert refresh(MUNICIPALITY, online.shop, Silent(), older_than=timedelta(days=7)).done == (
        "places",
        "areas",
        "figures",
    )


def test_a_list_of_ones_own_is_taken_in_by_a_refresh_of_municipal_data_and_then_nothing_is_due(online):
    add(MUNICIPALITY, online.shop, Silent())
    keep_own_list(online.shop.data, MUNICIPALITY, own_list(("hof", "village_hall", "De Hof", 5.8955, 52.4985)))
    outcome = refresh(MUNICIPALITY, online.shop, Silent(), only=("municipal",))
    assert outcome.done == ("municipal",)
    assert "own_buurthuizen/hof" in set(outcome.changed["place_id"])
    assert refresh(MUNICIPALITY, online.shop, Silent(), only=("municipal",)).done == ()
    remove_own_list(online.shop.data, MUNICIPALITY, "own_buurthuizen")
    assert refresh(MUNICIPALITY, online.shop, Silent(), only=("municipal",)).done == ("municipal",)


def test_refresh_of_what_is_not_there_is_told(online):
    with pytest.raises(BundleMissingError):
        refresh(MUNICIPALITY, online.shop, Silent())


@pytest.mark.parametrize(("path", "source_id"), [("/overijssel-updates/state.txt", "osm"), ("/areas.geojson", "cbs")])
def test_a_refresh_that_fails_changes_nothing_and_is_on_record(online, path, source_id):
    before = add(MUNICIPALITY, online.shop, Silent()).bundle
    online.tomorrow(2840, NEW)
    online.server.on(path, Reply(200, b"<html>Onderhoud</html>"))
    with pytest.raises(SourceAnswerError):
        refresh(MUNICIPALITY, online.shop, Silent())
    after = open_bundle(online.shop.data, MUNICIPALITY)
    assert after.manifest == before.manifest
    after.check()
    job = last_job(online.shop.data, MUNICIPALITY)
    assert job.error["code"] == job.attempts[source_id].error["code"] == "source_answer"
    assert job.attempts["rivm"].error is None  # of the job before


def test_a_refresh_that_is_cancelled_changes_nothing(online):
    class Cancelled(Silent):
        def begin(self, stage: str) -> None:
            if stage == "draw":
                raise KeyboardInterrupt

    before = add(MUNICIPALITY, online.shop, Silent()).bundle
    online.tomorrow(2840, NEW)
    with pytest.raises(KeyboardInterrupt):
        refresh(MUNICIPALITY, online.shop, Cancelled())
    assert open_bundle(online.shop.data, MUNICIPALITY).manifest == before.manifest
    assert refresh(MUNICIPALITY, online.shop, Silent()).done  # and the next one can begin


def test_two_jobs_at_once_are_refused(online):
    online.shop.data.mkdir()
    with filelock.FileLock(online.shop.data / ".job.lock"), pytest.raises(JobBusyError):
        add(MUNICIPALITY, online.shop, Silent())
    assert online.server.log == []


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(online, tmp_path, monkeypatch, capsys):
    """Run the command with endpoints from a file: exit code, what it printed, what it said on stderr."""
    settings = online.shop.endpoints.model_dump(mode="json")
    path = tmp_path / "endpoints.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(settings))))
    monkeypatch.setenv("MEETINGPLACES_ENDPOINTS", str(path))
    monkeypatch.setenv("MEETINGPLACES_CACHE", str(tmp_path / "cache"))
    (tmp_path / "sources.yaml").write_text("{version: 1, sources: {}}")
    monkeypatch.setenv("MEETINGPLACES_SOURCES", str(tmp_path / "sources.yaml"))

    def of(*arguments: object) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return of


def test_add_tells_what_there_is_now(run, online):
    code, out, err = run("add", MUNICIPALITY, "--into", online.shop.data)
    assert code == 0
    assert f"{MUNICIPALITY} Driedorp: " in out
    assert "0 gone, 0 moved, 0 renamed" in out
    assert "overpass: " in err


def test_refresh_tells_the_places_that_changed_and_no_benches(run, online):
    run("add", MUNICIPALITY, "--into", online.shop.data)
    bench = '<create><node id="901" version="1" lat="52.5" lon="5.896"><tag k="amenity" v="bench"/></node></create>'
    online.geofabrik.changed(2840, NEW + bench)
    kept = online.shop.cache / "geofabrik" / "overijssel-latest.osm.pbf.origin.json"
    note = json.loads(kept.read_text())
    kept.write_text(json.dumps({**note, "retrieved_at": "2026-01-01T00:00:00Z"}))
    _, out, _ = run("refresh", MUNICIPALITY, "--only", "places", "--data", online.shop.data)
    assert "1 added, 0 gone, 0 moved, 0 renamed\n  added: playground (no name) osm/n900\n" in out


def test_a_name_cannot_command_the_terminal(run, online):
    online.server.on(OVERPASS, Reply(406))
    evil = OPL.replace("name=Bibliotheek%20%West", "name=%1b%[2JBieb")
    online.geofabrik.publish(extract_file(online.folder / "evil.osm.pbf", evil))
    _, out, _ = run("add", MUNICIPALITY, "--into", online.shop.data)
    assert "\x1b" not in out
    assert "library �[2JBieb" in out


def test_refresh_says_when_nothing_is_due(run, online):
    run("add", MUNICIPALITY, "--into", online.shop.data)
    code, out, _ = run("refresh", MUNICIPALITY, "--if-older-than", "7d", "--data", online.shop.data)
    assert (code, out) == (0, f"{MUNICIPALITY} Driedorp: nothing is old enough to refresh\n")


def test_refresh_of_all_goes_on_after_a_failure_and_names_it(run, online):
    run("add", MUNICIPALITY, "--into", online.shop.data)
    broken = online.shop.data / "GM0001"
    broken.mkdir()
    (broken / "bundle.json").write_text("{}")
    code, out, err = run("refresh", "--all", "--data", online.shop.data)
    assert code == 1
    assert "Driedorp" in out
    assert "1 of 2 municipalities could not be refreshed: GM0001" in err


def test_a_job_that_is_busy_is_told(run, online):
    online.shop.data.mkdir()
    with filelock.FileLock(online.shop.data / ".job.lock"):
        code, _, err = run("add", MUNICIPALITY, "--into", online.shop.data)
    assert code == 1
    assert "being added or refreshed right now" in err


@pytest.mark.parametrize("age", ["7", "d", "7y", "-1d", "99999d"])
def test_an_age_that_is_none_is_wrong_usage(run, age):
    with pytest.raises(SystemExit) as caught:
        run("refresh", "--all", "--if-older-than", age)
    assert caught.value.code == 2
