"""The services of figures, areas and municipal data for the fault matrix: how each is prepared, asked and wronged."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from fault_server import FaultServer, Reply
from municipal_services import BENCHES, SERVICES, body, collection
from statline_standin import StatlineStandIn, health, key_figures

from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.address_search import AddressSearch
from meetingplaces.sources.cbs_areas import read_areas
from meetingplaces.sources.cbs_service import fetch_collections
from meetingplaces.sources.endpoints import CbsEndpoints, LocatieserverEndpoints
from meetingplaces.sources.http import Door, Limits
from meetingplaces.sources.municipal.connectors import fetch_source, read_source
from meetingplaces.sources.rivm import fetch_health, read_health
from meetingplaces.sources.statline import fetch_statline, read_statline

TOWN = "GM0166"
MENDED = frozenset({"wrong CRS", "swapped axes"})
"""Recognised by where the Netherlands lie, and put right."""

Wrong = dict[str, Callable[[bytes], Reply]]


def hurried(server: FaultServer, limits: Limits) -> Door:
    """A door whose every request has these limits."""
    door = server.door()
    ask = door.ask
    door.ask = lambda request, part, check: ask(replace(request, limits=limits), part, check)  # type: ignore[method-assign]
    return door


def _json(content: object) -> Reply:
    return Reply(body=json.dumps(content).encode())


# --- CBS and RIVM -----------------------------------------------------------------------------------------------------


def _area(level: str, code: str, ring: list[list[float]], **more: object) -> dict[str, Any]:
    facts = {f"{level}code": code, f"{level}naam": "Kampen", "gemeentecode": TOWN, "gemeentenaam": "Kampen"}
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": code, "properties": {**facts, "jaar": 2024, **more}, "geometry": shape}


_RING = [[5.9, 52.5], [5.91, 52.5], [5.91, 52.51], [5.9, 52.51], [5.9, 52.5]]


def _areas(change: Callable[[list[float]], list[float]] = list) -> Reply:
    return _json({"features": [_area("buurt", "BU01660001", [change(point) for point in _RING])], "links": []})


def prepare_collections(server: FaultServer, folder: Path) -> None:
    server.on("/ogc/buurten/items", _areas())
    server.on("/ogc/wijken/items", _json({"features": [_area("wijk", "WK016600", _RING)]}))
    server.on("/ogc/gemeenten/items", _json({"features": [_area("gemeente", TOWN, _RING)]}))


def ask_collections(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    endpoints = CbsEndpoints(collections=f"{server.url}/ogc")
    snapshot = fetch_collections(2024, TOWN, folder / "kept", hurried(server, limits), endpoints)
    assert read_areas(snapshot, TOWN).neighbourhoods.area.iloc[0] > 700_000
    return snapshot


def prepare_tables(server: FaultServer, folder: Path) -> None:
    statline = StatlineStandIn(server)
    statline.serve_year(2024, key_figures(TOWN, AantalInwoners=56_180, k_65JaarOfOuder=10_000))
    statline.serve("50150NED", health(TOWN, Eenzaam=(45.0, 44.0, 46.0)))


def ask_statline(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    standin = StatlineStandIn(server)
    standin.years[2024] = "2024NED"
    door = hurried(server, limits)
    snapshot = fetch_statline(2024, TOWN, folder / "kept", door, standin.endpoints["statline"])
    assert len(read_statline(snapshot, 2024).observations)
    return snapshot


def ask_health(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    settings = StatlineStandIn(server).endpoints["health"]
    snapshot = fetch_health(TOWN, folder / "kept", hurried(server, limits), settings)
    assert len(read_health(snapshot, 2024).observations)
    return snapshot


TRUNCATED: Wrong = {"truncated": lambda good: Reply(body=good[:-9])}
EMPTY_VALUES: Wrong = {"empty list": lambda good: _json({"value": []})}

# --- municipal data ---------------------------------------------------------------------------------------------------


def prepare_city(protocol: str, server: FaultServer, folder: Path) -> None:
    SERVICES[protocol].start(server)


def ask_city(protocol: str, server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    """Fetched and read, and the service is left as it is: with its fault."""
    source = SERVICES[protocol].start(_Deaf(server.url))
    snapshot = fetch_source(source, None, folder / "kept", hurried(server, limits))
    assert len(read_source(snapshot, source).table)
    return snapshot


class _Deaf:
    """Takes no answers."""

    def __init__(self, url: str) -> None:
        self.url = url

    def on(self, path: str, *replies: object) -> None:
        pass


def _benches(change: Callable[[float, float], tuple[float, float]], **more: object) -> Reply:
    return body(collection(*[(n, name, *change(x, y)) for n, name, x, y in BENCHES], **more))


def _in_rd(x: float, y: float) -> tuple[float, float]:
    return 190_524.0 + 70_000 * (x - 5.911), 507_615.0


CITY_WRONG: Wrong = {
    **TRUNCATED,
    "wrong CRS": lambda good: _benches(_in_rd, links=[], numberMatched=3),
    "swapped axes": lambda good: _benches(lambda x, y: (y, x), links=[], numberMatched=3),
    "empty list": lambda good: body(collection(links=[])),
}
FILE_WRONG: Wrong = {"empty list": lambda good: Reply(body=b" \n")}

# --- addresses --------------------------------------------------------------------------------------------------------


def _locatieserver(**fields: str) -> Reply:
    """One address, as `lookup` gives it and, with more fields than asked for, `suggest`."""
    hit = {"id": "adr-1", "type": "adres", "weergavenaam": "Oudestraat 12, 8261CK Kampen", "straatnaam": "Oudestraat",
           "huis_nlt": "12", "woonplaatsnaam": "Kampen", "centroide_ll": "POINT(5.912 52.558)", **fields}  # fmt: skip
    return _json({"response": {"numFound": 1, "start": 0, "docs": [hit]}})


def prepare_addresses(server: FaultServer, folder: Path) -> None:
    server.on("/suggest", _locatieserver())
    server.on("/lookup", _locatieserver())


def ask_addresses(what: str, asked: str, server: FaultServer, folder: Path, limits: Limits) -> None:
    endpoints = LocatieserverEndpoints(suggest=f"{server.url}/suggest", lookup=f"{server.url}/lookup")
    search = AddressSearch(hurried(server, limits), endpoints)
    if what == "suggest":
        search.suggest(asked, TOWN)
    else:
        search.look_up(asked)


_NOTHING_FOUND: Wrong = {"empty list": lambda good: _json({"response": {"numFound": 0, "start": 0, "docs": []}})}
LOOKUP_WRONG: Wrong = {
    **TRUNCATED,
    **_NOTHING_FOUND,
    "wrong CRS": lambda good: _locatieserver(centroide_ll="POINT(190524 507615)"),
    "swapped axes": lambda good: _locatieserver(centroide_ll="POINT(52.558 5.912)"),
}

# name, path of the faults, prepare, ask, kept file, own ways to be wrong, which of these are mended, asked once or not
ENTRIES = (
    ("CBS, OGC API", "/ogc/buurten/items", prepare_collections, ask_collections, f"areas-2024-{TOWN}.zip",
     {**TRUNCATED, "wrong CRS": lambda good: _areas(lambda point: [190_000 + 70_000 * (point[0] - 5.9),
                                                                   507_000 + 111_000 * (point[1] - 52.5)]),
      "swapped axes": lambda good: _areas(lambda point: point[::-1]),
      "empty list": lambda good: _json({"features": []})}, MENDED),
    ("StatLine", "/odata/2024NED/TypedDataSet", prepare_tables, ask_statline, f"statline-2024-{TOWN}.zip",
     {**TRUNCATED, **EMPTY_VALUES}, frozenset()),
    ("RIVM", "/odata/50150NED/TypedDataSet", prepare_tables, ask_health, f"health-{TOWN}.zip",
     {**TRUNCATED, **EMPTY_VALUES}, frozenset()),
    *(
        (f"city, {protocol}", service.places, partial(prepare_city, protocol), partial(ask_city, protocol),
         "kampen_benches.zip", CITY_WRONG if protocol in {"arcgis", "wfs", "ogc", "opendatasoft", "amsterdam"}
         else FILE_WRONG if protocol in {"ckan", "file"} else TRUNCATED, MENDED)
        for protocol, service in SERVICES.items()
    ),
    ("addresses, suggest", "/suggest", prepare_addresses, partial(ask_addresses, "suggest", "oudestraat"), "",
     {**TRUNCATED, **_NOTHING_FOUND}, frozenset({"empty list"}), True),
    ("addresses, lookup", "/lookup", prepare_addresses, partial(ask_addresses, "lookup", "adr-1"), "",
     LOOKUP_WRONG, frozenset({"empty list"}), True),
)  # fmt: skip
