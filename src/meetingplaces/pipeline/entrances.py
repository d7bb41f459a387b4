"""Where the walking network meets places: a park at its gates, a square anywhere on its edge, a building at its door.

An area is never reached at its centre. Four ways in, the first that fits:

1. mapped doors and gates (`entrance=*`, `barrier=gate` and the like) on the outline;
2. where walkable edges cross or touch the outline of an outdoor area;
3. any point of its outline along a walkable way within 10 m, unless a fence, wall or hedge is tagged there;
4. else the point of the outline nearest to a walkable edge: for a building on the side of its address street when that
   is known. For a fenced area without a gate on the map this is a guess, and counted as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.metrics.joining import Barriers, Snapped, along, joinable_segments, snap
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.network import WalkNetwork

ENTRANCE_WISHES: Mapping[str, frozenset[str] | None] = {"barrier": None, "entrance": None}
"""What to ask `read_extract` for, besides the places, the streets and `drawing.BACKGROUND_WISHES`."""

_FENCES = frozenset({"fence", "wall", "hedge", "city_wall", "guard_rail", "handrail", "retaining_wall", "yes"})
_GATES = frozenset({"gate", "entrance", "kissing_gate", "swing_gate", "turnstile", "wicket_gate", "stile", "lift_gate"})
_NO_DOORS = frozenset({"exit", "emergency", "emergency_exit", "service", "garage", "no"})
# Our own proposals: how near a way runs to an edge one can step over, how near a fence or door is to the outline it
# belongs to, how far an address street may be from its building, and how far apart points along an open edge are.
_OPEN_EDGE_M = 10.0
_ON_OUTLINE_M = 2.0
_ADDRESS_STREET_M = 100.0
_APART_M = 10.0
_Shapes = NDArray[np.object_]
_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Entrances:
    """Points on the network where places are entered, several per place: `place` is the row in the table of places."""

    place: _Ints
    at: Snapped

    def of(self, places: NDArray[np.bool_]) -> Snapped:
        """The entrances of the places that are True in this mask over the table of places."""
        return self.at.of(places[self.place])


@dataclass(frozen=True)
class Ground:
    """What lies around places, RD New: water and railways, fences, and doors and gates."""

    barriers: Barriers
    fences: _Shapes
    doors: _Shapes


def ground_of(features: pd.DataFrame) -> Ground:
    """Water, railways, fences, doors and gates among `features` (columns of `OsmExtract.features`, EPSG:4326).

    Trams, culverts, and railways on a viaduct or in a tunnel stop nobody. A fence is a line of its own here; one that
    is tagged on a place is known by `fenced_of`. Gates that are shut are no gates.
    """
    tags = features["tags"].to_numpy(object)
    dimension = shapely.get_dimensions(features["geometry"].to_numpy(object))
    chosen = {
        "barriers": [_stops(one, size) for one, size in zip(tags, dimension, strict=True)],
        "fences": [size > 0 and one.get("barrier") in _FENCES for one, size in zip(tags, dimension, strict=True)],
        "doors": [size == 0 and _is_door(one) for one, size in zip(tags, dimension, strict=True)],
    }
    shapes = {name: _in_rd(features["geometry"][np.array(rows, dtype=bool)]) for name, rows in chosen.items()}
    areas = shapely.get_dimensions(shapes["fences"]) == 2
    fences = np.where(areas, shapely.boundary(shapes["fences"]), shapes["fences"])
    return Ground(Barriers(shapes["barriers"]), fences, shapes["doors"])


def fenced_of(features: pd.DataFrame) -> set[str]:
    """`place_id` of what is tagged as fenced itself (`barrier=fence` on a playground)."""
    own = [tags.get("barrier") in _FENCES or tags.get("fenced") == "yes" for tags in features["tags"]]
    return {f"osm/{one}" for one in features["osm_id"][np.array(own, dtype=bool)]}


def find_entrances(
    places: gpd.GeoDataFrame, network: WalkNetwork, ground: Ground, fenced: set[str]
) -> tuple[Entrances, Counter[str]]:
    """Every entrance of every place.

    Parameters
    ----------
    places
        Checked table of places, RD New.
    network, ground, fenced
        From the same extract; `fenced` are places whose own outline is a fence.

    Returns
    -------
    tuple
        The entrances, and counts of places: at_doors, at_gates (edges that meet the outline, or run along it),
        at_nearest, at_nearest_though_fenced, not_joined (nothing near but across water or rail).
    """
    shapes = places.geometry.to_numpy()
    area = shapely.get_dimensions(shapes) == 2
    outlines = np.where(area, shapely.boundary(shapes), shapes)
    own_fence = places["place_id"].isin(fenced).to_numpy(bool)
    doors = _at_doors(np.flatnonzero(area), outlines, network, ground)
    open_air = np.flatnonzero(area & (places["setting"] != "indoor").to_numpy(bool))
    gates = _at_edge(open_air, outlines, own_fence, network, ground)
    without = np.ones(len(places), dtype=bool)
    without[np.concatenate([doors.place, gates.place])] = False
    nearest = _at_nearest(np.flatnonzero(without), places, outlines, network, ground)
    counts = Counter(
        at_doors=len(np.unique(doors.place)),
        at_gates=len(np.unique(gates.place)),
        at_nearest=len(nearest.place),
        at_nearest_though_fenced=int((own_fence & area)[nearest.place].sum()),
        not_joined=int(without.sum()) - len(nearest.place),
    )
    return reduce(_both, (doors, gates, nearest)), counts


def _stops(tags: Mapping[str, str], dimension: int) -> bool:
    """Whether one does not walk across this: water, or a railway on the ground."""
    if tags.get("tunnel", "no") != "no" or tags.get("bridge", "no") != "no":
        return False
    if dimension == 1:
        return tags.get("railway") in {"rail", "light_rail"} or tags.get("waterway") in {"river", "canal"}
    wet = tags.get("natural") == "water" or tags.get("waterway") in {"riverbank", "dock"}
    return dimension == 2 and (wet or tags.get("landuse") in {"basin", "reservoir"})


def _is_door(tags: Mapping[str, str]) -> bool:
    shut = tags.get("access") in {"no", "private"} or tags.get("locked") == "yes" or tags.get("foot") == "no"
    door = tags.get("entrance", "no") not in _NO_DOORS or tags.get("barrier") in _GATES
    return door and not shut


def _in_rd(shapes: pd.Series) -> _Shapes:
    return np.asarray(gpd.GeoSeries(list(shapes), crs=WGS84).to_crs(RD_NEW).to_numpy(), dtype=object)


def _both(one: Entrances, two: Entrances) -> Entrances:
    return Entrances(np.concatenate([one.place, two.place]), one.at.and_also(two.at))


def _at_doors(rows: _Ints, outlines: _Shapes, network: WalkNetwork, ground: Ground) -> Entrances:
    """Mapped doors and gates on the outlines of these places, joined to the network."""
    place, door = shapely.STRtree(ground.doors).query(outlines[rows], predicate="dwithin", distance=_ON_OUTLINE_M)
    found = snap(ground.doors[door], network, ground.barriers)
    return Entrances(rows[place][found.joined], found.of(found.joined))


def _at_edge(
    rows: _Ints, outlines: _Shapes, own_fence: NDArray[np.bool_], network: WalkNetwork, ground: Ground
) -> Entrances:
    """Where edges cross or touch the outlines of these places, or run along an open part of them."""
    lines, known = network.segment_lines, joinable_segments(network)
    number, found = shapely.STRtree(lines[known]).query(outlines[rows], predicate="dwithin", distance=_OPEN_EDGE_M)
    place, segment = rows[number], known[found]
    crossing, on_outline = _points_of(shapely.intersection(lines[segment], outlines[place]), own_fence[place])
    beside = np.flatnonzero(~own_fence[place])
    strips = shapely.buffer(outlines, _OPEN_EDGE_M, quad_segs=4)[place[beside]]
    near, in_strip = _points_of(shapely.intersection(lines[segment[beside]], strips), np.zeros(len(beside), bool))
    steps = np.asarray(shapely.shortest_line(outlines[place[beside][near]], in_strip), dtype=object)
    free = ~ground.barriers.crossed_by(steps) & ~_through_fence(steps, ground.fences)
    gates = np.asarray(shapely.shortest_line(on_outline, on_outline), dtype=object)
    owner = np.concatenate([place[crossing], place[beside][near][free]])
    on = np.concatenate([segment[crossing], segment[beside][near][free]])
    return Entrances(owner, along(np.concatenate([gates, steps[free]]), on, network))


def _points_of(shapes: _Shapes, points_only: NDArray[np.bool_]) -> tuple[_Ints, _Shapes]:
    """Points on each shape, at most 10 m apart and the ends among them, with the number of their shape.

    With `points_only` a line has none: a way drawn on top of a fence is no gate.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    keep = ~shapely.is_empty(parts) & ~(lines & points_only[owner])
    spread = np.where(lines[keep], shapely.segmentize(parts[keep], _APART_M), parts[keep])
    xy, which = shapely.get_coordinates(spread, return_index=True)
    return owner[keep][which].astype(np.int64), np.asarray(shapely.points(xy), dtype=object)


