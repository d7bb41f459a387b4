"""A small map of two records that may be one place, the same in words, and why nobody is sure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from math import atan2, pi
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces.export.ground import Ground
from meetingplaces.export.kit import KitPlace
from meetingplaces.export.labels import Sizes
from meetingplaces.export.map_svg import map_svg
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.kit.facts import symbol_of

_SIZES = Sizes(width=600, height=450, symbol=56, letters=22)
_LEAST_M = 120.0  # enough of the streets around to know where one is
_WINDS = ("north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west")
_SURE_OF_NAME = ("name_same", "name_alike", "name_other", "name_unknown")


def pair_map_html(place: pd.Series, record: pd.Series, ground: Ground, texts: Catalogue) -> str:
    """The place on the map (1) and the record (2) with their outlines, as an image; its text says where 2 lies."""
    shapes = [place.geometry, record.geometry]
    both = zip((place["setting"], place["setting"]), (False, True), _lon_lat(shapes), strict=True)
    marked = [
        KitPlace("", "", "", symbol_of(setting, hollow=hollow), (), position) for setting, hollow, position in both
    ]
    drawn = map_svg(replace(ground, outline=_rings(shapes)), marked, texts("export_north"), _SIZES, smallest_m=_LEAST_M)
    image = b64encode(drawn.encode()).decode()
    return (
        f'<figure class="pair-map"><img src="data:image/svg+xml;base64,{image}" alt="{texts("review_map")}">'
        f"<figcaption>{escape(_where(place.geometry, record.geometry, texts))}</figcaption></figure>"
    )


def doubt(pair: Mapping[str, Any], texts: Catalogue) -> str:
    """Why the pair is on the list: distance, what speaks for and against, and what that leaves open."""
    reasons = ", ".join(texts(f"review_{reason}") for reason in pair["reasons"])
    told = texts("review_distance", metres=texts.number(pair["distance_m"]), reasons=reasons)
    left_open = (texts(f"review_why_{reason}") for reason in pair["reasons"] if reason in _SURE_OF_NAME)
    return " ".join((told, *left_open))


def _where(one: shapely.Geometry, two: shapely.Geometry, texts: Catalogue) -> str:
    """Which way record 2 lies from 1, and how far between the nearest points of both (RD New)."""
    metres = one.distance(two)
    if metres < 1:
        return texts("review_map_same_spot")
    start, end = one.representative_point(), two.representative_point()
    wind = _WINDS[round(atan2(end.x - start.x, end.y - start.y) / (pi / 4)) % 8]
    return texts("review_map_where", metres=texts.number(round(metres)), wind=texts(f"review_wind_{wind}"))


def _lon_lat(shapes: Iterable[shapely.Geometry]) -> list[tuple[float, float]]:
    points = gpd.GeoSeries([one.representative_point() for one in shapes], crs=RD_NEW).to_crs(WGS84)
    return [(one.x, one.y) for one in points]


def _rings(shapes: Iterable[shapely.Geometry]) -> tuple[Any, ...]:
    """The outer rings of what is an area."""
    parts = shapely.get_parts([one for one in shapes if one.area])
    return tuple(shapely.get_coordinates(shapely.get_exterior_ring(one)) for one in parts)
