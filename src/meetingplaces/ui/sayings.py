"""Who says what about one place: its sources with their dates, and what they contradict each other on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from meetingplaces.model.bundle import Manifest
from meetingplaces.model.categories import Categories
from meetingplaces.model.provenance import Provenance
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.report import data_as_of

# Fields in the order of the details, with the word they have there.
_LABELS: Mapping[str, str] = {
    "name": "name",
    "category": "kind",
    "address": "address",
    "opening_hours": "hours",
    "phone": "phone",
    "website": "website",
    "email": "email",
}


def municipal_sources(place: Any, manifest: Manifest, texts: Catalogue) -> list[str]:
    """The sources of a place besides OpenStreetMap, each with its date, as escaped text."""
    names = dict.fromkeys(record.partition("/")[0] for record in place.records)
    return [
        texts("details_source_other", source=source_name(name, manifest), date=texts.date(data_as_of(manifest, name)))
        for name in names
        if name != "osm"
    ]


def contradictions_html(loaded: LoadedBundle, place: Any, categories: Categories, texts: Catalogue) -> str:
    """What sources contradict each other on, field by field, the value that is shown first; empty without any."""
    said = loaded.origins[loaded.origins["place_id"] == place.place_id]
    lines = []
    for field, label in _LABELS.items():
        of_field = said[said["field"] == field].sort_values("used", ascending=False, kind="stable")
        if of_field["differs"].any():
            told = [_saying(one, loaded.bundle.manifest, categories, texts) for one in of_field.itertuples()]
            lines.append(f"{texts(f'details_{label}')}: {'; '.join(told)}")
    return "<br>".join(lines)


def _saying(one: Any, manifest: Manifest, categories: Categories, texts: Catalogue) -> str:
    source = one.record_id.partition("/")[0]
    value = categories.by_key[one.value].name.in_language(texts.language) if one.field == "category" else one.value
    as_of = data_as_of(manifest, source) if pd.isna(one.data_as_of) else one.data_as_of
    facts = {"source": source_name(source, manifest), "value": escape(value), "date": texts.date(as_of)}
    return texts("details_says", **facts)


def source_name(source_id: str, manifest: Manifest) -> str:
    """Who publishes a source, as escaped text."""
    publishers = {source.source_id: source.publisher for source in manifest.sources}
    return "OpenStreetMap" if source_id == "osm" else escape(publishers.get(source_id, source_id))


def licence_name(source: Provenance, texts: Catalogue) -> str:
    """The licence of a source; `unknown` in the language of the visitor while nobody has read it."""
    return texts("unknown") if source.licence == "unknown" else source.licence
