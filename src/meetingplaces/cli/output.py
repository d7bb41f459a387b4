"""What commands print."""

from __future__ import annotations

import json
from typing import Any


def print_json(content: Any) -> None:
    """Print it as JSON, for other programs."""
    print(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


def print_facts(facts: dict[str, Any], indent: str = "") -> None:
    """Print a line per fact, for reading."""
    for key, value in facts.items():
        if isinstance(value, dict):
            print(f"{indent}{key}:")
            print_facts(value, indent + "  ")
        else:
            print(f"{indent}{key}: {'unknown' if value is None else value}")
