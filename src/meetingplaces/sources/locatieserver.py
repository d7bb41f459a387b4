"""Where an address is, from PDOK Locatieserver. It always answers something: only an equal address is believed.

Contract: `free` with `fq=type:adres`; score and number of hits say nothing; postcode and house number, or street, house
number and town of a hit must be those that were asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import shapely

from meetingplaces.model.own_list import Address
from meetingplaces.model.plain_text import plain, plain_words
from meetingplaces.model.provenance import Origin
from meetingplaces.sources.http import Answer, Door, Limits, Request

LOCATIESERVER = Origin(
    source_id="locatieserver",
    title="PDOK Locatieserver",
    publisher="Kadaster, CBS",
    licence="Public Domain Mark 1.0, CC0 1.0, CC BY 4.0",
    licence_url="https://creativecommons.org/publicdomain/mark/1.0/",
    attribution="PDOK Locatieserver / Kadaster, CBS",
)
_FIELDS = ("type", "straatnaam", "straatnaam_verkort", "huisnummer", "huisletter", "huisnummertoevoeging", "huis_nlt",
           "postcode", "woonplaatsnaam", "centroide_rd")  # fmt: skip
_POINT = re.compile(r"^POINT\(([-\d.]+) ([-\d.]+)\)$")
# At most five questions a second, one after the other.
_PAUSE_S = 0.2
_HITS = "25"

NotFound = Literal["address_not_found", "address_ambiguous"]


@dataclass(frozen=True)
class Locatieserver:
    """Finds addresses by asking `url`, the address of the service `free`, through the door."""

    door: Door
    url: str

    def find(self, address: Address) -> shapely.Point | NotFound:
        """The position of an address in RD New, or why there is none. The address must be complete.

        Raises
        ------
        SourceError
            The service cannot be reached, refuses, or says something else than addresses.
        """
        self.door.clock.sleep(_PAUSE_S)
        request = Request(
            self.url,
            LOCATIESERVER,
            params={"q": question(address), "fq": "type:adres", "fl": ",".join(_FIELDS), "rows": _HITS, "wt": "json"},
            limits=Limits(read_s=20, total_s=30, body_bytes=1 << 20),
        )
        found: list[dict[str, Any]] = []
        self.door.read(request, lambda answer: found.extend(hits(answer)))
        points = {point for hit in found if is_that(hit, address) and (point := point_of(hit, "centroide_rd"))}
        if not points:
            return "address_not_found"
        return points.pop() if len(points) == 1 else "address_ambiguous"


def question(address: Address) -> str:
    """What to look for: words only, as signs mean something to the service."""
    parts = (address.postcode, address.street, address.number, address.town)
    return " ".join(word for part in parts if part for word in plain_words(part))


def hits(answer: Answer) -> list[dict[str, Any]]:
    """What was found, each with the fields that were asked for.

    Raises
    ------
    SourceAnswerError
        The service says something else.
    """
    content = answer.json()
    response = content.get("response") if isinstance(content, dict) else None
    if not isinstance(response, dict) or not isinstance(response.get("numFound"), int):
        told = content.get("error") if isinstance(content, dict) else content
        raise answer.wrong("addresses that were found", str(told)[:200])
    return [hit for hit in response.get("docs") or [] if isinstance(hit, dict)]


def is_that(hit: dict[str, Any], address: Address) -> bool:
    """Whether a hit is the very address: by postcode and number, and by street and town where no postcode is given."""
    if hit.get("type") != "adres" or _number_of(hit) != _number(address.number or ""):
        return False
    if address.postcode:
        return str(hit.get("postcode", "")).replace(" ", "").upper() == address.postcode
    streets = {plain(str(hit.get(name, ""))) for name in ("straatnaam", "straatnaam_verkort")}
    return plain(address.street or "") in streets and plain(str(hit.get("woonplaatsnaam", ""))) == plain(
        address.town or ""
    )


def _number_of(hit: dict[str, Any]) -> str:
    parts = ("huisnummer", "huisletter", "huisnummertoevoeging")
    whole = hit.get("huis_nlt") or "-".join(str(hit[part]) for part in parts if hit.get(part) is not None)
    return _number(str(whole))


def _number(written: str) -> str:
    """`12-A` and `12 a` as `12A`; `1-12` stays apart from `11-2`."""
    first, *rest = re.findall(r"\d+|[A-Z]+", written.upper()) or [""]
    return first + "".join(f"-{part}" if part[0].isdigit() else part for part in rest)


def point_of(hit: dict[str, Any], field: str) -> shapely.Point | None:
    """The point in a field of a hit: `centroide_rd` is in RD New, `centroide_ll` in EPSG:4326; `None` without one."""
    match = _POINT.match(str(hit.get(field, "")))
    return shapely.Point(float(match[1]), float(match[2])) if match else None
