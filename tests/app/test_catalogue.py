"""The text catalogue: complete in both languages, nothing missing, nothing left over."""

import re
import string
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from meetingplaces.model import errors, source_errors
from meetingplaces.model.bundle import COUNTS, MUNICIPAL_COUNTS, WALKING_COUNTS
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.catalogue import LANGUAGES, catalogue, language_of

SOURCE = Path(__file__).parents[2] / "src" / "meetingplaces"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.js")])

# Keys that the code puts together: `texts(f"map_access_{place.access}")`, `texts.section("list")`, and the reasons of
# the page with sources, whose start is handed on.
BUILT = [
    *re.findall(r"f[\"']([a-z_]+_)\{", CODE),
    *(f"{name}_" for name in re.findall(r'\.section\("([a-z]+)"\)', CODE)),
    *(f"{name}_" for name in re.findall(r'_counts_html\("[a-z_]+", "([a-z]+)"', CODE)),
]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def every_error() -> list[type[errors.MeetingPlacesError]]:
    found, waiting = [], [errors.MeetingPlacesError, source_errors.SourceError]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return sorted(set(found), key=lambda kind: kind.__name__)


def test_both_languages_have_the_same_keys():
    assert set(catalogue("nl").texts) == set(catalogue("en").texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_file_and_once(language):
    files = (SOURCE / "ui" / "texts" / language).glob("*.yaml")
    keys = Counter(key for file in files for key in re.findall(r"^(\w+):", file.read_text(encoding="utf-8"), re.M))
    assert [key for key, count in keys.items() if count > 1] == []
    assert set(keys) == set(catalogue(language).texts)


@pytest.mark.parametrize("key", sorted(catalogue("nl").texts))
def test_a_text_has_the_same_placeholders_in_both_languages(key):
    assert placeholders(catalogue("nl").texts[key]) == placeholders(catalogue("en").texts[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language):
    assert [key for key, text in catalogue(language).texts.items() if not text.strip()] == []


def test_every_text_is_used():
    unused = [
        key
        for key in catalogue("nl").texts
        if not re.search(f"[\"']{key}[\"']", CODE) and not key.startswith(tuple(BUILT))
    ]
    assert unused == []


def test_every_text_that_the_code_names_exists():
    named = set(re.findall(r'\btexts\(\s*"([a-z_0-9]+)"', CODE))
    assert named - set(catalogue("nl").texts) == set()
    assert len(named) > 30


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_has_a_sentence_with_all_its_facts(error, language):
    facts = [field.name for field in fields(error)]
    told = catalogue(language).error(error(*(f"<{name}>" for name in facts)))
    assert all(f"<{name}>" in told for name in facts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_apology_tells_a_visitor_nothing_of_the_server(language):
    texts = catalogue(language)
    for error in (errors.BundleBrokenError("/srv/secret", "x", "y", "z"), ValueError("/srv/secret")):
        assert "secret" not in texts.apology(error)
    assert texts.apology(errors.BundleMissingError("GM0001", "/srv")) != texts.apology(ValueError())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_of_a_manifest_has_a_name(language):
    assert [
        name
        for name in (*COUNTS, *MUNICIPAL_COUNTS, *WALKING_COUNTS)
        if f"count_{name}" not in catalogue(language).texts
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_threshold_has_a_flag_in_the_list(language):
    assert [name for name in RESTRICTED_ACCESS if f"list_flag_{name}" not in catalogue(language).texts] == []


def test_numbers_and_dates_are_written_as_the_language_does():
    nl, en = catalogue("nl"), catalogue("en")
    assert (nl.number(1234.5, 1), en.number(1234.5, 1)) == ("1.234,5", "1,234.5")
    assert (nl.date("2023-01-30T01:00:12+00:00"), en.date("2023-01-30")) == ("30-01-2023", "30/01/2023")
    assert (nl.date("2024"), nl.date(None)) == ("2024", "onbekend")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("nl-NL", "nl"), ("en-GB", "en"), ("EN_us", "en"), ("de-DE", "nl"), ("", "nl"), (None, "nl")],
)
def test_the_language_follows_the_browser_and_is_dutch_for_what_we_do_not_speak(locale, language):
    assert language_of(locale) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_kind_of_place_may_provide_has_a_word(language, categories):
    provided = {one for kind in categories.by_key.values() for one in kind.provides}
    assert len(provided) > 5
    assert [one for one in provided if f"map_provides_{one}" not in catalogue(language).texts] == []
