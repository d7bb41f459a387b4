"""OpenStreetMap by way of Geofabrik: the extract of a province, downloaded once and then kept current."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import osmium
import shapely
from shapely.geometry import shape

from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceAnswerError, SourceElsewhereError, SourceRefusedError
from meetingplaces.sources.http import Answer, Check, Door, Limits, Request
from meetingplaces.sources.http_address import same_host, shown
from meetingplaces.sources.http_answer import parsed_json
from meetingplaces.sources.osm_header import data_as_of
from meetingplaces.sources.osm_origin import OSM
from meetingplaces.sources.osm_replication import Changes, OutOfReachError
from meetingplaces.sources.snapshots import keep, stored

INDEX = "geofabrik-index.json"
# Geofabrik renews its extracts and changes once a day, and asks to download no more often.
_CURRENT_FOR = timedelta(hours=20)
_INDEX_FOR = timedelta(days=30)
_LIMITS = Limits()
_FILE_LIMITS = Limits(total_s=4 * 3600.0, body_bytes=8 << 30)
_MD5 = re.compile(rb"^\s*([0-9a-f]{32})\b", re.IGNORECASE)
_NO_LONGER_OFFERED = frozenset({404, 410})
_WHOLE = 0.999
"""Share of a municipality that a region must hold: outlines that are rough at the coast stick out a little."""


@dataclass(frozen=True)
class Region:
    """An extract on offer: its name, outline (EPSG:4326), and where the file and its changes are."""

    name: str
    outline: shapely.Geometry
    pbf: str
    updates: str | None


@dataclass(frozen=True)
class Geofabrik:
    """The server by its index, our door, and the folder in which extracts are kept from one job to the next."""

    door: Door
    index: str
    store: Path
    limits: Limits = _LIMITS
    file_limits: Limits = _FILE_LIMITS

    def extract_around(self, outline: shapely.Geometry, *, renew: bool = True) -> Snapshot:
        """The smallest extract that holds `outline` (EPSG:4326), of today or yesterday.

        Without `renew` one that was kept before is good as it is.

        Raises
        ------
        SourceError
            The index, the extract or its changes cannot be had or are not what they should be; an extract that was
            kept before still is.
        """
        region = self.region_around(outline)
        kept = stored(self.store / _file_name(region))
        if kept is None:
            return self._downloaded(region)
        if not renew or self.door.clock.now() - kept.retrieved_at < _CURRENT_FOR:
            return kept
        return self._updated(kept, region)

    def region_around(self, outline: shapely.Geometry) -> Region:
        """The smallest region with an extract that holds `outline` (EPSG:4326). Raises as `extract_around`."""
        kept = stored(self.store / INDEX)
        if kept is None or self.door.clock.now() - kept.retrieved_at > _INDEX_FOR:
            kept = self.door.fetch(self._request(self.index), self.store, INDEX, _an_index_with(outline))
        region = _smallest_around(outline, _regions(parsed_json(kept.path.read_bytes())))
        if region is None:
            raise SourceAnswerError(OSM.title, shown(self.index), "no region that does", _holding(outline))
        for url in (region.pbf, region.updates or region.pbf):
            if not same_host(self.index, url):
                raise SourceElsewhereError(OSM.title, shown(self.index), f"an extract at {shown(url)}")
        return region

    def _downloaded(self, region: Region) -> Snapshot:
        """The whole file, with the checksum that was published before the download began.

        Once more from the start when they differ: now and then a file is replaced while someone downloads it.
        """
        try:
            return self._download(region)
        except SourceAnswerError:
            return self._download(region)

    def _download(self, region: Region) -> Snapshot:
        published = _MD5.match(self.door.read(self._request(region.pbf + ".md5"), _a_checksum))
        assert published is not None  # noqa: S101  (`_a_checksum` saw to that)
        request = Request(region.pbf, OSM, limits=self.file_limits, resume=True)
        return self.door.fetch(request, self.store, _file_name(region), _file_with(published[1].decode().lower()))

    def _updated(self, kept: Snapshot, region: Region) -> Snapshot:
        """The kept file with the newer changes in it; downloaded anew where changes cannot do that."""
        if region.updates is None:
            return self._downloaded(region)
        request = self._request(region.updates)
        try:
            with tempfile.TemporaryDirectory(prefix=".update-", dir=self.store) as folder:
                part = Path(folder) / kept.path.name
                moment = Changes(self.door, request).apply(kept.path, part)
                if moment is None:
                    return kept
                return keep(
                    part,
                    kept.path,
                    origin=OSM,
                    url=shown(region.updates),
                    request=f"changes up to {moment}",
                    moment=self.door.clock.now(),
                    data_as_of=moment,
                )
        except OutOfReachError:
            return self._downloaded(region)
        except SourceRefusedError as error:
            if error.status not in _NO_LONGER_OFFERED:
                raise
            return self._downloaded(region)

    def _request(self, url: str) -> Request:
        return Request(url, OSM, limits=self.limits)


def _file_name(region: Region) -> str:
    """The published name, as far as it is one: it comes from the network."""
    name = urlsplit(region.pbf).path.rpartition("/")[2]
    return name if re.fullmatch(r"[a-z0-9-]+\.osm\.pbf", name) else "region.osm.pbf"


def _an_index_with(outline: shapely.Geometry) -> Check:
    """Regions, one of which holds the outline: in an index whose axes were swapped none does."""

    def check(answer: Answer) -> None:
        try:
            found = _smallest_around(outline, _regions(answer.json()))
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
            raise answer.wrong("regions with an outline and a file", repr(error)) from error
        if found is None:
            raise answer.wrong(_holding(outline), "no region that does")

    return check


def _smallest_around(outline: shapely.Geometry, regions: Iterable[Region]) -> Region | None:
    holding = [region for region in regions if _share(outline, region.outline) >= _WHOLE]
    return min(holding, key=lambda region: region.outline.area, default=None)


def _holding(outline: shapely.Geometry) -> str:
    lon, lat = shapely.get_coordinates(outline.centroid)[0]
    return f"a region that holds {lon:.3f} {lat:.3f}"


def _regions(index: Any) -> list[Region]:
    return [region for feature in index["features"] if (region := _region(feature))]


def _region(feature: Mapping[str, Any]) -> Region | None:
    """A region that offers an extract; None for one that does not."""
    properties, geometry = feature["properties"], feature["geometry"]
    urls = properties["urls"]
    if "pbf" not in urls or geometry is None:
        return None
    return Region(str(properties["id"]), shape(geometry), str(urls["pbf"]), urls.get("updates"))


def _share(outline: shapely.Geometry, region: shapely.Geometry) -> float:
    if not shapely.box(*outline.bounds).intersects(shapely.box(*region.bounds)):
        return 0.0
    inside = shapely.intersection(shapely.make_valid(outline), shapely.make_valid(region))
    return float(inside.area / outline.area) if outline.area else 0.0


def _a_checksum(answer: Answer) -> str | None:
    if not _MD5.match(answer.content()):
        raise answer.wrong("an MD5 checksum", answer.kind())
    return None


def _file_with(md5: str) -> Check:
    def check(answer: Answer) -> str | None:
        with answer.path.open("rb") as stream:
            found = hashlib.file_digest(stream, "md5").hexdigest()
        if found != md5:
            raise answer.wrong(f"a file with MD5 {md5}", f"MD5 {found}, {answer.kind()}")
        return _moment_in(answer)

    return check


def _moment_in(answer: Answer) -> str | None:
    """When the extract was current, by its header."""
    try:
        with osmium.io.Reader(osmium.io.File(str(answer.path), "pbf"), osmium.osm.NOTHING) as reader:
            moment = data_as_of(answer.path, reader.header())
    except (RuntimeError, ValueError) as error:
        raise answer.wrong("an extract in PBF", f"{error}; {answer.kind()}") from error
    return moment.isoformat() if moment else None
