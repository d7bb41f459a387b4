"""OpenStreetMap by way of Overpass: the quick door, for the places of one municipality.

One question at a time over all our processes, with rest where the server wants it, along the mirrors in their order.
A question that is too much for a server is asked in quarters. What an answer holds is read by `overpass_answer`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import SourceBusyError, SourceError, SourceRefusedError, SourceUnreachableError
from meetingplaces.sources.http import Answer, Door, Limits, Request
from meetingplaces.sources.http_pages import PageArchive, keep_pages
from meetingplaces.sources.osm_origin import OSM
from meetingplaces.sources.overpass_answer import TooMuchError, check_answer, tile_name
from meetingplaces.sources.overpass_gate import OverpassGate, slot_wait_s
from meetingplaces.sources.overpass_query import TIMEOUT_S, Bounds, OverpassQuestion, quarters

LEAST_REST_S = 30.0
"""The operators ask for at least this after 429 and 504 (drolbr/Overpass-API#791)."""
_RESTING = frozenset({429, 504})
_TRIES = 3
_MOST_TILES = 64
_LIMITS = Limits(read_s=TIMEOUT_S + 30.0, total_s=600.0, body_bytes=512 << 20)


@dataclass(frozen=True)
class Overpass:
    """The servers in order, our door, and the folder in which our processes agree on whose turn it is."""

    door: Door
    mirrors: tuple[str, ...]
    state: Path
    limits: Limits = _LIMITS

    def fetch(self, question: OverpassQuestion, into: Path, name: str) -> Snapshot:
        """The answers as one file `name` (ZIP) in `into`; to be read with `read_overpass`.

        Raises
        ------
        SourceError
            No mirror gave a good answer; the failure of the first one is told.
        """
        gate = OverpassGate(self.state, self.door.clock, OSM)
        whole = self._request(self.mirrors[0], question, question.bounds)
        with gate.alone():
            return keep_pages(self.door, whole, into, name, lambda archive: self._fill(archive, question, gate))

    def _fill(self, archive: PageArchive, question: OverpassQuestion, gate: OverpassGate) -> None:
        tiles, found, asked = deque([question.bounds]), 0, 0
        while tiles:
            tile, asked = tiles.popleft(), asked + 1
            try:
                answer, moment = self._from_mirrors(question, tile, archive.page, gate)
            except TooMuchError:
                if asked + len(tiles) + 4 > _MOST_TILES:
                    raise
                tiles.extend(quarters(tile))
                continue
            found += b'"type"' in answer.content()
            if not tiles and not found:
                raise answer.wrong("anything at all", "an empty list")
            archive.add(tile_name(tile), answer, moment)

    def _from_mirrors(
        self, question: OverpassQuestion, tile: Bounds, page: Path, gate: OverpassGate
    ) -> tuple[Answer, str | None]:
        failures = list[SourceError]()
        for mirror in self.mirrors:
            try:
                return self._from(mirror, question, tile, page, gate)
            except TooMuchError:
                raise
            except SourceError as error:
                failures.append(error)
                # Our own mistake in the question is a mistake everywhere.
                if isinstance(error, SourceRefusedError) and error.status == 400:
                    break
        raise failures[0]

    def _from(
        self, mirror: str, question: OverpassQuestion, tile: Bounds, page: Path, gate: OverpassGate
    ) -> tuple[Answer, str | None]:
        """The answer of one mirror, asked a few times at most. A rest that is left over holds for who comes next."""
        failure: SourceError | None = None
        for number in range(_TRIES):
            gate.wait(mirror)
            try:
                gate.pause(mirror, self._slot_wait_s(mirror))
                request = self._request(mirror, question, tile)
                return self.door.ask(request, page, lambda answer: check_answer(answer, question, tile))
            except SourceBusyError as error:
                least_s = LEAST_REST_S if error.status in _RESTING else 2.0**number
                gate.rest(mirror, max(least_s, error.wait_s))
                failure = error
            except SourceUnreachableError as error:
                gate.rest(mirror, 2.0**number)
                failure = error
        assert failure is not None  # noqa: S101  (every try that did not return failed)
        raise failure

    def _slot_wait_s(self, mirror: str) -> float:
        """What the status page says, in seconds.

        Asked over the same connection: behind the main name are two servers, each with a count of its own. A mirror
        without the page has no slots to count.
        """
        request = Request(urljoin(mirror, "status"), OSM, limits=self.limits, tries=1)
        try:
            return slot_wait_s(self.door.read(request, lambda answer: None).decode("utf-8", "replace"))
        except (SourceBusyError, SourceUnreachableError):
            raise
        except SourceError:
            return 0.0

    def _request(self, mirror: str, question: OverpassQuestion, tile: Bounds) -> Request:
        return Request(mirror, OSM, form={"data": question.ql(tile)}, limits=self.limits, tries=1)
