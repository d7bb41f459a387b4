"""Suggestions for an address while a visitor types it, and where the one she chooses is, from PDOK Locatieserver.

Contract: `suggest` gives identifiers and names, `lookup` the fields of one identifier. The service always finds
something, so nothing is placed because it is alike: only what she chose, or an address equal to what she typed in full.
What she types is nobody's business: it is held in memory only, and an error of this module does not repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from meetingplaces.model.crs import WGS84
from meetingplaces.model.own_list import Address
from meetingplaces.model.plain_text import plain
from meetingplaces.model.source_errors import SourceBusyError, SourceError, SourceUnreachableError
from meetingplaces.sources.coordinates import NETHERLANDS, within
from meetingplaces.sources.endpoints import LocatieserverEndpoints
from meetingplaces.sources.http import Answer, Door, Limits, Request
from meetingplaces.sources.locatieserver import LOCATIESERVER, hits, is_that, point_of, question
from meetingplaces.sources.turns import Turns

AddressKind = Literal["address", "street", "postcode"]

_KINDS: dict[str, AddressKind] = {"adres": "address", "weg": "street", "postcode": "postcode"}
_FIELDS = ("id", "type", "straatnaam", "straatnaam_verkort", "huisnummer", "huisletter", "huisnummertoevoeging",
           "huis_nlt", "postcode", "woonplaatsnaam", "centroide_ll")  # fmt: skip
_SUGGESTIONS, _HITS = 7, 25
# Somebody waits for the answer.
_LIMITS = Limits(connect_s=2.0, read_s=2.5, total_s=4.0, body_bytes=1 << 18)
# Five questions a second for the whole server; who would wait longer than a second is told that it does not work now.
_PAUSE_S, _LONGEST_WAIT_S = 0.2, 1.0
# After a failure the service is left alone: five seconds, or what it asks for, up to an hour.
_REST_S, _LONGEST_REST_S = 5.0, 3600.0
_Params = Mapping[str, str | Sequence[str]]
_T = TypeVar("_T")
_SPLIT_POSTCODE = re.compile(r"\b([1-9]\d{3}) ([a-z]{2})\b")


@dataclass(frozen=True)
class Suggestion:
    """What may be meant. `label` is in the words of the service: text of others, to be shown as text."""

    identifier: str
    kind: AddressKind
    label: str


@dataclass(frozen=True)
class FoundAddress:
    """Where an address is (EPSG:4326). A street or a postcode is somewhere around that point. Text of others."""

    kind: AddressKind
    street: str
    number: str
    postcode: str
    town: str
    longitude: float
    latitude: float

    @property
    def name(self) -> str:
        """`Oudestraat 12, Kampen`; of a street without the number; of a postcode `8261 CK, Oudestraat, Kampen`."""
        street = f"{self.street} {self.number}".strip()
        postcode = f"{self.postcode[:4]} {self.postcode[4:]}" if self.kind == "postcode" else ""
        return ", ".join(part for part in (postcode, street, self.town) if part)


class AddressSearch:
    """Asks the service, politely; one for the whole server, to be shared between threads.

    Every method raises `SourceError`, which tells what went wrong without a word of what was asked.
    """

    def __init__(self, door: Door, endpoints: LocatieserverEndpoints) -> None:
        self._door, self._endpoints = door, endpoints
        self._turns = Turns(door.clock, _PAUSE_S, _LONGEST_WAIT_S)

    @property
    def service(self) -> str:
        """Where suggestions come from, empty for nowhere."""
        return self._endpoints.suggest or ""

    def suggest(self, text: str, municipality_code: str) -> tuple[Suggestion, ...]:
        """At most seven addresses, streets and postcodes in a municipality that the text may mean, likeliest first."""
        words = asked_words(text)
        if not words or not self.service:
            return ()
        asked = {
            "q": words,
            "fq": [f"type:({' OR '.join(_KINDS)})", f"gemeentecode:{municipality_code[2:]}"],
            "fl": "id,weergavenaam,type",
            "rows": str(_SUGGESTIONS),
        }
        return tuple(self._ask(self.service, asked, _suggestions))

    def look_up(self, identifier: str) -> FoundAddress | None:
        """Where a suggestion is; `None` when it is no longer there."""
        asked = {"id": identifier, "fl": ",".join(_FIELDS)}
        found = self._ask(self._endpoints.lookup, asked, lambda answer: _located(answer, _has(identifier)))
        return found[0] if found else None

    def equal(self, address: Address) -> FoundAddress | None:
        """Where an address is that is complete, wherever in the country; `None` unless there is one that equals it."""
        asked = {"q": question(address), "fq": "type:adres", "fl": ",".join(_FIELDS), "rows": str(_HITS)}
        found = self._ask(
            self._endpoints.free, asked, lambda answer: _located(answer, lambda hit: is_that(hit, address))
        )
        spots = {(one.longitude, one.latitude) for one in found}
        return found[0] if len(spots) == 1 else None

    def _ask(self, url: str, params: _Params, read: Callable[[Answer], list[_T]]) -> list[_T]:
        if not self._turns.take():
            raise SourceUnreachableError(LOCATIESERVER.title, url, "not asked: it is to be left alone")
        found: list[_T] = []
        request = Request(url, LOCATIESERVER, params={**params, "wt": "json"}, limits=_LIMITS, tries=1)
        try:
            self._door.read(request, lambda answer: found.extend(read(answer)))
        except SourceError as error:
            if error.retryable:
                asked_s = error.wait_s if isinstance(error, SourceBusyError) else 0.0
                self._turns.rest(min(max(_REST_S, asked_s), _LONGEST_REST_S))
            raise replace(error, url=url, found="") from None
        return found


def asked_words(text: str) -> str:
    """What is sent of a text: its words, as signs mean something to the service, and a postcode as one word."""
    return _SPLIT_POSTCODE.sub(r"\1\2", plain(text))


def _suggestions(answer: Answer) -> list[Suggestion]:
    found = []
    for hit in hits(answer):
        kind, identifier, label = (hit.get(name) for name in ("type", "id", "weergavenaam"))
        if kind not in _KINDS:
            continue
        if not (isinstance(identifier, str) and isinstance(label, str) and label.strip()):
            raise answer.wrong("suggestions with id and weergavenaam", ", ".join(sorted(hit)))
        found.append(Suggestion(identifier, _KINDS[kind], " ".join(label.split())[:200]))
    return found[:_SUGGESTIONS]


def _has(identifier: str) -> Callable[[dict[str, Any]], bool]:
    return lambda hit: hit.get("id") == identifier and hit.get("type") in _KINDS


def _located(answer: Answer, wanted: Callable[[dict[str, Any]], bool]) -> list[FoundAddress]:
    return [_found(hit, answer) for hit in hits(answer) if wanted(hit)]


def _found(hit: dict[str, Any], answer: Answer) -> FoundAddress:
    """The fields of a hit, never the words of `weergavenaam`."""
    point = point_of(hit, "centroide_ll")
    if point is None or not within(point.bounds, NETHERLANDS[WGS84]):
        raise answer.wrong("a position in the Netherlands, in degrees", str(hit.get("centroide_ll")))
    street, postcode, town = (_text(hit.get(name)) for name in ("straatnaam", "postcode", "woonplaatsnaam"))
    kind = _KINDS[hit["type"]]
    return FoundAddress(kind, street, _number(hit) if kind == "address" else "", postcode, town, point.x, point.y)


def _number(hit: dict[str, Any]) -> str:
    parts = (_text(hit.get(name)) for name in ("huisnummer", "huisletter", "huisnummertoevoeging"))
    return _text(hit.get("huis_nlt")) or "-".join(part for part in parts if part)


def _text(value: object) -> str:
    return " ".join(str(value).split())[:100] if isinstance(value, str | int) else ""
