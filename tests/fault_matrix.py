"""Every service against every fault, over real HTTP: what becomes of it, and the table that says so.

A new service is one more entry of `SERVICES`. The table is written with `python tests/fault_matrix.py`.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from pathlib import Path

import shapely
from fault_matrix_data import ENTRIES
from fault_server import BRISK, ORIGIN, Answering, Asked, FaultServer, Reply
from geofabrik_standin import UPDATES, GeofabrikStandIn, extract_file
from samples import BUURTEN, MUNICIPALITY, areas_file

from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceError
from meetingplaces.sources.cbs_download import areas_file as fetch_areas
from meetingplaces.sources.geofabrik import Geofabrik
from meetingplaces.sources.http import Answer, Limits, Request
from meetingplaces.sources.http_pages import fetch_pages
from meetingplaces.sources.overpass import Overpass
from meetingplaces.sources.overpass_query import OverpassQuestion
from meetingplaces.sources.snapshots import stored

TABLE = Path(__file__).parents[1] / "docs" / "fault-matrix.md"
DAY_S = 86_400.0
HURRIED = Limits(connect_s=5.0, read_s=0.2, total_s=0.3, body_bytes=1 << 20)
"""For what never comes: waiting longer would not help."""
HTML = Reply(body=b"<!DOCTYPE html><html><body>Onderhoud</body></html>")
OSM = "n1 x5.9 y52.5 Tleisure=park"
QUESTION = OverpassQuestion((5.89, 52.49, 5.91, 52.51), {"leisure": frozenset({"park"})}, {})
TOWN = shapely.box(5.85, 52.5, 5.95, 52.6)


@dataclass(frozen=True, eq=False)
class Service:
    """One thing that is fetched: how, where faults are put, and its own ways to be wrong.

    `prepare(server, folder)` lets the server answer well. `fetch(server, folder, limits)` asks. What is `mended` does
    no harm, as it is recognised. A service is `asked_once` when a visitor waits for it; then nothing is kept of it.
    """

    name: str
    path: str
    prepare: Callable[[FaultServer, Path], None]
    fetch: Callable[[FaultServer, Path, Limits], object]
    kept: str
    wrong: dict[str, Callable[[bytes], Answering]] = field(default_factory=dict)
    mended: frozenset[str] = frozenset()
    asked_once: bool = False


def _json(content: object) -> Reply:
    return Reply(body=json.dumps(content).encode())


# --- Overpass ---------------------------------------------------------------------------------------------------------


def _node(lon: float, lat: float) -> Reply:
    node = {"type": "node", "id": 1, "lat": lat, "lon": lon, "tags": {"leisure": "park"}}
    return _json({"osm3s": {"timestamp_osm_base": "2026-11-20T20:21:00Z"}, "elements": [node]})


def _prepare_overpass(server: FaultServer, folder: Path) -> None:
    server.on("/api/status", Reply(body=b"Rate limit: 0"))
    server.on("/api/interpreter", _node(5.9, 52.5))


def _fetch_overpass(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    overpass = Overpass(server.door(), (server.url + "/api/interpreter",), folder / "state", limits)
    return overpass.fetch(QUESTION, folder / "kept", "osm.zip")


OVERPASS = Service(
    "Overpass", "/api/interpreter", _prepare_overpass, _fetch_overpass, "osm.zip",
    {
        "truncated": lambda good: Reply(body=good[:-9]),
        "wrong CRS": lambda good: _node(193_000.0, 507_000.0),
        "swapped axes": lambda good: _node(52.5, 5.9),
        "empty list": lambda good: _json({"elements": []}),
        "remark": lambda good: _json({"elements": [], "remark": "runtime error: open64: 2 No such file"}),
    },
)  # fmt: skip

# --- Geofabrik --------------------------------------------------------------------------------------------------------


def _prepare_geofabrik(server: FaultServer, folder: Path) -> None:
    GeofabrikStandIn(server, extract_file(folder / "published.osm.pbf", OSM))


def _prepare_changes(server: FaultServer, folder: Path) -> None:
    """Yesterday's extract is there; today there is one change."""
    online = GeofabrikStandIn(server, extract_file(folder / "published.osm.pbf", OSM))
    _fetch_geofabrik(server, folder, BRISK)
    server.clock.sleep(DAY_S)
    online.changed(2840, '<create><node id="2" version="1" lat="52.5" lon="5.9"/></create>')


