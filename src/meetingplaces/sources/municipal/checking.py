"""One small question to a source of the registry, and what its answer has that the registry does not say."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from meetingplaces.model.errors import CrsError, MeetingPlacesError
from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Door, Limits
from meetingplaces.sources.municipal import portals
from meetingplaces.sources.municipal.connectors import CONNECTORS
from meetingplaces.sources.municipal.exchange import Rows
from meetingplaces.sources.municipal.placing import in_rd_new
from meetingplaces.sources.municipal.points import points_of
from meetingplaces.sources.municipal.records import field_names

_BRIEF = Limits(connect_s=10.0, read_s=20.0, total_s=60.0, body_bytes=50 << 20)


@dataclass(frozen=True)
class SourceCheck:
    """What came of asking one source.

    `status`: fine, differs (it answers, but not as the registry says) or failed (`error`). `differences` are codes:
    `field_missing:<name>`, `crs_guessed:<system>`, `axes_swapped`, `outside_netherlands`, `no_shapes`. `found` are the
    fields of its rows, or for a portal the names that look promising.
    """

    source_id: str
    status: Literal["fine", "differs", "failed"]
    differences: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    error: MeetingPlacesError | None = None


def check_source(source: MunicipalSource, door: Door) -> SourceCheck:
    """Ask a source once, for as little as it gives, and compare the answer with the registry; no error of ours."""
    try:
        differences, found = _compared(source, door)
    except MeetingPlacesError as error:
        return SourceCheck(source.source_id, "failed", error=error)
    return SourceCheck(source.source_id, "differs" if differences else "fine", differences, found)


def _compared(source: MunicipalSource, door: Door) -> tuple[tuple[str, ...], tuple[str, ...]]:
    connector = CONNECTORS[source.protocol]
    talk = portals.listing(source) if source.use == "portal" else connector.ask(source, None, limit=1)
    with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
        request = replace(talk.first, limits=_BRIEF, tries=1)
        answer, _ = door.ask(request, Path(folder) / "answer", talk.check)
        if source.use == "portal":
            names = portals.names_in(answer, source)
            return (), tuple(name for name in names if portals.PROMISING.search(name)) or tuple(names[:5])
        if source.protocol == "ckan":  # its first answer only says where the file is, and that it is there
            return (), ()
        rows = connector.read([answer.content()], source)
    return _differences(rows, source), tuple(dict.fromkeys(name for fields in rows.fields for name in fields))


def _differences(rows: Rows, source: MunicipalSource) -> tuple[str, ...]:
    names, missing = field_names(rows, source)
    told = [f"field_missing:{name}" for name in missing]
    located = points_of(rows, source.fields, names, rows.repairs)
    try:
        shapes, _, notes = in_rd_new(located, rows.crs, source.source_id)
    except CrsError:
        return (*told, "outside_netherlands")
    # That rows have a shape at all is what makes them places; a table of addresses is read, but has to say so.
    without = all(shape is None for shape in shapes) and not source.fields.address
    return (*told, *notes, *(["no_shapes"] if without else []))
