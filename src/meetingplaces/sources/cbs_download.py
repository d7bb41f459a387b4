"""The file of CBS neighbourhoods: from the network, or one that is on this machine already."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from meetingplaces.model.errors import InputError
from meetingplaces.model.provenance import Origin, Snapshot
from meetingplaces.sources.cbs_areas import read_areas
from meetingplaces.sources.http import Answer, Door, Limits, Request
from meetingplaces.sources.snapshots import stored

CBS = Origin(
    source_id="cbs",
    title="Wijk- en buurtkaart met kerncijfers",
    publisher="CBS, Kadaster",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution="Bron: CBS, Kadaster",
)
_CURRENT_FOR = timedelta(hours=20)
_LIMITS = Limits(total_s=3600.0, body_bytes=4 << 30)


def areas_file(
    address: str, municipality_code: str, into: Path, door: Door, *, renew: bool, limits: Limits = _LIMITS
) -> Snapshot:
    """The file at `address`, in which the municipality can be read.

    Parameters
    ----------
    address
        A web address whose last part ends as the format does (.gpkg, .geojson, …), or a path.
    into
        Folder where a file from the network is kept, for all municipalities together.
    renew
        Fetch it also when it was kept before, unless that was within a day: one file serves every municipality.

    Raises
    ------
    SourceError
        It cannot be fetched, or is not what it should be; a file that was kept before still is.
    UnknownMunicipalityError
        It does not hold this municipality.
    """
    if "://" not in address:
        return Snapshot.of_file(Path(address))
    name = Path(urlsplit(address).path).name or "areas.gpkg"
    kept = stored(into / name)
    if kept and (not renew or door.clock.now() - kept.retrieved_at < _CURRENT_FOR):
        return kept

    def check(answer: Answer) -> None:
        try:
            read_areas(Snapshot.of_file(answer.path), municipality_code)
        except InputError as error:
            raise answer.wrong(error.expected, f"{error.where}: {error.found}; {answer.kind()}") from error

    return door.fetch(Request(address, CBS, limits=limits), into, name, check)
