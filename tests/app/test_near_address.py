"""The field for an address on *Dichtbij*, without a browser: where it is, where it is not, and what it is told."""

import json
import logging

import pytest
from app_view import html_of

from meetingplaces.sources.endpoints import ENDPOINTS_VARIABLE
from meetingplaces.storage.locations import app_folder


@pytest.fixture
def near(opened, monkeypatch, tmp_path):
    """Open the page on a server with these addresses of services: `near("locatieserver: {suggest: null}")`."""

    def open_page(endpoints: str = "", **query: str):
        session = opened(**query)
        path = tmp_path / "endpoints.yaml"
        path.write_text(endpoints, encoding="utf-8")
        monkeypatch.setenv(ENDPOINTS_VARIABLE, str(path))
        return session.switch_page(str(app_folder() / "pages" / "near.py")).run()

    return open_page


def field(session):
    """What the field was sent, `None` without one."""
    found = [one for one in session.get("bidi_component") if "near-address" in one.proto.id]
    return json.loads(found[0].proto.json) if found else None


def test_the_field_names_her_municipality_and_says_where_her_words_go(near):
    told = field(near())
    assert told["label"] == "Of typ een adres in Driedorp"
    assert "PDOK (Kadaster)" in told["texts"]["hint"]
    assert told["answer"] is None
    assert told["chosen"] is None


def test_where_the_server_suggests_no_addresses_there_is_no_field(near):
    session = near("locatieserver: {suggest: null}")
    assert field(session) is None
    assert not session.exception
    assert "Waar bent u?" in html_of(session)


def test_settings_that_cannot_be_read_cost_the_field_and_not_the_page(near, caplog):
    caplog.set_level(logging.WARNING, "meetingplaces.ui")
    session = near("locatieserver: {sugest: x}")
    assert field(session) is None
    assert not session.exception
    assert "Waar bent u?" in html_of(session)
    record = next(one for one in caplog.records if one.name == "meetingplaces.ui")
    assert (record.error, record.where) == ("schema", "locatieserver.sugest")


def test_a_link_with_a_position_says_nothing_of_an_address(near):
    session = near(vanaf="5.9000_52.4965")
    assert "U bent bij Woonerf" in html_of(session)
    assert field(session)["chosen"] is None
