"""A municipal dataset behind OGC API Features."""

from __future__ import annotations

import json
from collections.abc import Iterable

from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows, Seen, joined
from meetingplaces.sources.municipal.geojson import rows_of
from meetingplaces.sources.ogc_features import PAGE_SIZE, check_items, features_of, items_request, next_link


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = PAGE_SIZE) -> Conversation:
    """Ask for all items, or those whose bounding box touches `bounds`."""
    filters = {"bbox": ",".join(f"{value:.6f}" for value in bounds)} if bounds and source.by_bounds else {}
    seen = Seen(may_be_empty=source.by_bounds)

    def next_page(answer: Answer) -> str | None:
        content = answer.json()
        seen.take(answer, features_of(answer))
        following = next_link(answer)
        if following is None:
            seen.complete(answer, content.get("numberMatched"))
        return following

    first = items_request(str(source.url), source.origin, filters, limit=limit, hosts=source.hosts)
    return Conversation(first, check_items, next_page)


def read(pages: Iterable[bytes], source: MunicipalSource) -> Rows:
    """The rows of all pages."""
    return joined([rows_of(json.loads(page)) for page in pages])
