"""Figures of CBS with the interval that its rounding leaves, and why one is missing.

CBS rounds counts of people and households to multiples of 5 and percentages to whole numbers; see the notes with
*Kerncijfers wijken en buurten*.
"""

from __future__ import annotations

import pandas as pd

COUNT_ROUNDING = 2.5
PERCENTAGE_ROUNDING = 0.5
# -99995 stands for "not yet there", -99997 for "kept secret"; other codes that low are met in lists of others.
_NOT_YET = -99995
_NUMBERS = ("value", "low", "high")


def counts(read: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Counts of 0 and up, half a rounding step either way."""
    return _told(read, (read - COUNT_ROUNDING).clip(lower=0), read + COUNT_ROUNDING, raw)


def percentages(read: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Shares in [0, 1] from whole percentages; one outside 0 to 100 is unknown."""
    sound = read.where(read.between(0, 100).fillna(False))
    low, high = (sound - PERCENTAGE_ROUNDING).clip(lower=0), (sound + PERCENTAGE_ROUNDING).clip(upper=100)
    return _told(sound / 100, low / 100, high / 100, raw)


def rounded(read: pd.Series, raw: pd.Series, *, step: float, times: float = 1.0) -> pd.DataFrame:
    """Figures of 0 and up that are rounded to `step`, multiplied by `times`."""
    sound = read.where((read >= 0).fillna(False))
    return _told(sound * times, (sound - step / 2).clip(lower=0) * times, (sound + step / 2) * times, raw)


def shares(part: pd.Series, whole: pd.Series) -> pd.DataFrame:
    """Shares in [0, 1] of two rounded counts of the same row, between the extremes of both roundings.

    Rounding can make a part exceed its whole, then the share is 1. Of nobody there is no share.
    """
    some = whole.where((whole > 0).fillna(False))
    value = (part / some).clip(upper=1)
    low = ((part - COUNT_ROUNDING).clip(lower=0) / (some + COUNT_ROUNDING)).clip(upper=1)
    high = ((part + COUNT_ROUNDING) / (some - COUNT_ROUNDING)).clip(upper=1)
    return _told(value, low, high, part.where(some.notna()))


def _told(value: pd.Series, low: pd.Series, high: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Numbers with their status: a column without one known figure is not published yet, else gaps are secrets."""
    table = pd.DataFrame({"value": value, "low": low, "high": high}).astype("Float64")
    known = table["value"].notna()
    absent = pd.to_numeric(raw, errors="coerce") == _NOT_YET
    status = pd.Series("suppressed", table.index).mask(absent.fillna(False).astype(bool), "unpublished")
    table["status"] = status.mask(known, "known") if known.any() else "unpublished"
    return table
