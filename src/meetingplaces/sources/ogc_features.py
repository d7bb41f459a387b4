"""OGC API Features: questions and answers, as PDOK and others serve them.

PDOK silently gives at most 1,000 features however many are asked for, and says nothing of how many there are; so the
`next` link alone decides where the end is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meetingplaces.model.provenance import Origin
from meetingplaces.sources.http import Answer, Request

PAGE_SIZE = 1000


def items_request(
    url: str, origin: Origin, filters: Mapping[str, str], *, limit: int = PAGE_SIZE, hosts: frozenset[str] = frozenset()
) -> Request:
    """Ask a collection for its items, in CRS84 (longitude, latitude). `url` ends in `/items`."""
    return Request(url, origin, params={"f": "json", "limit": str(limit), **filters}, hosts=hosts)


def features_of(answer: Answer) -> list[dict[str, Any]]:
    """The features of a page, perhaps none.

    Raises
    ------
    SourceAnswerError
        It is no feature collection.
    """
    content = answer.json()
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise answer.wrong("a feature collection", _told(content))
    return features


def check_items(answer: Answer) -> None:
    """A `Check`: some page of features. Which moment they describe, the answer does not say."""
    features_of(answer)


def next_link(answer: Answer) -> str | None:
    """The address of the next page, to be used as it is; `None` on the last."""
    links = answer.json().get("links") or []
    return next((str(link["href"]) for link in links if link.get("rel") == "next" and link.get("href")), None)


def _told(content: Any) -> str:
    if isinstance(content, dict):
        for key in ("detail", "description", "title", "error", "message"):
            if content.get(key):
                return str(content[key])
    return f"JSON that starts with {str(content)[:80]}"
