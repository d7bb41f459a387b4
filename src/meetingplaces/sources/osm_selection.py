"""Objects with a wanted tag on their way to becoming features, whichever door they came in by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely

from meetingplaces.sources.osm_nodes import NodePositions
from meetingplaces.sources.osm_shapes import Shapes, relation_shapes, way_shapes

AREA_RELATIONS = frozenset({"multipolygon", "boundary"})
_FIRST_EDIT = np.datetime64("1971-01-01", "s")


@dataclass(frozen=True)
class OsmExtract:
    """The features asked for and what is known of the extract they come from.

    `features` has the columns `osm_id` ("n123", "w45", "r6"), `tags` (dict), `geometry` (shapely, EPSG:4326) and
    `last_edit_at` (UTC or NaT). Every object with a wanted tag is there, or in `lost` with its `tags` and the `reason`.
    """

    features: pd.DataFrame
    extent: shapely.Polygon | shapely.MultiPolygon
    data_as_of: datetime | None
    repairs: Counter[str]
    lost: pd.DataFrame

    @property
    def dropped(self) -> Counter[str]:
        """The lost objects counted by reason."""
        return Counter(self.lost["reason"])


@dataclass
class Wanted:
    """Objects of one type in the order of the file; `parts` is a position, node ids or (way id, role) pairs."""

    ids: dict[int, None] = field(default_factory=dict)
    tags: list[dict[str, str]] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    refused: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def add(self, number: int, tags: dict[str, str], parts: Any, edited: int, loss: str | None = None) -> None:
        """Keep an object, or note why not."""
        loss = "repeated_object" if number in self.ids else loss
        if loss:
            self.refused.append((tags, loss))
            return
        self.ids[number] = None
        self.tags.append(tags)
        self.edited.append(edited)
        self.parts.append(parts)


Selection = dict[str, Wanted]
"""By type of object: n, w and r."""


@dataclass(frozen=True)
class Drawn:
    """The selection as `OsmExtract` has it."""

    features: pd.DataFrame
    repairs: Counter[str]
    lost: pd.DataFrame


def empty_selection() -> Selection:
    """Nothing of each type."""
    return {"n": Wanted(), "w": Wanted(), "r": Wanted()}


def draw(selection: Selection, members: Mapping[int, list[int]], nodes: NodePositions) -> Drawn:
    """The selection as shapes.

    Parameters
    ----------
    members
        Way id -> node ids, of the ways that the relations of `selection` are made of, as far as they are there.
    nodes
        Positions of all nodes named; its tagged nodes are those of `selection`.
    """
    ways = selection["w"]
    shapes = {
        "n": _point_shapes(selection["n"]),
        "w": way_shapes(list(zip(ways.tags, ways.parts, strict=True)), nodes),
        "r": relation_shapes(selection["r"].parts, members, nodes),
    }
    repairs = sum((drawn.repairs for drawn in shapes.values()), Counter[str]())
    return Drawn(_table(selection, shapes), repairs, _losses(selection, shapes))


def _losses(selection: Selection, shapes: Mapping[str, Shapes]) -> pd.DataFrame:
    """Columns `tags` and `reason`: what was refused while reading, and what could not be drawn."""
    lost = [one for wanted in selection.values() for one in wanted.refused]
    for kind, wanted in selection.items():
        lost += [(tags, why) for tags, why in zip(wanted.tags, shapes[kind].lost, strict=True) if why]
    return pd.DataFrame(lost, columns=["tags", "reason"]).astype({"tags": object, "reason": "str"})


def _point_shapes(nodes: Wanted) -> Shapes:
    positions = np.array(nodes.parts, dtype=np.float64).reshape(-1, 2)
    return Shapes(np.asarray(shapely.points(positions), dtype=object), [None] * len(nodes.ids), Counter())


def _table(selection: Selection, shapes: Mapping[str, Shapes]) -> pd.DataFrame:
    ids = [f"{kind}{number}" for kind, wanted in selection.items() for number in wanted.ids]
    edited = np.array([moment for wanted in selection.values() for moment in wanted.edited], dtype="datetime64[s]")
    # Extracts without metadata say 1970, long before there was a map to edit.
    edited[edited < _FIRST_EDIT] = np.datetime64("NaT")
    tags = [tags for wanted in selection.values() for tags in wanted.tags]
    geometry = np.concatenate([shapes[kind].geometry for kind in selection])
    features = pd.DataFrame(
        {
            "osm_id": pd.Series(ids, dtype="str"),
            "tags": pd.Series(tags, dtype=object),
            "geometry": pd.Series(geometry, dtype=object),
            "last_edit_at": pd.Series(pd.DatetimeIndex(edited).tz_localize("UTC")),
        }
    )
    return features[shapely.is_geometry(geometry)].reset_index(drop=True)
