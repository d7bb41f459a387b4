"""Reading our own YAML files, such that a mistake in one names the file and the line or key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from meetingplaces.model.errors import FormatError, MissingFileError, SchemaError

Model = TypeVar("Model", bound=BaseModel)


def read_settings(path: Path) -> Any:
    """What the YAML in `path` says.

    Raises
    ------
    MissingFileError
        There is no such file.
    FormatError
        It is not YAML, or a key comes twice in one mapping; `where` names the line.
    """
    return _read(path, lambda loader: loader.get_single_data())


def _read(path: Path, get: Callable[[_Careful], Any]) -> Any:
    try:
        return get(_Careful(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise MissingFileError(str(path), "the file itself", "a readable file", error.strerror or "nothing") from error
    except UnicodeDecodeError as error:
        raise FormatError(str(path), f"byte {error.start}", "UTF-8 text", "other bytes") from error
    except yaml.YAMLError as error:
        found = getattr(error, "problem", None) or "something else"
        raise FormatError(str(path), _mark(error), "YAML with each key once", found) from error
    except RecursionError as error:
        raise FormatError(str(path), "the whole file", "YAML of a few levels", "lists in lists without end") from error
    except ValueError as error:  # of PyYAML: a day such as 2024-02-30
        raise FormatError(str(path), "one of its values", "dates and numbers that exist", str(error)) from error


def settings_as(path: Path, model: type[Model]) -> Model:
    """What the YAML in `path` says, as `model` describes it.

    Raises
    ------
    MissingFileError, FormatError
        As `read_settings`.
    SchemaError
        A key or value is not allowed; `where` names the key.
    """
    content = read_settings(path)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise settings_error(path, error) from error


def settings_error(path: Path, error: ValidationError) -> SchemaError:
    """The first mistake that pydantic found, with the key it is at."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole file"
    return SchemaError(str(path), where, first["msg"], repr(first["input"])[:120])


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: its line (`None` when it has none), the key it is at, why, and what stands there.

    `code` and `message` are the type and the English message of pydantic.
    """

    line: int | None
    key: tuple[str | int, ...]
    code: str
    message: str
    found: str


def mistakes(path: Path, model: type[Model]) -> list[Mistake]:
    """Everything that is not as `model` describes it, in the order of the file; empty when `settings_as` reads it.

    Raises
    ------
    MissingFileError, FormatError
        As `read_settings`.
    """
    try:
        model.model_validate(read_settings(path))
    except ValidationError as error:
        root = _read(path, lambda loader: loader.get_single_node())
        found = [
            Mistake(_line(root, one["loc"]), one["loc"], one["type"], one["msg"], repr(one["input"])[:120])
            for one in error.errors()
        ]
        return sorted(found, key=lambda one: one.line or 0)
    return []


def _line(node: yaml.Node | None, key: tuple[str | int, ...]) -> int | None:
    """The line of the value at `key`, or of the deepest part of it that is there."""
    if node is None:
        return None
    here = node.start_mark.line + 1
    if not key:
        return here
    inside: dict[Any, yaml.Node] = {}
    if isinstance(node, yaml.MappingNode):
        inside = {name.value: value for name, value in node.value}
    elif isinstance(node, yaml.SequenceNode):
        inside = dict(enumerate(node.value))
    return _line(inside[key[0]], key[1:]) if key[0] in inside else here


class _Careful(yaml.SafeLoader):
    """Refuses a key that comes twice in one mapping, of which PyYAML would keep the last without a word.

    Refuses lists and mappings that are repeated by an alias too: a few lines of those grow to more than fits in memory.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        repeated = self.check_event(yaml.AliasEvent)
        node = super().compose_node(parent, index)
        if repeated and node is not None and not isinstance(node, yaml.ScalarNode):
            raise yaml.composer.ComposerError(None, None, "a list or mapping repeated by an alias", node.start_mark)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} for the second time"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _mark(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark else "the file itself"
