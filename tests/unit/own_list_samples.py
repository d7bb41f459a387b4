"""Lists of places as planners have them, and a stand-in for PDOK Locatieserver that knows a few addresses."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from fault_server import Asked, FaultServer, Reply
from samples import all_categories

from meetingplaces.model.own_list import ListReading, load_own_list_rules
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
