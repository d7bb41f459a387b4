"""What a file of stories that somebody uploads may hold, what is said of each mistake, and keeping and taking back."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError
from meetingplaces.model.own_list import load_own_list_rules
from meetingplaces.model.settings_file import mistakes
from meetingplaces.model.stories import StoriesFile, load_stories
from meetingplaces.sources.own_list.personal import personal_in
from meetingplaces.storage.locations import DATA_VARIABLE, own_list_rules_path, stories_paths
from meetingplaces.storage.story_files import forget_stories, keep_stories, kept_path, kept_stories

GOOD = """\
version: 1
stories:
  - title: {nl: Soep, en: Soup}
    line: {nl: Elke week., en: Every week.}
    link: https://example.org/soep
    date: 2024-05-01
"""
BAD = """\
version: 1
stories:
  - title: {nl: Soep}
    line: {nl: Elke week., en: Every week.}
    link: javascript:alert(1)
    date: 2024-05-01
  - title: {nl: Soep, en: Soup}
    line: {nl: Elke week., en: Every week.}
    link: https://example.org/soep
    date: ooit
    colour: red
"""
RULES = load_own_list_rules(own_list_rules_path())


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "upload.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


def test_every_mistake_is_told_with_its_line_and_key(tmp_path):
    found = [(one.line, one.key[1:], one.code) for one in mistakes(written(tmp_path, BAD), StoriesFile)]
    assert found == [
        (3, (0, "title", "en"), "missing"),
        (5, (0, "link"), "url_scheme"),
        (10, (1, "date"), "date_from_datetime_parsing"),
        (11, (1, "colour"), "extra_forbidden"),
    ]
    assert mistakes(written(tmp_path, GOOD), StoriesFile) == []


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "http://example.org", "data:text/html,x", "//x.nl", "mailto:a@b.nl"]
)
def test_only_https_links_are_taken(tmp_path, link):
    path = written(tmp_path, GOOD.replace("https://example.org/soep", f'"{link}"'))
    assert [one.key for one in mistakes(path, StoriesFile)] == [("stories", 0, "link")]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{now}: &{now} [{','.join([f'*{before}'] * 9)}]\n" for before, now in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000, "{a: " * 5_000, BOMB, "a: &a [*a]", "version: 1\nversion: 1", "\x00", b"\xff\xfe\x00",
        "- !!python/object:os.system x",
        GOOD.replace("2024-05-01", "2024-02-30"), "a: 'open", "%YAML 9", "a: " + "9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_sane_yaml_is_an_error_of_ours(tmp_path, text):
    with pytest.raises((FormatError, SchemaError)):
        load_stories(written(tmp_path, text))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(tmp_path_factory, body):
    path = written(tmp_path_factory.mktemp("bytes"), body)
    with pytest.raises((FormatError, SchemaError)):
        load_stories(path)
    with contextlib.suppress(FormatError):
        assert mistakes(path, StoriesFile)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bel Truus op 06-12345678.", "private_phone"),
        ("App naar +31 6 1234 5678", "private_phone"),
        ("Mail truus@gmail.com", "private_email"),
        ("Mail info@despil.nl of bel (038) 123 45 67", None),
        ("Sinds 2021-02-04, voor 12 euro", None),
    ],
)
def test_a_number_or_address_of_a_person_is_found_in_a_line(text, found):
    assert personal_in(text, RULES) == found


def test_a_kept_file_is_read_with_the_others_and_can_be_taken_back(data, tmp_path):
    upload = written(tmp_path, GOOD)
    kept = keep_stories("GM9999", upload)
    assert keep_stories("GM9999", upload) == kept == kept_path("GM9999", upload.read_bytes())
    assert stories_paths("GM9999")[-1] == kept
    assert kept_stories("GM9999") == [kept]
    assert load_stories(kept)[0].title.nl == "Soep"
    assert kept_stories("GM0166") == []
    forget_stories(kept)
    forget_stories(kept)
    assert kept_stories("GM9999") == []
    assert len(stories_paths("GM9999")) == 1


def test_a_file_with_a_mistake_is_not_kept(data, tmp_path):
    with pytest.raises(SchemaError):
        keep_stories("GM9999", written(tmp_path, BAD))
    assert kept_stories("GM9999") == []


def test_a_folder_that_cannot_be_written_to_is_told(data, tmp_path):
    data.mkdir()
    (data / "local").write_text("a file where a folder should be")
    with pytest.raises(MissingFileError):
        keep_stories("GM9999", written(tmp_path, GOOD))
