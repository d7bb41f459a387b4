"""A second source made from places whose truth is known: moved, renamed, dropped, split and added; seeded."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.affinity

from meetingplaces.model.categories import Categories
from meetingplaces.model.records import records_table
from meetingplaces.pipeline.attributes import attributes_of
from meetingplaces.pipeline.classify import places_table

SOURCE = "gemeente"
# A name as another writes it: still the same.
_SPELLINGS = (str, str.upper, str.lower, lambda name: f"{name} Kampen", lambda name: name.replace(" De ", " "))
_SYLLABLES = (
    "ka",
    "mer",
    "ijs",
    "sel",
    "bron",
    "veld",
    "zwa",
    "lin",
    "de",
    "horst",
    "wil",
    "gen",
    "brink",
    "es",
    "lo",
    "dijk",
)
_KINDS = {
    "bench": 0.4, "playground": 0.25, "picnic_table": 0.06, "neighbourhood_centre": 0.08, "village_hall": 0.03,
    "library": 0.02, "place_of_worship": 0.05, "park": 0.05, "community_garden": 0.03, "ball_pitch": 0.03,
}  # fmt: skip
_NAMED = {"bench": 0.0, "picnic_table": 0.0, "playground": 0.3, "ball_pitch": 0.1}
_WORDS = {
    "neighbourhood_centre": "Wijkcentrum",
    "village_hall": "Dorpshuis",
    "library": "Bibliotheek",
    "park": "Park",
    "playground": "Speeltuin",
    "place_of_worship": "Kerk",
    "community_garden": "Buurttuin",
    "ball_pitch": "Veld",
}


@dataclass(frozen=True)
class Faults:
    """How a second source differs. Shares in [0, 1], distances in metres."""

    moved_m: float = 1.0
    far_share: float = 0.03
    respelt_share: float = 0.3
    renamed_share: float = 0.08
    nameless_share: float = 0.1
    dropped_share: float = 0.15
    split_share: float = 0.05
    added_share: float = 0.1


@dataclass(frozen=True)
class MadeSource:
    """Places as OpenStreetMap has them, records of the second source, and `place_id` by `record_id` (None: new)."""

    places: gpd.GeoDataFrame
    records: gpd.GeoDataFrame
    truth: dict[str, str | None]


def second_source(places: gpd.GeoDataFrame, seed: int, faults: Faults | None = None) -> MadeSource:
    """What a second source says of `places` (RD New), each of which is one place in the world."""
    faults, chance = faults or Faults(), np.random.default_rng(seed)
    in_osm, in_second = (chance.random(len(places)) >= faults.dropped_share for _ in range(2))
    truth: dict[str, str | None] = {}
    rows = []
    for place in places[in_second].itertuples():
        for _ in range(2 if chance.random() < faults.split_share else 1):
            rows.append(_row(len(rows), place, chance, faults))
            truth[rows[-1]["record_id"]] = place.place_id
    for place in places.sample(frac=faults.added_share, random_state=seed).itertuples():
        turn, metres = chance.uniform(0, 2 * np.pi), chance.uniform(8, 80) + place.geometry.length / 2
        start = place.geometry.representative_point()
        beside = shapely.affinity.translate(start, metres * np.cos(turn), metres * np.sin(turn))
        other = {"name": _made_name(chance, place.category), "geometry": beside}
        rows.append({**_row(len(rows), place, chance, faults), **other})
        truth[rows[-1]["record_id"]] = None
    return MadeSource(places[in_osm].reset_index(drop=True), records_table(rows), truth)


def _row(number: int, place, chance: np.random.Generator, faults: Faults) -> dict[str, object]:
    start = place.geometry.representative_point()
    spread = chance.uniform(100, 300) if chance.random() < faults.far_share else faults.moved_m
    x, y = chance.normal((start.x, start.y), spread)
    name = place.name if isinstance(place.name, str) else None
    if name and chance.random() < faults.respelt_share:
        name = _SPELLINGS[chance.integers(len(_SPELLINGS))](name)
    if name and chance.random() < faults.renamed_share:
        name = _made_name(chance, place.category)
    if chance.random() < faults.nameless_share:
        name = None
    return {"record_id": f"{SOURCE}/{number}", "source_id": SOURCE, "kind": place.category, "name": name,
            "geometry": shapely.Point(x, y)}  # fmt: skip


def made_places(count: int, seed: int, categories: Categories) -> gpd.GeoDataFrame:
    """So many places spread as in a town, about 60 per km²; every third bench is in a row of three, 2 to 5 m apart.

    Of the benches of Ermelo one in ten stands within 3.1 m of another, and one in four within 8.4 m.
    """
    chance = np.random.default_rng(seed)
    side = np.sqrt(count / 60) * 1000
    kinds = chance.choice(list(_KINDS), count, p=list(_KINDS.values()))
    xy = chance.uniform(0, side, (count, 2)) + np.array([150_000, 400_000])
    benches = np.flatnonzero(kinds == "bench")
    for first in range(0, len(benches) - 2, 9):
        step = chance.uniform(2, 5)
        for place in (1, 2):
            xy[benches[first + place]] = xy[benches[first]] + (place * step, 0)
    named = chance.random(count) < np.array([_NAMED.get(kind, 1.0) for kind in kinds])
    rows = []
    for number, (kind, is_named) in enumerate(zip(kinds, named, strict=True)):
        shape = shapely.Point(xy[number])
        shape = shape.buffer(chance.uniform(20, 60), quad_segs=2) if kind == "park" else shape
        rows.append(
            made_place(
                f"osm/n{number + 1}", categories.by_key[kind], _made_name(chance, kind) if is_named else None, shape
            )
        )
    return places_table(rows)


def _made_name(chance: np.random.Generator, kind: str) -> str:
    core = "".join(chance.choice(_SYLLABLES, chance.integers(2, 5))).capitalize()
    return f"{_WORDS.get(kind, '')} {'De ' if chance.random() < 0.3 else ''}{core}".strip()


def made_place(place_id: str, category, name: str | None, shape: shapely.Geometry) -> dict[str, object]:
    area = shape.area
    return {**attributes_of({}, category), "place_id": place_id, "name": name, "category": category.key,
            "weight": category.weight, "access": category.access, "near_street": None, "amenity_ids": [],
            "neighbourhood_codes": [], "records": [place_id], "area_m2": area or pd.NA, "last_edit_on": None,
            "geometry": shape}  # fmt: skip


@dataclass(frozen=True)
class Quality:
    """Of merges: how many there were, how many wrongly, and how many there could have been; and pairs to review."""

    merged: int
    false: int
    possible: int
    doubtful: int

    @property
    def false_share(self) -> float:
        return self.false / max(self.merged, 1)

    @property
    def recall(self) -> float:
        return (self.merged - self.false) / max(self.possible, 1)


def quality(made: MadeSource, pairs: pd.DataFrame) -> Quality:
    """How good the merges in `pairs` (of `conflate`) are. A place that was split counts once as possible."""
    merged = pairs[pairs["verdict"] == "merged"]
    false = sum(made.truth[one] != place for one, place in zip(merged["record_id"], merged["place_id"], strict=True))
    present = set(made.places["place_id"])
    possible = {place for place in made.truth.values() if place in present}
    return Quality(len(merged), false, len(possible), int((pairs["verdict"] == "doubtful").sum()))
