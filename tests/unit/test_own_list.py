"""An Excel list of ten made-up centres becomes a source of Driedorp: three known, two nowhere, one with a formula."""

import io
import json
import shutil
from pathlib import Path

import pytest
import shapely
from fault_server import FaultServer, Reply
from own_list_samples import CENTRES, HEADINGS, KNOWN, AddressServer, codes, hit, read, reply, text_file, workbook
from samples import MUNICIPALITY, municipality_files

from meetingplaces.cli import main
from meetingplaces.export.csv import write_csv
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.own_list import Address
from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceAnswerError
from meetingplaces.pipeline.build import build
from meetingplaces.pipeline.own_list import ListTerms, own_list_of, placed
from meetingplaces.sources.locatieserver import Locatieserver
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.own_lists import keep_own_list


@pytest.fixture
def server():
    with AddressServer(*KNOWN) as running:
        yield running


@pytest.fixture
def centres(tmp_path) -> Path:
    return workbook(tmp_path / "centra.xlsx", [HEADINGS, *CENTRES])


def test_of_ten_centres_it_is_told_what_became_of_each(centres, server):
    found = placed(read(centres), server.finder().find, None, 500)
    assert codes(found) == {
        5: ["phone_private"],
        9: ["address_not_found"],
        10: ["address_not_found"],
        11: ["name_is_formula"],
    }
    assert [row.row for row in found.accepted] == [2, 3, 4, 5, 6, 7, 8]
    assert found.refused == {"Contactpersoon": "person_name"}
    assert {row.row: (row.point.x, row.point.y) for row in found.accepted if row.row in (5, 6, 7)} == {
        5: (190250, 501300), 6: (190350, 501350), 7: (190450, 501250),
    }  # fmt: skip


def test_three_of_them_are_on_the_map_already_and_four_are_new(centres, server, tmp_path, categories):
    found = placed(read(centres), server.finder().find, None, 500)
    own = own_list_of(found, Snapshot.of_file(centres), ListTerms("Centra 2026", "Gemeente Driedorp"))
    path = keep_own_list(tmp_path / "data", MUNICIPALITY, own)
    kept = path.read_text(encoding="utf-8")
    assert not any(word in kept for word in ("Jansen", "Pietersen", "06 12345678", "HYPERLINK", "Nergens"))
    bundle = build(MUNICIPALITY, *municipality_files(tmp_path / "files"), tmp_path / "data", categories)
    counts = bundle.manifest.counts
    assert (counts["municipal_records"], counts["municipal_merged"], counts["municipal_added"]) == (7, 3, 4)
    places = bundle.places().set_index("place_id")
    merged = {place for place, own in places["records"].items() if any("own_" in one for one in own[1:])}
    assert merged == {"osm/n10", "osm/n11", "osm/w70"}
    assert places.loc["osm/w70", "name"] == "Pluktuin Driedorp"


def test_a_row_keeps_its_identifier_when_the_list_comes_again_in_another_order(tmp_path, server):
    ids = []
    for name, rows in (("een", CENTRES), ("twee", CENTRES[::-1])):
        path = workbook(tmp_path / f"{name}.xlsx", [HEADINGS, *rows])
        found = placed(read(path), server.finder().find, None, 500)
        ids.append(set(own_list_of(found, Snapshot.of_file(path), ListTerms("Centra", "x")).records["record_id"]))
    assert ids[0] == ids[1]


def test_a_list_of_which_nothing_can_be_placed_is_not_accepted(tmp_path):
    path = text_file(tmp_path / "lijst.csv", "naam;adres\nBuurthuis A;Dorpsweg 1, 9999AA Driedorp\n")
    found = placed(read(path), None, None, 500)
    assert codes(found) == {2: ["not_geocoded"]}
    with pytest.raises(SchemaError, match="0 of 1 rows"):
        own_list_of(found, Snapshot.of_file(path), ListTerms("Leeg", "x"))