def _fetch_geofabrik(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    return Geofabrik(server.door(), server.url + "/index-v1.json", folder / "kept", limits, limits).extract_around(TOWN)


def _regions(outline: Callable[[object], object]) -> Callable[[bytes], Reply]:
    """The index with every outline changed."""

    def wrong(good: bytes) -> Reply:
        index = json.loads(good)
        for region in index["features"]:
            region["geometry"]["coordinates"] = outline(region["geometry"]["coordinates"])
        return _json(index)

    return wrong


def _swapped(coordinates: object) -> object:
    if isinstance(coordinates[0], list):
        return [_swapped(part) for part in coordinates]
    return coordinates[::-1]


def _in_metres(coordinates: object) -> object:
    if isinstance(coordinates[0], list):
        return [_in_metres(part) for part in coordinates]
    return [coordinates[0] * 111_319, coordinates[1] * 170_000]


INDEX = Service(
    "Geofabrik, index", "/index-v1.json", _prepare_geofabrik, _fetch_geofabrik, "geofabrik-index.json",
    {
        "truncated": lambda good: Reply(body=good[:-9]),
        "wrong CRS": _regions(_in_metres),
        "swapped axes": _regions(_swapped),
        "empty list": lambda good: _json({"features": []}),
    },
)  # fmt: skip
EXTRACT = Service(
    "Geofabrik, extract", "/overijssel-latest.osm.pbf", _prepare_geofabrik, _fetch_geofabrik,
    "overijssel-latest.osm.pbf",
    {
        "truncated": lambda good: Reply(body=good[:-9]),
        "empty list": lambda good: Reply(body=b""),
        "wrong md5": lambda good: Reply(body=good + b"x"),
    },
)  # fmt: skip
CHANGES = Service(
    "Geofabrik, changes", f"{UPDATES}/000/002/840.osc.gz", _prepare_changes, _fetch_geofabrik,
    "overijssel-latest.osm.pbf",
    {"truncated": lambda good: Reply(body=good[:-9]), "empty list": lambda good: Reply(body=b"")},
)  # fmt: skip

# --- CBS --------------------------------------------------------------------------------------------------------------


def _prepare_areas(server: FaultServer, folder: Path) -> None:
    server.on("/areas.geojson", Reply(body=areas_file(folder / "published.geojson", *BUURTEN).read_bytes()))


def _fetch_areas(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    return fetch_areas(
        server.url + "/areas.geojson", MUNICIPALITY, folder / "kept", server.door(), renew=True, limits=limits
    )


AREAS = Service(
    "CBS, areas file", "/areas.geojson", _prepare_areas, _fetch_areas, "areas.geojson",
    {
        "truncated": lambda good: Reply(body=good[:-9]),
        "wrong CRS": _regions(_in_metres),
        "swapped axes": _regions(_swapped),
        "empty list": lambda good: _json({"type": "FeatureCollection", "features": []}),
    },
    frozenset({"swapped axes"}),
)  # fmt: skip

# --- pages ------------------------------------------------------------------------------------------------------------


def _page(number: int, following: str | None) -> Reply:
    links = [{"rel": "next", "href": following}] if following else []
    return _json({"features": [{"id": number}], "links": links, "filler": "x" * 5000})


def _prepare_pages(server: FaultServer, folder: Path) -> None:
    server.on("/items", lambda asked: _page(2, None) if "cursor" in asked.query else _page(1, "?cursor=a"))


def _some_features(answer: Answer) -> str | None:
    if not answer.json()["features"]:
        raise answer.wrong("features", "an empty list")
    return None


def _next_link(answer: Answer) -> str | None:
    return next((link["href"] for link in answer.json()["links"] if link["rel"] == "next"), None)


def _fetch_items(server: FaultServer, folder: Path, limits: Limits) -> Snapshot:
    request = Request(server.url + "/items", ORIGIN, limits=limits)
    return fetch_pages(server.door(), request, folder / "kept", "items.zip", check=_some_features, next_page=_next_link)


def _endless(asked: Asked) -> Reply:
    number = int(asked.query.get("cursor", ["0"])[0]) + 1
    return _page(number, f"?cursor={number}")


PAGES = Service(
    "any service with pages", "/items", _prepare_pages, _fetch_items, "items.zip",
    {
        "truncated": lambda good: Reply(body=good[:-9]),
        "empty list": lambda good: _json({"features": [], "links": []}),
        "duplicate pages": lambda good: _page(1, "?cursor=a"),
        "endless paging": lambda good: _endless,
    },
)  # fmt: skip

SERVICES = (OVERPASS, INDEX, EXTRACT, CHANGES, AREAS, PAGES, *(Service(*entry) for entry in ENTRIES))

# --- faults -----------------------------------------------------------------------------------------------------------

BOMB = Reply(body=gzip.compress(bytes(20 << 20)), headers={"Content-Encoding": "gzip"})
ELSEWHERE = Reply(302, headers={"Location": "http://example.org/items"})
COMMON: dict[str, Callable[[bytes], Answering] | None] = {
    "connection refused": None,
    "reset mid-body": lambda good: Reply(body=good, how="reset"),
    "slow drip": lambda good: Reply(body=good.ljust(500), how="drip"),
    "timeout": lambda good: Reply(how="hang"),
    **{str(status): lambda good, status=status: Reply(status) for status in (400, 403, 406)},
    "429": lambda good: Reply(429),
    "429, Retry-After: 75": lambda good: Reply(429, headers={"Retry-After": "75"}),
    **{str(status): lambda good, status=status: Reply(status) for status in (500, 502, 503, 504)},
    "HTML page": lambda good: HTML,
    "redirect to another host": lambda good: ELSEWHERE,
    "gigantic body": lambda good: Reply(body=b"x" * 50_000, how="endless"),
    "gigantic by its header": lambda good: Reply(headers={"Content-Length": str(1 << 40)}),
    "gzip bomb": lambda good: BOMB,
}
OWN = (
    "truncated",
    "wrong CRS",
    "swapped axes",
    "empty list",
    "remark",
    "duplicate pages",
    "endless paging",
    "wrong md5",
)
FAULTS = (*COMMON, *OWN)
WAITED_FOR = {"slow drip", "timeout"}
LASTING = {"duplicate pages", "endless paging"}
"""Once is no fault at all."""


@dataclass(frozen=True)
class Cell:
    """What became of a fault: `code` is "fine" or that of the error; `pauses` in seconds; how many requests it took.

    `kept` tells whether, after a failure, the snapshot of before is still there and whole.
    """

    code: str
    pauses: tuple[float, ...]
    requests: int
    kept: bool


@cache
def outcome(service: Service, fault: str, *, stays: bool) -> Cell | None:
    """What becomes of a fault that passes after one answer, or stays; None where the service cannot have it."""
    if fault in OWN and fault not in service.wrong:
        return None
    with FaultServer() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        service.prepare(server, folder)
        kept = _before(service, server, folder)
        slept = len(server.clock.slept)
        server.log.clear()
        _break(service, fault, server, folder, stays=stays or fault in LASTING)
        code = "fine"
        try:
            service.fetch(server, folder, HURRIED if stays and fault in WAITED_FOR else BRISK)
        except SourceError as error:
            code = error.code
        untouched = kept is None or stored(folder / "kept" / service.kept) == kept
        return Cell(code, tuple(server.clock.slept[slept:]), len(server.asked(service.path)), untouched)


def _before(service: Service, server: FaultServer, folder: Path) -> Snapshot | None:
    """What a good fetch keeps, aged until it is due again. What comes before changes is kept already.

    An extract is downloaded only while there is none, so there nothing is kept.
    """
    if service is EXTRACT:
        return None
    if service is not CHANGES:
        service.fetch(server, folder, BRISK)
        server.clock.sleep(31 * DAY_S)
    return stored(folder / "kept" / service.kept)


def _break(service: Service, fault: str, server: FaultServer, folder: Path, *, stays: bool) -> None:
    if fault == "connection refused":
        server.stop()
        if not stays:
            server.clock.when_slept = lambda: _again(server)
        return
    good = server._replies[service.path][0]
    example = good(_plain_request(service)) if callable(good) else good
    bad = (COMMON.get(fault) or service.wrong[fault])(example.body)
    server.on(service.path, *([bad] if stays else [bad, good]))


def _again(server: FaultServer) -> None:
    server.clock.when_slept = lambda: None
    server.start()


def _plain_request(service: Service) -> Asked:
    return Asked("GET", service.path, {}, Message(), b"", 0.0)


# --- the table --------------------------------------------------------------------------------------------------------

_HEAD = """\
# What becomes of a fault

Made by `python tests/fault_matrix.py` from real requests to a real server on one machine; a test fails when this table
is not what the code does. Each cell holds two runs: the fault comes **once** and then the service is well, and the
fault **stays**.

- `✓ 30 s`: it went well after waiting so long in all; `✓`: it went well without waiting.
- After the arrow: the error when the fault stays. One name alone: an error at once, since asking again does not help,
  or, for addresses, since a visitor waits for the answer.
- –: the service cannot have this fault.

In every cell that ends in an error the snapshot that was kept before is still there, untouched, and so is the bundle.
The pauses are those of a clock that the test brings along, with a fixed seed for what is random in them.

"""


def table() -> str:
    """The whole file."""
    heads = ["fault", *(service.name for service in SERVICES)]
    rows = [heads, ["---"] * len(heads)]
    rows += [[fault, *(_told(service, fault) for service in SERVICES)] for fault in FAULTS]
    return _HEAD + "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def _told(service: Service, fault: str) -> str:
    once, stays = outcome(service, fault, stays=False), outcome(service, fault, stays=True)
    if once is None or stays is None:
        return "–"
    if once.code != "fine":
        return once.code.removeprefix("source_")
    waited = f"✓ {sum(once.pauses):.0f} s" if once.pauses else "✓"
    return waited if stays.code == "fine" else f"{waited} → {stays.code.removeprefix('source_')}"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    sys.exit()
