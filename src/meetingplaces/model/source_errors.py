"""The branch of the tree of errors for services on the network, and for the jobs that ask them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetingplaces.model.errors import MeetingPlacesError


@dataclass(eq=False)
class JobBusyError(MeetingPlacesError):
    """Another process is adding or refreshing a municipality; one at a time."""

    code: ClassVar[str] = "job_busy"
    retryable: ClassVar[bool] = True

    folder: str


@dataclass(eq=False)
class SomeFailedError(MeetingPlacesError):
    """Of several municipalities some could not be refreshed; each was told when it failed."""

    code: ClassVar[str] = "some_failed"

    failed: str
    count: int
    total: int


@dataclass(eq=False)
class SourceError(MeetingPlacesError):
    """A service on the network did not give what we asked. `url` comes without secrets, `found` is its own words."""

    code: ClassVar[str] = "source"

    source: str
    url: str
    found: str


class SourceUnreachableError(SourceError):
    """No connection, no answer in time, or an answer that broke off."""

    code: ClassVar[str] = "source_unreachable"
    retryable: ClassVar[bool] = True


class SourceElsewhereError(SourceError):
    """The service leads to a place that was not agreed: another host, or an address inside our own network."""

    code: ClassVar[str] = "source_elsewhere"


@dataclass(eq=False)
class SourceTooLargeError(SourceError):
    """The answer is larger than anything this source could mean."""

    code: ClassVar[str] = "source_too_large"

    limit_bytes: int


@dataclass(eq=False)
class SourceBusyError(SourceError):
    """The service says that it cannot answer now; it must be left alone for `wait_s` seconds at least."""

    code: ClassVar[str] = "source_busy"
    retryable: ClassVar[bool] = True

    status: int
    wait_s: float


@dataclass(eq=False)
class SourceRefusedError(SourceError):
    """The service will not answer this question, however often we ask."""

    code: ClassVar[str] = "source_refused"

    status: int


@dataclass(eq=False)
class SourceAnswerError(SourceError):
    """The service says that all is well, but its answer is not what was asked for."""

    code: ClassVar[str] = "source_answer"

    expected: str