def test_a_row_far_outside_the_municipality_is_left_out(tmp_path):
    path = text_file(tmp_path / "lijst.csv", "naam;x;y\nBuurthuis A;190000;501000\nBuurthuis B;200000;501000\n")
    found = placed(read(path), None, shapely.box(189_000, 500_000, 191_000, 502_000), 500)
    assert codes(found) == {3: ["outside_municipality"]}
    assert [problem.found for problem in found.problems] == ["9.0 km"]


# --- Locatieserver ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "point"),
    [
        (Address("Dorpsweg", "3", "9999AA", "Driedorp"), (190250, 501300)),
        (Address(None, "3", "9999AA", None), (190250, 501300)),
        (Address("dorpsweg", "3", None, "DRIEDORP"), (190250, 501300)),
        (Address("Molenpad", "7-a", "9999AC", None), (190450, 501250)),
        (Address("Kerkstraat", "5", None, "Verweg"), (150000, 400000)),
    ],
)
def test_an_equal_address_is_believed(server, address, point):
    found = server.finder().find(address)
    assert (found.x, found.y) == point


@pytest.mark.parametrize(
    "address",
    [
        Address("Dorpsweg", "4", "9999AA", "Driedorp"),
        Address("Dorpsweg", "3", "9999AX", "Driedorp"),
        Address("Dorpsweg", "3", None, "Elders"),
        Address("Dorpsstraat", "3", None, "Driedorp"),
        Address("Molenpad", "7", "9999AC", None),
    ],
)
def test_an_address_that_is_merely_alike_is_not(server, address):
    assert server.finder().find(address) == "address_not_found"


def test_an_address_in_two_places_is_not_guessed():
    twins = [
        hit("Dorpsweg", 3, postcode, "Driedorp", point)
        for postcode, point in (("9999AA", "POINT(1 2)"), ("9999BB", "POINT(3 4)"))
    ]
    with AddressServer(*twins) as server:
        assert server.finder().find(Address("Dorpsweg", "3", None, "Driedorp")) == "address_ambiguous"


def test_signs_that_mean_something_to_the_service_are_not_sent(server):
    server.finder().find(Address('Dorps*weg) OR type:"weg', "3", None, "Drie dorp~"))
    (asked,) = server.asked("/free")
    assert asked.query["q"] == ["dorps weg or type weg 3 drie dorp"]
    assert asked.query["fq"] == ["type:adres"]


def test_questions_are_asked_one_by_one_with_a_pause_and_never_twice(tmp_path, server):
    rows = [
        ["naam", "adres"],
        *[[f"Buurthuis {one}", "Dorpsweg 3, 9999AA Driedorp"] for one in "ABC"],
        ["Buurthuis D", "Kerkstraat 5, 9999AB Driedorp"],
    ]
    found = placed(read(workbook(tmp_path / "lijst.xlsx", rows)), server.finder().find, None, 500)
    assert len(found.accepted) == 4
    assert len(server.asked("/free")) == 2
    assert server.clock.slept == [0.2, 0.2]


@pytest.mark.parametrize(
    "answer",
    [
        Reply(body=b'{"error": {"msg": "org.apache.solr.SyntaxError", "code": 400}}'),
        Reply(body=b"<html>druk</html>"),
        Reply(body=b'{"response": []}'),
        Reply(body=b'{"response": {"numFo'),
    ],
)
def test_an_answer_that_is_none_is_a_failure_and_not_an_unknown_address(answer):
    with FaultServer() as server:
        server.on("/free", answer)
        with pytest.raises(SourceAnswerError):
            Locatieserver(server.door(), f"{server.url}/free").find(Address("Dorpsweg", "3", "9999AA", None))


def test_no_hits_at_all_is_an_unknown_address():
    with FaultServer() as server:
        server.on("/free", reply())
        found = Locatieserver(server.door(), f"{server.url}/free").find(Address("Dorpsweg", "3", "9999AA", None))
        assert found == "address_not_found"


