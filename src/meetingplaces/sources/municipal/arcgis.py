"""A municipal dataset in a layer of ArcGIS (FeatureServer or MapServer)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from meetingplaces.model.errors import FormatError
from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows, Seen, joined
from meetingplaces.sources.municipal.geojson import rows_of

PAGE_SIZE = 1000
_BATCH = 200


@dataclass(frozen=True)
class _Layer:
    """What the layer says of itself."""

    identifier: str
    page_size: int
    pages: bool
    geojson: bool

    @classmethod
    def of(cls, content: dict[str, Any]) -> _Layer:
        fields = content.get("fields") or []
        named = next((field["name"] for field in fields if field.get("type") == "esriFieldTypeOID"), "OBJECTID")
        return cls(
            identifier=content.get("objectIdField") or named,
            page_size=max(1, min(PAGE_SIZE, int(content.get("maxRecordCount") or PAGE_SIZE))),
            pages=(content.get("advancedQueryCapabilities") or {}).get("supportsPagination", False),
            geojson="geojson" in str(content.get("supportedQueryFormats", "")).casefold(),
        )


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = PAGE_SIZE) -> Conversation:
    """Ask the layer what it can do, then for all its features in the way it can."""
    if limit < PAGE_SIZE:
        params = {**_EVERYTHING, "f": "json", "resultRecordCount": str(limit)}
        first = Request(f"{source.url}/query", source.origin, params=params, hosts=source.hosts)
        return Conversation(first, check)
    first = Request(str(source.url), source.origin, params={"f": "json"}, hosts=source.hosts)
    return Conversation(first, check, _Paging(source))


_EVERYTHING = {"where": "1=1", "outFields": "*", "outSR": "4326"}


def check(answer: Answer) -> str | None:
    """A `Check`: ArcGIS tells of errors with a good status. Gives the day of the last edit where a layer tells it."""
    content = answer.json()
    if not isinstance(content, dict):
        raise answer.wrong("an answer of ArcGIS", f"JSON that starts with {str(content)[:80]}")
    if "error" in content:
        error = content["error"]
        told = f"error {error.get('code')}: {error.get('message')}" if isinstance(error, dict) else str(error)
        raise answer.wrong("an answer of ArcGIS", told)
    if not any(isinstance(content.get(name), list) for name in ("fields", "features", "objectIds")):
        raise answer.wrong("a layer or its features", f"only {', '.join(list(content)[:8])}")
    return _last_edit(content)


def _last_edit(content: dict[str, Any]) -> str | None:
    edited = (content.get("editingInfo") or {}).get("lastEditDate")
    return datetime.fromtimestamp(edited / 1000, UTC).date().isoformat() if isinstance(edited, int) else None


class _Paging:
    """The next question: after the layer its features, by offset where it can, else by lists of identifiers."""

    def __init__(self, source: MunicipalSource) -> None:
        self._source = source
        self._layer: _Layer | None = None
        self._seen = Seen()
        self._batches: list[str] = []
        self._total: int | None = None

    def __call__(self, answer: Answer) -> Request | None:
        content = answer.json()
        if self._layer is None:
            self._layer = _Layer.of(content)
            return self._page() if self._layer.pages else self._query({"returnIdsOnly": "true", "where": "1=1"})
        if "objectIds" in content:
            ids = [str(number) for number in content["objectIds"] or []]
            self._total = len(ids)
            self._batches = [",".join(ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH)]
            return self._batch(answer)
        self._seen.take(answer, _unwrapped(content.get("features"), self._layer))
        return self._page_after(answer, content) if self._layer.pages else self._batch(answer)

    def _page_after(self, answer: Answer, content: dict[str, Any]) -> Request | None:
        assert self._layer is not None  # noqa: S101  (for the type checker)
        received = len(content.get("features") or [])
        more = content.get("exceededTransferLimit") or (content.get("properties") or {}).get("exceededTransferLimit")
        if received and (more or received == self._layer.page_size):
            return self._page()
        self._seen.complete(answer)
        return None

    def _page(self) -> Request:
        assert self._layer is not None  # noqa: S101  (for the type checker)
        # The offset counts what came: a server may give less than was asked.
        return self._query({
            **_EVERYTHING, "orderByFields": self._layer.identifier, "resultOffset": str(self._seen.count),
            "resultRecordCount": str(self._layer.page_size),
        })  # fmt: skip

    def _batch(self, answer: Answer) -> Request | None:
        if not self._batches:
            self._seen.complete(answer, self._total)
            return None
        return self._query({"outFields": "*", "outSR": "4326", "objectIds": self._batches.pop(0)})

    def _query(self, params: dict[str, str]) -> Request:
        assert self._layer is not None  # noqa: S101  (for the type checker)
        form = "geojson" if self._layer.geojson and "returnIdsOnly" not in params else "json"
        url = f"{self._source.url}/query"
        return Request(url, self._source.origin, params={**params, "f": form}, hosts=self._source.hosts)


def _unwrapped(features: list[dict[str, Any]] | None, layer: _Layer) -> list[dict[str, Any]]:
    """Features that name themselves by `id`, whichever of the two formats they are in."""
    return [
        {"id": feature.get("id") or (feature.get("attributes") or {}).get(layer.identifier), **feature}
        for feature in features or []
    ]


def read(pages: Iterable[bytes], source: MunicipalSource) -> Rows:
    """The rows of all pages with features, in GeoJSON or in the format of Esri."""
    found, edited, layer = [], None, None
    for page in pages:
        content = json.loads(page)
        edited = edited or _last_edit(content)
        if "features" not in content:
            layer = layer or _Layer.of(content)
        elif content.get("type") == "FeatureCollection":
            found.append(rows_of(content))
        else:
            found.append(_esri_rows(content, layer or _Layer.of(content)))
    rows = joined(found)
    return Rows(rows.fields, rows.shapes, rows.ids, rows.crs, edited, rows.dropped, rows.repairs)


def _esri_rows(content: dict[str, Any], layer: _Layer) -> Rows:
    fields = [feature.get("attributes") or {} for feature in content["features"]]
    reference = content.get("spatialReference") or {}
    number = reference.get("latestWkid") or reference.get("wkid")
    ids = [None if (own := row.get(layer.identifier)) is None else str(own) for row in fields]
    return Rows(fields, _esri_shapes(content), ids, f"EPSG:{number}" if number else None, repairs=Counter())


def _esri_shapes(content: dict[str, Any]) -> NDArray[np.object_]:
    """Shapes from the format of Esri, where the direction of a ring tells whether it is a hole; GDAL knows how."""
    features = content["features"]
    if not any(feature.get("geometry") for feature in features):
        return np.full(len(features), None, dtype=object)
    # Only what it needs: told that there is more, GDAL would go and ask for it itself, past our door.
    bare = [{"attributes": {}, "geometry": feature.get("geometry")} for feature in features]
    kept = {key: content[key] for key in ("geometryType", "spatialReference") if key in content}
    try:
        _, _, written, _ = pyogrio.raw.read(json.dumps({**kept, "fields": [], "features": bare}).encode(), columns=[])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise FormatError("answer of ArcGIS", "features", "features in the format of Esri", str(error)[:200]) from error
    shapes: NDArray[np.object_] = shapely.from_wkb(written, on_invalid="ignore")
    return shapes
