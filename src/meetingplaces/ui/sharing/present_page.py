"""The page *Presenteren*: one neighbourhood or place at a time, large, stepped through with arrow keys."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any, get_args

import streamlit as st

from meetingplaces.export.typeset import qr_svg
from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Categories, Setting
from meetingplaces.ui import data, filtering, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import place_title
from meetingplaces.ui.extent import extent_note
from meetingplaces.ui.figures import sources_html, study_html
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.meeting_map import meeting_map
from meetingplaces.ui.moving import moving_now, moving_spots
from meetingplaces.ui.opening_words import now_told, week_short
from meetingplaces.ui.served import FROM_PAGE, asset, loader
from meetingplaces.ui.settings import now
from meetingplaces.ui.sharing.note_list import draw_notes, note_spots
from meetingplaces.ui.sharing.share_link import link_query
from meetingplaces.ui.sharing.site import site_address
from meetingplaces.ui.view_state import ViewState

_KEY = "present-steps"
_component = st.components.v2.component(
    "meetingplaces_steps",
    html='<div class="steps"><button type="button" class="previous"></button>'
    '<button type="button" class="next"></button><button type="button" class="full"></button>'
    '<span class="keys"></span></div>',
    css=f'@import url("{FROM_PAGE}{asset("steps.css")}");\n:host {{ display: block; }}\n',
    js=loader("steps.js"),
)


def draw() -> None:
    """Title → load → steps → draw."""
    municipalities = data.municipalities()
    state = session.current_state("present", municipalities)
    texts, loaded, categories = session.current_texts(), data.load(state.municipality, state.edition), data.categories()
    page_title(texts("page_present"))
    shown = filtering.shown(loaded, state, categories, texts.language)
    _choose_steps(state, loaded, shown, texts)
    words, chart = st.columns([5, 7])
    with words:
        if shown.selected is None:
            _draw_area(state, loaded, categories, texts)
        else:
            _draw_place(loaded, shown.selected, categories, texts)
        draw_notes(state.notes, texts)
        _draw_qr(state, texts)
    with chart:
        spots = [*moving_spots(moving_now(state), texts), *note_spots(state.notes, texts)]
        meeting_map(
            loaded, categories, texts, shown, _pick, camera=state.camera, spots=spots, large=True
        )  # fmt: skip
    st.html(sources_html(loaded, texts))
    session.keep(state, municipalities)


def _choose_steps(state: ViewState, loaded: LoadedBundle, shown: filtering.Shown, texts: Catalogue) -> None:
    """Previous and next: among the places of a neighbourhood when one is chosen, else among the neighbourhoods."""
    by_place = shown.selected is not None
    places = [str(loaded.places["place_id"].iloc[row]) for row in shown.rows]
    areas: list[str | None] = [None, *loaded.neighbourhood_names]

    def step(by: int) -> None:
        if by_place:
            session.change(place=_after(places, state.place, by))
        else:
            session.change(neighbourhood=_after(areas, state.neighbourhood, by), place=None)

    def stepped() -> None:
        by = st.session_state[_KEY].step
        if by in {1, -1}:
            step(by)

    name = "place" if by_place else "area"
    words = {
        **texts.section("steps"),
        "previous": texts(f"present_previous_{name}"),
        "next": texts(f"present_next_{name}"),
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        _component(key=_KEY, data={"texts": words}, on_step_change=stepped, width="content")
        if by_place:
            st.button(texts("present_areas"), key="present-areas", on_click=session.change, kwargs={"place": None})
        elif places:
            st.button(
                texts("present_places"), key="present-places", on_click=session.change, kwargs={"place": places[0]}
            )  # fmt: skip


def _draw_qr(state: ViewState, texts: Catalogue) -> None:
    """The QR code of the map with this view, for whoever is in the room; without notes, which make it too fine."""
    site = site_address()
    if site is None:
        return
    link = link_query(replace(state, notes=()), "map")
    drawn = b64encode(qr_svg(f"{site}/?{link}").encode()).decode()
    st.html(
        f'<figure class="qr"><img src="data:image/svg+xml;base64,{drawn}" alt="{texts("present_qr_alt")}">'
        f"<figcaption>{texts('present_qr')}</figcaption></figure>"
    )


def _after(members: Sequence[Any], present: Any, by: int) -> Any:
    """The member before or after the present one, round and round; the first when it is not among them."""
    return members[(members.index(present) + by) % len(members)] if present in members else members[0]


def _pick(place_id: str) -> None:
    session.change(place=place_id)


def _draw_area(state: ViewState, loaded: LoadedBundle, categories: Categories, texts: Catalogue) -> None:
    manifest = loaded.bundle.manifest
    code = state.neighbourhood
    name = (
        texts("outside_name")
        if code == OUTSIDE
        else loaded.neighbourhood_names.get(code or "", manifest.municipality_name)
    )
    counted = loaded.supply_of(code or state.municipality)
    counts = {setting: counted.by_setting.get(setting, 0) for setting in get_args(Setting)}
    facts = [
        f"<li><strong>{count or texts('present_none')}</strong> {texts(f'present_{setting}')}</li>"
        for setting, count in counts.items()
    ]
    st.html(f'<section class="present" aria-live="polite"><h2>{escape(name)}</h2><ul>{"".join(facts)}</ul></section>')
    limit = extent_note(loaded, code, texts)
    if limit:
        st.warning(limit)
    st.html(study_html(counted, categories, texts))


def _draw_place(loaded: LoadedBundle, row: int, categories: Categories, texts: Catalogue) -> None:
    place = next(loaded.places.iloc[[row]].itertuples())
    opening, moment = data.opening_hours(loaded, categories)[row], now()
    near = texts("details_near", street=place.near_street) if isinstance(place.near_street, str) else ""
    told = [
        categories.by_key[place.category].name.in_language(texts.language),
        texts(f"map_setting_{place.setting}"),
        place.address if isinstance(place.address, str) else near or texts("map_address_unknown"),
        now_told(opening, moment, texts),
        week_short(opening, moment, texts),
        texts(f"map_access_{place.access}"),
        texts(f"map_wheelchair_{place.wheelchair}"),
    ]
    title = escape(place_title(place, categories, texts))
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in told if fact)
    source = f"<p>{escape(texts('clock_source', hours=opening.raw))}</p>" if opening.raw else ""
    st.html(f'<section class="present" aria-live="polite"><h2>{title}</h2><ul>{facts}</ul>{source}</section>')
