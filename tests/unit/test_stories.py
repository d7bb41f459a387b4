"""Stories in YAML: what ships, what a file may say, and what is said of a broken one."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError
from meetingplaces.model.stories import load_stories
from meetingplaces.storage.locations import DATA_VARIABLE, stories_paths


def written(folder: Path, **fields: str) -> Path:
    told = {
        "title": "{nl: Soep in de wijk, en: Soup}", "line": "{nl: Elke week soep., en: Soup every week.}",
        "link": "https://example.org/soep", "date": "2024-05-01",
    } | fields  # fmt: skip
    lines = "\n".join(f"    {name}: {value}" for name, value in told.items() if value)
    path = folder / "GM9999.stories.yaml"
    path.write_text(f"version: 1\nstories:\n  -\n{lines}\n", encoding="utf-8")
    return path


def test_the_publication_behind_the_product_ships_with_two_practices_from_elsewhere():
    stories = load_stories(stories_paths(None)[0])
    told = {story.title.nl: (story.municipality_code, story.date) for story in stories}
    assert told["Wij in de wijk 2"] == (None, date(2021, 2, 4))
    assert told["Waterkracht in het Waterkwartier"][0] == "GM0301"
    assert told["Beesd voor Elkaar"][0] == "GM1960"
    assert "BOS-bus" in next(story.line.nl for story in stories if story.municipality == "GM1960")
    assert all(str(story.link).startswith("https://") for story in stories)


def test_a_story_of_a_neighbourhood_is_of_its_municipality_too(tmp_path):
    [story] = load_stories(written(tmp_path, neighbourhood="BU01660000"))
    assert story.municipality_code == "GM0166"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"link": "http://example.org"}, "stories.0.link"),
        ({"link": "javascript:alert(1)"}, "stories.0.link"),
        ({"link": "'https://'"}, "stories.0.link"),
        ({"title": "{nl: Soep}"}, "stories.0.title.en"),
        ({"title": "{nl: '', en: ''}"}, "stories.0.title.nl"),
        ({"line": "{nl: " + 301 * "a" + ", en: b}"}, "stories.0.line.nl"),
        ({"date": "gisteren"}, "stories.0.date"),
        ({"date": ""}, "stories.0.date"),
        ({"kind": "sprookje"}, "stories.0.kind"),
        ({"neighbourhood": "Brunnepe"}, "stories.0.neighbourhood"),
        ({"municipality": "Kampen"}, "stories.0.municipality"),
        ({"place": "'<script>'"}, "stories.0.place"),
        ({"place": "osm/n1", "municipality": "GM0166"}, "stories.0"),
        ({"colour": "red"}, "stories.0.colour"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path, fields, where):
    path = written(tmp_path, **fields)
    with pytest.raises(SchemaError) as caught:
        load_stories(path)
    assert (caught.value.file, caught.value.where) == (str(path), where)


def test_a_file_that_is_no_yaml_names_the_line(tmp_path):
    path = tmp_path / "GM9999.stories.yaml"
    path.write_text(dedent("""\
        version: 1
        stories: [
        """), encoding="utf-8")  # fmt: skip
    with pytest.raises(FormatError) as caught:
        load_stories(path)
    assert caught.value.where.startswith("line ")


def test_an_absent_file_is_an_error_of_its_own(tmp_path):
    with pytest.raises(MissingFileError):
        load_stories(tmp_path / "none.yaml")


def test_a_municipality_s_own_stories_come_beside_those_that_ship(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    own = written(tmp_path)
    assert stories_paths("GM9999")[1:] == [own]
    assert len(stories_paths("GM9999")) == 2
    assert len(stories_paths("GM0001")) == 1
