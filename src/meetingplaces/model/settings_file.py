"""Reading our own YAML files, such that a mistake in one names the file and the line or key."""

from __future__ import annotations

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
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _UniqueKeys)  # noqa: S506  (a SafeLoader)
    except OSError as error:
        raise MissingFileError(str(path), "the file itself", "a readable file", error.strerror or "nothing") from error
    except UnicodeDecodeError as error:
        raise FormatError(str(path), f"byte {error.start}", "UTF-8 text", "other bytes") from error
    except yaml.YAMLError as error:
        found = getattr(error, "problem", None) or "something else"
        raise FormatError(str(path), _mark(error), "YAML with each key once", found) from error


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


class _UniqueKeys(yaml.SafeLoader):
    """Refuses a key that comes twice in one mapping; PyYAML would keep the last without a word."""

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
