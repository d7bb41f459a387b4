"""Bringing an extract up to date with the changes that its publisher offers, by pyosmium's replication."""

from __future__ import annotations

import io
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium
from osmium.replication.server import DownloadResult, ReplicationServer
from osmium.replication.utils import get_replication_header

from meetingplaces.model.source_errors import SourceAnswerError
from meetingplaces.sources.http import Answer, Check, Door, Request
from meetingplaces.sources.http_address import shown
from meetingplaces.sources.http_body import BodyBroken, unpacked
from meetingplaces.sources.osm_header import reading

_MOST_CHANGES_BYTES = 1 << 30
_END = b"</osmChange>"


class OutOfReachError(SourceAnswerError):
    """The extract is further behind than changes can make up for; it has to be downloaded anew."""


@dataclass(frozen=True)
class Changes:
    """Where the changes to an extract are, and how many may be taken at once before a new download is cheaper."""

    door: Door
    request: Request
    most: int = 60

    def apply(self, extract: Path, into: Path) -> str | None:
        """Write the extract with all newer changes to the new file `into`; None and no file when there are none.

        Returns the moment (ISO 8601, UTC) that the file then describes. The bounds in the header stay.

        Raises
        ------
        SourceError
            The changes cannot be had, or are no changes; the extract itself is not touched.
        OutOfReachError
            The extract does not say which changes it holds, or is too far behind.
        """
        header = get_replication_header(str(extract))
        server = _Server(self.door, self.request)
        newest = server.get_state_info()
        if newest is None:
            raise self._wrong("a state of replication", "none")
        if header.sequence is None:
            raise OutOfReachError(*self._facts(), "an extract without a sequence number", "a sequence number")
        if newest.sequence <= header.sequence:
            return None
        if newest.sequence - header.sequence > self.most:
            found = f"{newest.sequence - header.sequence} changes behind"
            raise OutOfReachError(*self._facts(), found, f"at most {self.most}")
        try:
            changes = server.collect_diffs(header.sequence + 1, end_id=newest.sequence)
        except (RuntimeError, ValueError) as error:
            raise self._wrong("changes as OSM writes them", str(error)) from error
        if changes is None or changes.id != newest.sequence:
            raise self._wrong(f"all changes up to {newest.sequence}", "fewer")
        moment = newest.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
        _merge(extract, into, changes, {
            "osmosis_replication_base_url": server.baseurl,
            "osmosis_replication_sequence_number": str(changes.id),
            "osmosis_replication_timestamp": moment,
            "sorting": "Type_then_ID",
        })  # fmt: skip
        return newest.timestamp.isoformat()

    def _facts(self) -> tuple[str, str]:
        return self.request.origin.title, shown(self.request.url)

    def _wrong(self, expected: str, found: str) -> SourceAnswerError:
        return SourceAnswerError(*self._facts(), found[:300], expected)


def _merge(extract: Path, into: Path, changes: DownloadResult, facts: dict[str, str]) -> None:
    """As pyosmium's `apply_diffs_to_file`, which forgets the bounds of the file (osmium 4.3)."""
    with reading(extract):
        reader = osmium.io.Reader(str(extract))
        header = osmium.io.Header()
        header.add_box(reader.header().box())
        for key, value in facts.items():
            header.set(key, value)
        writer = osmium.io.Writer(osmium.io.File(str(into), "pbf"), header)
        changes.reader.apply_to_reader(reader, writer)
        reader.close()
        writer.close()


class _Server(ReplicationServer):
    """A replication server that is visited through our door and nowhere else."""

    def __init__(self, door: Door, request: Request) -> None:
        super().__init__(request.url)
        self._door, self._request = door, request

    def open_url(self, url: urllib.request.Request) -> Any:
        """The content of a file that pyosmium asks for; our errors pass through it."""
        address = url.get_full_url()
        check: Check = _a_state if address.endswith("state.txt") else _a_change
        request = Request(address, self._request.origin, limits=self._request.limits, tries=self._request.tries)
        return io.BytesIO(self._door.read(request, check))


def _a_state(answer: Answer) -> str | None:
    text = answer.content().decode("utf-8", "replace")
    number = re.search(r"^sequenceNumber=\d{1,9}\s*$", text, re.MULTILINE)
    moment = re.search(r"^timestamp=\d{4}-\d\d-\d\dT\d\d\\:\d\d\\:\d\dZ\s*$", text, re.MULTILINE)
    if not number or not moment:
        raise answer.wrong("a sequence number and a timestamp", answer.kind())
    return None


def _a_change(answer: Answer) -> str | None:
    """A whole change file of bearable size: libosmium unpacks it in memory."""
    size, end = 0, b""
    try:
        for piece in unpacked([answer.content()]):
            size, end = size + len(piece), (end + piece)[-64:]
            if size > _MOST_CHANGES_BYTES:
                raise answer.wrong("at most 1 GB of changes", "more")
    except BodyBroken as error:
        raise answer.wrong("changes packed with gzip", answer.kind()) from error
    if not end.rstrip().endswith(_END):
        raise answer.wrong("changes that end with </osmChange>", repr(end[-30:]))
    return None
