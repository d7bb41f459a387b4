"""What every protocol of a municipal dataset has: a conversation with a service, and the rows that come out of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meetingplaces.sources.http import Answer, Check, Request
from meetingplaces.sources.http_pages import NextPage

Bounds = tuple[float, float, float, float]
"""West, south, east, north in EPSG:4326."""


def no_next_page(answer: Answer) -> None:
    """For services that give all in one answer."""
    return


@dataclass(frozen=True)
class Conversation:
    """The first question, how its answers are checked, and what to ask after each. Good for one fetch."""

    first: Request
    check: Check
    next_page: NextPage = no_next_page


@dataclass(frozen=True)
class Rows:
    """What a source holds, in its own words.

    `fields` per row; `shapes` per row, `None` where there is none; `ids` per row, `None` where the source has none;
    `crs` as declared, which need not be true. `data_as_of` in ISO 8601. Of sheets also `numbers`, the number of each
    row as a spreadsheet shows it, and `formulas`, the (number, field) of each formula that has no value.
    """

    fields: list[dict[str, Any]]
    shapes: NDArray[np.object_]
    ids: list[str | None]
    crs: str | None = None
    data_as_of: str | None = None
    dropped: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    numbers: tuple[int, ...] = ()
    formulas: frozenset[tuple[int, str]] = frozenset()

    @classmethod
    def of_fields(cls, fields: list[dict[str, Any]], **more: Any) -> Rows:
        """Rows without shapes."""
        return cls(fields, np.full(len(fields), None, dtype=object), [None] * len(fields), **more)


def joined(pages: Sequence[Rows]) -> Rows:
    """The rows of all pages of one answer."""
    return Rows(
        fields=[row for page in pages for row in page.fields],
        shapes=np.concatenate([page.shapes for page in pages]) if pages else np.array([], dtype=object),
        ids=[own for page in pages for own in page.ids],
        crs=next((page.crs for page in pages if page.crs), None),
        data_as_of=next((page.data_as_of for page in pages if page.data_as_of), None),
        dropped=sum((page.dropped for page in pages), Counter()),
        repairs=sum((page.repairs for page in pages), Counter()),
    )


class Seen:
    """Remembers what came before, to notice a service that pages in circles, and counts it."""

    def __init__(self, *, may_be_empty: bool = False) -> None:
        self._marks: set[str] = set()
        self._may_be_empty = may_be_empty
        self.count = 0

    def take(self, answer: Answer, features: Sequence[Any]) -> None:
        """Note the features of a page.

        Raises
        ------
        SourceAnswerError
            All of them came before: following such pages would never end.
        """
        marks = {_mark(feature) for feature in features}
        if marks and marks <= self._marks:
            raise answer.wrong("a next page", f"{len(features)} records that came before")
        self._marks |= marks
        self.count += len(features)

    def complete(self, answer: Answer, total: Any = None) -> None:
        """Check what came against the `total` that the service promised, where it did.

        Raises
        ------
        SourceAnswerError
            There is less, or nothing where there must be something.
        """
        if not self.count and not self._may_be_empty:
            raise answer.wrong("at least one record", "an empty list")
        if isinstance(total, int) and self.count < total:
            raise answer.wrong(f"{total} records, as promised", f"{self.count}")


def _mark(feature: Any) -> str:
    own = feature.get("id") or feature.get("recordid") if isinstance(feature, dict) else None
    written = str(own) if own is not None else json.dumps(feature, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()
