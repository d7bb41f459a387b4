"""How alike two names of Dutch places are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from meetingplaces.model.conflation import NameWords
from meetingplaces.model.plain_text import plain_words

# One name holds all words of the other and more ("De Spil", "De Spil IJsselmuiden"): the same, with a little doubt.
# Of one short word that proves too little.
_HELD_BY_OTHER = 0.9
_LONG_ENOUGH = 4
# Different numbers or sides of the world: never more alike than this.
_TOLD_APART = 0.5


@dataclass(frozen=True)
class Name:
    """A name made ready to be compared: all its words, those that are its own, and those that tell it apart."""

    whole: str
    own: str
    marks: frozenset[str]


NAMELESS = Name("", "", frozenset())


def name_of(text: object, words: NameWords) -> Name:
    """The name in `text`, `NAMELESS` when it has no word of its own (`Speeltuin`, an empty cell, no text at all)."""
    if not isinstance(text, str):
        return NAMELESS
    written_out = [part for word in plain_words(text) for part in words.abbreviations.get(word, word).split()]
    own = sorted(word.replace("ij", "y") for word in written_out if word not in words.generic)
    if not own:
        return NAMELESS
    marks = frozenset(word for word in own if word in words.distinguishing or any(map(str.isdigit, word)))
    return Name("".join(sorted(written_out)), " ".join(own), marks)


def likeness(first: Sequence[Name], second: Sequence[Name]) -> NDArray[np.float64]:
    """How alike names are, pair by pair, in [0, 1]; NaN where one of them is `NAMELESS`.

    The words that are a name's own are compared in alphabetic order, with and without spaces between them, so that
    "Park Hanze" is "Hanzepark".
    """
    if not len(first):
        return np.zeros(0)
    alike = np.maximum(_ratios([one.own for one in first], [one.own for one in second]),
                       _ratios([_joined(one) for one in first], [_joined(one) for one in second]))  # fmt: skip
    for row, (one, two) in enumerate(zip(first, second, strict=True)):
        if not one.own or not two.own:
            alike[row] = np.nan
        elif one.marks != two.marks:
            alike[row] = min(alike[row], _TOLD_APART)
        elif one.whole == two.whole:
            alike[row] = 1.0
        elif alike[row] < _HELD_BY_OTHER and _holds(one.own.split(), two.own.split()):
            alike[row] = _HELD_BY_OTHER
    return alike


def _ratios(first: list[str], second: list[str]) -> NDArray[np.float64]:
    return np.asarray(cpdist(first, second, scorer=Indel.normalized_similarity, dtype=np.float64))


def _joined(name: Name) -> str:
    return name.own.replace(" ", "")


def _holds(one: list[str], two: list[str]) -> bool:
    """Whether one name holds every word of the other, of which one word is long enough to mean something."""
    fewer, more = sorted((set(one), set(two)), key=len)
    return fewer <= more and any(len(word) >= _LONG_ENOUGH for word in fewer)
