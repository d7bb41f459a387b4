"""A municipal dataset behind WFS, version 2.0.0 with paging or 1.x in one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows, Seen, joined
from meetingplaces.sources.municipal.geojson import rows_of
from meetingplaces.sources.ogc_features import check_items, features_of

PAGE_SIZE = 1000
_VERSION = "2.0.0"


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = PAGE_SIZE) -> Conversation:
    """Ask for all features; in 2.0.0 page by page until one is empty, as full pages can be short by a few."""
    version = source.version or _VERSION
    paged = version.startswith("2")
    names = ("typeNames", "count") if paged else ("typeName", "maxFeatures")
    params = {
        "service": "WFS",
        "version": version,
        "request": "GetFeature",
        names[0]: str(source.layer),
        "outputFormat": "application/json",
        "srsName": "EPSG:4326",
    }
    if paged:
        params |= {names[1]: str(limit), "startIndex": "0", **({"sortBy": source.sort_by} if source.sort_by else {})}
    elif limit < PAGE_SIZE:
        params |= {names[1]: str(limit)}
    first = Request(str(source.url), source.origin, params=params, hosts=source.hosts)
    return Conversation(first, check_items, _Paging(first) if paged else _one_page)


def _one_page(answer: Answer) -> None:
    seen = Seen()
    seen.take(answer, features_of(answer))
    # `totalFeatures` is GeoServer's word for what the standard calls `numberMatched`.
    seen.complete(answer, answer.json().get("totalFeatures"))


class _Paging:
    """The next page, counted from what came and not from what was asked."""

    def __init__(self, first: Request) -> None:
        self._first = first
        self._seen = Seen()

    def __call__(self, answer: Answer) -> Request | None:
        features = features_of(answer)
        self._seen.take(answer, features)
        total = answer.json().get("numberMatched")  # may also be "unknown"
        if not features or self._seen.count == total:
            self._seen.complete(answer, total)
            return None
        return replace(self._first, params={**self._first.params, "startIndex": str(self._seen.count)})


def read(pages: Iterable[bytes], source: MunicipalSource) -> Rows:
    """The rows of all pages."""
    return joined([rows_of(json.loads(page)) for page in pages])