def test_a_service_that_is_down_is_not_asked_on_and_the_other_rows_stay(tmp_path):
    rows = [["naam", "adres", "lat", "lon"], ["Buurthuis Z", "", 52.5, 5.9]]
    rows += [[f"Buurthuis {number}", f"Dorpsweg {number}, 9999AA Driedorp", None, None] for number in range(1, 9)]
    with FaultServer() as server:
        server.on("/free", Reply(status=403, body=b"no"))
        finder = Locatieserver(server.door(), f"{server.url}/free")
        found = placed(read(workbook(tmp_path / "lijst.xlsx", rows)), finder.find, None, 500)
        assert len(server.asked("/free")) == 3
    assert [row.name for row in found.accepted] == ["Buurthuis Z"]
    assert {code for problems in codes(found).values() for code in problems} == {"geocoder_failed"}


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(built_bundle, tmp_path, capsys, server, monkeypatch):
    """Runs `meetingplaces own` on a copy of the bundle of Driedorp, with the stand-in for Locatieserver."""
    data = shutil.copytree(built_bundle.folder.parent, tmp_path / "map")
    settings = {"private_hosts": [server.url.removeprefix("http://")], "locatieserver": {"free": f"{server.url}/free"}}
    endpoints = text_file(tmp_path / "endpoints.yaml", json.dumps(settings))
    monkeypatch.setenv("MEETINGPLACES_ENDPOINTS", str(endpoints))

    def run(*options: str) -> tuple[int, str, str]:
        code = main(["own", MUNICIPALITY, *options, "--data", str(data)])
        told = capsys.readouterr()
        return code, told.out, told.err

    run.data = data
    return run


def test_a_dry_run_tells_everything_and_keeps_nothing(own, centres):
    code, out, _ = own(str(centres), "--dry-run")
    assert code == 0
    assert "Row 9 (Adres): there is no address that is exactly Dorpsweg 300 9999AA Driedorp." in out
    assert "Contactpersoon: names of people" in out
    assert "7 of 10 rows can be placed" in out
    assert not (own.data / "local").exists()


def test_an_accepted_list_is_shown_and_can_be_removed(own, centres):
    report = json.loads(own(str(centres), "--title", "Centra 2026", "--as-of", "2026-11-01", "--json")[1])
    assert (report["read_count"], report["accepted_count"], report["left_out_count"], report["kept"]) == (
        10,
        7,
        3,
        True,
    )
    (listed,) = json.loads(own("--json")[1])
    assert (listed["source_id"], listed["records_count"], listed["publisher"]) == ("own_centra_2026", 7, "Driedorp")
    assert "own_centra_2026 removed" in own("--remove", "own_centra_2026")[1]
    assert json.loads(own("--json")[1]) == []


def test_a_chosen_column_about_people_is_refused_with_the_reason(own, centres):
    code, _, err = own(str(centres), "--map", "name=Contactpersoon")
    assert code == 1
    assert "Contactpersoon is about people (person_name)" in err


@pytest.mark.parametrize("option", [("--map", "naam=Naam"), ("--map", "name"), ("--as-of", "gisteren")])
def test_an_option_that_makes_no_sense_is_wrong_usage(own, centres, option):
    with pytest.raises(SystemExit) as caught:
        own(str(centres), *option)
    assert caught.value.code == 2


def test_a_name_that_a_spreadsheet_would_run_leaves_us_as_text(tmp_path, categories):
    path = text_file(tmp_path / "lijst.csv", "naam;soort;lat;lon\n+Buurthuis;buurthuis;52,5;5,8951\n")
    own = own_list_of(placed(read(path), None, None, 500), Snapshot.of_file(path), ListTerms("Plus", "x"))
    keep_own_list(tmp_path / "data", MUNICIPALITY, own)
    build(MUNICIPALITY, *municipality_files(tmp_path / "files"), tmp_path / "data", categories)
    bundle, text = open_bundle(tmp_path / "data", MUNICIPALITY), io.StringIO()
    write_csv(bundle.places(), bundle.manifest, text)
    assert ",'+Buurthuis," in text.getvalue()
