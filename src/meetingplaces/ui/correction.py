"""Ways to tell that what is shown of a place is wrong: a note in OpenStreetMap, a message to the municipality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import streamlit as st

from meetingplaces.metrics.opening import opening_of, ordinary_week
from meetingplaces.model.categories import Categories
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.copying import copy_text
from meetingplaces.ui.details import link_html, place_title
from meetingplaces.ui.kit.hours import week_told
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.report import data_as_of
from meetingplaces.ui.settings import now, report_address

_LONGEST = 150


def draw_correction(loaded: LoadedBundle, row: int, categories: Categories, texts: Catalogue) -> None:
    """Behind one button: the text, ready to be copied, and where it can go. Nothing is sent from here."""
    ready = correction(loaded, row, categories, texts)
    with st.expander(texts("correction_title")):
        copy_text("correction", ready.text, texts("correction_text"), texts("correction_copy"), texts)
        links = "".join(f"<li>{link_html(url, told)}</li>" for url, told in ready.links)
        st.html(f"<p>{texts('correction_meaning')}</p><ul>{links}</ul>")


@dataclass(frozen=True)
class Correction:
    """A report about a place: plain text, and ways to send it, each an address and what it is called."""

    text: str
    links: tuple[tuple[str, str], ...]


def correction(loaded: LoadedBundle, row: int, categories: Categories, texts: Catalogue) -> Correction:
    """The report about the place in row `row`; by mail only where the server knows an address."""
    place = next(loaded.places.iloc[[row]].itertuples())
    report = report_text(loaded, place, categories, texts)
    links = [(note_url(place), texts("correction_note"))]
    address = report_address(loaded.bundle.manifest.municipality_code)
    if address is not None:
        links.append((mail_url(address, _subject(place, categories, texts), report), texts("correction_mail")))
    return Correction(report, tuple(links))


def note_url(place: Any) -> str:
    """The page of OpenStreetMap for a new note where the place is."""
    return f"https://www.openstreetmap.org/note/new#map=19/{place.latitude:.5f}/{place.longitude:.5f}"


def mail_url(address: str, subject: str, body: str) -> str:
    """A ready message; every sign that could mean something in an address is encoded."""
    told = {"subject": subject, "body": body.replace("\n", "\r\n")}
    asked = "&".join(f"{name}={quote(text, safe='')}" for name, text in told.items())
    return f"mailto:{quote(address, safe='@')}?{asked}"


def report_text(loaded: LoadedBundle, place: Any, categories: Categories, texts: Catalogue) -> str:
    """What is shown of a place, where that comes from, and an open end: plain text in lines."""
    kind = categories.by_key[place.category].name.in_language(texts.language)
    shown = {
        "kind": kind,
        "address": _text(place.address) or texts("map_address_unknown"),
        "hours": _hours(place, texts) or texts("details_hours_unknown"),
        "access": texts(f"map_access_{place.access}"),
        "fee": texts(f"map_fee_{place.fee}"),
        "wheelchair": texts(f"map_wheelchair_{place.wheelchair}"),
        "source": _source(loaded, place, texts),
    }
    lines = [f"{texts(f'details_{name}')}: {told}" for name, told in shown.items()]
    at = f"{place.latitude:.5f}, {place.longitude:.5f}"
    title = _text(place_title(place, categories, texts))
    return "\n".join([texts("correction_place", place=title, at=at), *lines, "", texts("correction_wrong")])


def _subject(place: Any, categories: Categories, texts: Catalogue) -> str:
    return texts("correction_subject", place=_text(place_title(place, categories, texts)))


def _source(loaded: LoadedBundle, place: Any, texts: Catalogue) -> str:
    as_of = data_as_of(loaded.bundle.manifest, "osm")
    told = texts("details_source_osm", date=texts.date(as_of)) if as_of else texts("details_source_osm_undated")
    return f"{told} ({', '.join(place.records)})"


def _hours(place: Any, texts: Catalogue) -> str:
    """An ordinary week in words, as far as it can be told, and what the source wrote."""
    written = _text(place.opening_hours)
    opening = opening_of(written, assumed_always=False, latitude=place.latitude, longitude=place.longitude)
    week = week_told(opening, ordinary_week(now().date()), texts)
    return f"{week} ({texts('clock_source', hours=written)})" if week else written


def _text(value: object) -> str:
    """Text of a source on one line, cut; empty when there is none."""
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""
