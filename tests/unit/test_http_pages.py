"""Answers in pages."""

import json

import pytest
from fault_server import BRISK, ORIGIN, Asked, FaultServer, Reply

from meetingplaces.model.source_errors import SourceAnswerError, SourceElsewhereError, SourceTooLargeError
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.http_pages import fetch_pages, pages_of
from meetingplaces.sources.snapshots import stored


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


def a_page(answer: Answer) -> str | None:
    return answer.json()["at"]


def next_page(answer: Answer) -> str | None:
    return answer.json().get("next")


def page(number: int, following: str | None) -> Reply:
    return Reply(body=json.dumps({"at": f"202{number}", "items": [number], "next": following}).encode())


def fetch(server: FaultServer, folder):
    request = Request(server.url + "/items", ORIGIN, params={"limit": "2"}, limits=BRISK)
    return fetch_pages(server.door(), request, folder, "items.zip", check=a_page, next_page=next_page)


def test_pages_are_followed_until_none_is_next_and_kept_untouched(server, tmp_path):
    server.on("/items", page(1, "?cursor=Dv4%7CNwyr1Q&limit=2"), page(2, "/last"))
    server.on("/last", page(3, None))
    snapshot = fetch(server, tmp_path)
    assert [json.loads(body)["items"] for body in pages_of(snapshot)] == [[1], [2], [3]]
    assert server.asked("/items")[1].query == {"cursor": ["Dv4|Nwyr1Q"], "limit": ["2"]}
    assert (snapshot.data_as_of, stored(snapshot.path)) == ("2021", snapshot)


def test_the_same_pages_make_the_same_file(server, tmp_path):
    server.on("/items", page(1, None))
    assert fetch(server, tmp_path / "a").sha256 == fetch(server, tmp_path / "b").sha256


def test_a_page_that_comes_twice_is_a_failure_that_keeps_nothing(server, tmp_path):
    server.on("/items", page(1, "/items"))
    with pytest.raises(SourceAnswerError, match="came before"):
        fetch(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pages_without_end_end_at_the_limit(server, tmp_path):
    def endless(asked: Asked) -> Reply:
        number = int(asked.query.get("n", ["0"])[0])
        body = {"at": "2024", "filler": "x" * 100_000, "next": f"?n={number + 1}"}
        return Reply(body=json.dumps(body).encode())

    server.on("/items", endless)
    with pytest.raises(SourceTooLargeError):
        fetch(server, tmp_path)
    assert len(server.log) < 20


def test_a_next_page_on_another_host_is_not_asked_for(server, tmp_path):
    server.on("/items", page(1, "http://example.org/items?page=2"))
    with pytest.raises(SourceElsewhereError, match="a next page at http://example"):
        fetch(server, tmp_path)


def test_a_page_that_fails_leaves_the_old_pages(server, tmp_path):
    server.on("/items", page(1, None), page(2, "/gone"))
    old = fetch(server, tmp_path)
    with pytest.raises(Exception, match="source_refused"):
        fetch(server, tmp_path)
    assert stored(old.path) == old
