"""A state as the parameters of an address, there and back: all in the address bar, in a link what its page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from meetingplaces.ui.catalogue import DEFAULT_LANGUAGE
from meetingplaces.ui.link.pages import PAGE_FIELDS
from meetingplaces.ui.link.parameters import PARAMETERS, Choices
from meetingplaces.ui.link.words import WORDS
from meetingplaces.ui.squeezing import squeezed, unsqueezed
from meetingplaces.ui.view_state import ViewState

VERSION, _VERSION, _PACKED, _NOTES = "1", "v", "kort", "notities"
# Parameters that Streamlit itself understands.
_NOT_OURS = frozenset({"embed", "embed_options"})
LONGEST = 400
"""Signs of a link without notes, on a site with an address of 40 signs."""
_SITE, _PAGE, _EDITION, _CAMERA = (
    40,
    len("/crisis-en-weer?"),
    len("&stand=2026-11-03.0123abcd"),
    len("&beeld=5.1234_52.1234_15.25"),
)
_MOST_PACKED, _MOST_UNPACKED = 4000, 20_000


@dataclass
class ReadLink:
    """A link as read: the state it stands for, and the parameters that meant nothing to us."""

    state: ViewState
    ignored: list[str] = field(default_factory=list)


def to_query(state: ViewState, default_municipality: str) -> dict[str, str]:
    """The parameters of the address bar, defaults left out. `from_query` gives the same state back."""
    plain = ViewState(state.municipality)
    query = {
        name: one.write(getattr(state, one.field))
        for name, one in PARAMETERS.items()
        if getattr(state, one.field) != getattr(plain, one.field)
    }
    if query or state.municipality != default_municipality:
        query = {"gemeente": state.municipality, **query}
    return query


def from_query(query: Mapping[str, str], choices: Choices) -> ReadLink:
    """The state a link stands for. What cannot be understood falls back to its default and is named in `ignored`."""
    query, ignored = _unfolded(query)
    read = ReadLink(ViewState(choices.municipalities[0]), ignored)
    for name, one in PARAMETERS.items():
        if name not in query:
            continue
        try:
            read.state = replace(read.state, **{one.field: one.read(query[name], read.state, choices)})
        except (KeyError, ValueError):
            read.ignored.append(name)
    if query.get(_VERSION, VERSION) != VERSION:
        read.ignored.append(_VERSION)
    read.ignored += sorted(set(query) - set(PARAMETERS) - {_VERSION} - _NOT_OURS)
    return read


def share_query(state: ViewState, page: str) -> dict[str, str]:
    """The parameters of a link to `page` to send to others: its version, and all that may be taken for granted here.

    It holds what the page makes use of, in words where these fit, else packed; own notes stand beside that.
    """
    query = to_query(_shown_on(page, state), "")
    notes = {_NOTES: query.pop(_NOTES)} if _NOTES in query else {}
    text = urlencode(query)
    if len(f"{_VERSION}={VERSION}&{text}") > _room(state, page):
        query = {_PACKED: squeezed(text, WORDS.encode())}
    return {_VERSION: VERSION, **query, **notes}


def outgrows(before: ViewState, after: ViewState, page: str) -> bool:
    """Whether a link to `page` can carry `before` better than `after`, own notes and the language apart."""
    signs = _signs(after, page)
    return signs > _room(after, page) and signs > _signs(before, page)


def _signs(state: ViewState, page: str) -> int:
    return len(urlencode(share_query(replace(state, notes=(), language=DEFAULT_LANGUAGE), page)))


def _shown_on(page: str, state: ViewState) -> ViewState:
    """The state with the default of every field that the page makes no use of."""
    return ViewState(**{name: getattr(state, name) for name in PAGE_FIELDS[page]})


def _room(state: ViewState, page: str) -> int:
    """How long the parameters may be, with what whoever shares may still add."""
    fields = PAGE_FIELDS[page]
    edition = _EDITION if "edition" in fields and state.edition is None else 0
    camera = _CAMERA if "camera" in fields and state.camera is None else 0
    return LONGEST - _SITE - _PAGE - edition - camera


def _unfolded(query: Mapping[str, str]) -> tuple[Mapping[str, str], list[str]]:
    """The parameters with those that were packed among them, and the name of what cannot be unpacked."""
    if _PACKED not in query:
        return query, []
    beside = {name: text for name, text in query.items() if name != _PACKED}
    try:
        text = unsqueezed(query[_PACKED], _MOST_PACKED, _MOST_UNPACKED, WORDS.encode())
        return {**dict(parse_qsl(text, strict_parsing=True, max_num_fields=len(PARAMETERS))), **beside}, []
    except ValueError:
        return beside, [_PACKED]
