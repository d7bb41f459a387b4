"""The files one brings along: A4 sheet, booklet, offline page, QR code. One door for pages and command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.export.ground import read_ground
from meetingplaces.export.kit import Choice, Fact, Group, Kit, KitPlace
from meetingplaces.export.offline import offline_html
from meetingplaces.export.typeset import booklet_pdf, qr_image, sheet_pdf
from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Categories, Setting
from meetingplaces.model.errors import NoSiteError, UnknownNeighbourhoodError
from meetingplaces.ui.catalogue import DEFAULT_LANGUAGE, Catalogue, catalogue
from meetingplaces.ui.extent import extent_note
from meetingplaces.ui.filtering import visible_rows
from meetingplaces.ui.kit.facts import booklet_facts, distance_fact, kit_place, offline_facts, sheet_facts, symbol_of
from meetingplaces.ui.kit.hours import with_hours
from meetingplaces.ui.kit.nearest import Nearest, nearest
from meetingplaces.ui.link import share_query
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.sayings import licence_name
from meetingplaces.ui.settings import SITE_VARIABLE
from meetingplaces.ui.view_state import ViewState

KitKind = Literal["sheet", "booklet", "html", "qr"]
_SOURCE_DAY = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b")
_WEIGHTS = ("core", "secondary", "amenity")


@dataclass(frozen=True)
class KitOrder:
    """What is asked for.

    `state` says which places and in which language; `site` is the address of the site for links, `None` when it has
    none. `start` is a position in EPSG:4326 (longitude, latitude) from which the booklet tells distances: it stays
    in this object, out of its printed form, and is in no file. `rows` of the place table are what the booklet from
    there chooses from, `None` for all that the filters of `state` leave.
    """

    kind: KitKind
    state: ViewState
    made_on: date
    site: str | None = None
    start: tuple[float, float] | None = field(default=None, repr=False)
    image: Literal["svg", "png"] = "svg"
    rows: NDArray[np.intp] | None = None

    @property
    def link(self) -> str | None:
        """The address that restores the view on line, without own notes, too fine to scan, and without where she is."""
        query = urlencode(share_query(replace(self.state, notes=()), "map"))
        return None if self.site is None else f"{self.site}/?{query}"


def kit_file(loaded: LoadedBundle, order: KitOrder, categories: Categories) -> bytes:
    """The file that was ordered: PDF for `sheet` and `booklet`, UTF-8 for `html`, SVG or PNG for `qr`.

    Raises
    ------
    UnknownNeighbourhoodError
        The bundle has no such neighbourhood.
    OutsideDataError
        `start` lies where the bundle holds no data.
    NoSiteError
        A QR code without an address of the site.
    FileTooLargeError
        The offline page would be larger than 2 MB.
    """
    if order.state.neighbourhood not in loaded.members:
        raise UnknownNeighbourhoodError(str(order.state.neighbourhood), loaded.bundle.manifest.municipality_code)
    texts = catalogue(order.state.language or DEFAULT_LANGUAGE)
    if order.kind == "qr":
        if order.link is None:
            raise NoSiteError(SITE_VARIABLE)
        caption = texts("kit_qr_caption", title=_title(loaded, order.state, texts))
        return qr_image(order.link, caption, texts.language, order.image)
    content = kit_content(loaded, order, categories, texts)
    if order.kind == "html":
        return offline_html(content).encode()
    return sheet_pdf(content) if order.kind == "sheet" else booklet_pdf(content)


def kit_content(loaded: LoadedBundle, order: KitOrder, categories: Categories, texts: Catalogue) -> Kit:
    """What goes on the sheet, in the booklet or in the offline page."""
    near = _nearest(loaded, order)
    groups = _near_group(loaded, near, order, categories, texts) if near else _groups(loaded, order, categories, texts)
    state, manifest = order.state, loaded.bundle.manifest
    area = (
        manifest.municipality_name
        if state.neighbourhood is None
        else texts("kit_of_municipality", municipality=manifest.municipality_name)
    )
    return Kit(
        language=texts.language,
        title=_title(loaded, state, texts),
        subtitle=texts("kit_subtitle", area=area),
        made_on=texts("kit_made_on", date=texts.date(order.made_on.isoformat())),
        notes=tuple(_notes(loaded, order, near, groups, texts)),
        groups=groups,
        legend=_legend(groups, texts),
        choices=_choices(groups, texts),
        sources=tuple(_sources(loaded, texts)),
        words=_words(order.kind, texts),
        ground=read_ground(loaded.bundle, state.neighbourhood),
        link=order.link,
    )


def _nearest(loaded: LoadedBundle, order: KitOrder) -> Nearest | None:
    if order.kind != "booklet" or order.start is None:
        return None
    areas = (None, OUTSIDE)
    shown = [visible_rows(loaded, replace(order.state, neighbourhood=area)) for area in areas]
    return nearest(loaded, np.concatenate(shown) if order.rows is None else order.rows, order.start)


def _words(kind: KitKind, texts: Catalogue) -> Mapping[str, str]:
    if kind == "html":
        return texts.section("offline")
    return texts.section("sheet") if kind == "sheet" else texts.section("booklet")


def _title(loaded: LoadedBundle, state: ViewState, texts: Catalogue) -> str:
    if state.neighbourhood is None:
        return texts("kit_whole", municipality=loaded.bundle.manifest.municipality_name)
    if state.neighbourhood == OUTSIDE:
        return texts("outside_name")
    return loaded.neighbourhood_names[state.neighbourhood]


def _groups(loaded: LoadedBundle, order: KitOrder, categories: Categories, texts: Catalogue) -> tuple[Group, ...]:
    """Places that are there for meeting first; in each group by setting, those with a name before those without."""
    rows = with_hours(loaded.places.iloc[visible_rows(loaded, order.state)], categories, order.made_on, texts)
    settings = {setting: number for number, setting in enumerate(get_args(Setting))}
    ordered = rows.assign(_setting=rows["setting"].map(settings), _nameless=rows["name"].isna()).sort_values(
        ["_setting", "_nameless", "name", "category", "place_id"], kind="stable"
    )
    groups = []
    for weight in _WEIGHTS:
        members = ordered[ordered["weight"] == weight].itertuples()
        places = tuple(kit_place(one, _facts(loaded, one, order.kind, texts), categories, texts) for one in members)
        groups.append(Group(texts(f"kit_group_{weight}"), places))
    return tuple(group for group in groups if group.places)


def _facts(loaded: LoadedBundle, place: Any, kind: KitKind, texts: Catalogue) -> tuple[Fact, ...]:
    if kind == "booklet":
        return booklet_facts(place, None, loaded.stops.get(place.place_id), texts)
    return sheet_facts(place, texts) if kind == "sheet" else offline_facts(place, texts)


def _near_group(
    loaded: LoadedBundle, near: Nearest, order: KitOrder, categories: Categories, texts: Catalogue
) -> tuple[Group, ...]:
    rows = with_hours(near.places, categories, order.made_on, texts)
    places = []
    one: Any
    for one, metres in zip(rows.itertuples(), near.metres, strict=True):
        distance = distance_fact(metres, near.walked, texts)
        facts = booklet_facts(one, distance, loaded.stops.get(one.place_id), texts)
        places.append(kit_place(one, facts, categories, texts))
    return (Group(texts("booklet_group_near"), tuple(places)),) if places else ()


def _notes(
    loaded: LoadedBundle, order: KitOrder, near: Nearest | None, groups: tuple[Group, ...], texts: Catalogue
) -> list[str]:
    limit = extent_note(loaded, order.state.neighbourhood, texts)
    notes = [limit] if limit else []
    if order.kind != "booklet":
        return notes
    if near:
        told = [texts("booklet_note_near"), texts("booklet_note_walked" if near.walked else "booklet_note_straight")]
        if near.left_out_count:
            told.append(texts("booklet_note_more", count=near.left_out_count, shown=len(near.places)))
    else:
        told = [texts("booklet_note_list", title=_title(loaded, order.state, texts))]
    as_written = [texts("booklet_note_hours")] if _has_notation(groups, texts) else []
    return [*told, texts("booklet_note_check"), *as_written, *notes]


def _has_notation(groups: tuple[Group, ...], texts: Catalogue) -> bool:
    """Whether some hours stand as the source writes them, with its names of days."""
    facts = [fact for group in groups for place in group.places for fact in place.facts]
    return any(fact.label == texts("map_hours") and _SOURCE_DAY.search(fact.text) for fact in facts)


def _legend(groups: tuple[Group, ...], texts: Catalogue) -> tuple[Any, ...]:
    """The symbols that are there, in the order of the settings."""
    places = [place for group in groups for place in group.places]
    used = {place.answers["setting"] for place in places}
    legend = [
        (symbol_of(setting, hollow=False), texts(f"map_setting_{setting}"))
        for setting in get_args(Setting)
        if setting in used
    ]
    if any(place.symbol.hollow for place in places):
        legend.append((symbol_of("outdoor", hollow=True), texts("kit_legend_restricted")))
    return tuple(legend)


def _choices(groups: tuple[Group, ...], texts: Catalogue) -> tuple[Choice, ...]:
    """The questions of the offline page, with the answers that occur; "not known" is an answer like the others."""
    places = [place for group in groups for place in group.places]
    words = {
        "setting": {setting: texts(f"map_setting_{setting}") for setting in get_args(Setting)},
        "kind": {place.answers["kind"]: place.kind for place in sorted(places, key=lambda place: place.kind)},
        "fee": {one: texts(f"offline_fee_{one}") for one in ("no", "assumed_no", "yes", "unknown")},
        "wheelchair": {one: texts(f"offline_wheelchair_{one}") for one in ("yes", "limited", "no", "unknown")},
    }
    return tuple(
        Choice(name, texts(f"offline_choice_{name}"), _occurring(name, answers, places))
        for name, answers in words.items()
    )


def _occurring(name: str, answers: Mapping[str, str], places: list[KitPlace]) -> dict[str, str]:
    counts = pd.Series([place.answers[name] for place in places], dtype="str").value_counts()
    return {answer: f"{word} ({counts[answer]})" for answer, word in answers.items() if answer in counts}


def _sources(loaded: LoadedBundle, texts: Catalogue) -> list[str]:
    manifest = loaded.bundle.manifest
    told = [
        texts(
            "sources_line",
            attribution=one.attribution,
            date=texts.date(one.data_as_of),
            licence=licence_name(one, texts),
        )
        for one in manifest.sources
    ]
    if manifest.outlines_approximate:
        known = manifest.outline_accuracy_m is not None
        metres = texts.number(manifest.outline_accuracy_m or 0) if known else texts("unknown")
        told.append(texts("sources_approximate", metres=metres))
    return [*told, texts("sources_completeness")]
