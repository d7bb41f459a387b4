"""A question for a service and the answer it gave, and how an answer is found to be none."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from meetingplaces.model.provenance import Origin
from meetingplaces.model.source_errors import SourceAnswerError
from meetingplaces.sources.http_address import shown

_EXCERPT_BYTES = 2000
_EXCERPT_LETTERS = 160
IN_MEMORY = Path(os.devnull)
"""In the place of a file: what is asked may touch no disk, so the body is held in memory."""
_MARKUP = re.compile(rb"<(head|script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """How long and how large: seconds to connect, between two bytes, and in all per try; bytes after unpacking."""

    connect_s: float = 10.0
    read_s: float = 60.0
    total_s: float = 300.0
    body_bytes: int = 256 << 20


@dataclass(frozen=True)
class Request:
    """One question. With `form` it is a POST, else a GET; `resume` goes on where an earlier download broke off.

    `hosts` are names besides that of `url` to which a redirect or a `next` link may lead. A parameter with several
    values is repeated.
    """

    url: str
    origin: Origin
    params: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    limits: Limits = Limits()
    tries: int = 4
    resume: bool = False

    @property
    def asked(self) -> str:
        """The question in one line, without secrets, for the note beside the answer."""
        method = "GET" if self.form is None else "POST"
        pairs = {**self.params, **(self.form or {})}
        return " ".join([method, *(f"{name}={value}" for name, value in pairs.items())])


@dataclass(frozen=True)
class Answer:
    """A body that came in whole with a good status. Whether it is what was asked for is for a `Check` to say.

    It is in the file `path`, or, where that is `IN_MEMORY`, `held`.
    """

    request: Request
    url: str
    headers: Mapping[str, str]
    path: Path
    held: bytes = b""

    def content(self) -> bytes:
        """All bytes."""
        return self.held if self.path == IN_MEMORY else self.path.read_bytes()

    def json(self) -> Any:
        """What the JSON says.

        Raises
        ------
        SourceAnswerError
            It is something else, such as an HTML page, or breaks off.
        """
        try:
            return parsed_json(self.content())
        except ValueError as error:
            raise self.wrong("JSON", f"{self.kind()} ({error})") from error

    def kind(self) -> str:
        """What the body looks like, in a few words and its first letters."""
        with self.path.open("rb") as stream:
            start = self.held[:_EXCERPT_BYTES] or stream.read(_EXCERPT_BYTES)
        text = start.lstrip()[:20].lower()
        name = "an HTML page" if text.startswith((b"<!doctype", b"<html", b"<?xml")) else "something else"
        return f"{name}: {excerpt(start)!r}" if start else "an empty body"

    def wrong(self, expected: str, found: str) -> SourceAnswerError:
        """The error that says so, to be raised by a `Check`."""
        return SourceAnswerError(self.request.origin.title, shown(self.url), found[:300], expected)


Check = Callable[[Answer], str | None]
"""Raises `answer.wrong(…)` when the body is not what was asked for; else gives the moment that the data describes, as
ISO 8601, or `None` when the body does not say."""


def parsed_json(body: bytes) -> Any:
    """What JSON says, twice as fast as by the standard library; a mark of byte order may precede it.

    Raises
    ------
    ValueError
        It is no JSON, breaks off, or is nested deeper than any real answer.
    """
    return from_json(body.removeprefix(b"\xef\xbb\xbf"))


def excerpt(start: bytes) -> str:
    """The first letters of a body in one line and without markup, to show what was found."""
    return " ".join(_MARKUP.sub(b" ", start).decode("utf-8", "replace").split())[:_EXCERPT_LETTERS]
