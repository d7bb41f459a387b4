"""A municipal dataset on a portal of Opendatasoft: Explore API 2.1, or the older records API 1.0.

`url` is `…/api/explore/v2.1/catalog/datasets` or `…/api/records/1.0/search/`, `layer` the name of the dataset. The two
write a point differently: `{lon, lat}` in 2.1 and `[lat, lon]` in 1.0.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer, Check, Request
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows, Seen, joined
from meetingplaces.sources.municipal.geojson import rows_of, shapes_of

PAGE_SIZE = 100
_OLD_LIMIT = 10_000


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = PAGE_SIZE) -> Conversation:
    """Ask what the dataset is, then for all of it at once: the export has no limit, pages of records have."""
    dataset = f"{source.url}/{source.layer}"
    if limit < PAGE_SIZE:
        first = Request(f"{dataset}/records", source.origin, params={"limit": str(limit)}, hosts=source.hosts)
        return Conversation(first, check_for("results"))
    export = Request(f"{dataset}/exports/geojson", source.origin, hosts=source.hosts)

    def next_page(answer: Answer) -> Request | None:
        return export if "metas" in answer.json() else None

    return Conversation(Request(dataset, source.origin, hosts=source.hosts), check_for("metas", "features"), next_page)


def old_conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = PAGE_SIZE) -> Conversation:
    """Ask the older API for its records page by page; it gives no more than the first 10,000."""
    seen = Seen()

    def page(start: int) -> Request:
        params = {"dataset": str(source.layer), "rows": str(limit), "start": str(start)}
        return Request(str(source.url), source.origin, params=params, hosts=source.hosts)

    def next_page(answer: Answer) -> Request | None:
        content = answer.json()
        records, total = content["records"], content.get("nhits")
        if isinstance(total, int) and total > _OLD_LIMIT:
            raise answer.wrong(f"at most {_OLD_LIMIT} records", f"{total}, of which the rest cannot be asked for")
        seen.take(answer, records)
        if records and seen.count != total:
            return page(seen.count)
        seen.complete(answer, total)
        return None

    return Conversation(page(0), check_for("records"), next_page)


def check_for(*names: str) -> Check:
    """A `Check` that one of `names` is there, and not empty. Gives the day of the last change where it is told."""

    def check(answer: Answer) -> str | None:
        content = answer.json()
        if isinstance(content, dict) and "error_code" in content:
            raise answer.wrong("records", f"{content['error_code']}: {content.get('message')}")
        found = [content[name] for name in names if isinstance(content, dict) and name in content]
        if not found or not isinstance(found[0], list | dict):
            raise answer.wrong(f"a dataset with {' or '.join(names)}", f"JSON that starts with {str(content)[:80]}")
        if not found[0]:
            raise answer.wrong("at least one record", "an empty list")
        return _modified(content)

    return check


def _modified(content: dict[str, Any]) -> str | None:
    changed = ((content.get("metas") or {}).get("default") or {}).get("modified")
    return str(changed)[:10] if changed else None


def read(pages: Iterable[bytes], source: MunicipalSource) -> Rows:
    """The rows of all pages, in any of the three forms the portal gives them."""
    contents = [json.loads(page) for page in pages]
    rows = joined([_rows(content) for content in contents if "metas" not in content])
    modified = next((found for found in map(_modified, contents) if found), None)
    return Rows(rows.fields, rows.shapes, rows.ids, rows.crs, modified, rows.dropped, rows.repairs)


def _rows(content: dict[str, Any]) -> Rows:
    if "features" in content:
        return rows_of(content)
    repairs: Counter[str] = Counter()
    if "records" in content:
        fields = [{**(record.get("fields") or {})} for record in content["records"]]
        shapes = shapes_of([record.get("geometry") for record in content["records"]], repairs)
        ids = [record.get("recordid") for record in content["records"]]
        return Rows(fields, shapes, ids, repairs=repairs)
    fields = content["results"]
    shapes = shapes_of([_drawn(row) for row in fields], repairs)
    return Rows(fields, shapes, [None] * len(fields), repairs=repairs)


def _drawn(row: dict[str, Any]) -> dict[str, Any] | None:
    """The shape of a record of 2.1: a feature where there is one, else a point, whatever its field is called."""
    values = [value for value in row.values() if isinstance(value, dict)]
    drawn = next((value.get("geometry") for value in values if value.get("type") == "Feature"), None)
    point = next(([value["lon"], value["lat"]] for value in values if {"lon", "lat"} <= value.keys()), None)
    return drawn or ({"type": "Point", "coordinates": point} if point else None)
