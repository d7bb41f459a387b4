"""Jobs that a visitor starts, where the server allows it: each is the command itself in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

import streamlit as st

from meetingplaces.storage.jobs import is_busy, last_job

Task = Literal["add", "refresh"]
_FOLDER_OPTION: dict[Task, str] = {"add": "--into", "refresh": "--data"}


class Jobs:
    """The job that this server started last, if any. Others may run one too: a lock keeps it to one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, task: Task, municipality_code: str, data_folder: Path) -> None:
        """Start a job, unless one runs."""
        if self.runs_here or self.stage(data_folder, municipality_code):
            return
        command = [sys.executable, "-m", "meetingplaces.cli", task, municipality_code]
        self._process = subprocess.Popen(  # noqa: S603  our own command; the code was checked
            [*command, _FOLDER_OPTION[task], str(data_folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def cancel(self) -> None:
        """Stop the job that this server started; what it made so far is thrown away."""
        if self._process is not None and self.runs_here:
            self._process.terminate()
            self._process.wait(timeout=10)

    @property
    def runs_here(self) -> bool:
        """Whether the job that this server started still runs."""
        return self._process is not None and self._process.poll() is None

    def stage(self, data_folder: Path, municipality_code: str) -> str | None:
        """The stage that a job on this municipality is in, whoever started it; `None` when none runs."""
        job = last_job(data_folder, municipality_code)
        if job is None or job.stage is None:
            return None
        return job.stage if self.runs_here or is_busy(data_folder) else None


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this server."""
    return Jobs()
