"""A made-up country to measure size with: shifted copies of one real extract, under ids as spread as real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import osmium

# Copies keep together in runs of this many objects: real files have neighbours close together too.
RUN = 1000
# The highest ids a real file has. A country spreads over the whole range of ids, which is what id sets pay for.
TOP_IDS = {"n": 12_000_000_000, "w": 1_300_000_000, "r": 18_000_000}


def new_ids(ids: list[int], copies: int, top: int) -> Callable[[int, int], int]:
    """New id of an object in a copy: unique, rising with the old one within a run, spread up to `top`."""
    rank = {old: place for place, old in enumerate(ids)}
    stride = top // (copies * (len(ids) // RUN + 3))

    def renumber(old: int, copy: int) -> int:
        # What the crop left out has no rank yet and must stay missing in every copy: it gets one past the end.
        place = rank.setdefault(old, len(rank))
        return (place // RUN * copies + copy) * stride + place % RUN + 1

    return renumber


def write_country(source: Path, out: Path, copies: int) -> None:
    """Shifted copies of `source`, in the order nodes, ways, relations and by rising id."""

    def draft(thing: object, kind: str) -> object:
        tags = {tag.k: tag.v for tag in thing.tags}
        if kind == "n":
            return thing.id, tags, (thing.lon, thing.lat)
        members = [n.ref for n in thing.nodes] if kind == "w" else [(m.type, m.ref, m.role) for m in thing.members]
        return thing.id, tags, members

    things: dict[str, list] = {"n": [], "w": [], "r": []}
    for thing in osmium.FileProcessor(str(source)):
        things[thing.type_str()].append(draft(thing, thing.type_str()))
    number = {kind: new_ids([thing[0] for thing in listed], copies, TOP_IDS[kind]) for kind, listed in things.items()}
    make = osmium.osm.mutable
    header = osmium.io.Header()
    header.set("sorting", "Type_then_ID")
    west, south = min(place[0] for _, _, place in things["n"]) - 1, min(place[1] for _, _, place in things["n"]) - 0.5
    header.add_box(osmium.osm.Box(west, south, west + 2.2, south + 0.1 * (copies // 10 + 2)))
    with osmium.SimpleWriter(str(out), header=header, overwrite=True) as writer:
        for kind, copy, (old, tags, body) in in_order(things, copies):
            fresh = number[kind](old, copy)
            if kind == "n":
                place = (body[0] + copy % 10 * 0.2 - 1, body[1] + copy // 10 * 0.1 - 0.5)
                writer.add_node(make.Node(id=fresh, tags=tags, location=place))
            elif kind == "w":
                writer.add_way(make.Way(id=fresh, tags=tags, nodes=[number["n"](ref, copy) for ref in body]))
            else:
                members = [(type_, number[type_](ref, copy), role) for type_, ref, role in body]
                writer.add_relation(make.Relation(id=fresh, tags=tags, members=members))


def in_order(things: dict[str, list], copies: int) -> Iterable[tuple[str, int, tuple]]:
    """Type, copy and draft of every object to write: run by run, so that ids rise throughout."""
    for kind, listed in things.items():
        for begin in range(0, len(listed), RUN):
            for copy in range(copies):
                for thing in listed[begin : begin + RUN]:
                    yield kind, copy, thing
