"""The areas of CBS from PDOK: the GeoPackage of one edition, or one municipality from the OGC API where that fails."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceAnswerError, SourceError, SourceRefusedError
from meetingplaces.sources.cbs_download import CBS, areas_file
from meetingplaces.sources.endpoints import CbsEndpoints
from meetingplaces.sources.http import Answer, Door, Limits, Request
from meetingplaces.sources.http_address import same_host, shown
from meetingplaces.sources.http_pages import fetch_pages
from meetingplaces.sources.ogc_features import check_items, features_of, items_request, next_link
from meetingplaces.sources.snapshots import stored

# An edition of the whole country is some hundreds of megabytes; PDOK now and then is slow.
_WHOLE_COUNTRY = Limits(total_s=1800.0, body_bytes=2 << 30)
_FEEDS = 8
# The key on which the collections can be filtered, up to 2025 and from 2026 on.
_FILTERS = ("gemeentecode", "gm_code")


def areas_snapshot(endpoints: CbsEndpoints, municipality_code: str, into: Path, door: Door, *, renew: bool) -> Snapshot:
    """The areas from where the settings say they are, else from PDOK: whole country, or one municipality at worst.

    Parameters
    ----------
    into
        Folder where files are kept, for all municipalities together.
    renew
        Ask also when there is one kept. A GeoPackage is fetched once: its name carries its version.

    Raises
    ------
    SourceError
        None can be had; the error is that of the last way.
    UnknownMunicipalityError
        The file does not hold this municipality.
    """
    if endpoints.areas is not None:
        return areas_file(endpoints.areas, municipality_code, into, door, renew=renew)
    kept = None if renew else _kept(endpoints.edition, municipality_code, into)
    if kept is not None:
        return kept
    try:
        return fetch_geopackage(endpoints.edition, into, door, endpoints)
    except SourceError:
        return fetch_collections(endpoints.edition, municipality_code, into, door, endpoints)


def _kept(year: int, municipality_code: str, into: Path) -> Snapshot | None:
    """What was fetched of this edition before: the country, else the municipality."""
    countries = sorted(into.glob(f"*{year}*.gpkg"), key=lambda path: _version(path.name), reverse=True)
    return next(
        (found for path in [*countries, into / _name(year, municipality_code)] if (found := stored(path))), None
    )


def _name(year: int, municipality_code: str) -> str:
    return f"areas-{year}-{municipality_code}.zip"


def fetch_geopackage(year: int, into: Path, door: Door, endpoints: CbsEndpoints) -> Snapshot:
    """The newest version of the GeoPackage of an edition that PDOK lists, under its own name in `into`.

    Raises
    ------
    SourceError
        No list of downloads names one, or it cannot be fetched.
    """
    url = newest_download(year, door, endpoints)
    name = url.rpartition("/")[2]
    kept = stored(into / name)
    if kept is not None and kept.url == url:
        return kept
    request = Request(url, CBS, limits=_WHOLE_COUNTRY, resume=True)
    return door.fetch(request, into, name, lambda answer: _check_geopackage(answer, year))


def _check_geopackage(answer: Answer, year: int) -> str:
    with answer.path.open("rb") as stream:
        if stream.read(16) != b"SQLite format 3\0":
            raise answer.wrong("a GeoPackage", answer.kind())
    return str(year)


def newest_download(year: int, door: Door, endpoints: CbsEndpoints) -> str:
    """The address of the newest version that any list of downloads names."""
    refused: SourceError | None = None
    for template in endpoints.downloads:
        try:
            return _newest_in(template.format(year=year), door, year)
        except (SourceRefusedError, SourceAnswerError) as error:  # perhaps an edition of the other naming
            refused = refused or error
    raise refused or AssertionError("there is at least one list of downloads")


def _newest_in(index: str, door: Door, year: int) -> str:
    """The newest GeoPackage in an ATOM feed, or in the feeds that it leads to."""
    waiting, read = [index], 0
    found: list[str] = []
    while waiting and read < _FEEDS and not found:
        feed, read = waiting.pop(0), read + 1
        links = _links(feed, door)
        found = [link for link in links if link.endswith(".gpkg") and str(year) in link]
        waiting += [link for link in links if link.endswith(".xml") and link not in {feed, index}]
    if not found:
        raise SourceAnswerError(CBS.title, shown(index), "none", f"a GeoPackage of {year} in the list of downloads")
    return max(found, key=_version)


def _links(feed: str, door: Door) -> list[str]:
    """The addresses in a feed that stay on its host."""
    found: list[str] = []

    def check(answer: Answer) -> None:
        try:
            root = ElementTree.fromstring(answer.content())  # noqa: S314  (expat bounds how far entities may grow)
        except ElementTree.ParseError as error:
            raise answer.wrong("an ATOM feed", answer.kind()) from error
        written = [node.get("href") or "" for node in root.iter() if node.tag.rpartition("}")[2] == "link"]
        found.extend(link for link in (urljoin(feed, each) for each in written) if same_host(feed, link))

    door.read(Request(feed, CBS), check)
    return found


def _version(link: str) -> tuple[int, str]:
    numbered = re.search(r"_v(\d+)\.gpkg$", link)
    return (int(numbered[1]) if numbered else 0, link)


def fetch_collections(year: int, municipality_code: str, into: Path, door: Door, endpoints: CbsEndpoints) -> Snapshot:
    """The neighbourhoods, districts and municipality from the OGC API, in `into`/areas-{year}-{code}.zip.

    Raises
    ------
    SourceError
        The service failed, refuses to filter on the municipality, or holds nothing of it.
    """
    for key in _FILTERS:
        try:
            return _collections(year, {key: municipality_code}, into, door, endpoints)
        except SourceRefusedError as error:
            if error.status != 400 or key not in error.found or key == _FILTERS[-1]:
                raise
    raise AssertionError("there is at least one filter")


def _collections(year: int, wanted: dict[str, str], into: Path, door: Door, endpoints: CbsEndpoints) -> Snapshot:
    base = endpoints.collections.format(year=year)
    addresses = [f"{base}/{level}/items" for level in ("buurten", "wijken", "gemeenten")]
    first = items_request(addresses.pop(0), CBS, wanted)

    def next_page(answer: Answer) -> Request | str | None:
        following = next_link(answer)
        if following is None and addresses:
            return replace(first, url=addresses.pop(0))
        return following

    def check(answer: Answer) -> str:
        check_items(answer)
        if not features_of(answer):
            raise answer.wrong(f"areas of {' '.join(wanted.values())}", "an empty list")
        return str(year)

    return fetch_pages(door, first, into, _name(year, *wanted.values()), check=check, next_page=next_page)
