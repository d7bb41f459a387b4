"""Where somebody can go from where she is: places by their way, and whether each is what she asks for.

Premise: what is written of a place is true, and one walks as a profile does. Every condition has three answers: met,
not met, and unknown. A place answers as its worst condition does, so that what is unknown is never shown as a yes, and
never hidden as a no. Limits: what nobody wrote down (a toilet, a seat) is unknown, not absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from meetingplaces.metrics.audience import meant_for
from meetingplaces.metrics.distances import Distances, OnFoot
from meetingplaces.metrics.joining import DETOUR_M, Barriers, Snapped, snap
from meetingplaces.metrics.selection import (
    ANY_SETTING,
    Chosen,
    enterable_with_wheelchair,
    free_of_charge,
    known,
    provides,
)
from meetingplaces.model.categories import Audience, Categories, Provision, Setting
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.places import PUBLIC_ACCESS, RESTRICTED_ACCESS

Fit = Literal["yes", "unknown", "no"]
FITS: tuple[Fit, ...] = get_args(Fit)
Wish = Literal["no_purchase", "toilet", "seat", "coffee", "play", "dog"]
Condition = Literal[
    "open", "setting", "free", "wheelchair", "no_purchase", "toilet", "seat", "coffee", "play", "dog", "audience"
]

_Mask = NDArray[np.bool_]
_Rows = NDArray[np.int64]
_OFFERED: Mapping[Wish, Provision] = {"toilet": "toilet", "seat": "seat", "coffee": "coffee", "play": "play"}


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a place; the default asks nothing, and leaves out places with a threshold."""

    settings: frozenset[Setting] = ANY_SETTING
    free: bool = False
    wheelchair: bool = False
    wishes: frozenset[Wish] = frozenset()
    audience: Audience | None = None
    restricted: bool = False
    """Also places where one must buy something, be a member or be referred. Coffee asks for them by itself."""


@dataclass(frozen=True)
class Ways:
    """How far each place of a table is from one point.

    `metres` (float64) on foot where `on_foot`, else as the crow flies; `rested` where there is a known seat wherever
    this walker needs one, or needs none.
    """

    metres: NDArray[np.float64]
    on_foot: _Mask
    rested: _Mask


@dataclass(frozen=True)
class Answer:
    """Rows of the place table by how they answer, each from near to far; and each condition by itself."""

    rows: Mapping[Fit, _Rows]
    conditions: Mapping[Condition, Chosen]

    def unknown(self, row: int) -> list[Condition]:
        """The conditions of which it is not known whether this place meets them."""
        return [name for name, one in self.conditions.items() if one.perhaps[row] and not one.sure[row]]

    def unmet(self, row: int) -> list[Condition]:
        """The conditions that this place does not meet."""
        return [name for name, one in self.conditions.items() if not one.perhaps[row]]


def ways_from(
    point: shapely.Point, places: gpd.GeoDataFrame, on_foot: OnFoot | None = None, barriers: Barriers | None = None
) -> Ways:
    """The way from a point to every place: over the streets, and as the crow flies where no way is known.

    Parameters
    ----------
    point, places
        RD New. As the crow flies is to the nearest part of a place.
    on_foot
        Who walks, on which streets; `None` when no streets are known.
    barriers
        What is not crossed on the way to the first street, which is at most 200 m away.
    """
    straight = shapely.distance(point, places.geometry.to_numpy())
    here = None if on_foot is None else _start(point, on_foot, barriers)
    return _ways(straight, on_foot.to_each_place(here) if on_foot and here else None)


def ways_to_points(
    point: shapely.Point, points: gpd.GeoDataFrame, on_foot: OnFoot | None = None, barriers: Barriers | None = None
) -> Ways:
    """As `ways_from`, to points that are no places of the table, such as the stops of a bus."""
    there = points.geometry.to_numpy()
    straight = shapely.distance(point, there)
    here = None if on_foot is None else _start(point, on_foot, barriers)
    if on_foot is None or here is None:
        return _ways(straight, None)
    ends = snap(there, on_foot.network, barriers)
    return _ways(straight, on_foot.between(here, ends))


def _start(point: shapely.Point, on_foot: OnFoot, barriers: Barriers | None) -> Snapped | None:
    """Where somebody joins the streets, `None` when that is too far away."""
    here = snap(np.array([point], dtype=object), on_foot.network, barriers)
    return here if here.joined[0] and here.distance_m[0] <= DETOUR_M else None


