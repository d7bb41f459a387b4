"""Own notes: there and back through a link and a file, and what junk does."""

import base64
import contextlib
import json
import random
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.model.errors import FormatError, SchemaError
from meetingplaces.ui.notes import (
    LONGEST_LINK,
    LONGEST_TEXT,
    MOST_NOTES,
    fit_in_link,
    note_at,
    notes_file,
    notes_of_file,
    packed,
    unpacked,
)

NOTES = st.lists(
    st.builds(note_at, st.floats(-180, 180), st.floats(-90, 90), st.text(max_size=400)), max_size=MOST_NOTES
).map(tuple)
HOSTILE = "</script><img src=x onerror=alert(1)> **vet** =SUM(1)\u202e\x00\n\"'"


@given(NOTES.filter(fit_in_link))
def test_notes_come_back_from_a_link_as_they_went_in(notes):
    assert unpacked(packed(notes)) == notes


@given(NOTES.filter(fit_in_link))
def test_notes_come_back_from_a_file_as_they_went_in(notes):
    assert notes_of_file(notes_file(notes), "notes.json") == notes


@given(NOTES)
def test_a_link_with_notes_needs_no_encoding(notes):
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in packed(notes))


@given(st.text(max_size=200) | st.text(alphabet="ABCDabcd-_019", max_size=200))
def test_junk_is_a_value_error_and_nothing_else(text):
    with contextlib.suppress(ValueError):
        assert all(note == note_at(note.longitude, note.latitude, note.text) for note in unpacked(text))


JSON = st.recursive(st.none() | st.floats() | st.text(), st.lists).map(lambda content: json.dumps(content).encode())


@given(st.binary(max_size=200) | JSON)
def test_a_junk_file_is_told_and_nothing_else(content):
    with pytest.raises((FormatError, SchemaError)) as caught:
        notes_of_file(content, "x.json")
    assert caught.value.file == "x.json"


def link_of(content: object) -> str:
    squeezed = zlib.compress(json.dumps(content).encode(), 9, -15)
    return base64.urlsafe_b64encode(squeezed).decode().rstrip("=")


@pytest.mark.parametrize(
    "content",
    [
        {}, [[1, 2]], [[1, 2, 3]], [["1", 2, "x"]], [[181, 2, "x"]], [[1, -91, "x"]], [[True, "2", "x"]],
        [[1, 2, "x"]] * (MOST_NOTES + 1), [[float("nan"), 2, "x"]], [[float("inf"), 2, "x"]],
    ],
)  # fmt: skip
def test_what_is_no_list_of_notes_is_left_out(content):
    with pytest.raises(ValueError):
        unpacked(link_of(content))


def test_a_link_that_unfolds_into_megabytes_is_refused():
    for content in (b"[]" + b" " * 1_000_000, b"[" * 90_000):
        text = base64.urlsafe_b64encode(zlib.compress(content, 9, -15)).decode().rstrip("=")
        assert len(text) <= LONGEST_LINK
        with pytest.raises(ValueError):
            unpacked(text)


def test_a_note_is_one_line_of_signs_that_can_be_seen():
    text = note_at(5.9, 52.5, HOSTILE).text
    assert text == "</script><img src=x onerror=alert(1)> **vet** =SUM(1) \"'"
    assert len(note_at(5.9, 52.5, "a" * 1000).text) == LONGEST_TEXT


def test_a_note_is_no_nearer_than_a_metre():
    note = note_at(5.123456789, 52.987654321, "")
    assert (note.longitude, note.latitude) == (5.12346, 52.98765)


def test_more_than_a_link_can_carry_does_not_fit():
    signs = random.Random(1)
    long = [note_at(5.9, 52.5, "".join(signs.choices(string.ascii_letters, k=200))) for _ in range(20)]
    assert not fit_in_link(long)
    assert not fit_in_link([note_at(5.9, 52.5, "")] * (MOST_NOTES + 1))
    with pytest.raises(SchemaError):
        notes_of_file(notes_file(long), "notes.json")
