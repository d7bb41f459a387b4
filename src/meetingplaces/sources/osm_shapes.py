"""From OSM ways and relations to shapes: what is a line, what a surface, what can be repaired and what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray

from meetingplaces.sources.osm_nodes import NodePositions

Tags = Mapping[str, str]

# Keys that say "this is a surface", with the values that do not. A way that has one of these is a surface even if it
# also has a linear key: a playground with `barrier=fence` is the playground inside its fence, a `place=square` mapped
# on the pedestrian street around it is the square. Not `tourism=attraction`: it goes on miniature railways too.
SURFACES: Mapping[str, frozenset[str]] = {
    "amenity": frozenset(),
    "building": frozenset({"no"}),
    "landuse": frozenset(),
    "leisure": frozenset({"track", "slipway"}),
    "place": frozenset(),
    "shop": frozenset({"no"}),
    "tourism": frozenset({"artwork", "attraction"}),
}
# Keys that say "this is a line, also where it ends at its own beginning" (a round street, the fence of a field), with
# the values that are surfaces all the same. After the area rules of the iD editor and of osm2pgsql's default style.
LINES: Mapping[str, frozenset[str]] = {
    "aerialway": frozenset({"station"}),
    "barrier": frozenset(),
    "highway": frozenset({"elevator", "platform", "rest_area", "services"}),
    "power": frozenset({"generator", "plant", "substation", "transformer"}),
    "railway": frozenset({"platform", "roundhouse", "station", "turntable", "wash"}),
    "route": frozenset(),
    "waterway": frozenset({"boatyard", "dam", "dock", "fuel", "riverbank"}),
}
# Values that are lines while most values of their key are surfaces. `leisure=track` is the line one runs along.
LINE_VALUES: Mapping[str, frozenset[str]] = {
    "leisure": frozenset({"slipway", "track"}),
    "man_made": frozenset({"breakwater", "cutline", "embankment", "groyne", "pipeline"}),
    "natural": frozenset({"arete", "cliff", "coastline", "ridge", "tree_row", "valley"}),
}
# Things that mappers also draw as a plain stroke: not a torn ring when they do not close.
STROKES: Mapping[str, frozenset[str]] = {
    "amenity": frozenset({"bench", "bicycle_parking", "lounger", "table"}),
    "leisure": frozenset({"bleachers", "fishing", "picnic_table"}),
    "man_made": frozenset({"pier"}),
    "playground": frozenset({"balancebeam", "climbingframe", "slide", "swing", "zipwire"}),
    "tourism": frozenset({"artwork"}),
}
_TELLING = frozenset({"area", *SURFACES, *LINES, *LINE_VALUES, *STROKES})


@dataclass
class Shapes:
    """One shape (EPSG:4326) or one reason for its loss per object, and the repairs that were made."""

    geometry: NDArray[np.object_]
    lost: list[str | None]
    repairs: Counter[str]


def is_surface(tags: Tags) -> bool:
    """Whether a closed way with these tags means the surface inside it, not the line along it."""
    if tags.get("area") in {"yes", "no"}:
        return tags["area"] == "yes"
    if _has(tags, SURFACES, listed=False):
        return True
    return not (_has(tags, LINES, listed=False) or _has(tags, LINE_VALUES, listed=True))


def may_stay_open(tags: Tags) -> bool:
    """Whether a way that does not close is whole as it is, not a ring torn by a mapper or by the edge of the crop."""
    if tags.get("area") in {"yes", "no"}:
        return tags["area"] == "no"
    if _has(tags, STROKES, listed=True) or not is_surface(tags):
        return True
    return _has({key: value for key, value in tags.items() if key != "barrier"}, LINES, listed=False)


def _has(tags: Tags, table: Mapping[str, frozenset[str]], *, listed: bool) -> bool:
    return any(key in tags and (tags[key] in values) is listed for key, values in table.items())


def way_shapes(ways: Sequence[tuple[Tags, Sequence[int]]], nodes: NodePositions) -> Shapes:
    """A polygon or line for every way given as (tags, node ids)."""
    shapes = Shapes(np.full(len(ways), None, dtype=object), [None] * len(ways), Counter())
    counts = np.array([len(refs) for _, refs in ways], dtype=np.int64)
    begins = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    at = nodes.at(np.array([ref for _, refs in ways for ref in refs], dtype=np.int64))
    gaps = np.concatenate([[0], np.cumsum(np.isnan(at).any(axis=1))])[begins]
    rings, lines = list[int](), list[int]()
    for number, (tags, refs) in enumerate(ways):
        kind = "missing_nodes" if gaps[number] < gaps[number + 1] else _kind(tags, refs)
        if kind == "ring":
            rings.append(number)
        elif kind == "line":
            lines.append(number)
        else:
            shapes.lost[number] = kind
    if lines:
        positions, owner = _runs(at, begins, counts, lines)
        shapes.geometry[lines] = shapely.linestrings(positions, indices=owner)
    if rings:
        positions, owner = _runs(at, begins, counts, rings)
        shapes.geometry[rings] = shapely.polygons(shapely.linearrings(positions, indices=owner))
    mend(shapes)
    return shapes


def _kind(tags: Tags, refs: Sequence[int]) -> str:
    """How to draw a way whose nodes are all there: "ring" or "line", else why it cannot be drawn."""
    different = len(set(refs))
    if different < 2:
        return "too_few_nodes"
    closed = refs[0] == refs[-1]
    surface, may_be_open = _manner(tuple(item for item in tags.items() if item[0] in _TELLING))
    if closed and surface:
        return "ring" if different > 2 else "too_few_nodes"
    return "line" if closed or may_be_open else "open_ring"


@lru_cache(maxsize=4096)
def _manner(telling: tuple[tuple[str, str], ...]) -> tuple[bool, bool]:
    """`is_surface` and `may_stay_open` by the tags that decide them; a town has thousands of ways and few of these."""
    return is_surface(dict(telling)), may_stay_open(dict(telling))


def _runs(
    at: NDArray[np.float64], begins: NDArray[np.int64], counts: NDArray[np.int64], chosen: list[int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The positions of the chosen ways one after the other, and for each position the number of its way."""
    sizes = counts[chosen]
    owner = np.repeat(np.arange(len(chosen)), sizes)
    first = np.repeat(begins[:-1][chosen] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    return at[first + np.arange(len(owner))], owner


def mend(shapes: Shapes) -> None:
    """Repair the shapes that are not valid; what leaves no surface or length is lost. Counts both."""
    there = np.flatnonzero(shapely.is_geometry(shapes.geometry))
    surface = shapely.get_dimensions(shapes.geometry[there]) == 2
    for number in there[surface & ~shapely.is_valid(shapes.geometry[there])].tolist():
        mended = shapely.make_valid(shapes.geometry[number], method="structure", keep_collapsed=False)
        shapes.geometry[number] = mended if mended.area else None
        if mended.area:
            shapes.repairs["self_intersection_repaired"] += 1
        else:
            shapes.lost[number] = "invalid_geometry"
    for number in there[~surface & (shapely.length(shapes.geometry[there]) == 0)].tolist():
        shapes.geometry[number], shapes.lost[number] = None, "invalid_geometry"


def relation_shapes(
    relations: Sequence[Sequence[tuple[int, str]]], ways: Mapping[int, Sequence[int]], nodes: NodePositions
) -> Shapes:
    """A polygon with its holes for every relation given as the (way id, role) of its members."""
    shapes = Shapes(np.full(len(relations), None, dtype=object), [None] * len(relations), Counter())
    for number, members in enumerate(relations):
        shapes.lost[number] = _hindrance(members, ways, nodes)
    sound = [number for number, reason in enumerate(shapes.lost) if reason is None]
    assembled = _assemble([relations[number] for number in sound], ways, nodes)
    for place, number in enumerate(sound):
        shapes.geometry[number] = assembled.get(place + 1)
        if shapes.geometry[number] is None:
            _rebuild(shapes, number, [ways[way] for way, _ in relations[number]], nodes)
    mend(shapes)
    return shapes


def _hindrance(
    members: Sequence[tuple[int, str]], ways: Mapping[int, Sequence[int]], nodes: NodePositions
) -> str | None:
    """Why these members cannot enclose a surface, None if they can."""
    if not members:
        return "no_member_ways"
    if any(way not in ways for way, _ in members):
        return "missing_members"
    if np.isnan(nodes.at(np.array([ref for way, _ in members for ref in ways[way]], dtype=np.int64))).any():
        return "missing_nodes"
    ends = Counter(ref for way in {way for way, _ in members} for ref in (*ways[way][:1], *ways[way][-1:]))
    return "open_ring" if any(count % 2 for count in ends.values()) else None


def _assemble(
    relations: Sequence[Sequence[tuple[int, str]]], ways: Mapping[int, Sequence[int]], nodes: NodePositions
) -> dict[int, shapely.Geometry]:
    """Areas by the place (from 1) of their relation, put together by libosmium from a small file in memory.

    Only the members go in, under fresh positive ids: the assembler then needs no locations of the whole extract.
    """
    needed = sorted({way for members in relations for way, _ in members})
    way_ids = {way: place for place, way in enumerate(needed, 1)}
    refs = np.unique(np.array([ref for way in needed for ref in ways[way]], dtype=np.int64))
    node_ids = {ref: place for place, ref in enumerate(refs.tolist(), 1)}
    lines = [f"n{place} x{lon:.7f} y{lat:.7f}" for place, (lon, lat) in enumerate(nodes.at(refs).tolist(), 1)]
    lines += [f"w{way_ids[way]} N" + ",".join(f"n{node_ids[ref]}" for ref in ways[way]) for way in needed]
    for place, members in enumerate(relations, 1):
        listed = ",".join(f"w{way_ids[way]}@{role if role in {'outer', 'inner'} else ''}" for way, role in members)
        lines.append(f"r{place} Ttype=multipolygon M{listed}")
    small = osmium.io.FileBuffer(("\n".join(lines) + "\n").encode(), "opl")
    wkb, areas = osmium.geom.WKBFactory(), dict[int, str]()
    # An area that could not be put together comes without rings.
    only_areas = osmium.filter.EntityFilter(osmium.osm.AREA)
    found: Iterable[Any] = osmium.FileProcessor(small).with_areas().with_filter(only_areas)
    for area in found:
        if not area.from_way() and area.num_rings()[0]:
            areas[area.orig_id()] = wkb.create_multipolygon(area)
    return dict(zip(areas, map(_simplest, shapely.from_wkb(list(areas.values()))), strict=True))


def _simplest(area: shapely.Geometry) -> shapely.Geometry:
    return shapely.get_geometry(area, 0) if shapely.get_num_geometries(area) == 1 else area


def _rebuild(shapes: Shapes, number: int, members: Sequence[Sequence[int]], nodes: NodePositions) -> None:
    """Second chance for closed members that cross each other: cut them where they cross, then fill."""
    strokes = [shapely.linestrings(nodes.at(np.array(refs, dtype=np.int64))) for refs in members if len(refs) > 1]
    area = shapely.build_area(shapely.unary_union(strokes))
    if area.area:
        shapes.geometry[number] = _simplest(area)
        shapes.repairs["self_intersection_repaired"] += 1
    else:
        shapes.lost[number] = "invalid_geometry"
