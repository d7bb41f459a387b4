"""For whom a place says it is: children, young people, older people."""

from __future__ import annotations

import re
from typing import get_args

import numpy as np
import pandas as pd

from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.categories import Audience, Categories
from meetingplaces.model.places import PUBLIC_ACCESS

# From and up to which age, in years. Our own proposal; 65 as CBS counts older people.
_AGES: dict[Audience, tuple[float, float]] = {"children": (0, 12), "young": (12, 24), "older": (65, np.inf)}
_WORDS: dict[Audience, re.Pattern[str]] = {
    "children": re.compile(r"child|kind|toddler|bab(y|ies)|famil|gezin", re.IGNORECASE),
    "young": re.compile(r"juvenile|youth|young|teen|jong|student", re.IGNORECASE),
    "older": re.compile(r"senior|elder|ouder|aged", re.IGNORECASE),
}
_EVERYONE = re.compile(r"everyone|everybody|iedereen|\ball\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3})\s*(?:-\s*(\d{1,3})|\+)")


def audience_told(written: str) -> frozenset[Audience]:
    """For whom a place is by what is `written` at it, such as `senior` or `0-12`; empty when that is not understood."""
    if _EVERYONE.search(written):
        return frozenset(get_args(Audience))
    named = {group for group, words in _WORDS.items() if words.search(written)}
    ages = [(int(low), float(high or "inf")) for low, high in _RANGE.findall(written)]
    aged = {
        group for group, (begins, ends) in _AGES.items() for low, high in ages if low < ends and high > begins
    }  # fmt: skip
    return frozenset(named | aged)


def meant_for(places: pd.DataFrame, group: Audience, categories: Categories) -> Chosen:
    """The places for this group: those that say so, of a kind made for it, or for everyone.

    What is written at a place goes before its kind. Of a place where nothing is written, and of which nobody knows who
    may come, it is not known.
    """
    of_kind = {key: kind.audience for key, kind in categories.by_key.items()}
    told = [
        _told(written, of_kind.get(category))
        for written, category in zip(places["audience"], places["category"], strict=True)
    ]
    everyone = places["access"].isin(PUBLIC_ACCESS).to_numpy(bool)
    silent = np.array([one is None for one in told], dtype=bool)
    says_so = np.array([group in (one or ()) for one in told], dtype=bool)
    obscure = np.array([one is not None and not one for one in told], dtype=bool)
    sure = says_so | (silent & everyone)
    return Chosen(sure, sure | silent | obscure)


def _told(written: object, of_kind: Audience | None) -> frozenset[Audience] | None:
    """The groups that are told, empty when what is written is not understood; `None` when nothing is told."""
    if isinstance(written, str) and written:
        return audience_told(written)
    return frozenset({of_kind}) if of_kind else None
