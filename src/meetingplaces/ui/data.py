"""Cached loads: every cache of the app is here, bounded, and keyed by the bundle's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from meetingplaces.metrics.supply import OUTSIDE, AreaSupply, supply_of
from meetingplaces.model.categories import Categories, load_categories
from meetingplaces.model.errors import BundleBrokenError, BundleMissingError
from meetingplaces.storage.bundle import Bundle, list_bundles, open_bundle
from meetingplaces.storage.locations import categories_path, data_folder


@dataclass(frozen=True)
class LoadedBundle:
    """A bundle in memory, read-only and shared by all visitors."""

    bundle: Bundle
    places: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    supply: pd.DataFrame

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
        """The columns that filters look at, as plain arrays."""
        return {name: self.places[name].to_numpy(object) for name in ("category", "setting", "weight", "access")}

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


@st.cache_resource(max_entries=8, show_spinner=False)
def _loaded(folder: str, municipality_code: str, version: str) -> LoadedBundle:
    bundle = open_bundle(Path(folder), municipality_code)
    if bundle.manifest.version != version:
        raise BundleBrokenError(str(bundle.folder), "version", version, bundle.manifest.version)
    return LoadedBundle(bundle, bundle.places(), bundle.neighbourhoods(), bundle.supply())


def load(municipality_code: str) -> LoadedBundle:
    """The bundle of one municipality as it is on disk now.

    A refresh replaces the files while we read: then the manifest is read once more.
    """
    folder = data_folder()
    try:
        return _loaded(str(folder), municipality_code, open_bundle(folder, municipality_code).manifest.version)
    except BundleBrokenError:
        return _loaded(str(folder), municipality_code, open_bundle(folder, municipality_code).manifest.version)


@st.cache_resource(max_entries=2, show_spinner=False)
def _categories(path: str, changed_ns: int) -> Categories:
    return load_categories(Path(path))


def categories() -> Categories:
    """The kinds of place, read again when the file changes."""
    path = categories_path()
    return _categories(str(path), path.stat().st_mtime_ns)


def municipalities() -> dict[str, str]:
    """Names by code of the bundles present, by name; one whose manifest cannot be read is left out.

    Raises
    ------
    BundleMissingError
        There is no bundle that can be read.
    """
    folder = data_folder()
    found: dict[str, str] = {}
    for code in list_bundles(folder):
        try:
            found[code] = open_bundle(folder, code).manifest.municipality_name
        except (BundleBrokenError, BundleMissingError):
            continue
    if not found:
        raise BundleMissingError("GM????", str(folder))
    return dict(sorted(found.items(), key=lambda item: item[1]))
