"""One job at a time on a data folder, whichever process it runs in, and how the last one went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import filelock
from pydantic import TypeAdapter, ValidationError

from meetingplaces.model.errors import MeetingPlacesError, MissingFileError
from meetingplaces.model.progress import Progress
from meetingplaces.model.source_errors import JobBusyError


@contextmanager
def only_job(data_folder: Path) -> Iterator[None]:
    """Keep other jobs away from this folder; the lock goes with the process, however it ends.

    Raises
    ------
    JobBusyError
        There is one already.
    MissingFileError
        The folder cannot be written to.
    """
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(data_folder / ".job.lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise JobBusyError(str(data_folder)) from error
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise MissingFileError(str(data_folder), "the data folder", "a folder to write to", found) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class Attempt:
    """How the last attempt to fetch a source ended: when (UTC), and with which error, `None` when it went well."""

    ended_at: datetime
    error: Mapping[str, str] | None
    """`code` of the error and its facts, as text."""


@dataclass(frozen=True)
class LastJob:
    """The last job on a municipality, running or ended, and how the last attempt on each source went, by its id."""

    started_at: datetime
    stage: str | None
    """The stage that runs; `None` when none does."""
    done: int
    total: int
    attempts: Mapping[str, Attempt]
    error: Mapping[str, str] | None = None
    """What ended the job before it was done, as in `Attempt`."""


class Record:
    """Tells a listener how far a job is, and writes it down beside the bundles for whoever asks later."""

    def __init__(self, data_folder: Path, municipality_code: str, total: int, listener: Progress) -> None:
        self._path = _path(data_folder, municipality_code)
        self._listener = listener
        before = last_job(data_folder, municipality_code)
        self._job = LastJob(_now(), None, 0, total, before.attempts if before else {})

    def begin(self, stage: str) -> None:
        """A stage begins."""
        self._listener.begin(stage)
        self._write(replace(self._job, stage=stage))

    def end(self, stage: str, counts: dict[str, int]) -> None:
        """It is done."""
        self._listener.end(stage, counts)
        self._write(replace(self._job, stage=None, done=self._job.done + 1))

    def tried(self, source_id: str, error: MeetingPlacesError | None = None) -> None:
        """A source was asked, and how that ended."""
        attempt = Attempt(_now(), _facts(error) if error else None)
        self._write(replace(self._job, attempts={**self._job.attempts, source_id: attempt}))

    @contextmanager
    def trying(self, source_id: str, *, asked: bool = True) -> Iterator[None]:
        """Note how it ended; that it went well only if the service was really `asked`."""
        try:
            yield
        except MeetingPlacesError as error:
            self.tried(source_id, error)
            raise
        if asked:
            self.tried(source_id)

    def failed(self, error: MeetingPlacesError) -> None:
        """The job ends here, or before it began: then what is known of the one before stays."""
        if self._job.stage is not None:
            self._listener.end(self._job.stage, {"failed": 1})
            self._write(replace(self._job, stage=None, error=_facts(error)))

    def _write(self, job: LastJob) -> None:
        self._job = job
        # On a full disk the bundle cannot be written either, and that is told.
        with suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            part = self._path.with_suffix(".part")
            part.write_bytes(_AS_JSON.dump_json(job))
            part.replace(self._path)


@contextmanager
def recorded(data_folder: Path, municipality_code: str, total: int, listener: Progress) -> Iterator[Record]:
    """A record of a job of `total` stages; an error that ends the job is written down and goes on its way."""
    record = Record(data_folder, municipality_code, total, listener)
    try:
        yield record
    except MeetingPlacesError as error:
        record.failed(error)
        raise


def last_job(data_folder: Path, municipality_code: str) -> LastJob | None:
    """What is known of the last job on this municipality; `None` when nothing is, or it cannot be read."""
    try:
        return _AS_JSON.validate_json(_path(data_folder, municipality_code).read_bytes())
    except (OSError, ValidationError):
        return None


def is_busy(data_folder: Path) -> bool:
    """Whether a job runs on this folder, in whichever process."""
    lock = filelock.FileLock(data_folder / ".job.lock", timeout=0)
    try:
        with lock:
            return False
    except (filelock.Timeout, OSError):
        return True


_AS_JSON = TypeAdapter(LastJob)


def _path(data_folder: Path, municipality_code: str) -> Path:
    return data_folder / ".jobs" / f"{municipality_code}.json"


def _facts(error: MeetingPlacesError) -> dict[str, str]:
    return {"code": error.code, **error.facts()}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
