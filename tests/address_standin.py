"""A stand-in for the parts of PDOK Locatieserver that a visitor's address field asks, as fuzzy as the real one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fault_server import Asked, FaultServer, Reply

from meetingplaces.metrics.near import in_rd
from meetingplaces.model.plain_text import plain_words
from meetingplaces.sources.address_search import AddressSearch
from meetingplaces.sources.endpoints import ENDPOINTS_VARIABLE, LocatieserverEndpoints

ANSWERED = ("id", "type", "weergavenaam")


def spot(kind: str, number: int, name: str, longitude: float, latitude: float, **fields: Any) -> dict[str, Any]:
    """What the service knows of one address (`adres`), street (`weg`) or postcode."""
    start = {"adres": "adr", "weg": "weg", "postcode": "pcd"}[kind]
    in_metres = in_rd(longitude, latitude)
    return {
        "id": f"{start}-{number:032x}", "type": kind, "weergavenaam": name, "gemeentecode": "0166",
        "woonplaatsnaam": "Kampen", "centroide_ll": f"POINT({longitude} {latitude})",
        "centroide_rd": f"POINT({in_metres.x:.3f} {in_metres.y:.3f})", "bron": "BAG", **fields,
    }  # fmt: skip


def address(number: int, street: str, house: str, postcode: str, longitude: float, latitude: float, **more: Any):
    """An address in Kampen; what is `more` replaces fields."""
    name = f"{street} {house}, {postcode} Kampen"
    fields = {"straatnaam": street, "huisnummer": int(house), "huis_nlt": house, "postcode": postcode}
    return spot("adres", number, name, longitude, latitude, **{**fields, **more})


HOSTILE = "<img src=x onerror=window.hacked=1> **vet** :red[x]"
OUDESTRAAT_12 = address(1, "Oudestraat", "12", "8261CK", 5.912034, 52.558046)
OUDESTRAAT = spot("weg", 4, "Oudestraat, Kampen", 5.9165, 52.5575, straatnaam="Oudestraat")
KNOWN = (
    OUDESTRAAT_12,
    address(2, "Oudestraat", "120", "8261CR", 5.9172, 52.5566),
    address(3, "Oudestraat", "12", "9999ZZ", 6.56, 53.21, gemeentecode="0014", woonplaatsnaam="Groningen",
            weergavenaam="Oudestraat 12, 9999ZZ Groningen"),
    OUDESTRAAT,
    spot("postcode", 5, "Oudestraat, 8261CK Kampen", 5.9131, 52.5579, straatnaam="Oudestraat", postcode="8261CK"),
    address(6, HOSTILE, "7", "8261CK", 5.912, 52.558),
    {"id": "gem-7", "type": "gemeente", "weergavenaam": "Gemeente Kampen Oudestraat", "gemeentecode": "0166"},
)  # fmt: skip


def reply(*hits: Mapping[str, Any], fields: tuple[str, ...] | None = None) -> Reply:
    """An answer of Solr with these hits, of each only `fields`."""
    docs = [{name: hit[name] for name in fields or hit if name in hit} for hit in hits]
    content = {"response": {"numFound": len(docs), "start": 0, "maxScore": 9.9, "docs": docs}}
    return Reply(body=json.dumps(content).encode())


class AddressStandIn(FaultServer):
    """Knows a few addresses in Kampen. `suggest` looks for words that begin like those asked for, as the real one."""

    def __init__(self, *known: Mapping[str, Any]) -> None:
        super().__init__()
        self.known = known or KNOWN
        self.well()

    def well(self) -> None:
        """Answer as it should."""
        self.on("/suggest", self._suggest)
        self.on("/lookup", lambda asked: reply(*(hit for hit in self.known if hit["id"] == asked.query["id"][0])))
        self.on("/free", self._free)

    def failing(self, answer: Reply) -> None:
        """Answer everything with this."""
        for path in ("/suggest", "/lookup", "/free"):
            self.on(path, answer)

    @property
    def endpoints(self) -> dict[str, str]:
        return {name: f"{self.url}/{name}" for name in ("suggest", "lookup", "free")}

    def search(self) -> AddressSearch:
        """What asks this service."""
        return AddressSearch(self.door(), LocatieserverEndpoints(**self.endpoints))

    def settings(self, folder: Path) -> dict[str, str]:
        """The environment of a server that asks this service."""
        path = folder / "endpoints.yaml"
        path.write_text(json.dumps({"private_hosts": [self.host], "locatieserver": self.endpoints}), encoding="utf-8")
        return {ENDPOINTS_VARIABLE: str(path)}

    def _suggest(self, asked: Asked) -> Reply:
        (types, municipality), words = asked.query["fq"], asked.query["q"][0].split()
        wanted = set(types.removeprefix("type:(").removesuffix(")").split(" OR "))
        near = [
            hit for hit in self.known
            if hit["type"] in wanted and municipality == f"gemeentecode:{hit['gemeentecode']}"
            and all(any(part.startswith(word) for part in plain_words(hit["weergavenaam"])) for word in words)
        ]  # fmt: skip
        return reply(*near[: int(asked.query["rows"][0])], fields=ANSWERED)

    def _free(self, asked: Asked) -> Reply:
        words = set(asked.query["q"][0].split())
        return reply(
            *(hit for hit in self.known if hit["type"] == "adres" and words & set(plain_words(hit["weergavenaam"])))
        )
