"""Answers that come in pages: fetched one after the other until no next page is named, kept as one file."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

from meetingplaces.model.errors import FormatError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceElsewhereError, SourceTooLargeError
from meetingplaces.sources.http import Answer, Check, Door, Request
from meetingplaces.sources.http_address import same_host, shown
from meetingplaces.sources.snapshots import keep

MAX_PAGES = 2000

NextPage = Callable[[Answer], Request | str | None]
"""The next page after this one: an address (used as it is), a whole request, or `None` after the last."""


@dataclass
class PageArchive:
    """Pages on their way into one file. `page` is where the body of the next answer can be put meanwhile."""

    page: Path
    _archive: zipfile.ZipFile
    first: Answer | None = None
    data_as_of: str | None = None

    def add(self, name: str, answer: Answer, data_as_of: str | None) -> None:
        """Keep one page, untouched. The whole describes the moment that its first page does."""
        if self.first is None:
            self.first, self.data_as_of = answer, data_as_of
        # The same pages make the same file: a `ZipInfo` of our own carries no moment.
        self._archive.writestr(zipfile.ZipInfo(name), answer.content(), zipfile.ZIP_DEFLATED, compresslevel=1)


def keep_pages(door: Door, request: Request, into: Path, name: str, fill: Callable[[PageArchive], None]) -> Snapshot:
    """The ZIP file `name` in `into` with the pages that `fill` adds, at least one; nothing changes when it fails."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=into) as folder:
        part = Path(folder) / name
        with zipfile.ZipFile(part, "w") as file:
            archive = PageArchive(Path(folder) / "page", file)
            fill(archive)
        return keep(
            part,
            into / name,
            origin=request.origin,
            url=shown(archive.first.url if archive.first else request.url),
            request=request.asked,
            moment=door.clock.now(),
            data_as_of=archive.data_as_of,
        )


def fetch_pages(door: Door, request: Request, into: Path, name: str, *, check: Check, next_page: NextPage) -> Snapshot:
    """Every page, untouched, in the ZIP file `name` in `into`; to be read with `pages_of`.

    All pages or nothing: a page that fails leaves what was there before.

    Raises
    ------
    SourceError
        As `Door.fetch`; also when pages lead elsewhere, come twice, do not end within `MAX_PAGES`, or are together
        larger than the limit for one answer.
    """

    def fill(archive: PageArchive) -> None:
        for number, (answer, moment) in enumerate(_pages(door, request, archive.page, check, next_page)):
            archive.add(f"{number:05}", answer, moment)

    return keep_pages(door, request, into, name, fill)


def pages_of(snapshot: Snapshot) -> Iterator[bytes]:
    """The pages as they came, in order."""
    return (body for _, body in named_pages_of(snapshot))


def named_pages_of(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """The same, each with the name it was kept under.

    Raises
    ------
    FormatError
        The file is no archive of ours.
    """
    try:
        with zipfile.ZipFile(snapshot.path) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist())
    except zipfile.BadZipFile as error:
        raise FormatError(str(snapshot.path), "the file itself", "a ZIP archive of pages", str(error)) from error


def _pages(
    door: Door, request: Request, part: Path, check: Check, next_page: NextPage
) -> Iterator[tuple[Answer, str | None]]:
    facts = (request.origin.title, shown(request.url))
    asked, bodies, left = request, set[bytes](), request.limits.body_bytes
    for _ in range(MAX_PAGES):
        answer, moment = door.ask(asked, part, check)
        body = hashlib.sha256(answer.content()).digest()
        if body in bodies:
            raise answer.wrong("a next page", "a page that came before")
        bodies.add(body)
        left -= answer.path.stat().st_size
        if left < 0:
            raise SourceTooLargeError(*facts, "pages without end", request.limits.body_bytes)
        yield answer, moment
        following = _following(request, answer, next_page(answer))
        if following is None:
            return
        asked = following
    raise SourceTooLargeError(*facts, f"{MAX_PAGES} pages and still more", request.limits.body_bytes)


def _following(request: Request, answer: Answer, following: Request | str | None) -> Request | None:
    """The next question, if it stays where the first was asked."""
    if isinstance(following, str):
        following = replace(request, url=urljoin(answer.url, following), params={}, form=None)
    if following is not None and not same_host(request.url, following.url, request.hosts):
        found = f"a next page at {shown(following.url)}"
        raise SourceElsewhereError(request.origin.title, shown(answer.url), found)
    return following