def _ways(straight: NDArray[np.float64], metres: Distances | None) -> Ways:
    """On foot where that is known, else as the crow flies."""
    if metres is None:
        nobody = np.zeros(len(straight), dtype=bool)
        return Ways(straight, nobody, nobody)
    known = np.isfinite(metres.perhaps)
    return Ways(np.where(known, metres.perhaps, straight), known, np.isfinite(metres.sure))


def answer(
    places: pd.DataFrame, asked: Asked, categories: Categories, opening: Chosen | None = None, ways: Ways | None = None
) -> Answer:
    """The places by how they answer what is asked, nearest first; without `ways` in the order of the table.

    Places on foot come before those of which only the distance as the crow flies is known. Amenities are no places.

    Parameters
    ----------
    places
        Checked table.
    opening
        Which places are surely and which perhaps open when she wants to go; `None` when it does not matter.
    """
    told = conditions(places, asked, categories, opening)
    everywhere = np.ones(len(places), dtype=bool)
    together = Chosen(everywhere, everywhere)
    for one in told.values():
        together = together & one
    groups = {"yes": together.sure, "unknown": together.perhaps & ~together.sure, "no": ~together.perhaps}
    looked_at = _looked_at(places, asked)
    order = np.arange(len(places)) if ways is None else np.lexsort((ways.metres, ~ways.on_foot))
    return Answer({fit: order[(groups[fit] & looked_at)[order]] for fit in FITS}, told)


def conditions(
    places: pd.DataFrame, asked: Asked, categories: Categories, opening: Chosen | None = None
) -> dict[Condition, Chosen]:
    """Per condition that is asked, the places that surely meet it and those that perhaps do."""
    told: dict[Condition, Chosen] = {} if opening is None else {"open": opening}
    if asked.settings != ANY_SETTING:
        told["setting"] = known(places["setting"], asked.settings)
    if asked.free:
        told["free"] = free_of_charge(places)
    if asked.wheelchair:
        told["wheelchair"] = enterable_with_wheelchair(places)
    if "no_purchase" in asked.wishes:
        told["no_purchase"] = known(places["access"], PUBLIC_ACCESS, {"unknown"})
    for wish, what in _OFFERED.items():
        if wish in asked.wishes:
            told[wish] = _offered(places, what, categories)
    if "dog" in asked.wishes:
        told["dog"] = known(places["dogs"], {"yes", "leashed"}, {"outside", "unknown"})
    if asked.audience:
        told["audience"] = meant_for(places, asked.audience, categories)
    return told


def in_rd(longitude: float, latitude: float) -> shapely.Point:
    """A position in degrees (EPSG:4326) as a point in RD New."""
    return shapely.Point(_to_rd().transform(longitude, latitude))


@cache
def _to_rd() -> Transformer:
    return Transformer.from_crs(WGS84, RD_NEW, always_xy=True)


def area_at(point: shapely.Point, neighbourhoods: gpd.GeoDataFrame) -> str | None:
    """The code of the neighbourhood that a point (RD New) lies in, `None` outside all of them."""
    inside = neighbourhoods.geometry.intersects(point).to_numpy()
    codes = neighbourhoods["neighbourhood_code"].to_numpy(str)[inside]
    return str(codes[0]) if len(codes) else None


def street_near(point: shapely.Point, network: WalkNetwork, within_m: float = DETOUR_M) -> str | None:
    """The name of the nearest street that has one, within so many metres of a point (RD New)."""
    named = np.flatnonzero(network.name_index[network.segment_edge] >= 0)
    metres = shapely.distance(point, network.segment_lines[named])
    if not len(metres) or metres.min() > within_m:
        return None
    return network.names[network.name_index[network.segment_edge[named[metres.argmin()]]]]


def _looked_at(places: pd.DataFrame, asked: Asked) -> _Mask:
    mask = places["weight"] != "amenity"
    if not asked.restricted and "coffee" not in asked.wishes:
        mask &= ~places["access"].isin(RESTRICTED_ACCESS)
    return np.asarray(mask, dtype=bool)


def _offered(places: pd.DataFrame, what: Provision, categories: Categories) -> Chosen:
    """By what is known of the place itself, what stands beside it, and its kind; never known to be absent."""
    kinds = {key for key, kind in categories.by_key.items() if what in kind.provides}
    sure = provides(places, what) | places["category"].isin(kinds).to_numpy(bool)
    return Chosen(sure, np.ones(len(places), dtype=bool))
