"""The one door to the network: polite, patient within bounds, and closed to everything that was not agreed.

An answer is kept only when it came in whole, with a good status, from the host that was asked, and when the caller's
check finds in it what was asked for. What is kept is the bytes as they were, with a note of where they came from.
"""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path
from urllib.parse import urljoin

import requests
import urllib3

from meetingplaces import __version__
from meetingplaces.model.errors import MeetingPlacesError, MissingFileError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.model.source_errors import (
    SourceBusyError,
    SourceElsewhereError,
    SourceRefusedError,
    SourceTooLargeError,
    SourceUnreachableError,
)
from meetingplaces.sources.clock import Clock, SystemClock
from meetingplaces.sources.endpoints import Endpoints
from meetingplaces.sources.http_address import PrivateAddress, WatchedAdapter, same_host, shown
from meetingplaces.sources.http_answer import IN_MEMORY, Answer, Check, Limits, Request, excerpt
from meetingplaces.sources.http_body import BodyBroken, BodyTooLarge, BodyTooSlow, take_in
from meetingplaces.sources.http_pauses import LONGEST_PAUSE_S, asked_pause_s, polite_pause_s
from meetingplaces.sources.http_resume import Unfinished, forget
from meetingplaces.sources.snapshots import keep

__all__ = ["Answer", "Check", "Door", "Limits", "Request"]

BUSY = frozenset({429, 500, 502, 503, 504})
MAX_REDIRECTS = 5
_MESSAGE_BYTES = 4096


