"""A bundle in memory, with what pages ask of it again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.export.ground import Ground, read_ground
from meetingplaces.metrics.best_spot import candidate_nodes
from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.joining import Barriers
from meetingplaces.metrics.near import area_at
from meetingplaces.metrics.supply import OUTSIDE, AreaSupply, supply_of
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.figures import FIGURE_COLUMNS
from meetingplaces.model.walking import WalkingContent
from meetingplaces.pipeline.drawing import point_drawing
from meetingplaces.storage.bundle import Bundle
from meetingplaces.ui.report import data_as_of


@dataclass(frozen=True)
class LoadedBundle:
    """A bundle in memory, read-only and shared by all visitors."""

    bundle: Bundle
    places: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    supply: pd.DataFrame

    @classmethod
    def of(cls, bundle: Bundle) -> LoadedBundle:
        """The bundle, read now."""
        return cls(bundle, bundle.places(), bundle.neighbourhoods(), bundle.supply())

    @cached_property
    def walking(self) -> WalkingContent:
        """Homes, entrances, distances and the network, read when a page first asks for them."""
        return self.bundle.walking()

    @property
    def as_of(self) -> str | None:
        """What the places describe, as a day or year; `None` when their source does not say."""
        return data_as_of(self.bundle.manifest, "osm")

    @cached_property
    def origins(self) -> pd.DataFrame:
        """Who says what about places that several sources know; read when details are first asked for."""
        return self.bundle.municipal().origins

    @cached_property
    def municipal_records(self) -> gpd.GeoDataFrame:
        """What municipal sources say, by `record_id`; read when first asked for."""
        return self.bundle.municipal().records.set_index("record_id", drop=False)

    @cached_property
    def ground(self) -> Ground:
        """What a small map is drawn on; read when first asked for."""
        return read_ground(self.bundle, None)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The key figures of the areas, following `figure_schema`; no rows when the bundle has none."""
        table = self.bundle.figures()
        return pd.DataFrame(columns=list(FIGURE_COLUMNS)) if table is None else table

    @cached_property
    def home_dots(self) -> str:
        """Where the homes are, in the order of their table, as a browser draws them."""
        return point_drawing(self.walking.homes.geometry)

    def street_at(self, node: int) -> str | None:
        """The name of a street at a node of the network, `None` when none there has one."""
        network = self.walking.network
        names = network.name_index[(network.edges == node).any(axis=1)]
        return network.names[names[names >= 0][0]] if (names >= 0).any() else None

    def middle_of_street(self, name: str) -> tuple[float, float]:
        """Longitude and latitude, to 6 decimals, of the point of a street nearest to the middle of all of it."""
        network = self.walking.network
        edges = network.name_index == network.names.index(name)
        street = shapely.multilinestrings(network.segment_lines[edges[network.segment_edge]])
        point = shapely.line_interpolate_point(shapely.shortest_line(street, shapely.centroid(street)), 0)
        [place] = gpd.GeoSeries([point], crs=RD_NEW).to_crs(WGS84)
        return round(place.x, 6), round(place.y, 6)

    @cached_property
    def withheld(self) -> Sequence[str]:
        """Names of the neighbourhoods of which the number of residents is unknown."""
        unknown = self.neighbourhoods["residents_count"].isna()
        return sorted(self.neighbourhoods.loc[unknown, "neighbourhood_name"])

    def neighbourhood_at(self, point: shapely.Point) -> str | None:
        """The code of the neighbourhood that a point (RD New) lies in, `None` outside the municipality."""
        return area_at(point, self.neighbourhoods)

    @cached_property
    def stops(self) -> Mapping[str, tuple[str | None, float]]:
        """The nearest stop by `place_id`: its name, `None` when it is not known, and metres on foot."""
        table = self.bundle.stops()
        rows = zip(table["place_id"], table["name"], table["distance_m"], strict=True)
        return {place: (name if isinstance(name, str) else None, float(metres)) for place, name, metres in rows}

    @cached_property
    def barriers(self) -> Barriers:
        """Water and railways that one does not cross except along a street."""
        return Barriers(self.walking.barriers.geometry.to_numpy())

    @cached_property
    def candidates(self) -> NDArray[np.int64]:
        """Junctions and ends of streets where a place may be thought of."""
        return candidate_nodes(self.walking.network, self.neighbourhoods, self.barriers)

    @cached_property
    def homes_of(self) -> HomesOf:
        """The homes by neighbourhood."""
        return HomesOf(self.walking.homes, self.neighbourhoods)

    @cached_property
    def members(self) -> Mapping[str | None, NDArray[np.bool_]]:
        """Which places belong to each neighbourhood code, to `OUTSIDE`, and to `None` (the whole municipality)."""
        codes = self.places["neighbourhood_codes"]
        inside = codes.map(len).to_numpy() > 0
        exploded = codes.explode()
        rows = {str(code): index.to_numpy() for code, index in exploded.groupby(exploded).groups.items()}
        found: dict[str | None, NDArray[np.bool_]] = {None: inside, OUTSIDE: ~inside}
        for code in self.neighbourhoods["neighbourhood_code"]:
            member = np.zeros(len(self.places), dtype=bool)
            member[rows.get(code, [])] = True
            found[str(code)] = member
        return found

    @cached_property
    def columns(self) -> Mapping[str, NDArray[np.object_]]:
        """The columns that filters and names of places look at, as plain arrays."""
        wanted = ("category", "setting", "weight", "access", "name", "near_street")
        return {name: self.places[name].to_numpy(object) for name in wanted}

    def supply_of(self, area_code: str) -> AreaSupply:
        """The counts of a neighbourhood, of the municipality or of `OUTSIDE`, counted when first asked for."""
        if area_code not in self._counted:
            self._counted[area_code] = supply_of(self.supply, area_code)
        return self._counted[area_code]

    @cached_property
    def _counted(self) -> dict[str, AreaSupply]:
        return {}

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row number of each place by its identifier."""
        return {place_id: row for row, place_id in enumerate(self.places["place_id"])}

    @cached_property
    def neighbourhood_names(self) -> Mapping[str, str]:
        """Names by code, by name."""
        table = self.neighbourhoods.sort_values("neighbourhood_name")
        return dict(zip(table["neighbourhood_code"], table["neighbourhood_name"], strict=True))
