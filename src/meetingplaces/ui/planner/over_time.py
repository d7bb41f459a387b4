"""Two bundles of one municipality for what the state asks: which places differ, where, and who can reach one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import coverage
from meetingplaces.metrics.over_time import coverage_over_time
from meetingplaces.metrics.selection import Chosen
from meetingplaces.pipeline.differences import per_area
from meetingplaces.ui import data
from meetingplaces.ui.planner.answers import answer_of, places_of
from meetingplaces.ui.planner.page import Planning


@dataclass(frozen=True)
class Times:
    """A planner's page of now, and the same of then: another bundle, the same choices."""

    now: Planning
    then: Planning

    @classmethod
    def of(cls, now: Planning, date: str) -> Times:
        """With the earlier bundle of this date.

        Raises
        ------
        MeetingPlacesError
            It is not there, or cannot be read.
        """
        return cls(now, replace(now, loaded=data.load_earlier(now.state.municipality, date)))

    @property
    def has_walking(self) -> bool:
        """Whether homes and streets of both times are known."""
        return self.now.loaded.bundle.has_walking and self.then.loaded.bundle.has_walking

    @cached_property
    def fits(self) -> tuple[Chosen, Chosen]:
        """Which rows of the tables of then and of now the state asks for."""
        return places_of(self.then), places_of(self.now)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Those of places that fit then or now, perhaps; what changed first, then what cannot be told."""
        found = data.compared(self.then.loaded, self.now.loaded).differences
        then, now = (np.append(one.perhaps, False) for one in self.fits)
        rows = [found[name].fillna(-1).to_numpy(np.int64) for name in ("row_before", "row_after")]
        order = found["nature"].map({"changed": 0, "unknown": 1, "mapped": 2})
        shown = found.assign(order=order)[then[rows[0]] | now[rows[1]]]
        return shown.sort_values(["order", "what"], kind="stable").drop(columns="order").reset_index(drop=True)

    def places_of(self, found: pd.DataFrame) -> gpd.GeoDataFrame:
        """The places that differences are of, row by row: as they are now, of what is gone as they were."""
        then, now = self.then.loaded.places, self.now.loaded.places
        rows = [
            then.iloc[[row_then]] if pd.isna(row_now) else now.iloc[[row_now]]
            for row_then, row_now in zip(found["row_before"], found["row_after"], strict=True)
        ]
        return pd.concat([*rows, now.iloc[:0]]).reset_index(drop=True)

    @cached_property
    def per_area(self) -> pd.DataFrame:
        """A row per neighbourhood of now and the municipality as the last: places then and now, and differences."""
        members, found = self.places_of(self.differences)["neighbourhood_codes"], self.differences
        table = per_area(found, list(members), self._areas)
        for time, planning, fits in zip(("then", "now"), (self.then, self.now), self.fits, strict=True):
            core = (planning.loaded.places["weight"] == "core").to_numpy(bool)
            table[f"places_{time}"] = self._counted(planning, fits.perhaps)
            table[f"core_{time}"] = self._counted(planning, fits.perhaps & core)
        return table.assign(area_code=[*self._areas, self.now.state.municipality], area_name=self.area_names)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """As `coverage_over_time`, with `share_told`, what the earlier bundle by itself says, on its own streets."""
        group, metres, homes = self.now.state.group, self.now.budget_m, self.now.loaded.homes_of
        profile = self.now.norms.profile(self.now.state.profile)
        both = data.both_on_one_map(self.then.loaded, self.now.loaded, profile)
        fits = [one.sure for one in self.fits]
        table = coverage_over_time(both, fits[0], fits[1], homes, group=group, budget_m=metres)
        answer = answer_of(self.then)
        told = coverage(answer.distances.sure, answer.homes, group, metres).set_index("area_code")["share"]
        return table.assign(share_told=told.reindex(table["area_code"]).to_numpy(), area_name=self.area_names)

    @property
    def area_names(self) -> list[str]:
        """Of the neighbourhoods of now, and of the municipality as the last."""
        return [*self.now.loaded.neighbourhoods["neighbourhood_name"], self.now.municipality_name]

    @property
    def _areas(self) -> list[str]:
        return [str(code) for code in self.now.loaded.neighbourhoods["neighbourhood_code"]]

    def _counted(self, planning: Planning, mask: NDArray[np.bool_]) -> list[int]:
        none = np.zeros(len(mask), dtype=bool)
        members = planning.loaded.members
        return [int((mask & members.get(code, none)).sum()) for code in (*self._areas, None)]
