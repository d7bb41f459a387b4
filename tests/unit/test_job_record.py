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
    assert seen.stages["areas"].error is None


def test_an_error_that_ends_the_job_is_kept_with_its_stage_and_goes_on(tmp_path):
    with pytest.raises(SourceUnreachableError):
        fail_in(tmp_path, "areas")
    job = last_job(tmp_path, CODE)
    assert job.stage is None
    assert job.stages["areas"].error == {"code": "source_unreachable", **DOWN.facts()}


def test_a_later_job_keeps_what_is_known_of_stages_it_did_not_run(tmp_path):
    with recorded(tmp_path, CODE, 2, Silent()) as record:
        record.begin("areas")
        record.failed(DOWN)
    with recorded(tmp_path, CODE, 2, Silent()) as record:
        record.begin("extract")
        record.end("extract", {})
    stages = last_job(tmp_path, CODE).stages
    assert stages["areas"].error is not None
    assert stages["extract"].error is None
    with recorded(tmp_path, CODE, 2, Silent()) as record:
        record.begin("areas")
        record.end("areas", {})
    assert last_job(tmp_path, CODE).stages["areas"].error is None


def test_an_error_between_stages_leaves_the_record_as_it_was(tmp_path):
    with pytest.raises(BundleMissingError), recorded(tmp_path, CODE, 2, Silent()):
        raise BundleMissingError(CODE, str(tmp_path))
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
