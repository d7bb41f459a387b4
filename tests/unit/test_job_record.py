"""What is kept of the last job: how far it is, how each stage ended, and that a broken record harms nobody."""

import pytest

from meetingplaces.model.errors import BundleMissingError
from meetingplaces.model.progress import Silent
from meetingplaces.model.source_errors import SourceUnreachableError
from meetingplaces.storage.jobs import is_busy, last_job, only_job, recorded

CODE = "GM9999"
DOWN = SourceUnreachableError("cbs", "https://example.org", "connection refused")


def fail_in(folder, stage):
    with recorded(folder, CODE, 3, Silent()) as record:
        record.begin(stage)
        raise DOWN


def test_nothing_is_known_before_the_first_job(tmp_path):
    assert last_job(tmp_path, CODE) is None


def test_a_running_stage_and_what_is_done_can_be_seen_from_outside(tmp_path):
    with recorded(tmp_path, CODE, 3, Silent()) as record:
        record.begin("areas")
        record.end("areas", {"neighbourhoods": 4})
        record.begin("extract")
        seen = last_job(tmp_path, CODE)
    assert (seen.stage, seen.done, seen.total) == ("extract", 1, 3)


def test_an_error_that_ends_the_job_is_kept_and_goes_on(tmp_path):
    with pytest.raises(SourceUnreachableError):
        fail_in(tmp_path, "areas")
    job = last_job(tmp_path, CODE)
    assert job.stage is None
    assert job.error == {"code": "source_unreachable", **DOWN.facts()}


def test_the_next_job_begins_without_the_error_of_the_one_before(tmp_path):
    with pytest.raises(SourceUnreachableError):
        fail_in(tmp_path, "areas")
    with recorded(tmp_path, CODE, 3, Silent()) as record:
        record.begin("areas")
    assert last_job(tmp_path, CODE).error is None


def test_how_each_source_answered_the_last_time_it_was_asked_is_kept(tmp_path):
    with recorded(tmp_path, CODE, 2, Silent()) as record:
        record.tried("cbs", DOWN)
    with recorded(tmp_path, CODE, 2, Silent()) as record, record.trying("osm"):
        pass
    attempts = last_job(tmp_path, CODE).attempts
    assert attempts["cbs"].error == {"code": "source_unreachable", **DOWN.facts()}
    assert attempts["osm"].error is None
    with recorded(tmp_path, CODE, 2, Silent()) as record:
        record.tried("cbs")
    assert last_job(tmp_path, CODE).attempts["cbs"].error is None


@pytest.mark.parametrize("asked", [True, False])
def test_a_source_that_fails_is_noted_also_when_what_was_kept_should_have_done(tmp_path, asked):
    with (
        pytest.raises(SourceUnreachableError),
        recorded(tmp_path, CODE, 2, Silent()) as record,
        record.trying("cbs", asked=asked),
    ):
        raise DOWN
    assert last_job(tmp_path, CODE).attempts["cbs"].error is not None


def test_a_source_that_was_not_asked_was_not_tried(tmp_path):
    with recorded(tmp_path, CODE, 2, Silent()) as record:
        record.begin("areas")
        with record.trying("cbs", asked=False):
            pass
    assert last_job(tmp_path, CODE).attempts == {}


def test_an_error_between_stages_leaves_the_record_as_it_was(tmp_path):
    with pytest.raises(BundleMissingError), recorded(tmp_path, CODE, 2, Silent()):
        raise BundleMissingError(CODE, str(tmp_path))
    assert last_job(tmp_path, CODE) is None


def test_a_record_that_cannot_be_written_stops_no_job(tmp_path):
    (tmp_path / ".jobs").write_text("a file where the folder should be")
    with recorded(tmp_path, CODE, 1, Silent()) as record:
        record.begin("areas")
        record.end("areas", {})
    assert last_job(tmp_path, CODE) is None


@pytest.mark.parametrize("junk", [b"", b"[]", b'{"stage": 1}', b"\xff"])
def test_a_record_that_cannot_be_read_is_as_none(tmp_path, junk):
    (tmp_path / ".jobs").mkdir()
    (tmp_path / ".jobs" / f"{CODE}.json").write_bytes(junk)
    assert last_job(tmp_path, CODE) is None
    with recorded(tmp_path, CODE, 1, Silent()) as record:
        record.begin("areas")
    assert last_job(tmp_path, CODE).stage == "areas"


def test_whether_a_job_runs_can_be_seen_from_outside(tmp_path):
    assert not is_busy(tmp_path)
    with only_job(tmp_path):
        assert is_busy(tmp_path)
    assert not is_busy(tmp_path)
