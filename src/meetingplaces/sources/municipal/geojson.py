"""Rows from GeoJSON, as most services write it, each in its own way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from meetingplaces.sources.municipal.exchange import Rows


def rows_of(content: dict[str, Any]) -> Rows:
    """The rows of a feature collection; a shape that cannot be read is missing, and counted."""
    features = [feature for feature in content.get("features") or [] if isinstance(feature, dict)]
    repairs: Counter[str] = Counter()
    shapes = shapes_of([feature.get("geometry") for feature in features], repairs)
    return Rows(
        fields=[feature.get("properties") or {} for feature in features],
        shapes=shapes,
        ids=[_text(feature.get("id")) for feature in features],
        crs=declared_crs(content),
        repairs=repairs,
    )


def shapes_of(written: Iterable[Any], repairs: Counter[str]) -> NDArray[np.object_]:
    """Shapes from GeoJSON geometries; `None` where there is none or it is nonsense (`unreadable_shape`)."""
    texts = [json.dumps(shape) if isinstance(shape, dict) else None for shape in written]
    shapes = np.array(texts, dtype=object)
    if texts:
        shapes = shapely.from_geojson(shapes, on_invalid="ignore")
    unreadable = sum(text is not None and shape is None for text, shape in zip(texts, shapes, strict=True))
    repairs.update({"unreadable_shape": unreadable} if unreadable else {})
    return shapes


def declared_crs(content: dict[str, Any]) -> str | None:
    """The reference system that the collection names; GeoJSON of today names none and means WGS84."""
    named = content.get("crs")
    properties = named.get("properties") if isinstance(named, dict) else None
    return _text(properties.get("name")) if isinstance(properties, dict) else None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
