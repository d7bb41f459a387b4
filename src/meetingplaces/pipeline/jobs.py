"""Adding a municipality from nothing, and refreshing one: fetch what is due, build anew, tell what changed.

A job changes nothing until its bundle is whole: it fetches into the cache, builds in memory, and the bundle is replaced
in one step at the end. Killed or failed before that, everything is as it was.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args

import shapely

from meetingplaces.model.categories import Categories
from meetingplaces.model.crs import WGS84
from meetingplaces.model.errors import BundleMissingError, MeetingPlacesError
from meetingplaces.model.municipal import Registry
from meetingplaces.model.own_list import OWN_LIST_ID
from meetingplaces.model.progress import Progress
from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceError
from meetingplaces.pipeline.boxes import WALKING_MARGIN_M, box_around, places_question
from meetingplaces.pipeline.build import STAGES, Ingredients, extract_wishes, make_bundle
from meetingplaces.pipeline.changes import Changed, changes
from meetingplaces.pipeline.facts import cbs_provenance, osm_provenance
from meetingplaces.pipeline.figure_sources import GatheredFigures, gather_figures
from meetingplaces.pipeline.municipal_sources import GatheredRecords, gather_records
from meetingplaces.sources.cbs_areas import CbsAreas, read_areas
from meetingplaces.sources.cbs_download import CBS
from meetingplaces.sources.cbs_figures import SourceFigures, read_figures
from meetingplaces.sources.cbs_service import areas_snapshot
from meetingplaces.sources.endpoints import Endpoints
from meetingplaces.sources.geofabrik import Geofabrik
from meetingplaces.sources.http import Door
from meetingplaces.sources.osm_crop import crop
from meetingplaces.sources.osm_extract import read_extract
from meetingplaces.sources.osm_origin import OSM
from meetingplaces.sources.overpass import Overpass
from meetingplaces.sources.overpass_answer import read_overpass
from meetingplaces.storage.bundle import Bundle, open_bundle
from meetingplaces.storage.jobs import Record, only_job, recorded
from meetingplaces.storage.own_lists import own_lists

Kind = Literal["places", "areas", "figures", "municipal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can be refreshed by itself."""
REFRESH_STAGES = ("areas", "province", "extract", "figures", "municipal",
                  *(stage for stage in STAGES if stage not in {"areas", "extract"}))  # fmt: skip
ADD_STAGES = ("areas", "overpass", *(stage for stage in STAGES if stage not in {"areas", "extract", "walk"}),
              *REFRESH_STAGES[1:])  # fmt: skip
_SOURCE_OF = {"places": "osm", "areas": "cbs", "figures": "cbs_statline"}


@dataclass(frozen=True)
class Workshop:
    """Where jobs work: the folder of the bundles, that of what was fetched, and the way to the network."""

    data: Path
    cache: Path
    door: Door
    endpoints: Endpoints
    categories: Categories
    registry: Registry = field(default_factory=lambda: Registry({}))
    """Datasets of municipalities to ask."""


@dataclass(frozen=True)
class Outcome:
    """The bundle as it is now, what changed in its places, and what failed without stopping the job.

    `done` is empty when nothing was due.
    """

    bundle: Bundle
    done: tuple[Kind, ...]
    changed: Changed
    failures: tuple[MeetingPlacesError, ...] = ()


def add(municipality_code: str, workshop: Workshop, tell: Progress) -> Outcome:
    """Make the bundle of a municipality from the network, or make it anew.

    Where there is none yet, its places come from Overpass first, so that there is a map within a minute; then all of
    it from the extract of the province. When Overpass fails the extract may still do, and the other way around the
    map stays.

    Raises
    ------
    JobBusyError
        Another job is running.
    MeetingPlacesError
        The areas or the extract cannot be had or do not fit.
    """
    data = workshop.data
    with only_job(data), recorded(data, municipality_code, len(ADD_STAGES), tell) as record:
        before = _bundle_before(municipality_code, workshop)
        work = _Work(municipality_code, workshop, record, _areas(municipality_code, workshop, record, renew=False))
        record.tried(CBS.source_id)
        if before is None:
            try:
                work.quick()
            except SourceError as error:
                work.failures.append(error)
                record.end("overpass", {"failed": 1})
        bundle = work.whole(renew=KINDS)
        return Outcome(bundle, KINDS, _changed(before, bundle), tuple(work.failures))


