"""Everything known of one place, and what is not known, with its source and date."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from meetingplaces.export.records import osm_url
from meetingplaces.model.categories import Categories
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.report import data_as_of
from meetingplaces.ui.sayings import contradictions_html, municipal_sources
from meetingplaces.ui.symbols import symbol_image


def place_title(place: Any, categories: Categories, texts: Catalogue) -> str:
    """Its name, else its kind; text of the source, to be escaped where it is shown."""
    kind: str = categories.by_key[place.category].name.in_language(texts.language)
    return place.name if isinstance(place.name, str) else kind


def details_html(loaded: LoadedBundle, row: int, hours: str, categories: Categories, texts: Catalogue) -> str:
    """The place in row `row` as HTML; every text from a source is escaped. `hours` is as `hours_html` tells them."""
    place = next(loaded.places.iloc[[row]].itertuples())
    kind = categories.by_key[place.category].name.in_language(texts.language)
    facts = [
        ("kind", _kind(place, kind, texts)),
        ("address", _address(place, texts)),
        ("hours", hours),
        ("access", texts(f"map_access_{place.access}")),
        ("fee", texts(f"map_fee_{place.fee}")),
        ("wheelchair", texts(f"map_wheelchair_{place.wheelchair}")),
        ("provides", escape(provided_told(loaded, place, categories, texts)) or texts("details_provides_unknown")),
        ("neighbourhoods", _neighbourhoods(loaded, place, texts)),
    ]
    if dogs := dogs_told(place, texts):
        facts.append(("dogs", dogs))
    if _known(place.audience):
        facts.append(("audience", escape(place.audience)))
    if _known(place.phone):
        facts.append(("phone", escape(place.phone)))
    if _known(place.website):
        facts.append(("website", link_html(place.website, place.website)))
    if contradictions := contradictions_html(loaded, place, categories, texts):
        facts.append(("contradictions", contradictions))
    facts.append(("source", _source(loaded, place, texts)))
    rows = "".join(f"<dt>{texts(f'details_{name}')}</dt><dd>{value}</dd>" for name, value in facts)
    symbol = symbol_image(place.setting, hollow=place.access in RESTRICTED_ACCESS)
    title = escape(place_title(place, categories, texts))
    inferred = f"<p>{texts('details_inferred')}</p>" if place.inferred else ""
    body = f'<h3>{symbol} {title}</h3>{inferred}<dl class="facts">{rows}</dl>'
    return f'<section class="details" aria-label="{title}">{body}</section>'


def _known(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def link_html(url: str, text: str) -> str:
    """A link that opens in a new tab; both parts are escaped."""
    return f'<a href="{escape(url, quote=True)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'


def _kind(place: Any, kind: str, texts: Catalogue) -> str:
    return f"{escape(kind)} · {texts(f'map_setting_{place.setting}')} · {texts(f'details_weight_{place.weight}')}"


def _address(place: Any, texts: Catalogue) -> str:
    if _known(place.address):
        return escape(place.address)
    if _known(place.near_street):
        return texts("details_near", street=escape(place.near_street))
    return texts("map_address_unknown")


def dogs_told(place: Any, texts: Catalogue) -> str:
    """Whether a dog may come along, empty when nobody wrote that down, as of nearly all places."""
    return "" if place.dogs == "unknown" else texts(f"map_dogs_{place.dogs}")


def provided_told(loaded: LoadedBundle, place: Any, categories: Categories, texts: Catalogue) -> str:
    """What there is to use, empty when nothing is known. No text of a source in it."""
    rows = [loaded.row_of[one] for one in place.amenity_ids if one in loaded.row_of]
    counted = loaded.places["category"].iloc[rows].value_counts()
    told = [
        f"{count} × {categories.by_key[str(key)].name.in_language(texts.language).lower()}"
        for key, count in counted.items()
    ]
    covered = {one for key in counted.index for one in categories.by_key[str(key)].provides}
    told += [texts(f"map_provides_{one}") for one in place.provides if one not in covered]
    return ", ".join(told)


def _neighbourhoods(loaded: LoadedBundle, place: Any, texts: Catalogue) -> str:
    names = [escape(loaded.neighbourhood_names[code]) for code in place.neighbourhood_codes]
    return ", ".join(names) or texts("outside_name")


def _source(loaded: LoadedBundle, place: Any, texts: Catalogue) -> str:
    manifest = loaded.bundle.manifest
    told = municipal_sources(place, manifest, texts)
    if any(record.startswith("osm/") for record in place.records):
        as_of = data_as_of(manifest, "osm")
        told.append(
            texts("details_source_osm", date=texts.date(as_of)) if as_of else texts("details_source_osm_undated")
        )
    if not pd.isna(place.last_edit_on):
        told.append(texts("details_last_edit", date=texts.date(place.last_edit_on.isoformat())))
    if not pd.isna(place.checked_on):
        told.append(texts("details_checked", date=texts.date(place.checked_on.isoformat())))
    links = [link_html(url, texts("details_improve", record=record.removeprefix("osm/")))
             for record in place.records if (url := osm_url(record))]  # fmt: skip
    return "; ".join(told) + "<br>" + "<br>".join(links)
