"""Manners towards Overpass that hold for all our processes together: one question at a time, and rest when asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import filelock

from meetingplaces.model.provenance import Origin
from meetingplaces.model.source_errors import SourceBusyError
from meetingplaces.sources.clock import Clock
from meetingplaces.sources.http_address import shown
from meetingplaces.sources.http_pauses import LONGEST_PAUSE_S

_LOOK_AGAIN_S = 2.0
_LONGEST_QUEUE_S = 900.0
_UNKNOWN_SLOT_S = 30.0


class OverpassGate:
    """Whoever is inside `alone` is the only one of our processes to ask anything of Overpass.

    `folder` is shared by these processes; it holds the lock, and for each host until when it is to be left alone.
    """

    def __init__(self, folder: Path, clock: Clock, origin: Origin) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = filelock.FileLock(folder / "overpass.lock", timeout=0)
        self._rests = folder / "overpass-rests.json"
        self._clock, self._title = clock, origin.title

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait for our turn, then keep others out.

        Raises
        ------
        SourceBusyError
            Another process of ours did not finish within a quarter of an hour.
        """
        self._queue()
        try:
            yield
        finally:
            self._lock.release()

    def _queue(self) -> None:
        waited_s = 0.0
        while True:
            try:
                self._lock.acquire()
                return
            except filelock.Timeout as error:
                if waited_s >= _LONGEST_QUEUE_S:
                    found = "another process of ours is still asking"
                    raise SourceBusyError(self._title, str(self._rests.parent), found, 429, _LOOK_AGAIN_S) from error
            self._clock.sleep(_LOOK_AGAIN_S)
            waited_s += _LOOK_AGAIN_S

    def rest(self, url: str, seconds: float) -> None:
        """Nobody of us asks the host of `url` anything for so long from now; called inside `alone`."""
        rests = {**self._read(), urlsplit(url).netloc: (self._clock.now() + timedelta(seconds=seconds)).isoformat()}
        part = self._rests.with_suffix(".part")
        part.write_text(json.dumps(rests), encoding="utf-8")
        part.replace(self._rests)

    def wait(self, url: str) -> None:
        """Wait until the host of `url` may be asked again.

        Raises
        ------
        SourceBusyError
            That takes longer than we are prepared to wait.
        """
        until = self._read().get(urlsplit(url).netloc)
        left_s = (datetime.fromisoformat(until) - self._clock.now()).total_seconds() if until else 0.0
        self.pause(url, left_s)

    def pause(self, url: str, seconds: float) -> None:
        """Wait so long; raises as `wait`."""
        if seconds > LONGEST_PAUSE_S:
            raise SourceBusyError(self._title, shown(url), "it asked to be left alone", 429, round(seconds, 1))
        if seconds > 0:
            self._clock.sleep(seconds)

    def _read(self) -> dict[str, str]:
        """Rests by host. A file that was damaged is none: the worst that follows is one more refusal."""
        try:
            rests = json.loads(self._rests.read_text(encoding="utf-8"))
            return {str(host): datetime.fromisoformat(until).isoformat() for host, until in rests.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def slot_wait_s(status: str) -> float:
    """Seconds until one of our slots is free, by the text of `/api/status`; 0 when one is, or when there is no limit.

    By pattern and not by line: a line was inserted in 2022 (drolbr/Overpass-API#668), and a server without a limit
    leaves lines out (#619).
    """
    limit = re.search(r"Rate limit: (\d+)", status)
    if limit is None or limit[1] == "0" or re.search(r"[1-9]\d* slots? available now", status):
        return 0.0
    waits = [int(seconds) for seconds in re.findall(r"in (-?\d+) seconds", status)]
    return float(max(0, min(waits))) if waits else _UNKNOWN_SLOT_S
