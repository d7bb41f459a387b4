"""Turns to ask a service while somebody waits: only so many a second for the whole server, and none while it rests."""

from __future__ import annotations

import threading

from meetingplaces.sources.clock import Clock


class Turns:
    """One turn per `pause_s` seconds, whoever asks; safe to share between threads."""

    def __init__(self, clock: Clock, pause_s: float, longest_wait_s: float) -> None:
        self._clock, self._pause_s, self._longest_wait_s = clock, pause_s, longest_wait_s
        self._lock = threading.Lock()
        self._free_at = 0.0

    def take(self) -> bool:
        """True when it is our turn, after waiting for it; False at once when it would come too late."""
        with self._lock:
            now = self._clock.monotonic()
            begins = max(now, self._free_at)
            if begins - now > self._longest_wait_s:
                return False
            self._free_at = begins + self._pause_s
        if begins > now:
            self._clock.sleep(begins - now)
        return True

    def rest(self, seconds: float) -> None:
        """Nobody gets a turn for so long."""
        with self._lock:
            self._free_at = max(self._free_at, self._clock.monotonic() + seconds)
