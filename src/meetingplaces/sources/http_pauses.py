"""How long to wait before asking again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 120.0
"""A service that asks for more is not waited for: the job fails, and says how long it was asked to wait."""


def polite_pause_s(number: int, jitter: random.Random) -> float:
    """Seconds after failed try `number` (from 0): 1, 2, 4, … give or take half, so that many do not return at once."""
    return FIRST_PAUSE_S * 2.0**number * jitter.uniform(0.5, 1.5)


def asked_pause_s(retry_after: str | None, now: datetime) -> float:
    """Seconds that the header `Retry-After` asks for, as a number or as a date; 0 when it is absent or unreadable."""
    if retry_after is None:
        return 0.0
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - now).total_seconds())
