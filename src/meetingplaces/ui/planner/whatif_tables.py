"""The tables of *Wat als* as they stand on screen: who gains or loses by group and by neighbourhood, and best spots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.export.figures import MapFigure
from meetingplaces.export.screen import Column, Kind, Screen
from meetingplaces.metrics.best_spot import BestSpots
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.groups import GROUPS
from meetingplaces.ui.planner.area_map import figure_of
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.planner.scenario import Outcome
from meetingplaces.ui.planner.scenario_choices import changes_told
from meetingplaces.ui.planner.screens import method_of, screen_of

# How much of its surroundings a map of spots shows.
_AROUND_M = 750.0
_GAINED: Mapping[str, Kind] = {
    "gained": "people", "gained_low": "people", "gained_high": "people", "homes_gained_count": "whole",
}  # fmt: skip
_LOST: Mapping[str, Kind] = {
    "lost": "people", "lost_low": "people", "lost_high": "people", "homes_lost_count": "whole",
}  # fmt: skip


def groups_screen(planning: Planning, found: Outcome) -> Screen:
    """A row per group of people for the whole municipality."""
    texts = planning.texts
    rows = found.effects[found.effects["area_code"] == planning.state.municipality]
    rows = rows.assign(name=rows["group"].map(lambda group: texts(f"group_{group}")))
    return _screen(planning, "groepen", rows, texts("question_group"))


def areas_screen(planning: Planning, found: Outcome) -> Screen:
    """Neighbourhoods where somebody gains or loses, those with most homes first, and the municipality."""
    rows = found.effects[found.effects["group"] == planning.state.group].reset_index(drop=True)
    areas = planning.loaded.neighbourhoods
    rows = rows.assign(name=[*areas["neighbourhood_name"], planning.municipality_name])
    changed = (rows["homes_gained_count"] + rows["homes_lost_count"]).iloc[:-1]
    order = [*np.argsort(-changed.to_numpy(), kind="stable")[: int((changed > 0).sum())], len(areas)]
    outlines = [*areas.geometry, None]
    geometry = gpd.GeoSeries([outlines[row] for row in order], crs=RD_NEW)
    return _screen(planning, "buurten", rows.iloc[order], planning.texts("column_area_name"), geometry=geometry)


def areas_figure(planning: Planning, screen: Screen) -> MapFigure | None:
    """The neighbourhoods by how many gain, else by how many lose; in homes where the people are unknown."""
    keys = [one.key for one in screen.columns]
    for weight in ("gained", "lost", "homes_gained_count", "homes_lost_count"):
        if weight in keys and screen.table[weight].iloc[:-1].notna().any():
            return figure_of(screen, weight, planning.state.classing, planning.state.class_count, planning.texts)
    return None


def best_screen(planning: Planning, spots: BestSpots) -> Screen:
    """The best spots in the order of taking, each with what it adds to those before it."""
    texts, state, rows = planning.texts, planning.state, spots.chosen
    nameless = texts("whatif_best_nameless")
    table = rows.assign(
        number=range(1, len(rows) + 1),
        street=[planning.loaded.street_at(node) or nameless for node in rows["node"]],
    )
    meaning = texts("whatif_gained_meaning", metres=texts.number(planning.budget_m))
    columns = (
        Column("street", texts("whatif_best_street"), "text", texts("whatif_best_street_meaning")),
        Column("number", texts("whatif_best_number"), "whole", texts("whatif_best_number_meaning")),
        *(Column(group, texts(f"group_{group}"), "people", meaning) for group in GROUPS),
        Column("homes_count", texts("whatif_homes_gained_count"), "whole", texts("whatif_homes_gained_count_meaning")),
        Column("longitude", texts("whatif_longitude"), "number", texts("whatif_longitude_meaning"), 5),
        Column("latitude", texts("whatif_latitude"), "number", texts("whatif_latitude_meaning"), 5),
    )
    return screen_of(
        planning, f"beste-plekken-{state.municipality}".lower(), texts("whatif_best_title"), table, columns,
        geometry=gpd.GeoSeries.from_xy(rows["x"], rows["y"], crs=RD_NEW), facts=changes_told(planning),
        notes=(texts("whatif_best_meaning"),), method=method_of(planning, "whatif"),
    )  # fmt: skip


def best_figure(planning: Planning, screen: Screen) -> MapFigure | None:
    """The best spots by how many people of the group chosen they bring within reach, in homes where that is unknown."""
    weight = planning.state.group if screen.table[planning.state.group].notna().any() else "homes_count"
    figure = figure_of(screen, weight, planning.state.classing, planning.state.class_count, planning.texts)
    if figure is None or screen.geometry is None:
        return None
    west, south, east, north = screen.geometry.total_bounds
    return replace(figure, view=(west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M))


def _screen(
    planning: Planning, name: str, rows: pd.DataFrame, first: str, *, geometry: gpd.GeoSeries | None = None
) -> Screen:
    texts = planning.texts
    words = {"metres": texts.number(planning.budget_m)}
    kinds: dict[str, Kind] = {"people": "people"}
    kinds |= _GAINED if rows["homes_gained_count"].any() or not rows["homes_lost_count"].any() else {}
    kinds |= _LOST if rows["homes_lost_count"].any() else {}
    kinds |= {"share_before": "share", "share_after": "share"}
    columns = (
        Column(key, texts(f"whatif_{key}", **words), kind, texts(f"whatif_{key}_meaning", **words))
        for key, kind in kinds.items()
    )
    return screen_of(
        planning, f"wat-als-{name}-{planning.state.municipality}".lower(), texts(f"whatif_by_{name}"),
        rows.reset_index(drop=True),
        (Column("name", first, "text", first), *columns), geometry=geometry, facts=changes_told(planning),
        method=method_of(planning, "whatif"),
    )  # fmt: skip
