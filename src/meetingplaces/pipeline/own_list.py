"""From a list that was read to a source of the municipality: addresses looked up, far rows left out, records made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import shapely

from meetingplaces.model.errors import SchemaError
from meetingplaces.model.own_list import Address, Fatal, ListReading, ListRow, OwnList, Problem
from meetingplaces.model.plain_text import plain_words
from meetingplaces.model.provenance import Provenance, Snapshot
from meetingplaces.model.records import record_id_of, records_table
from meetingplaces.model.source_errors import SourceError
from meetingplaces.sources.locatieserver import NotFound

Finder = Callable[[Address], shapely.Point | NotFound]
"""Where an address is, in RD New, or why that is not known; `Locatieserver.find` is one."""

# For more addresses a copy of the register is the right way, not a service that others need too.
MOST_ADDRESSES = 1_000
# A service that failed so often in a row is down; asking on helps nobody.
_GIVE_UP_AFTER = 3


@dataclass(frozen=True)
class ListTerms:
    """What a list is called and on what terms its places may be shown."""

    title: str
    publisher: str
    licence: str = "unknown"
    data_as_of: date | None = None

    @property
    def source_id(self) -> str:
        """`own_` and the words of the title; a list with the same title takes the place of the old one."""
        return "own_" + "_".join(plain_words(self.title))[:60]


def placed(reading: ListReading, find: Finder | None, area: shapely.Geometry | None, margin_m: float) -> ListReading:
    """The list with a position for every row whose address was found, and with what is wrong with the others.

    Parameters
    ----------
    find
        Looks an address up; `None` when nothing may be asked, then rows without coordinates stay without position.
    area
        The municipality in RD New; rows more than `margin_m` outside it are left out. `None` when it is not known.
    """
    problems = list(reading.problems)
    search = _Search(find)
    points: dict[int, shapely.Point] = {}
    for row in (row for row in reading.sound if row.point is None):
        found = search.find(row.address)
        if not isinstance(found, shapely.Point):
            problems.append(Problem(row.row, found, reading.mapping.get("address", ""), _looked_for(row.address)))
        else:
            points[row.row] = found
    rows = tuple(replace(row, point=points.get(row.row, row.point)) for row in reading.rows)
    for row in rows:
        if area is not None and row.point is not None and row.point.distance(area) > margin_m:
            told = f"{row.point.distance(area) / 1000:.1f} km"
            problems.append(Problem(row.row, "outside_municipality", "", told))
    return replace(reading, rows=rows, problems=tuple(sorted(problems, key=lambda problem: problem.row)))


def own_list_of(reading: ListReading, upload: Snapshot, terms: ListTerms) -> OwnList:
    """The accepted rows as records of a source of their own.

    An identifier is made of name and address, so that a row keeps it when the list is uploaded anew in another order.

    Raises
    ------
    SchemaError
        No row can be accepted, or the title has no word in it.
    """
    accepted = reading.accepted
    if not accepted or not plain_words(terms.title):
        found = f"{len(accepted)} of {len(reading.rows)} rows"
        raise SchemaError(reading.file, "its rows", "a title, and one or more rows that can be placed", found)
    counted: Counter[str] = Counter()
    as_of = terms.data_as_of.isoformat() if terms.data_as_of else None
    rows = [
        {
            "record_id": record_id_of(terms.source_id, _identity(row, counted)),
            "source_id": terms.source_id,
            "kind": row.kind,
            "name": row.name,
            "address": row.address.written,
            "opening_hours": row.opening_hours,
            "website": row.website,
            "phone": row.phone,
            "email": row.email,
            "data_as_of": as_of,
            "geometry": row.point,
        }
        for row in accepted
    ]
    return OwnList(_provenance(reading, upload, terms), records_table(rows))


class _Search:
    """Looks up one address after the other, each only once, and stops when the service is down."""

    def __init__(self, find: Finder | None) -> None:
        self._find = find
        self._known: dict[Address, shapely.Point | NotFound] = {}
        self._failures = 0

    def find(self, address: Address) -> shapely.Point | Fatal:
        """The position, or the code of the problem."""
        if self._find is None:
            return "not_geocoded"
        if address in self._known:
            return self._known[address]
        if len(self._known) >= MOST_ADDRESSES:
            return "too_many_addresses"
        if self._failures >= _GIVE_UP_AFTER:
            return "geocoder_failed"
        try:
            self._known[address] = self._find(address)
        except SourceError:
            self._failures += 1
            return "geocoder_failed"
        self._failures = 0
        return self._known[address]


def _looked_for(address: Address) -> str:
    return " ".join(part for part in (address.street, address.number, address.postcode, address.town) if part)


def _identity(row: ListRow, counted: Counter[str]) -> str:
    spot = "" if row.address.complete else shapely.to_wkt(row.point, rounding_precision=0)
    identity = " ".join(plain_words(f"{row.name or ''} {_looked_for(row.address)} {spot}"))
    counted[identity] += 1
    return identity if counted[identity] == 1 else f"{identity} {counted[identity]}"


def _provenance(reading: ListReading, upload: Snapshot, terms: ListTerms) -> Provenance:
    return Provenance(
        source_id=terms.source_id,
        title=terms.title,
        publisher=terms.publisher,
        licence=terms.licence,
        licence_url="",
        attribution=terms.publisher,
        file=reading.file,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        retrieved_at=upload.retrieved_at.replace(microsecond=0),
        data_as_of=terms.data_as_of.isoformat() if terms.data_as_of else None,
    )
