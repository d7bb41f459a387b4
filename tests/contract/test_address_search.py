"""The address field's service over real HTTP: what is asked, what is believed, and that failures tell nothing of it."""

import json
import logging
import os
import traceback

import pytest
from address_standin import HOSTILE, OUDESTRAAT, OUDESTRAAT_12, AddressStandIn, address, reply
from fault_server import Reply, closed_port

from meetingplaces.model.own_list import Address
from meetingplaces.model.source_errors import SourceAnswerError, SourceBusyError, SourceError, SourceUnreachableError
from meetingplaces.sources.address_search import AddressSearch, Suggestion
from meetingplaces.sources.endpoints import LocatieserverEndpoints

KAMPEN = "GM0166"
TYPED, IN_FULL = "Geheimstraat 77", Address("Geheimstraat", "77", None, "Kampen")


@pytest.fixture
def service():
    with AddressStandIn() as running:
        yield running


@pytest.fixture
def search(service):
    return service.search()


# --- suggestions ------------------------------------------------------------------------------------------------------


def test_suggestions_are_addresses_streets_and_postcodes_of_her_municipality(service, search):
    found = search.suggest("oudestr", KAMPEN)
    assert [(one.kind, one.label) for one in found] == [
        ("address", "Oudestraat 12, 8261CK Kampen"),
        ("address", "Oudestraat 120, 8261CR Kampen"),
        ("street", "Oudestraat, Kampen"),
        ("postcode", "Oudestraat, 8261CK Kampen"),
    ]
    (asked,) = service.asked("/suggest")
    assert asked.query == {
        "q": ["oudestr"], "fq": ["type:(adres OR weg OR postcode)", "gemeentecode:0166"],
        "fl": ["id,weergavenaam,type"], "rows": ["7"], "wt": ["json"],
    }  # fmt: skip
    assert asked.headers["User-Agent"].startswith("meetingplaces/")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("8261 CK 12", "8261ck 12"),
        ("8261ck", "8261ck"),
        ('Oude*straat) OR type:"weg', "oude straat or type weg"),
        ("Café 't Hoekje", "cafe t hoekje"),
    ],
)
def test_only_words_are_sent_and_a_postcode_is_one_word(service, search, typed, sent):
    search.suggest(typed, KAMPEN)
    assert service.asked("/suggest")[0].query["q"] == [sent]


def test_a_text_without_words_is_not_asked(service, search):
    assert search.suggest(" ?!* ", KAMPEN) == ()
    assert service.log == []


def test_hostile_text_of_the_service_stays_one_line_of_text(search):
    (found,) = search.suggest("<img src", KAMPEN)
    assert found.label == f"{HOSTILE} 7, 8261CK Kampen"


def test_the_recorded_suggestions_and_lookup_are_read(service, search, shared_data):
    recorded = shared_data.parent / "contracts/samples/pdok-locatieserver-recorded"
    service.on("/suggest", Reply(body=(recorded / "foarsitter_suggest.json").read_bytes()))
    service.on("/lookup", Reply(body=(recorded / "foarsitter_lookup.json").read_bytes()))
    found = search.suggest("westeringlaan", KAMPEN)
    assert len(found) == 7
    assert found[0] == Suggestion(
        "adr-e85f57567117b6063da3169022c89513", "address", "Westeringlaan 18A-1, 5993CG Maasbree"
    )
    spot = search.look_up("adr-bf54db721969487ed33ba84d9973c702")
    assert (spot.name, spot.longitude, spot.latitude) == ("Europalaan 93, Utrecht", 5.10696041, 52.06415055)


def test_the_recorded_error_is_one(service, search, shared_data):
    recorded = shared_data.parent / "contracts/samples/pdok-locatieserver-recorded/foarsitter_error.json"
    service.on("/lookup", Reply(body=recorded.read_bytes()))
    with pytest.raises(SourceAnswerError):
        search.look_up("adr-1")


# --- where it is ------------------------------------------------------------------------------------------------------


def test_what_she_chose_is_looked_up_by_its_identifier(search):
    found = search.look_up(OUDESTRAAT_12["id"])
    assert (found.kind, found.name) == ("address", "Oudestraat 12, Kampen")
    assert (found.longitude, found.latitude) == (5.912034, 52.558046)


def test_a_street_has_no_number_and_a_postcode_is_named_first(search):
    assert search.look_up(OUDESTRAAT["id"]).name == "Oudestraat, Kampen"
    postcode = next(one for one in search.suggest("8261ck", KAMPEN) if one.kind == "postcode")
    assert search.look_up(postcode.identifier).name == "8261 CK, Oudestraat, Kampen"


def test_what_answers_with_another_identifier_is_not_what_she_chose(service, search):
    service.on("/lookup", reply(OUDESTRAAT))
    assert search.look_up(OUDESTRAAT_12["id"]) is None


@pytest.mark.parametrize(
    "point", ["POINT(190524.0 507615.0)", "POINT(52.558046 5.912034)", "POINT EMPTY", None, "POINT(0 0)"]
)
def test_a_position_that_is_not_in_the_netherlands_is_refused(service, search, point):
    service.on("/lookup", reply({**OUDESTRAAT_12, "centroide_ll": point}))
    with pytest.raises(SourceAnswerError):
        search.look_up(OUDESTRAAT_12["id"])


