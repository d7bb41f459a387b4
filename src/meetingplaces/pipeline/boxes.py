"""How much of OpenStreetMap to take in for one municipality."""

from __future__ import annotations

import geopandas as gpd

from meetingplaces.model.categories import Categories
from meetingplaces.model.crs import WGS84
from meetingplaces.pipeline.drawing import BACKGROUND_WISHES
from meetingplaces.sources.overpass_query import Bounds, OverpassQuestion

# Beyond the margin within which places are kept, so that the surroundings of those are whole as well.
_AROUND_PLACES_M = 1000.0
# Who lives at the border walks up to 2 km, over streets outside, to a place outside.
WALKING_MARGIN_M = 3000.0


def box_around(neighbourhoods: gpd.GeoDataFrame, margin_m: float) -> Bounds:
    """West, south, east and north (EPSG:4326) around outlines in RD New, with `margin_m` on every side."""
    west, south, east, north = neighbourhoods.buffer(margin_m).to_crs(WGS84).total_bounds
    return float(west), float(south), float(east), float(north)


def places_question(neighbourhoods: gpd.GeoDataFrame, categories: Categories) -> OverpassQuestion:
    """What to ask Overpass for a map of the places of a municipality, given its neighbourhoods in RD New."""
    margin_m = categories.thresholds.outside_margin_m + _AROUND_PLACES_M
    return OverpassQuestion(box_around(neighbourhoods, margin_m), categories.tag_wishes(), BACKGROUND_WISHES)
