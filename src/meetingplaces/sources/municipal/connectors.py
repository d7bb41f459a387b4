"""One door to all municipal datasets: fetch what a source of the registry holds, and read it as records."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol as Shape

from meetingplaces.model.errors import FormatError
from meetingplaces.model.municipal import MunicipalSource, Protocol
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.http import Door
from meetingplaces.sources.http_pages import fetch_pages, pages_of
from meetingplaces.sources.municipal import amsterdam, arcgis, ckan, files, ogc, opendatasoft, wfs
from meetingplaces.sources.municipal.exchange import Bounds, Conversation, Rows
from meetingplaces.sources.municipal.records import Records, records_of


class _Ask(Shape):
    def __call__(self, source: MunicipalSource, bounds: Bounds | None, limit: int = ...) -> Conversation: ...


Reader = Callable[[Iterable[bytes], MunicipalSource], Rows]


@dataclass(frozen=True)
class Connector:
    """How to talk with a kind of service, and how to read what it said. A `limit` asks for a few rows only."""

    ask: _Ask
    read: Reader


CONNECTORS: dict[Protocol, Connector] = {
    "arcgis": Connector(arcgis.conversation, arcgis.read),
    "wfs": Connector(wfs.conversation, wfs.read),
    "ogc": Connector(ogc.conversation, ogc.read),
    "opendatasoft": Connector(opendatasoft.conversation, opendatasoft.read),
    "opendatasoft_v1": Connector(opendatasoft.old_conversation, opendatasoft.read),
    "ckan": Connector(ckan.conversation, ckan.read),
    "amsterdam": Connector(amsterdam.conversation, amsterdam.read),
    "file": Connector(files.conversation, files.read),
}


def fetch_source(source: MunicipalSource, bounds: Bounds | None, into: Path, door: Door) -> Snapshot:
    """All answers of a source, untouched, in `into`/`source_id`.zip.

    Parameters
    ----------
    bounds
        West, south, east, north in EPSG:4326 of the municipality; only sources of the whole country use it.

    Raises
    ------
    SourceError
        The service failed, said something else than its protocol has, or leads elsewhere; what was there stays.
    """
    talk = CONNECTORS[source.protocol].ask(source, bounds)
    name = f"{source.source_id}.zip"
    return fetch_pages(door, talk.first, into, name, check=talk.check, next_page=talk.next_page)


def read_source(snapshot: Snapshot, source: MunicipalSource) -> Records:
    """The records in a snapshot of `fetch_source`.

    Raises
    ------
    FormatError
        It holds no rows at all, or is not what the protocol writes.
    SchemaError
        A field that the registry names is not there.
    CrsError
        The places do not lie in the Netherlands in any reading.
    """
    file = str(snapshot.path)
    try:
        rows = CONNECTORS[source.protocol].read(pages_of(snapshot), source)
    except (zipfile.BadZipFile, json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            file, "contents", f"answers of {source.protocol}", f"{type(error).__name__}: {error}"
        ) from error
    if not rows.fields and not source.by_bounds:
        raise FormatError(file, "contents", "at least one record", "none")
    return records_of(rows, source, file)
