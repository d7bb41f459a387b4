"""Fetching the key figures of a municipality: StatLine from the newest year back, and the estimates of RIVM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.model.provenance import Provenance, Snapshot
from meetingplaces.sources import rivm, statline
from meetingplaces.sources.cbs_figures import SourceFigures
from meetingplaces.sources.endpoints import Endpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.snapshots import stored

_YEARS_BACK = 3
_INDICATORS = {statline.SOURCE_ID: statline.INDICATORS, rivm.SOURCE_ID: rivm.INDICATORS}


@dataclass
class GatheredFigures:
    """What was read, where it comes from, what failed, and which indicators nobody can know of because of that.

    `tried` has the services that were asked, with the first error of each.
    """

    sources: list[SourceFigures] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)
    failures: list[MeetingPlacesError] = field(default_factory=list)
    tried: dict[str, MeetingPlacesError | None] = field(default_factory=dict)
    failed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, source_id: str, error: MeetingPlacesError) -> None:
        """A service failed, or what it said cannot be read."""
        self.failures.append(error)
        self.tried[source_id] = self.tried.get(source_id) or error


def gather_figures(
    municipality_code: str, into: Path, door: Door, endpoints: Endpoints, *, renew: bool
) -> GatheredFigures:
    """All key figures that services have for a municipality; what fails is told, and never stops the rest.

    Parameters
    ----------
    into
        Folder of what was fetched. What is kept there is used when `renew` is off, and when a service fails.
    """
    found = GatheredFigures()
    _statline(found, municipality_code, into, door, endpoints, renew=renew)
    health = endpoints.health
    _one(
        found,
        rivm.SOURCE_ID,
        into / rivm.file_name(municipality_code),
        lambda: rivm.fetch_health(municipality_code, into, door, health),
        lambda snapshot: rivm.read_health(snapshot, health.areas_year),
        renew=renew,
    )
    known = {each for source in found.sources for each in source.observations["indicator"]}
    for source_id in found.failed:
        found.failed[source_id] = tuple(name for name in _INDICATORS[source_id] if name not in known)
    return found


def _statline(
    found: GatheredFigures, municipality_code: str, into: Path, door: Door, endpoints: Endpoints, *, renew: bool
) -> None:
    """Years from the newest back, until every indicator has a figure; in each lie some that the next does not have."""
    settings, missing = endpoints.statline, set(statline.INDICATORS)
    for year in sorted(settings.tables, reverse=True)[:_YEARS_BACK]:

        def fetch(year: int = year) -> Snapshot:
            return statline.fetch_statline(year, municipality_code, into, door, settings)

        def read(snapshot: Snapshot, year: int = year) -> SourceFigures:
            return statline.read_statline(snapshot, year)

        kept_at = into / statline.file_name(year, municipality_code)
        figures = _one(found, statline.SOURCE_ID, kept_at, fetch, read, renew=renew)
        if figures is not None:
            observations = figures.observations
            missing -= set(observations.loc[observations["status"] == "known", "indicator"])
        if not missing or (found.failures and found.failures[-1].retryable):
            return


def _one(
    found: GatheredFigures,
    source_id: str,
    kept_at: Path,
    fetch: Callable[[], Snapshot],
    read: Callable[[Snapshot], SourceFigures],
    *,
    renew: bool,
) -> SourceFigures | None:
    """The figures of one snapshot, the kept one where the service fails; `None` when there is neither."""
    figures: SourceFigures | None = None
    snapshot: Snapshot | None
    kept = stored(kept_at)
    try:
        snapshot = kept if kept and not renew else fetch()
        if snapshot is not kept:
            found.tried.setdefault(source_id, None)
    except MeetingPlacesError as error:
        found.note(source_id, error)
        snapshot = stored(kept_at)
    try:
        figures = read(snapshot) if snapshot else None
    except MeetingPlacesError as error:
        found.note(source_id, error)
    if snapshot is None or figures is None:
        found.failed[source_id] = ()
        return None
    found.sources.append(figures)
    found.provenance.append(_provenance(snapshot, figures))
    return figures


def _provenance(snapshot: Snapshot, figures: SourceFigures) -> Provenance:
    years = figures.observations["year"]
    assert snapshot.origin is not None  # noqa: S101  (what was fetched has one)
    return Provenance(
        **snapshot.origin.model_dump(),
        file=snapshot.path.name,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        retrieved_at=snapshot.retrieved_at.replace(microsecond=0),
        data_as_of=str(int(years.max())) if len(years) else None,
        url=snapshot.url,
    )
