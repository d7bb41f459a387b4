"""Figures of CBS with the interval that its rounding leaves, and why one is missing.

Of neighbourhoods and districts CBS rounds counts of people and households to a multiple of 5, and draws lots whether up
or down, so that 43 may be given as 45 and as 40. Percentages are of the unrounded counts, and whole. From CBS,
*Toelichting Wijk- en Buurtkaart 2022, 2023 en 2024* (30 October 2024), chapters 5.2 and 5.8.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

COUNT_ROUNDING = 4
"""The most that a published count can be off: a multiple of 5 is never rounded to another."""
PERCENTAGE_ROUNDING = 0.5
# -99995 stands for "not yet there", -99997 for "kept secret"; other codes that low are met in lists of others.
_NOT_YET = -99995
_NUMBERS = ("value", "low", "high")


def counts(read: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Counts of 0 and up, with what they may have been before rounding."""
    return _told(read, (read - COUNT_ROUNDING).clip(lower=0), read + COUNT_ROUNDING, raw)


def percentages(read: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Shares in [0, 1] from whole percentages; one outside 0 to 100 is unknown."""
    sound = read.where(read.between(0, 100).fillna(False))
    low, high = (sound - PERCENTAGE_ROUNDING).clip(lower=0), (sound + PERCENTAGE_ROUNDING).clip(upper=100)
    return _told(sound / 100, low / 100, high / 100, raw)


def thousands(read: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Euros of 0 and up from thousands with one decimal."""
    sound = read.where((read >= 0).fillna(False))
    return _told(sound * 1000, (sound - 0.05).clip(lower=0) * 1000, (sound + 0.05) * 1000, raw)


def per_1000(read: pd.Series, residents: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Whole numbers per 1,000 residents that CBS made from counts it had rounded before: few people, wide interval.

    Without the number of residents the interval is unknown.
    """
    sound = read.where((read >= 0).fillna(False))
    some = residents.where((residents > 0).fillna(False))
    least, most = some - COUNT_ROUNDING, some + COUNT_ROUNDING
    low = ((sound - 0.5) * least / 1000 - COUNT_ROUNDING).clip(lower=0) * 1000 / most
    high = ((sound + 0.5) * most / 1000 + COUNT_ROUNDING) * 1000 / least
    return _told(sound, low, high, raw)


def shares(part: pd.Series, whole: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Shares in [0, 1] of two rounded counts of the same row, between the extremes of both roundings.

    Rounding can make a part exceed its whole, then the share is 1. Of nobody there is no share.
    """
    some = whole.where((whole > 0).fillna(False))
    value = (part / some).clip(upper=1)
    low = ((part - COUNT_ROUNDING).clip(lower=0) / (some + COUNT_ROUNDING)).clip(upper=1)
    high = ((part + COUNT_ROUNDING) / (some - COUNT_ROUNDING)).clip(upper=1)
    return _told(value, low, high, raw)


def widened(figures: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The same figures, lying between bounds that also hold those of `other`."""
    bounds = {"low": np.fmin, "high": np.fmax}
    return figures.assign(**{name: widest(figures[name], other[name]) for name, widest in bounds.items()})


def _told(value: pd.Series, low: pd.Series, high: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Numbers with their status: a column without one known figure is not published yet, else gaps are secrets."""
    table = pd.DataFrame({"value": value, "low": low, "high": high}).astype("Float64")
    known = table["value"].notna()
    absent = pd.to_numeric(raw, errors="coerce") == _NOT_YET
    status = pd.Series("suppressed", table.index).mask(absent.fillna(False).astype(bool), "unpublished")
    table["status"] = status.mask(known, "known") if known.any() else "unpublished"
    return table
