"""Lists of places as planners have them, and a stand-in for PDOK Locatieserver that knows a few addresses."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import shapely
from fault_server import Asked, FaultServer, Reply
from samples import all_categories

from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.own_list import ListReading, OwnList, load_own_list_rules
from meetingplaces.model.provenance import Provenance
from meetingplaces.model.records import records_table
from meetingplaces.sources.locatieserver import Locatieserver
from meetingplaces.sources.own_list.reading import LIST_LIMITS, ListChoices, read_own_list
from meetingplaces.storage.locations import own_list_rules_path

RULES = load_own_list_rules(own_list_rules_path())
TODAY = date(2026, 11, 22)


def workbook(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, limits=LIST_LIMITS, kind: str | None = None, **mapping: str) -> ListReading:
    return read_own_list(path, ListChoices(mapping, kind), all_categories(), RULES, today=TODAY, limits=limits)


def codes(reading: ListReading) -> dict[int, list[str]]:
    """The problems of each row."""
    found: dict[int, list[str]] = {}
    for problem in reading.problems:
        found.setdefault(problem.row, []).append(problem.code)
    return found


def hit(street: str, number: int, postcode: str, town: str, point: str, **more: Any) -> dict[str, Any]:
    """An address as Locatieserver writes it."""
    return {"type": "adres", "straatnaam": street, "huisnummer": number, "huis_nlt": str(number), "postcode": postcode,
            "woonplaatsnaam": town, "centroide_rd": point, "score": 12.3, **more}  # fmt: skip


def reply(*hits: dict[str, Any]) -> Reply:
    docs = {"docs": list(hits)} if hits else {}
    return Reply(body=json.dumps({"response": {"numFound": len(hits), "start": 0, "maxScore": 1.0, **docs}}).encode())


class AddressServer(FaultServer):
    """Answers every question with all addresses that share a word with it, as fuzzy as the real one."""

    def __init__(self, *known: dict[str, Any]) -> None:
        super().__init__()
        self.known = known
        self.on("/free", self._answer)

    def finder(self) -> Locatieserver:
        return Locatieserver(self.door(), f"{self.url}/free")

    def _answer(self, asked: Asked) -> Reply:
        words = set(asked.query["q"][0].casefold().split())
        near = [one for one in self.known if words & set(" ".join(map(str, one.values())).casefold().split())]
        return reply(*(near or self.known[:1]))


KNOWN = (
    hit("Dorpsweg", 3, "9999AA", "Driedorp", "POINT(190250 501300)"),
    hit("Dorpsweg", 30, "9999AA", "Driedorp", "POINT(190260 501310)"),
    hit("Kerkstraat", 5, "9999AB", "Driedorp", "POINT(190350 501350)"),
    hit("Kerkstraat", 5, "9999ZZ", "Verweg", "POINT(150000 400000)"),
    hit("Molenpad", 7, "9999AC", "Driedorp", "POINT(190450 501250)", huis_nlt="7A", huisletter="A"),
)
HEADINGS = ["Naam", "Soort", "Adres", "Postcode", "Plaats", "lat", "lon", "Telefoon", "Contactpersoon"]
# Bibliotheek West, Buurthuis <b>De Spil</b> & Co and Pluktuin are in OpenStreetMap (see samples.py).
CENTRES = [
    ["Bibliotheek West", "bibliotheek", "", "", "", 52.49602, 5.89101, "038 123 45 67", "Jan Jansen"],
    ["BUURTHUIS B DE SPIL B & CO", "buurthuis", "", "", "", 52.4971, 5.8921, "", "Piet Pietersen"],
    ["Pluktuin Driedorp", "buurttuin", "", "", "", 52.5031, 5.8915, "", ""],
    ["Wijkcentrum De Molen", "wijkcentrum", "Dorpsweg 3", "9999 AA", "Driedorp", None, None, "06 12345678", ""],
    ["Dorpshuis Ons Huis", "dorpshuis", "Kerkstraat 5", "", "driedorp", None, None, "", ""],
    ["Inloop De Haven", "inloop", "Molenpad 7a", "9999AC", "", None, None, "", ""],
    ["Jongerencentrum Zwart", "jongerencentrum", "", "", "", 52.4985, 5.9045, "", ""],
    ["Buurthuis Nergens", "buurthuis", "Dorpsweg 300", "9999AA", "Driedorp", None, None, "", ""],
    ["Buurthuis Spook", "buurthuis", "Spookstraat 1", "", "Driedorp", None, None, "", ""],
    [
        '=HYPERLINK("http://kwaad.example","Buurthuis Fout")',
        "buurthuis",
        "Dorpsweg 3",
        "9999AA",
        "",
        None,
        None,
        "",
        "",
    ],
]


def origin(source_id: str = "own_buurthuizen") -> Provenance:
    return Provenance(
        source_id=source_id, title="Buurthuizen", publisher="Gemeente Driedorp", licence="unknown", licence_url="",
        attribution="Gemeente Driedorp", file="buurthuizen.xlsx", size_bytes=1, sha256="0" * 64,
        retrieved_at=datetime(2026, 11, 22, tzinfo=UTC), data_as_of="2026-11-01",
    )  # fmt: skip


def own_list(*rows: tuple[str, str, str | None, float, float], source_id: str = "own_buurthuizen") -> OwnList:
    """Rows of identifier, kind, name, longitude and latitude."""
    points = gpd.GeoSeries([shapely.Point(x, y) for *_, x, y in rows], crs=WGS84).to_crs(RD_NEW)
    records = [
        {"record_id": f"{source_id}/{own}", "source_id": source_id, "kind": kind, "name": name, "geometry": point,
         "phone": "038 1234567", "data_as_of": "2026-11-01"}
        for (own, kind, name, *_), point in zip(rows, points, strict=True)
    ]  # fmt: skip
    return OwnList(origin(source_id), records_table(records))
