"""What will become of the rows of an own list when the bundle is made anew, told from the bundle as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from meetingplaces.model.categories import Categories
from meetingplaces.model.conflation import ConflationRules
from meetingplaces.model.decisions import Decision, standing
from meetingplaces.model.own_list import OwnList
from meetingplaces.pipeline.conflate import conflate, osm_layer
from meetingplaces.storage.bundle import Bundle

Outcome = Literal["merged", "new", "doubtful", "hidden"]


@dataclass(frozen=True)
class Fate:
    """What becomes of one record, and with which place on the map; a doubtful one is on the map by itself meanwhile."""

    outcome: Outcome
    place_id: str | None = None
    place_name: str | None = None


def foretell(
    own: OwnList, bundle: Bundle, decisions: Iterable[Decision], categories: Categories, rules: ConflationRules
) -> dict[str, Fate]:
    """The fate of each record of a list by its `record_id`, when OpenStreetMap and the other sources stay as they are.

    It is the conflation itself, on the places of the bundle; a list that it replaces is left out of them.
    """
    known, content = tuple(decisions), bundle.municipal()
    layer = osm_layer(bundle.places(), content.origins)
    others = content.records[content.records["source_id"] != own.provenance.source_id]
    tables = [table for table in (others, own.records) if len(table)]
    records = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True))
    found = conflate(layer, records, known, categories, rules)
    names = {**_names(found.places), **_names(layer)}
    pairs = {pair.record_id: pair for pair in found.municipal.pairs.itertuples()}
    hidden = standing(known).hidden
    return {one: _fate(one, pairs.get(one), names, hidden=one in hidden) for one in own.records["record_id"]}


def _names(places: gpd.GeoDataFrame) -> dict[str, str]:
    named = places[places["name"].notna()]
    return dict(zip(named["place_id"], named["name"], strict=True))


def _fate(record_id: str, pair: Any, names: Mapping[str, str], *, hidden: bool) -> Fate:
    if hidden:
        return Fate("hidden")
    if pair is None:
        return Fate("new", record_id)
    outcome: Outcome = "merged" if pair.verdict == "merged" else "doubtful"
    return Fate(outcome, pair.place_id, names.get(pair.place_id))
