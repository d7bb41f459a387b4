"""The field for an address: suggestions while she types, by way of our server. What she types is not kept or logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.model.source_errors import SourceError
from meetingplaces.sources.address_search import AddressSearch, FoundAddress, Suggestion
from meetingplaces.sources.locatieserver import LOCATIESERVER
from meetingplaces.sources.own_list.cells import address_in
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.served import FROM_PAGE, asset, loader

_KEY = "near-address"
_ANSWER, _MOVED = "near_address_answer", "near_address_moved"
_FOUND = "address_found"
_LONGEST_TEXT = 100
_log = logging.getLogger("meetingplaces.ui")

_component = st.components.v2.component(
    "meetingplaces_address",
    html=(
        '<label for="field" id="name"></label>'
        '<div><input id="field" type="text" role="combobox" aria-autocomplete="list" aria-expanded="false"'
        ' aria-controls="list" aria-describedby="hint" autocomplete="off" autocapitalize="off" spellcheck="false"'
        f' enterkeyhint="search" maxlength="{_LONGEST_TEXT}">'
        '<ul id="list" role="listbox" aria-labelledby="name" hidden></ul></div>'
        '<p role="status"></p><p id="hint"></p>'
    ),
    css=f'@import url("{FROM_PAGE}{asset("address.css")}");\n:host {{ display: block; }}\n',
    js=loader("address.js"),
)

Take = Callable[[float, float, FoundAddress], None]
"""Makes a position (EPSG:4326) hers, found by an address."""


@dataclass(frozen=True)
class _Answer:
    """What became of question `number` of the field: a key of the texts with its facts, and what may be meant."""

    number: int
    told: str
    facts: dict[str, Any]
    suggestions: tuple[Suggestion, ...] = ()


def choose_address(visit: Visit, take: Take) -> None:
    """Draw the field; not where the server is set to suggest no addresses."""
    if _search():
        _field(visit.loaded.bundle.manifest.municipality_name, visit.address, take, visit.texts)


@st.fragment
def _field(municipality: str, address: FoundAddress | None, take: Take, texts: Catalogue) -> None:
    """The field by itself, so that typing does not draw the page again; a position does."""
    answer = _last_answer()
    _component(
        key=_KEY,
        data={
            "label": texts("address_label", municipality=municipality),
            "texts": texts.section("addressfield"),
            "answer": _told(answer, texts) if answer else None,
            "chosen": address.name if address else None,
        },
        on_typed_change=lambda: _on("typed", _suggest),
        on_entered_change=lambda: _on("entered", lambda search, number, text: _enter(search, number, text, take)),
        on_picked_change=lambda: _on("picked", lambda search, number, text: _pick(search, number, text, take)),
    )
    if st.session_state.pop(_MOVED, False):
        st.rerun()


def _last_answer() -> _Answer | None:
    """What became of the last question; an address that was found is forgotten when her position is."""
    answer: _Answer | None = st.session_state.get(_ANSWER)
    if answer and answer.told == _FOUND and session.address() is None:
        del st.session_state[_ANSWER]
        return None
    return answer


def _told(answer: _Answer, texts: Catalogue) -> dict[str, Any]:
    entries = [
        {"id": one.identifier, "label": one.label, "kind": texts(f"address_kind_{one.kind}")}
        for one in answer.suggestions
    ]
    return {"number": answer.number, "told": texts(answer.told, **answer.facts), "entries": entries}


def _search() -> AddressSearch | None:
    """What finds addresses; `None` where the server is set to have none, or has settings that cannot be read."""
    try:
        return data.address_search()
    except MeetingPlacesError as error:
        _log.warning("no addresses can be searched", extra={"error": error.code, **error.facts()})
        return None


def _on(event: str, ask: Callable[[AddressSearch, int, str], _Answer]) -> None:
    """Answer an event of the field. Of a failure only the kind is logged: everything else may hold what she typed."""
    told, search = st.session_state[_KEY][event], _search()
    if not isinstance(told, dict) or not isinstance(told.get("text"), str) or not isinstance(told.get("number"), int):
        return
    number, text = told["number"], told["text"][:_LONGEST_TEXT]
    try:
        answer = ask(search, number, text) if search else _Answer(number, "addressfield_down", {})
    except SourceError as error:
        _log.warning("addresses were not found", extra={"error": error.code, "service": LOCATIESERVER.source_id})
        answer = _Answer(number, "addressfield_down", {})
    st.session_state[_ANSWER] = answer


def _suggest(search: AddressSearch, number: int, text: str) -> _Answer:
    """What a text may mean."""
    found = data.suggestions(search, text, session.state_now().municipality)
    name = {0: "address_none", 1: "address_one"}.get(len(found), "address_some")
    return _Answer(number, name, {"count": len(found)}, found)


def _enter(search: AddressSearch, number: int, text: str, take: Take) -> _Answer:
    """The address that a text is, word for word; else what it may mean."""
    address = address_in(text)
    found = search.equal(address) if address.complete else None
    return _moved(found, number, take) if found else _suggest(search, number, text)


def _pick(search: AddressSearch, number: int, identifier: str, take: Take) -> _Answer:
    """Where one of the suggestions is that she was shown."""
    shown: _Answer | None = st.session_state.get(_ANSWER)
    known = {one.identifier for one in shown.suggestions} if shown else set()
    found = search.look_up(identifier) if identifier in known else None
    return _moved(found, number, take) if found else _Answer(number, "address_gone", {})


def _moved(found: FoundAddress, number: int, take: Take) -> _Answer:
    take(found.longitude, found.latitude, found)
    st.session_state[_MOVED] = True
    return _Answer(number, _FOUND, {"address": found.name})
