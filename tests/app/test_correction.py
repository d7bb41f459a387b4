"""Telling that a place is not right: the ready note, the ready message, and hostile names in both."""

from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from app_view import html_of
from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.ui.catalogue import LANGUAGES, catalogue
from meetingplaces.ui.correction import mail_url, note_url, report_text
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.settings import REPORT_VARIABLE

HOSTILE = "Buurthuis&cc=x@y.nl\r\nBcc: z@y.nl <script>?body=\"'#"


@pytest.fixture
def loaded(built_bundle):
    return LoadedBundle.of(built_bundle)


def place_of(loaded, **fields):
    row = loaded.places.iloc[0].to_dict() | fields
    return SimpleNamespace(**row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_holds_the_place_what_is_shown_and_its_source(loaded, categories, language):
    texts = catalogue(language)
    place = place_of(loaded, name="De Hoek", opening_hours=None, address=None)
    told = report_text(loaded, place, categories, texts)
    for one in ("De Hoek", place.place_id, f"{place.latitude:.5f}", "OpenStreetMap", texts("details_hours_unknown")):
        assert one in told
    assert told.endswith(texts("correction_wrong"))


def test_a_note_starts_where_the_place_is(loaded):
    place = place_of(loaded, latitude=52.123456789, longitude=5.987654321)
    assert note_url(place) == "https://www.openstreetmap.org/note/new#map=19/52.12346/5.98765"


def test_a_hostile_name_stays_in_its_line_of_the_message(loaded, categories):
    told = report_text(loaded, place_of(loaded, name=HOSTILE), categories, catalogue("nl"))
    assert " ".join(HOSTILE.split()) in told.splitlines()[0]
    assert not any(line.startswith("Bcc") for line in told.splitlines())


@given(st.text(max_size=80), st.text(max_size=200))
def test_a_message_has_one_subject_one_body_and_nothing_else(subject, body):
    parts = urlsplit(mail_url("wijk@kampen.example", subject, body))
    assert (parts.scheme, parts.path, parts.fragment) == ("mailto", "wijk@kampen.example", "")
    fields = dict(one.split("=") for one in parts.query.split("&"))
    assert set(fields) == {"subject", "body"}
    assert unquote(fields["subject"]) == subject
    assert unquote(fields["body"]) == body.replace("\n", "\r\n")


def test_the_encoded_link_holds_no_sign_that_html_or_headers_read():
    link = mail_url("wijk@kampen.example", HOSTILE, HOSTILE)
    assert not set(link) & set("<>\"' \r\n#")
    assert parse_qs(urlsplit(link).query)["subject"] == [HOSTILE]


def test_without_an_address_only_openstreetmap_is_offered(opened, loaded, monkeypatch):
    monkeypatch.delenv(REPORT_VARIABLE, raising=False)
    place = loaded.places["place_id"].iloc[0].replace("/", "-")
    body = html_of(opened(plek=place))
    assert "https://www.openstreetmap.org/note/new#map=19/" in body
    assert "mailto:" not in body


def test_with_an_address_a_message_is_offered_too(opened, loaded, monkeypatch):
    monkeypatch.setenv(REPORT_VARIABLE, "GM9999=wijk@driedorp.example")
    place = loaded.places["place_id"].iloc[0].replace("/", "-")
    assert "mailto:wijk@driedorp.example?subject=" in html_of(opened(plek=place))
