"""What a server is told about frames in other sites and about reports, and the headers that follow from it."""

import asyncio

import pytest

from meetingplaces.model.errors import SchemaError
from meetingplaces.ui.serving.server import SecurityHeaders
from meetingplaces.ui.settings import (
    EMBED_VARIABLE,
    FROZEN_VARIABLE,
    REPORT_VARIABLE,
    SITE_VARIABLE,
    check_settings,
    embed_origins,
    most_frozen,
    report_address,
)


async def answer(scope, receive, send):
    """An application that answers with nothing."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def headers():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(answer)({"type": "http", "method": "GET", "path": "/"}, None, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_by_default_no_other_site_may_show_ours(monkeypatch):
    monkeypatch.delenv(EMBED_VARIABLE, raising=False)
    assert headers()["content-security-policy"].endswith("frame-ancestors 'self'")
    assert headers()["x-frame-options"] == "SAMEORIGIN"


def test_sites_that_may_are_named_in_the_policy_and_the_older_header_goes(monkeypatch):
    monkeypatch.setenv(EMBED_VARIABLE, "https://www.kampen.example, https://*.example.org http://127.0.0.1:8080")
    assert embed_origins() == ("https://www.kampen.example", "https://*.example.org", "http://127.0.0.1:8080")
    told = headers()
    assert told["content-security-policy"].endswith(f"frame-ancestors 'self' {' '.join(embed_origins())}")
    assert "x-frame-options" not in told


@pytest.mark.parametrize("written", ["*", "example.org", "https://a.example/page", "https://a; script-src *", "'none'"])
def test_what_is_no_origin_is_an_error_and_never_a_wider_policy(monkeypatch, written):
    monkeypatch.setenv(EMBED_VARIABLE, written)
    with pytest.raises(SchemaError) as raised:
        check_settings()
    assert raised.value.file == EMBED_VARIABLE


def test_a_report_goes_to_the_municipality_else_to_the_address_for_all_else_nowhere(monkeypatch):
    monkeypatch.setenv(REPORT_VARIABLE, "GM0166=wijk@kampen.example kaart@example.org")
    assert (report_address("GM0166"), report_address("GM0301")) == ("wijk@kampen.example", "kaart@example.org")
    monkeypatch.setenv(REPORT_VARIABLE, "GM0166=wijk@kampen.example")
    assert report_address("GM0301") is None
    monkeypatch.delenv(REPORT_VARIABLE)
    assert report_address("GM0166") is None


@pytest.mark.parametrize("written", ["kampen", "a@b", "GM166=a@b.nl", "a@b.nl?cc=c@d.nl", "<a@b.nl>", "a@b.nl%0Acc=x"])
def test_what_is_no_address_is_an_error(monkeypatch, written):
    monkeypatch.setenv(REPORT_VARIABLE, written)
    with pytest.raises(SchemaError) as raised:
        check_settings()
    assert raised.value.file == REPORT_VARIABLE


def test_a_wrong_address_of_the_site_is_told_at_the_start_too(monkeypatch):
    monkeypatch.setenv(SITE_VARIABLE, "kaart")
    with pytest.raises(SchemaError):
        check_settings()


@pytest.mark.parametrize(("written", "most"), [(None, 20), ("", 20), (" 3 ", 3), ("0", 0)])
def test_so_many_editions_are_kept_for_links(monkeypatch, written, most):
    monkeypatch.delenv(FROZEN_VARIABLE, raising=False)
    if written is not None:
        monkeypatch.setenv(FROZEN_VARIABLE, written)
    assert most_frozen() == most


@pytest.mark.parametrize("written", ["many", "-1", "1.5", "99999"])
def test_what_is_no_number_of_editions_is_told_at_the_start(monkeypatch, written):
    monkeypatch.setenv(FROZEN_VARIABLE, written)
    with pytest.raises(SchemaError) as raised:
        check_settings()
    assert raised.value.file == FROZEN_VARIABLE