@pytest.mark.parametrize(
    "typed",
    [
        Address("Oudestraat", "12", "8261CK", "Kampen"),
        Address(None, "12", "8261CK", None),
        Address("oudestraat", "12", None, "KAMPEN"),
    ],
)
def test_a_complete_address_is_believed_when_it_is_equal(search, typed):
    assert search.equal(typed).name == "Oudestraat 12, Kampen"


@pytest.mark.parametrize(
    "typed",
    [
        Address("Oudestraat", "13", "8261CK", "Kampen"),
        Address("Oudestraat", "12", "8261ZZ", None),
        Address("Oudestraat", "12", None, "Zwolle"),
        Address("Oude straat", "12", None, "Kampen"),
    ],
)
def test_one_that_is_merely_alike_is_not(search, typed):
    assert search.equal(typed) is None


def test_one_outside_the_municipality_is_found_too_as_she_typed_it_in_full(search):
    assert search.equal(Address("Oudestraat", "12", None, "Groningen")).longitude == 6.56


def test_of_an_address_in_two_places_none_is_chosen():
    twins = [address(n, "Oudestraat", "12", code, 5.9 + n / 100, 52.55) for n, code in ((1, "8261CK"), (2, "8262AA"))]
    with AddressStandIn(*twins) as service:
        assert service.search().equal(Address("Oudestraat", "12", None, "Kampen")) is None


# --- politeness -------------------------------------------------------------------------------------------------------


def test_five_questions_a_second_at_most(service, search):
    for letters in ("oud", "oude", "oudes"):
        search.suggest(letters, KAMPEN)
    # The clock of the test counts what was slept besides the real time, so each pause is at most a fifth of a second.
    assert len(service.clock.slept) == 2
    assert all(0 < pause <= 0.2 for pause in service.clock.slept)


def test_a_service_that_is_down_is_asked_once_and_then_left_alone_for_five_seconds(service, search):
    service.failing(Reply(503))
    with pytest.raises(SourceBusyError):
        search.suggest("oudestraat", KAMPEN)
    service.well()
    with pytest.raises(SourceUnreachableError):
        search.suggest("oudestraat", KAMPEN)
    assert len(service.asked("/suggest")) == 1
    service.clock.sleep(5)
    assert search.suggest("oudestraat", KAMPEN)


@pytest.mark.parametrize(("asked_s", "kept_s"), [("60", 60), ("999999999", 3600)])
def test_it_is_left_alone_for_as_long_as_it_asks_up_to_an_hour(service, search, asked_s, kept_s):
    service.failing(Reply(429, headers={"Retry-After": asked_s}))
    with pytest.raises(SourceBusyError):
        search.suggest("oudestraat", KAMPEN)
    service.well()
    service.clock.sleep(kept_s - 5)
    with pytest.raises(SourceUnreachableError):
        search.suggest("oudestraat", KAMPEN)
    service.clock.sleep(5)
    assert search.suggest("oudestraat", KAMPEN)


def test_one_question_that_is_refused_does_not_stop_the_next(service, search):
    service.on("/suggest", Reply(400), Reply(400))
    with pytest.raises(SourceError):
        search.suggest("oudestraat", KAMPEN)
    service.well()
    assert search.suggest("oudestraat", KAMPEN)


# --- nothing of it is kept or told ------------------------------------------------------------------------------------

_ECHO = json.dumps({"error": {"msg": f"cannot parse '{TYPED.casefold()}'", "code": 400}}).encode()
FAULTS = {
    "refused": Reply(400, body=_ECHO),
    "busy": Reply(503, body=_ECHO),
    "echo": Reply(body=_ECHO),
    "page": Reply(body=b"<html>" + TYPED.casefold().encode()),
    "elsewhere": Reply(302, headers={"Location": "http://example.org/?q=geheimstraat+77"}),
    "broken": Reply(body=_ECHO, how="reset"),
    "endless": Reply(body=b"geheimstraat 77 " * 4096, how="endless"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("asking", ["suggest", "equal"])
def test_a_failure_does_not_repeat_what_she_typed(service, search, caplog, fault, asking):
    caplog.set_level(logging.DEBUG)
    service.failing(FAULTS[fault])
    with pytest.raises(SourceError) as caught:
        search.suggest(TYPED, KAMPEN) if asking == "suggest" else search.equal(IN_FULL)
    _says_nothing(caught.value)
    assert service.log, "it was asked"


def test_nor_does_one_when_there_is_no_connection(service):
    gone = f"http://{closed_port()}"
    search = AddressSearch(service.door(), LocatieserverEndpoints(suggest=gone, lookup=gone, free=gone))
    with pytest.raises(SourceUnreachableError) as caught:
        search.suggest(TYPED, KAMPEN)
    _says_nothing(caught.value)


def _says_nothing(error: SourceError) -> None:
    """Neither in its facts nor as a log would print it, with everything that led to it."""
    for told in (str(error), repr(error.args), "".join(traceback.format_exception(error))):
        assert "geheim" not in told.casefold()


def test_asking_writes_no_file(service, search, monkeypatch):
    opened = []
    system_open = os.open

    def watched(path, flags, *rest, **more):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            opened.append(path)
        return system_open(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", watched)
    monkeypatch.setattr("pathlib.Path.open", lambda self, mode="r", *_: opened.append((self, mode)))
    monkeypatch.setattr("tempfile.mkdtemp", lambda *_, **__: opened.append("a folder"))
    assert search.suggest("oudestraat", KAMPEN)
    assert search.look_up(OUDESTRAAT_12["id"])
    assert opened == []