class Door:
    """Fetches from the network; one per job.

    Every try is bounded in time and size (`Limits`). Tried again, with growing pauses or after what `Retry-After`
    asks, are only a connection that fails and the statuses of `BUSY`. Of the environment no proxy, certificate, cookie
    or password is used: `Endpoints` says through which proxy we go and which authorities we believe.
    """

    def __init__(self, endpoints: Endpoints, clock: Clock | None = None, jitter: random.Random | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self._jitter = jitter or random.Random()  # noqa: S311  (spreads retries, guards nothing)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers.update({"User-Agent": user_agent(endpoints.contact), "Accept-Encoding": "gzip"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WatchedAdapter(endpoints.private_hosts, endpoints.proxy))
        if endpoints.certificates:
            self._session.verify = str(endpoints.certificates)

    def fetch(self, request: Request, into: Path, name: str, check: Check) -> Snapshot:
        """The answer as a file `name` in the folder `into`, replacing an older one only when it is good.

        Raises
        ------
        SourceError
            No good answer within the tries and limits of `request`; what was there before still is.
        MissingFileError
            The folder cannot be written to.
        """
        with _writing(into):
            into.mkdir(parents=True, exist_ok=True)
            with _part(into, name, keep_unfinished=request.resume) as part:
                answer, data_as_of = self.ask(request, part, check)
                return keep(
                    part,
                    into / name,
                    origin=request.origin,
                    url=shown(answer.url),
                    request=request.asked,
                    moment=self.clock.now(),
                    data_as_of=data_as_of,
                )

    def read(self, request: Request, check: Check) -> bytes:
        """The bytes of an answer that is not kept, such as the status of a service: on no disk. Raises as `fetch`."""
        answer, _ = self.ask(request, IN_MEMORY, check)
        return answer.content()

    def ask(self, request: Request, part: Path, check: Check) -> tuple[Answer, str | None]:
        """The checked answer, its body in the file `part` or `IN_MEMORY`, and its moment. Raises as `fetch`."""
        for number in count():
            pause_s = polite_pause_s(number, self._jitter)
            try:
                answer = self._try(request, part, pause_s)
                return answer, check(answer)
            except (SourceBusyError, SourceUnreachableError) as error:
                pause_s = error.wait_s if isinstance(error, SourceBusyError) else pause_s
                if number + 1 >= request.tries or pause_s > LONGEST_PAUSE_S:
                    raise
                self.clock.sleep(pause_s)
        raise AssertionError("counting does not end")

    def _try(self, request: Request, part: Path, pause_s: float) -> Answer:
        """One try, redirects included."""
        url, beginning = request.url, Unfinished.of(part) if request.resume else None
        for _ in range(MAX_REDIRECTS + 1):
            with _told(request, url), closing(self._send(request, url, beginning)) as response:
                if response.is_redirect:
                    url = _redirected(request, url, response.headers["Location"])
                    continue
                self._refuse(request, url, response, pause_s, beginning)
                held = self._take(request, response, part)
                return Answer(request, url, response.headers, part, held)
        raise SourceElsewhereError(request.origin.title, shown(url), f"more than {MAX_REDIRECTS} redirects")

    def _send(self, request: Request, url: str, beginning: Unfinished | None) -> requests.Response:
        # A packed body cannot be continued halfway.
        unpacked = {"Accept-Encoding": "identity"} if request.resume else {}
        asked = requests.Request(
            method="GET" if request.form is None else "POST",
            url=url,
            params=dict(request.params) if url == request.url else None,
            data=request.form,
            headers={**request.headers, **unpacked, **(beginning.headers() if beginning else {})},
        )
        timeouts = (request.limits.connect_s, request.limits.read_s)
        prepared = self._session.prepare_request(asked)
        return self._session.send(prepared, stream=True, timeout=timeouts, allow_redirects=False)

    def _refuse(
        self, request: Request, url: str, response: requests.Response, pause_s: float, beginning: Unfinished | None
    ) -> None:
        """Raise for every status but 200, or 206 where an earlier beginning is continued."""
        status = response.status_code
        if status == 200 or (status == 206 and beginning and beginning.continued_by(response.headers)):
            return
        if beginning and status in {206, 416}:
            forget(beginning.part)
            raise SourceUnreachableError(request.origin.title, shown(url), "another file than the one begun with")
        facts = (request.origin.title, shown(url), _message(response))
        if status in BUSY:
            asked_s = asked_pause_s(response.headers.get("Retry-After"), self.clock.now())
            raise SourceBusyError(*facts, status, round(max(pause_s, asked_s), 1))
        raise SourceRefusedError(*facts, status)

    def _take(self, request: Request, response: requests.Response, part: Path) -> bytes:
        """Put the body in the file `part`; the bytes that were to be held in memory."""
        ends_at = self.clock.monotonic() + request.limits.total_s
        continued = response.status_code == 206
        if request.resume and not continued:
            Unfinished.begin(part, response.headers)
        held = io.BytesIO()
        with nullcontext(held) if part == IN_MEMORY else part.open("ab" if continued else "wb") as stream:
            take_in(response.raw, stream, request.limits.body_bytes, lambda: self.clock.monotonic() < ends_at)
            return held.getvalue()


def user_agent(contact: str) -> str:
    """Who we say we are: product, version and, where it is set, how to reach whoever runs it."""
    return f"meetingplaces/{__version__} (Ontmoetingskaart{'; ' + contact if contact else ''})"


def _redirected(request: Request, url: str, location: str) -> str:
    """Where a redirect leads, if that was agreed. A question in a form is not repeated elsewhere."""
    target = urljoin(url, location)
    if request.form is not None or not same_host(request.url, target, request.hosts):
        raise SourceElsewhereError(request.origin.title, shown(url), f"a redirect to {shown(target)}")
    return target


@contextmanager
def _told(request: Request, url: str) -> Iterator[None]:
    """What libraries raise, as errors of ours."""
    title, address, limits = request.origin.title, shown(url), request.limits
    try:
        yield
    except PrivateAddress as error:
        raise SourceElsewhereError(title, address, f"the private address {error.args[0]}") from error
    except BodyTooLarge as error:
        found = f"more than {limits.body_bytes} bytes"
        raise SourceTooLargeError(title, address, found, limits.body_bytes) from error
    except BodyTooSlow as error:
        found = f"an answer that was not complete after {limits.total_s:g} seconds"
        raise SourceUnreachableError(title, address, found) from error
    except BodyBroken as error:
        raise SourceUnreachableError(title, address, str(error)) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise SourceUnreachableError(title, address, _reason(error, limits)) from error


def _reason(error: Exception, limits: Limits) -> str:
    """Why there was no answer, in a few words."""
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {limits.connect_s:g} seconds"
    if isinstance(error, (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError)):
        return f"no answer within {limits.read_s:g} seconds"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, (urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError)):
        return "an answer that breaks off"
    return type(error).__name__


def _message(response: requests.Response) -> str:
    """What the service says of its own refusal, without markup."""
    body = io.BytesIO()
    # What came before it breaks off is enough to show.
    with suppress(BodyBroken, BodyTooLarge, BodyTooSlow, urllib3.exceptions.HTTPError):
        take_in(response.raw, body, _MESSAGE_BYTES, lambda: body.tell() < _MESSAGE_BYTES)
    return excerpt(body.getvalue()) or "no explanation"


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise MissingFileError(str(folder), "the folder to write to", "room and permission to write", found) from error


@contextmanager
def _part(into: Path, name: str, *, keep_unfinished: bool) -> Iterator[Path]:
    """A file to write to until the answer is good; unfinished it stays only where it can be continued."""
    if keep_unfinished:
        part = into / f"{name}.part"
        try:
            yield part
        except MeetingPlacesError as error:
            if not error.retryable:
                forget(part)
            raise
        forget(part)
        return
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=into) as folder:
        yield Path(folder) / name
