"""Figures of the screens to export, and what a drawn SVG tells of itself."""

import re
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import shapely
from screens import SHAPES

from meetingplaces.export.figures import Band, ChartFigure, MapFigure, Panel
from meetingplaces.export.files import drawing_file
from meetingplaces.export.screen import Screen
from meetingplaces.model.crs import RD_NEW

FIFTHS = tuple(Band(step / 5, (step + 1) / 5, f"{20 * step} tot {20 * step + 20}%") for step in range(5))
DISTANCES = (Band(0, 500, "tot 500 m"), Band(500, 1000, "500 tot 1.000 m"), Band(1000, 2000, "verder dan 1.000 m"))
SHARES = MapFigure("share", "name", FIFTHS, outline=shapely.union_all(SHAPES[:3]))
CHART = ChartFigure(
    ("name",), (Panel("share"), Panel("people", "people_low", "people_high"), Panel("median_m", mark="dot"))
)
SVG = "{http://www.w3.org/2000/svg}"


def svg(screen: Screen, figure: MapFigure | ChartFigure) -> ElementTree.Element:
    return ElementTree.fromstring(drawing_file(screen, figure, "svg"))


def part(root: ElementTree.Element, gid: str) -> ElementTree.Element:
    return next(one for one in root.iter(f"{SVG}g") if one.get("id") == gid)


def titles(root: ElementTree.Element, start: str = "row-") -> list[str]:
    parts = [one for one in root.iter(f"{SVG}g") if one.get("id", "").startswith(start)]
    return [one.find(f"{SVG}title").text for one in parts]


def fill(root: ElementTree.Element, gid: str) -> str:
    return re.search(r"fill: ([^;]+)", part(root, gid).find(f".//{SVG}path").get("style")).group(1)


def corners(root: ElementTree.Element, gid: str) -> list[np.ndarray]:
    """The points of each ring of a drawn area, in points from the top left."""
    drawn = part(root, gid).find(f".//{SVG}path").get("d")
    return [np.array(re.findall(r"-?[\d.]+", ring), dtype=float).reshape(-1, 2) for ring in drawn.split("M")[1:]]


def width(root: ElementTree.Element, gid: str) -> float:
    return float(np.ptp(np.vstack(corners(root, gid))[:, 0]))


def in_rd(*shapes: shapely.Geometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=RD_NEW)
