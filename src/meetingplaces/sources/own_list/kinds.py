"""Which kind of place a text is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetingplaces.model.categories import Categories
from meetingplaces.model.own_list import OwnListRules
from meetingplaces.model.plain_text import plain, plain_words

_LEFT_OUT = frozenset({"excluded", "context"})


class KindGuess:
    """Kinds of place by what they are called: keys, names on screen, and the words of `own_list.yaml`."""

    def __init__(self, categories: Categories, rules: OwnListRules) -> None:
        shown = {key: kind for key, kind in categories.by_key.items() if kind.weight not in _LEFT_OUT}
        self.keys = frozenset(shown)
        self._names = {plain(key): key for key in shown}
        for key, kind in shown.items():
            for name in (kind.name.nl, kind.name.en):
                for part in (name, *re.split(r",| of | or ", name)):
                    self._names.setdefault(plain(part), key)
        self._words = [(key, word) for key, words in rules.kinds.items() if key in shown for word in words]

    def of(self, text: str | None) -> str | None:
        """The key of the kind that the text names or holds a word for; `None` when it tells nothing."""
        if not text:
            return None
        named = self._names.get(plain(text))
        return named or next(self._fitting(text), None)

    def _fitting(self, text: str) -> Iterator[str]:
        words, whole = plain_words(text), f" {plain(text)} "
        for key, word in self._words:
            ending = word.removeprefix("*")
            if f" {ending} " in whole or (word != ending and any(one.endswith(ending) for one in words)):
                yield key
