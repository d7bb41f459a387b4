"""A dataset of the API of the municipality of Amsterdam (DSO).

As GeoJSON it streams a whole table. It says EPSG::4326 there, but writes longitude first; the numbers decide.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows, Seen, joined
from meetingplaces.sources.municipal.geojson import rows_of
from meetingplaces.sources.ogc_features import check_items, features_of

PAGE_SIZE = 1000
KEY_VARIABLE = "MEETINGPLACES_AMSTERDAM_KEY"


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = PAGE_SIZE) -> Conversation:
    """Ask for the whole table, and follow its links where it comes in pages all the same."""
    params = {"_format": "geojson", **({"_pageSize": str(limit)} if limit < PAGE_SIZE else {})}
    seen = Seen()

    def next_page(answer: Answer) -> str | None:
        seen.take(answer, features_of(answer))
        following = _next_link(answer.json())
        if following is None:
            seen.complete(answer)
        return following

    first = Request(str(source.url), source.origin, params=params, headers=key_header(os.environ), hosts=source.hosts)
    return Conversation(first, check_items, next_page)


def key_header(environment: Mapping[str, str]) -> dict[str, str]:
    """The header with the key that Amsterdam hands out for its statistics, when one is set."""
    key = environment.get(KEY_VARIABLE)
    return {"X-Api-Key": key} if key else {}


def _next_link(content: dict[str, Any]) -> str | None:
    links = content.get("_links") or []
    return next((str(link["href"]) for link in links if link.get("rel") == "next" and link.get("href")), None)


def read(pages: Iterable[bytes], source: MunicipalSource) -> Rows:
    """The rows of all pages."""
    return joined([rows_of(json.loads(page)) for page in pages])
