"""Hand-drawn towns in metres, read through the real reader. `n1 @30,-20` is 30 m east and 20 m south of the origin."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from samples import all_categories, opl_file

from meetingplaces.metrics.joining import Snapped, snap
from meetingplaces.model.categories import merged_wishes
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.classify import classify
from meetingplaces.pipeline.drawing import BACKGROUND_WISHES
from meetingplaces.pipeline.entrances import ENTRANCE_WISHES, Entrances, Ground, fenced_of, find_entrances, ground_of
from meetingplaces.pipeline.homes import HOME_WISHES
from meetingplaces.pipeline.stops import STOP_WISHES
from meetingplaces.pipeline.streets import STREET_WISHES, walk_network
from meetingplaces.sources.osm_extract import read_extract

ORIGIN = (190_000.0, 500_000.0)
_TO_DEGREES = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)
# OpenStreetMap rounds to 1e-7 degree: a centimetre per node.
CLOSE_M = 0.05


def in_degrees(text: str, origin: tuple[float, float] = ORIGIN) -> str:
    """OPL out of lines like `n1 @30,-20 Thighway=steps`."""

    def place(found: re.Match[str]) -> str:
        lon, lat = _TO_DEGREES.transform(origin[0] + float(found[1]), origin[1] + float(found[2]))
        return f"x{lon:.7f} y{lat:.7f}"

    return re.sub(r"@(-?[\d.]+),(-?[\d.]+)", place, text)


def features_of(folder: Path, text: str, origin: tuple[float, float] = ORIGIN) -> pd.DataFrame:
    wishes = [
        all_categories().tag_wishes(),
        BACKGROUND_WISHES,
        STREET_WISHES,
        HOME_WISHES,
        ENTRANCE_WISHES,
        STOP_WISHES,
    ]
    path = opl_file(folder / "drawn.opl", in_degrees(text, origin))
    return read_extract(Snapshot.of_file(path), merged_wishes(wishes)).features


def network_of(folder: Path, text: str) -> WalkNetwork:
    return walk_network(features_of(folder, text))[0]


def entered(folder: Path, text: str) -> tuple[Entrances, WalkNetwork, Ground, gpd.GeoDataFrame, dict[str, int]]:
    """Entrances, network, ground, places and counts of a drawn town."""
    features = features_of(folder, text)
    network, ground = walk_network(features)[0], ground_of(features)
    places = classify(features, all_categories()).places
    entrances, counts = find_entrances(places, network, ground, fenced_of(features))
    return entrances, network, ground, places, dict(counts)


def bare_network(
    edges: list[tuple[int, int]], lengths_m: list[float], flags: list[int], node_flags: list[int]
) -> WalkNetwork:
    """A network of so many metres per edge, which lies nowhere."""
    nodes, count = len(node_flags), len(edges)
    return WalkNetwork(
        node_xy=np.zeros((nodes, 2)),
        node_flags=np.array(node_flags, dtype=np.uint8),
        component=np.zeros(nodes, dtype=np.int32),
        edges=np.array(edges, dtype=np.int32).reshape(-1, 2),
        length_m=np.array(lengths_m, dtype=float),
        flags=np.array(flags, dtype=np.uint8),
        surface=np.zeros(count, dtype=np.uint8),
        name_index=np.full(count, -1, dtype=np.int32),
        names=(),
        segment_xy=np.zeros((0, 2, 2)),
        segment_edge=np.zeros(0, dtype=np.int32),
        segment_along_m=np.zeros(0),
    )


def spots(*metres: tuple[float, float]) -> np.ndarray:
    """Points (RD New) so many metres from the origin."""
    return np.asarray(shapely.points(np.array(metres, dtype=float).reshape(-1, 2) + ORIGIN), dtype=object)


def joined(network: WalkNetwork, *metres: tuple[float, float]) -> Snapped:
    return snap(spots(*metres), network)


def where(network: WalkNetwork, points: Snapped) -> list[tuple[float, float]]:
    """Positions of points on the network, in metres from the origin, to the decimetre."""
    found = []
    for edge, offset in zip(points.edge, points.offset_m, strict=True):
        own = np.flatnonzero(network.segment_edge == edge)
        line = shapely.linestrings(np.vstack([network.segment_xy[own, 0], network.segment_xy[own[-1], 1]]))
        x, y = shapely.get_coordinates(shapely.line_interpolate_point(line, offset))[0] - ORIGIN
        found.append((round(float(x), 1) + 0.0, round(float(y), 1) + 0.0))
    return found
