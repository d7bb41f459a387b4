"""The file in which people's decisions about records stand: one line each, to be read and edited by hand.

It is not part of a bundle, so no refresh touches it. A line is never rewritten but to note that it was undone, and
numbers are never used twice, so "decision 7" stays decision 7.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import filelock
import yaml
from pydantic import ValidationError

from meetingplaces.model.decisions import Decision, Verb
from meetingplaces.model.errors import (
    BundleBusyError,
    DecisionMissingError,
    FormatError,
    MissingFileError,
    SchemaError,
)
from meetingplaces.storage.files import replace_file

_HEAD = """\
# Decisions about records, one line each. `accept`: the two are one place; `apart`: they are not; `hide`: the record is
# not shown. Of two decisions about the same records the later one holds. A line with `undone_on` no longer holds.
"""


def decisions_path(data_folder: Path, municipality_code: str) -> Path:
    """The file of decisions of one municipality, beside its bundle; it need not be there."""
    return data_folder / "local" / municipality_code / "decisions.yaml"


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """All decisions in the order of the file, also those that were undone; none when there is no file.

    Raises
    ------
    FormatError
        A line is no decision; `where` names the line. The file stays as it is.
    SchemaError
        A line has a key or value that is not allowed, or a number that came before.
    """
    return tuple(decision for _, decision in _lines(path, _text(path)))


def decide(path: Path, verb: Verb, records: tuple[str, ...], why: str, today: date) -> Decision:
    """Write a decision about one or two records below the others, under the next number.

    Raises
    ------
    FormatError, SchemaError
        The file is broken, or the decision is not allowed; nothing was written.
    BundleBusyError
        Another process is writing the file.
    """
    with _alone(path):
        text = _text(path)
        number = max((known.number for _, known in _lines(path, text)), default=0) + 1
        wanted = {"number": number, "decision": verb, "decided_on": today, "why": why}
        decision = _decision(
            path, "the new decision", {**wanted, **dict(zip(("first", "second"), records, strict=False))}
        )
        start = text or _HEAD
        replace_file(path, f"{start}{'' if start.endswith(chr(10)) else chr(10)}{_line(decision)}\n".encode())
    return decision


def undo(path: Path, number: int, today: date) -> Decision:
    """Note that decision `number` no longer holds.

    Raises
    ------
    DecisionMissingError
        There is no such decision, or it was undone before.
    FormatError, SchemaError
        The file is broken; nothing was written.
    BundleBusyError
        Another process is writing the file.
    """
    with _alone(path):
        text = _text(path)
        found = {known.number: (row, known) for row, known in _lines(path, text) if known.undone_on is None}
        if number not in found:
            raise DecisionMissingError(number, str(path), ", ".join(map(str, sorted(found))) or "-")
        row, known = found[number]
        undone = known.model_copy(update={"undone_on": today})
        lines = text.splitlines()
        lines[row] = _line(undone)
        replace_file(path, ("\n".join(lines) + "\n").encode())
    return undone


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise MissingFileError(str(path), "the file itself", "a readable file", error.strerror or "nothing") from error
    except UnicodeDecodeError as error:
        raise FormatError(str(path), f"byte {error.start}", "UTF-8 text", "other bytes") from error


def _lines(path: Path, text: str) -> Iterator[tuple[int, Decision]]:
    """Row number from 0 and decision of every line that holds one."""
    seen: set[int] = set()
    for row, line in enumerate(text.splitlines()):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        where = f"line {row + 1}"
        decision = _decision(path, where, _content(path, where, line))
        if decision.number in seen:
            raise SchemaError(str(path), where, "a number that did not come before", str(decision.number))
        seen.add(decision.number)
        yield row, decision


def _content(path: Path, where: str, line: str) -> object:
    try:
        content = yaml.safe_load(line)
    except yaml.YAMLError as error:
        raise FormatError(str(path), where, "a decision", line[:120]) from error
    if not (isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict)):
        raise FormatError(str(path), where, "a decision", line[:120])
    return content[0]


def _decision(path: Path, where: str, content: object) -> Decision:
    try:
        return Decision.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise SchemaError(
            str(path), f"{where}, {key}" if key else where, first["msg"], repr(first["input"])[:120]
        ) from error


def _line(decision: Decision) -> str:
    told = decision.model_dump(mode="json", exclude_none=True)
    return "- {" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()) + "}"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_name(".lock"), timeout=5):
            yield
    except filelock.Timeout as error:
        raise BundleBusyError(path.parent.name, str(path.parent)) from error
    except OSError as error:
        raise MissingFileError(str(path), "the file to write", "a writable folder", str(error.strerror)) from error
