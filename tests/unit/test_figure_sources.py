"""Fetching key figures: from the newest year back, and what there is when a service fails."""

import pytest
from fault_server import FaultServer, Reply
from statline_standin import StatlineStandIn, health, key_figures

from meetingplaces.model.errors import FormatError
from meetingplaces.model.source_errors import SourceBusyError, SourceRefusedError
from meetingplaces.pipeline.figure_sources import gather_figures
from meetingplaces.sources import rivm, statline
from meetingplaces.sources.endpoints import Endpoints

TOWN = "GM0166"
BASIC = {"AantalInwoners": 900, "k_65JaarOfOuder": 200}
EVERYTHING = BASIC | {
    "k_0Tot15Jaar": 150, "k_15Tot25Jaar": 100, "HuishoudensTotaal": 400, "Eenpersoonshuishoudens": 150,
    "Nederland": 700, "EuropaExclusiefNederland": 100, "BuitenEuropa": 100,
    "GemiddeldInkomenPerInwoner": 30.0, "WmoClientenRelatief": 40,
}  # fmt: skip
DOWN = Reply(503)


class Services:
    """StatLine with two years, of which the newest is not complete, and RIVM."""

    def __init__(self, server: FaultServer, folder) -> None:
        self.server, self.folder = server, folder
        self.statline = StatlineStandIn(server)
        self.statline.serve_year(2025, key_figures(TOWN, **BASIC))
        self.statline.serve_year(2024, key_figures(TOWN, **EVERYTHING))
        self.statline.serve_year(2023, key_figures(TOWN, **EVERYTHING))
        self.statline.serve("50150NED", health(TOWN, Eenzaam=(45.0, 40.0, 50.0)))

    def gather(self, *, renew=True):
        endpoints = Endpoints(private_hosts={self.server.host}, **self.statline.endpoints)
        return gather_figures(TOWN, self.folder, self.server.door(), endpoints, renew=renew)

    def fail(self, *tables: str, reply: Reply = DOWN) -> None:
        for table in tables:
            self.server.on(f"/odata/{table}/DataProperties", reply)


@pytest.fixture
def services(tmp_path):
    with FaultServer() as server:
        yield Services(server, tmp_path)


def asked(services):
    return {question.path.split("/")[2] for question in services.server.log}


def test_years_are_asked_from_the_newest_back_until_every_figure_is_there(services):
    found = services.gather()
    assert asked(services) == {"2025NED", "2024NED", "50150NED"}
    assert [(each.source_id, each.data_as_of) for each in found.provenance] == [
        ("cbs_statline", "2025"), ("cbs_statline", "2024"), ("rivm", "2024"),
    ]  # fmt: skip
    assert not found.failures
    assert not found.failed


def test_what_is_kept_is_used_without_asking(services):
    services.gather()
    before = len(services.server.log)
    assert len(services.gather(renew=False).sources) == 3
    assert len(services.server.log) == before


def test_a_service_that_fails_leaves_the_figures_that_were_kept(services):
    services.gather()
    services.fail("2025NED", "2024NED", "50150NED")
    found = services.gather()
    assert [type(error) for error in found.failures] == [SourceBusyError, SourceBusyError]
    assert {each.source_id for each in found.provenance} == {"cbs_statline", "rivm"}
    assert "lonely_share" not in found.failed.get(rivm.SOURCE_ID, ())


def test_a_service_that_fails_from_the_start_is_told_apart_from_secrets(services):
    services.fail("2025NED", "50150NED")
    found = services.gather()
    assert found.failed == {statline.SOURCE_ID: statline.INDICATORS, rivm.SOURCE_ID: rivm.INDICATORS}
    assert asked(services) == {"2025NED", "50150NED"}  # a service that is down is not asked for another year as well


def test_a_year_that_is_gone_does_not_hide_the_one_before(services):
    services.fail("2025NED", reply=Reply(404))
    found = services.gather()
    assert [type(error) for error in found.failures] == [SourceRefusedError]
    assert [each.data_as_of for each in found.provenance] == ["2024", "2024"]
    assert found.failed == {statline.SOURCE_ID: ()}  # nothing that only the failed year would have had


def test_what_was_kept_and_cannot_be_read_any_more_is_told_and_stops_nothing(services, monkeypatch):
    services.gather()

    def unreadable(snapshot, year):
        raise FormatError(str(snapshot.path), "contents", "columns and rows", "something else")

    monkeypatch.setattr(statline, "read_statline", unreadable)
    found = services.gather(renew=False)
    assert {error.code for error in found.failures} == {"format"}
    assert [each.source_id for each in found.provenance] == ["rivm"]
    assert found.failed == {statline.SOURCE_ID: statline.INDICATORS}
