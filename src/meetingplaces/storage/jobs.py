"""One job at a time on a data folder, whichever process it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from meetingplaces.model.errors import JobBusyError, MissingFileError


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
