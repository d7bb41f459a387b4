"""Drawn and random towns with all that scenarios, best spots and gaps ask for."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from samples import all_categories
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from street_samples import ORIGIN, features_of
from test_homes import EAST, WEST, area, areas

from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import Distances, OnFoot
from meetingplaces.metrics.joining import Barriers, Snapped
from meetingplaces.metrics.scenario import Added, Scenario, distances_after, fitting_added, join_added
from meetingplaces.metrics.selection import Chosen, Selection, chosen
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.norms import load_norms
from meetingplaces.model.walking import WalkingContent
from meetingplaces.pipeline.classify import classify
from meetingplaces.pipeline.walking import walking
from meetingplaces.storage.locations import norms_path

ADULT = load_norms(norms_path()).profile("adult")
ANY = Selection()
_TO_DEGREES = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)


def side(code: str, west: float, east: float, **figures: float | None) -> dict[str, object]:
    """A neighbourhood from so far west to so far east, and 1,000 m to the north and south of the origin."""
    x, y = ORIGIN
    return area(code, 0, households_count=5, **figures) | {
        "geometry": shapely.box(x + west, y - 1000, x + east, y + 1000)
    }


SIDES = areas(side(WEST, -1000, 500), side(EAST, 500, 2000, residents_count=200))


@dataclass(frozen=True)
class Town:
    """One municipality, as its bundle has it."""

    places: gpd.GeoDataFrame
    walk: WalkingContent
    neighbourhoods: gpd.GeoDataFrame

    @cached_property
    def on_foot(self) -> OnFoot:
        return OnFoot(self.places, self.walk, ADULT)

    @cached_property
    def homes(self) -> HomesOf:
        return HomesOf(self.walk.homes, self.neighbourhoods)

    @cached_property
    def barriers(self) -> Barriers:
        return Barriers(self.walk.barriers.geometry.to_numpy())

    def now(self, selection: Selection = ANY) -> Chosen:
        return chosen(self.places, selection)

    def before(self, selection: Selection = ANY) -> Distances:
        return self.on_foot.to_places(self.now(selection))

    def after(self, scenario: Scenario, selection: Selection = ANY) -> Distances:
        """As a page does it."""
        scenario.check(self.places)
        fits = fitting_added(scenario.added, selection, all_categories())
        joined = join_added(scenario.added, self.walk.network, self.barriers)
        now = self.now(selection)
        then = now.within(scenario.stays(self.places))
        return distances_after(self.before(selection), self.on_foot, now, then, joined.of(fits))


def drawn(folder: Path, text: str, neighbourhoods: gpd.GeoDataFrame = SIDES) -> Town:
    """A town out of OPL in metres, made by the real pipeline."""
    features = features_of(folder, text)
    places = classify(features, all_categories()).places
    touched = gpd.sjoin(places[["geometry"]], neighbourhoods, predicate="intersects")["neighbourhood_code"]
    codes = touched.groupby(level=0).agg(list).reindex(places.index)
    places["neighbourhood_codes"] = pd.Series([own if isinstance(own, list) else [] for own in codes], dtype=object)
    found = walking(features, places, neighbourhoods, all_categories())
    walk = WalkingContent(found.homes, found.entrances, found.reach, found.network, found.barriers)
    return Town(places, walk, neighbourhoods)


def here(kind: str, east: float, north: float) -> Added:
    """A place that comes so many metres from the origin."""
    return Added(kind, *_TO_DEGREES.transform(ORIGIN[0] + east, ORIGIN[1] + north))


def straight(xy: np.ndarray, ends: list[tuple[int, int]]) -> WalkNetwork:
    """A network of straight edges without names."""
    edges = np.array(ends, dtype=np.int32).reshape(-1, 2)
    links = coo_array((np.ones(len(edges)), edges.T), shape=(len(xy), len(xy)))
    count, piece = connected_components(links, directed=False)
    metres = np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T)
    biggest = np.argsort(-np.bincount(piece[edges[:, 0]], weights=metres, minlength=count), kind="stable")
    return WalkNetwork(
        node_xy=xy.astype(float),
        node_flags=np.zeros(len(xy), dtype=np.uint8),
        component=np.argsort(biggest)[piece].astype(np.int32),
        edges=edges,
        length_m=metres,
        flags=np.zeros(len(edges), dtype=np.uint8),
        surface=np.zeros(len(edges), dtype=np.uint8),
        name_index=np.full(len(edges), -1, dtype=np.int32),
        names=(),
        segment_xy=xy[edges].astype(float),
        segment_edge=np.arange(len(edges), dtype=np.int32),
        segment_along_m=np.zeros(len(edges)),
    )


def random_town(seed: int, homes: int = 12) -> Town:
    """Crossings of a crooked grid with some streets missing, and homes along them; no places."""
    numbers = np.random.default_rng(seed)
    side_count = 4
    grid = np.stack(np.meshgrid(range(side_count), range(side_count)), axis=-1).reshape(-1, 2)
    xy = 100.0 * grid + numbers.uniform(-30, 30, (len(grid), 2)) + ORIGIN
    right = [(n, n + 1) for n in range(len(grid)) if (n + 1) % side_count]
    up = [(n, n + side_count) for n in range(len(grid) - side_count)]
    every = np.array([*right, *up])
    network = straight(xy, every[numbers.random(len(every)) < 0.8].tolist())
    edge = numbers.integers(0, len(network.edges), homes)
    offset, door = numbers.uniform(0, network.length_m[edge]), numbers.uniform(0, 20, homes)
    codes = numbers.choice([WEST, EAST], homes)
    people = {
        f"{group}{bound}": pd.array(numbers.uniform(0.5, 4, homes) * factor, dtype="Float64")
        for group in GROUPS
        for bound, factor in (("", 1.0), ("_low", 0.9), ("_high", 1.1))
    }
    table = gpd.GeoDataFrame(
        {"neighbourhood_code": codes, "edge": edge.astype(np.int32), "offset_m": offset, "door_m": door, **people},
        geometry=gpd.points_from_xy(*xy[network.edges[edge, 0]].T),
        crs="EPSG:28992",
    )
    entrances = pd.DataFrame({"place_id": pd.Series([], dtype="str"), "edge": np.zeros(0, np.int32)})
    entrances = entrances.assign(offset_m=np.zeros(0), distance_m=np.zeros(0))
    nothing = gpd.GeoDataFrame(geometry=[], crs="EPSG:28992")
    columns = {name: pd.Series([], dtype="str") for name in ("place_id", "weight", "access", "category")}
    places = gpd.GeoDataFrame(columns, geometry=[], crs="EPSG:28992")
    walk = WalkingContent(table, entrances, pd.DataFrame(index=range(homes)), network, nothing)
    return Town(places, walk, SIDES)


def moved(town: Town, east: float, north: float) -> Town:
    """The same town elsewhere."""
    by = np.array([east, north])
    network = replace(
        town.walk.network, node_xy=town.walk.network.node_xy + by, segment_xy=town.walk.network.segment_xy + by
    )
    homes, barriers, neighbourhoods, places = (
        table.set_geometry(table.translate(east, north))
        for table in (town.walk.homes, town.walk.barriers, town.neighbourhoods, town.places)
    )
    walk = replace(town.walk, homes=homes, network=network, barriers=barriers)
    return Town(places, walk, neighbourhoods)


def at_node(network: WalkNetwork, node: int) -> Snapped:
    """An entrance at a junction."""
    edge, end = np.argwhere(network.edges == node)[0]
    return Snapped(np.array([edge], np.int32), np.array([network.length_m[edge] * end]), np.zeros(1))
