"""Progress of long work in a terminal: a bar for people, plain lines for logs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from meetingplaces.model import progress as model_progress
from meetingplaces.pipeline.build import STAGES


@contextmanager
def shown_progress(stream: TextIO, stages: Collection[str] = STAGES) -> Iterator[model_progress.Progress]:
    """A listener for `stream`: a live bar on a terminal, otherwise a line per finished stage."""
    if not stream.isatty():
        yield _Lines(stream)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream)) as bar:
        yield _Bar(bar, len(stages))


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._began = monotonic()

    def begin(self, stage: str) -> None:
        self._began = monotonic()

    def end(self, stage: str, counts: dict[str, int]) -> None:
        self._stream.write(f"{stage}: {_told(counts)} ({monotonic() - self._began:.1f} s)\n")
        self._stream.flush()


class _Bar:
    def __init__(self, bar: Progress, total: int) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=total)

    def begin(self, stage: str) -> None:
        self._bar.update(self._task, description=stage)

    def end(self, stage: str, counts: dict[str, int]) -> None:
        self._bar.console.print(f"{stage}: {_told(counts)}", highlight=False)
        self._bar.advance(self._task)