def refresh(
    municipality_code: str,
    workshop: Workshop,
    tell: Progress,
    *,
    only: Collection[Kind] = KINDS,
    older_than: timedelta = timedelta(0),
) -> Outcome:
    """Bring the bundle of a municipality up to date, as far as `only` says and its sources are `older_than`.

    Raises
    ------
    BundleMissingError
        There is none; see `add`.
    JobBusyError
        Another job is running.
    MeetingPlacesError
        A source cannot be had or does not fit; the bundle is as it was.
    """
    with only_job(workshop.data):
        before = open_bundle(workshop.data, municipality_code)
        due = tuple(kind for kind in KINDS if kind in only and _age(before, kind, workshop) >= older_than)
        if not due:
            return Outcome(before, (), changes(before.places(), before.places()))
        with recorded(workshop.data, municipality_code, len(REFRESH_STAGES), tell) as record:
            areas = _areas(municipality_code, workshop, record, renew="areas" in due)
            work = _Work(municipality_code, workshop, record, areas)
            bundle = work.whole(renew=due)
            return Outcome(bundle, due, _changed(before, bundle), tuple(work.failures))


def _age(bundle: Bundle, kind: Kind, workshop: Workshop) -> timedelta:
    """How long ago the source was fetched; a source that is not there yet is as old as can be."""
    if kind == "municipal":
        if _own_lists_differ(bundle, workshop):
            return timedelta.max
        names = {source.source_id for source in workshop.registry.places_of(bundle.manifest.municipality_code)}
        if not names:
            return timedelta(0) - timedelta.resolution  # there is nothing to ask, so it is never due
    else:
        names = {_SOURCE_OF[kind]}
    fetched = [one.retrieved_at for one in bundle.manifest.sources if one.source_id in names]
    return workshop.door.clock.now() - max(fetched) if fetched else timedelta.max


def _own_lists_differ(bundle: Bundle, workshop: Workshop) -> bool:
    """Whether an own list was accepted, replaced or removed since the bundle was made."""
    now = {own.provenance.sha256 for own in own_lists(workshop.data, bundle.manifest.municipality_code)}
    then = {one.sha256 for one in bundle.manifest.sources if re.fullmatch(OWN_LIST_ID, one.source_id)}
    return now != then


def _bundle_before(municipality_code: str, workshop: Workshop) -> Bundle | None:
    try:
        return open_bundle(workshop.data, municipality_code)
    except BundleMissingError:
        return None


def _changed(before: Bundle | None, after: Bundle) -> Changed:
    places = after.places()
    return changes(before.places() if before else places.iloc[:0], places)


@dataclass(frozen=True)
class _Areas:
    snapshot: Snapshot
    table: CbsAreas
    figures: SourceFigures


def _areas(municipality_code: str, workshop: Workshop, tell: Record, *, renew: bool) -> _Areas:
    """The neighbourhoods, fetched anew or as they were kept."""
    tell.begin("areas")
    cbs, into = workshop.endpoints.cbs, workshop.cache / "cbs"
    with tell.trying(CBS.source_id, asked=renew):
        snapshot = areas_snapshot(cbs, municipality_code, into, workshop.door, renew=renew)
    table = read_areas(snapshot, municipality_code)
    tell.end("areas", {"neighbourhoods": len(table.neighbourhoods)})
    return _Areas(snapshot, table, read_figures(snapshot, municipality_code))


