"""The question for Overpass: the same tag wishes as for an extract, inside a box, in Overpass' own language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from meetingplaces.model.categories import merged_wishes
from meetingplaces.sources.osm_wishes import TagWishes, is_wanted

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees (EPSG:4326)."""

# Small enough to be admitted quickly, large enough for a municipality with all its streets.
TIMEOUT_S = 90
_MAXSIZE_BYTES = 268_435_456


@dataclass(frozen=True)
class OverpassQuestion:
    """What to ask for inside `bounds`: objects of any type by `wishes`, and ways only by `way_wishes`.

    A box and not the municipality's own area: a mirror without an index of areas answers the latter with an empty
    list and no complaint, and places just over the border are wanted too. Streets and water are asked for as ways
    only, because `out geom` gives a relation whole: one lake would bring the whole lake.
    """

    bounds: Bounds
    wishes: TagWishes
    way_wishes: TagWishes

    def ql(self, bounds: Bounds) -> str:
        """The question in OverpassQL for a part of the box.

        `out body` has no user names and no moments of editing: we do not want to keep the former.
        """
        west, south, east, north = bounds
        head = f"[out:json][timeout:{TIMEOUT_S}][maxsize:{_MAXSIZE_BYTES}]"
        box = f"[bbox:{south:.7f},{west:.7f},{north:.7f},{east:.7f}]"
        statements = [*_statements("nwr", self.wishes), *_statements("way", self.way_wishes)]
        return f"{head}{box};(\n" + "\n".join(statements) + "\n);out body geom qt;"

    @cached_property
    def wanted(self) -> dict[str, dict[str, frozenset[str] | None]]:
        """The wishes for each type of object: "node", "way" and "relation"."""
        places = dict(self.wishes)
        return {"node": places, "way": merged_wishes([places, self.way_wishes]), "relation": places}

    def wants(self, kind: str, tags: dict[str, str]) -> bool:
        """Whether an object of that type was asked for."""
        wishes = self.wanted[kind]
        return any(key in wishes and is_wanted(value, wishes[key]) for key, value in tags.items())


def quarters(bounds: Bounds) -> list[Bounds]:
    """Four boxes that together are this one."""
    west, south, east, north = bounds
    x, y = (west + east) / 2, (south + north) / 2
    return [(west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)]


def _statements(kind: str, wishes: TagWishes) -> Iterator[str]:
    for key, values in sorted(wishes.items()):
        if values is None:
            yield f'{kind}["{_quoted(key)}"];'
        else:
            # As `is_wanted`: of a list such as "boules;petanque" any member counts.
            either = "|".join(_quoted(re.escape(value)) for value in sorted(values))
            yield f'{kind}["{_quoted(key)}"~"(^|;) *({either}) *(;|$)"];'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
