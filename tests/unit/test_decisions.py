"""The file with decisions: read, added to, undone, and never lost."""

from datetime import date

import pytest

from meetingplaces.model.errors import DecisionMissingError, FormatError, MeetingPlacesError, SchemaError
from meetingplaces.storage.decisions import decide, decisions_path, read_decisions, undo

TODAY = date(2026, 11, 22)
PAIR = ("osm/n1", "own_buurthuizen/de-spil")


@pytest.fixture
def path(tmp_path):
    return decisions_path(tmp_path, "GM9999")


def test_without_a_file_nothing_is_decided(path):
    assert read_decisions(path) == ()
    assert not path.exists()


def test_decisions_are_one_line_each_and_read_back_as_they_were_written(path):
    written = [
        decide(path, "accept", PAIR, 'zelfde gebouw: "De Spil" # 1', TODAY),
        decide(path, "apart", ("osm/w2", "zwolle/7"), "", TODAY),
        decide(path, "hide", ("osm/n3",), "=1+1\nnieuwe regel", TODAY),
    ]
    assert list(read_decisions(path)) == written
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) == 3
    assert (
        lines[1]
        == '- {number: 2, decision: "apart", first: "osm/w2", second: "zwolle/7", decided_on: "2026-11-22", why: ""}'
    )


def test_undoing_keeps_the_line_and_its_number_is_not_used_again(path):
    decide(path, "accept", PAIR, "", TODAY)
    assert undo(path, 1, TODAY).undone_on == TODAY
    assert decide(path, "apart", PAIR, "", TODAY).number == 2
    assert [one.number for one in read_decisions(path)] == [1, 2]


def test_undoing_twice_or_what_is_not_there_is_told_and_changes_nothing(path):
    decide(path, "accept", PAIR, "", TODAY)
    decide(path, "hide", PAIR[:1], "", TODAY)
    undo(path, 1, TODAY)
    before = path.read_bytes()
    for number in (1, 9):
        with pytest.raises(DecisionMissingError) as caught:
            undo(path, number, TODAY)
        assert (caught.value.number, caught.value.present) == (number, "2")
    assert path.read_bytes() == before


def test_comments_and_lines_written_by_hand_stay(path):
    decide(path, "accept", PAIR, "", TODAY)
    by_hand = "# van Jannie\n- {number: 7, decision: hide, first: osm/n9, decided_on: 2026-01-02}"
    path.write_text(path.read_text(encoding="utf-8") + by_hand, encoding="utf-8")
    assert decide(path, "hide", ("osm/n3",), "", TODAY).number == 8
    undo(path, 1, TODAY)
    assert by_hand in path.read_text(encoding="utf-8")
    assert [one.number for one in read_decisions(path)] == [1, 7, 8]


@pytest.mark.parametrize(
    ("line", "where", "error"),
    [
        ("- {number: 2, decision: accept", "line 5", FormatError),
        ("accept osm/n1", "line 5", FormatError),
        ("- {number: 2, decision: merge, first: osm/n1, decided_on: 2026-01-02}", "line 5, decision", SchemaError),
        ("- {number: 2, decision: accept, first: osm/n1, decided_on: 2026-01-02}", "line 5", SchemaError),
        ("- {number: 2, decision: hide, first: '<b>', decided_on: 2026-01-02}", "line 5, first", SchemaError),
        ("- {number: 2, decision: hide, first: osm/n1, decided_on: soon}", "line 5, decided_on", SchemaError),
        ("- {number: 1, decision: hide, first: osm/n1, decided_on: 2026-01-02}", "line 5", SchemaError),
        (
            "- {number: 2, decision: apart, first: osm/n1, second: osm/n1, decided_on: 2026-01-02}",
            "line 5",
            SchemaError,
        ),
        ("- !!python/object/apply:os.system [ls]", "line 5", FormatError),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_lost(path, line, where, error):
    decide(path, "accept", PAIR, "", TODAY)
    decide_before = path.read_text(encoding="utf-8")
    assert len(decide_before.splitlines()) == 3
    broken = decide_before + f"\n{line}\n"
    path.write_text(broken, encoding="utf-8")
    for attempt in (
        lambda: read_decisions(path),
        lambda: decide(path, "hide", ("osm/n3",), "", TODAY),
        lambda: undo(path, 1, TODAY),
    ):
        with pytest.raises(error) as caught:
            attempt()
        assert (caught.value.file, caught.value.where) == (str(path), where)
    assert path.read_text(encoding="utf-8") == broken


@pytest.mark.parametrize("records", [("osm/n1",), ("osm/n1", "osm/n1"), ("osm/n1", "no id")])
def test_a_decision_that_makes_no_sense_is_not_written(path, records):
    with pytest.raises(SchemaError):
        decide(path, "accept", records, "", TODAY)
    assert not path.exists()


def test_a_file_in_other_letters_is_told(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MeetingPlacesError, match="byte 0"):
        read_decisions(path)