@dataclass(frozen=True)
class _Work:
    """The two ways to a bundle, given the areas."""

    municipality_code: str
    workshop: Workshop
    tell: Record
    areas: _Areas
    failures: list[MeetingPlacesError] = field(default_factory=list)
    """What failed without stopping the job."""

    def quick(self) -> Bundle:
        """Places only, by Overpass."""
        shop, neighbourhoods = self.workshop, self.areas.table.neighbourhoods
        self.tell.begin("overpass")
        question = places_question(neighbourhoods, shop.categories)
        overpass = Overpass(shop.door, shop.endpoints.overpass.mirrors, shop.cache / "overpass")
        with self.tell.trying(OSM.source_id):
            snapshot = overpass.fetch(question, shop.cache / "overpass", f"{self.municipality_code}.zip")
        found = read_overpass(snapshot, question)
        self.tell.end("overpass", {"features": len(found.features)})
        sources = (osm_provenance(snapshot, found), cbs_provenance(self.areas.snapshot, self.areas.table))
        told = (self.areas.figures,)
        ingredients = Ingredients(self.municipality_code, self.areas.table, found, sources, told)
        return make_bundle(ingredients, shop.data, shop.categories, self.tell, with_walking=False)

    def whole(self, *, renew: Collection[Kind]) -> Bundle:
        """Everything, by the extract of the province."""
        shop, neighbourhoods = self.workshop, self.areas.table.neighbourhoods
        geofabrik = Geofabrik(shop.door, shop.endpoints.geofabrik.index, shop.cache / "geofabrik")
        self.tell.begin("province")
        outline = shapely.union_all(neighbourhoods.to_crs(WGS84).geometry.to_numpy())
        with self.tell.trying(OSM.source_id, asked="places" in renew):
            snapshot = geofabrik.extract_around(outline, renew="places" in renew)
        self.tell.end("province", {"bytes": snapshot.size_bytes})

        self.tell.begin("extract")
        wishes = extract_wishes(shop.categories)
        with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
            box = box_around(neighbourhoods, WALKING_MARGIN_M)
            cut = crop(snapshot.path, box, wishes, Path(folder) / snapshot.path.name)
            found = read_extract(Snapshot.of_file(cut), wishes)
        self.tell.end("extract", {"features": len(found.features)})
        sources = (osm_provenance(snapshot, found), cbs_provenance(self.areas.snapshot, self.areas.table))
        more = self._figures(renew="figures" in renew)
        told = (self.areas.figures, *more.sources)
        municipal = self._municipal(renew="municipal" in renew)
        every = (*sources, *more.provenance, *municipal.provenance)
        ingredients = Ingredients(self.municipality_code, self.areas.table, found, every, told, more.failed, municipal)
        return make_bundle(ingredients, shop.data, shop.categories, self.tell)

    def _figures(self, *, renew: bool) -> GatheredFigures:
        """Key figures that the file of areas does not have; a service that fails does not stop the job."""
        shop = self.workshop
        self.tell.begin("figures")
        found = gather_figures(self.municipality_code, shop.cache / "figures", shop.door, shop.endpoints, renew=renew)
        self._told("figures", found.tried, found.failures, len(found.sources))
        return found

    def _municipal(self, *, renew: bool) -> GatheredRecords:
        """Records of the datasets of the municipality; one that fails does not stop the job."""
        shop = self.workshop
        self.tell.begin("municipal")
        bounds = box_around(self.areas.table.neighbourhoods, shop.categories.thresholds.outside_margin_m)
        into = shop.cache / "municipal"
        found = gather_records(self.municipality_code, bounds, into, shop.door, shop.registry, renew=renew)
        self._told("municipal", found.tried, found.failures, len(found.tables))
        return found

    def _told(
        self,
        stage: str,
        tried: Mapping[str, MeetingPlacesError | None],
        failures: Collection[MeetingPlacesError],
        sources: int,
    ) -> None:
        """A stage that asks several sources is done; those that failed do not stop the job."""
        for source_id, error in tried.items():
            self.tell.tried(source_id, error)
        self.failures.extend(failures)
        self.tell.end(stage, {"sources": sources, "failed": len(failures)})