def _through_fence(steps: _Shapes, fences: _Shapes) -> NDArray[np.bool_]:
    """Whether steps from an outline to a way start on, or cross, a fence that is drawn as a line of its own."""
    through = np.zeros(len(steps), dtype=bool)
    tree = shapely.STRtree(fences)
    through[tree.query(shapely.get_point(steps, 0), predicate="dwithin", distance=_ON_OUTLINE_M)[0]] = True
    through[tree.query(steps, predicate="crosses")[0]] = True
    return through


def _at_nearest(
    rows: _Ints, places: gpd.GeoDataFrame, outlines: _Shapes, network: WalkNetwork, ground: Ground
) -> Entrances:
    """These places at the nearest edge that can be reached; buildings at their address street when it is near."""
    found = snap(outlines[rows], network, ground.barriers)
    streets = _address_streets(places, network)[rows]
    for name in np.unique(streets[streets >= 0]):
        those = np.flatnonzero(streets == name)
        on_street = snap(outlines[rows[those]], _only(network, network.name_index == name), ground.barriers)
        near = on_street.distance_m <= _ADDRESS_STREET_M
        found.put(those[near], on_street.of(near))
    return Entrances(rows[found.joined], found.of(found.joined))


def _address_streets(places: gpd.GeoDataFrame, network: WalkNetwork) -> _Ints:
    """For buildings, the number in `network.names` of the street of their address; -1 for all else."""
    building = (places["setting"] == "indoor") & (shapely.get_dimensions(places.geometry.to_numpy()) == 2)
    number = {name: index for index, name in enumerate(network.names)}
    # "Oudestraat 133, 8261 CK Kampen" is in Oudestraat.
    streets = places["address"].fillna("").str.replace(r" [^ ,]*(,.*)?$", "", regex=True)
    return np.asarray(streets.map(number).where(building).fillna(-1), dtype=np.int64)


def _only(network: WalkNetwork, edges: NDArray[np.bool_]) -> WalkNetwork:
    """The network with the segments of these edges only; numbers of edges stay what they were."""
    kept = edges[network.segment_edge]
    return replace(
        network,
        segment_xy=network.segment_xy[kept],
        segment_edge=network.segment_edge[kept],
        segment_along_m=network.segment_along_m[kept],
    )
