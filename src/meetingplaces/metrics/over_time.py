"""What a difference between two bundles does to who can reach a place, on one and the same map of streets and homes.

Premise: streets, homes, seats and figures that were drawn or renewed in between change every distance and say nothing
of the places. So the places of then are put on the network of now, and walked to from the homes of now; what that by
itself changes is told apart. What is the same place is entered where it is entered now, however it was drawn then.

Formula: coverage as in `metrics.coverage`, after each of four steps that add up: the places of then; with those
differences made good that are `mapped` only; with those that surely `changed`; with all, which is now. One more place
never lowers coverage. So whatever the `unknown` differences were in truth, real change has moved coverage by at least
what it is with all unknown losses and no unknown gains, and at most what it is with all gains and no losses.

Limits: the steps are in that order, and another order divides what they share otherwise. A place that is gone is
entered where it was, at the nearest point of the network of now. Only places that surely fit are counted.

Source: our own proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf, coverage
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.joining import snap
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.norms import Profile
from meetingplaces.model.walking import WalkingContent

Nature = Literal["changed", "mapped", "unknown"]
STEPS = ("then", "mapped", "changed", "now")
"""Coverage after each of these; the columns of `coverage_over_time` are `share_` and one of them."""
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class BothTimes:
    """The places of two bundles on the map of the present one: those of now, and after them those only of then.

    `walker` walks the streets of now to all of them. Per place of the two: `row_then` and `row_now` are its rows in the
    tables of then and now, -1 where it is not (there); `nature` is why it counts otherwise now than then.
    """

    walker: OnFoot
    row_then: NDArray[np.int64]
    row_now: NDArray[np.int64]
    nature: NDArray[np.object_]


def both_times(
    then: tuple[gpd.GeoDataFrame, WalkingContent],
    now: tuple[gpd.GeoDataFrame, WalkingContent],
    pairs: pd.DataFrame,
    found: pd.DataFrame,
    profile: Profile,
) -> BothTimes:
    """Put the places of both times on one map.

    Parameters
    ----------
    then, now
        Checked tables of places and what is known of walking, RD New.
    pairs
        Row numbers `before` and `after` of what is the same place.
    found
        Differences: `what`, `nature`, `row_before` and `row_after`, NA where there is none. A place with several is
        `unknown` when one of them is, else `changed` when one is.
    profile
        Who walks.
    """
    places_now, walk_now = now
    moved = found[(found["what"] == "moved") & (found["nature"] != "mapped")]
    there = pairs[~pairs["after"].isin(moved["row_after"])]
    row_then = np.full(len(places_now), -1, dtype=np.int64)
    row_then[there["after"].to_numpy(np.int64)] = there["before"].to_numpy(np.int64)
    gone = found[found["what"] == "gone"]
    only_then = np.concatenate([one["row_before"].to_numpy(np.int64) for one in (gone, moved)])
    left = then[0].iloc[only_then].reset_index(drop=True)
    left = left.assign(place_id="then/" + left["place_id"], provides=[[] for _ in range(len(left))])
    places = pd.concat([places_now, left], ignore_index=True)
    entrances = pd.concat([walk_now.entrances, _entrances_then(then[1], left, walk_now.network)], ignore_index=True)
    # The kept distances are to the places of now alone.
    walk = replace(walk_now, entrances=entrances, reach=walk_now.reach[[]])
    return BothTimes(
        OnFoot(places, walk, profile),
        np.concatenate([row_then, only_then]),
        np.concatenate([np.arange(len(places_now)), np.full(len(left), -1)]),
        _natures(found, len(places_now), only_then),
    )


def coverage_over_time(
    both: BothTimes, fits_then: _Mask, fits_now: _Mask, homes: HomesOf, *, group: str, budget_m: float
) -> pd.DataFrame:
    """Share of a group within `budget_m` metres on foot of a place, after each of `STEPS`, on the map of now.

    Parameters
    ----------
    fits_then, fits_now
        Which rows of each table of places are looked for, as each table has them.
    homes
        Of now.

    Returns
    -------
    DataFrame
        A row per neighbourhood and the municipality as the last: `area_code`, `people`, `share_then`, `share_mapped`,
        `share_changed`, `share_now`; `real_low` and `real_high`, what real change did to the share at least and at
        most, in [-1, 1]. NA where nobody is known to live.
    """
    was, is_now = _at(fits_then, both.row_then), _at(fits_now, both.row_now)
    mapped = np.where(both.nature == "mapped", is_now, was)
    changed = np.where(both.nature == "changed", is_now, mapped)
    masks = {"then": was, "mapped": mapped, "changed": changed, "now": is_now}
    masks |= {"low": changed & is_now, "high": changed | is_now}
    tables = _covered(both.walker, masks, homes, group, budget_m)
    table = tables["now"][["area_code", "extent_share", "people"]].copy()
    for step in STEPS:
        table[f"share_{step}"] = tables[step]["share"]
    for bound in ("low", "high"):
        table[f"real_{bound}"] = tables[bound]["share"] - tables["mapped"]["share"]
    return table


def map_facts(places: pd.DataFrame, walk: WalkingContent | None) -> dict[str, float]:
    """How much is drawn and known, to hold two bundles against each other; `NaN` when it is not known.

    `places`, `benches` and `homes` are counts; `streets_m` metres of walking network; `benches_per_km` per kilometre of
    it; `hours_share` and `wheelchair_share` the share of the places, amenities left out, of which that is known.
    """
    real = places[places["weight"] != "amenity"]
    benches = float((places["category"] == "bench").sum())
    metres = float(walk.network.length_m.sum()) if walk else np.nan
    return {
        "places": float(len(real)),
        "hours_share": float(real["opening_hours"].notna().mean()),
        "wheelchair_share": float((real["wheelchair"] != "unknown").mean()),
        "benches": benches,
        "streets_m": metres,
        "benches_per_km": 1000 * benches / metres if metres else np.nan,
        "homes": float(len(walk.homes)) if walk else np.nan,
    }


def _covered(
    walker: OnFoot, masks: Mapping[str, _Mask], homes: HomesOf, group: str, budget_m: float
) -> dict[str, pd.DataFrame]:
    """Coverage for each mask; steps that change nothing are not walked again."""
    walked: dict[bytes, pd.DataFrame] = {}
    for mask in masks.values():
        if mask.tobytes() not in walked:
            metres = walker.to_places(Chosen(mask, mask)).sure
            walked[mask.tobytes()] = coverage(metres, homes, group, budget_m)
    return {name: walked[mask.tobytes()] for name, mask in masks.items()}


def _at(mask: _Mask, rows: NDArray[np.int64]) -> _Mask:
    """The mask at these rows, false at -1."""
    return np.append(mask, False)[rows]


def _natures(found: pd.DataFrame, now_count: int, only_then: NDArray[np.int64]) -> NDArray[np.object_]:
    """Of every place of now, and of the places `only_then`: why it differs; `mapped` where nothing was found."""
    nature = np.full(now_count + len(only_then), "mapped", dtype=object)
    at = {int(row): now_count + number for number, row in enumerate(only_then)}
    for wanted in ("changed", "unknown"):
        own = found[found["nature"] == wanted]
        nature[own["row_after"].dropna().to_numpy(np.int64)] = wanted
        nature[[at[int(row)] for row in own["row_before"].dropna() if int(row) in at]] = wanted
    return nature


def _entrances_then(walk: WalkingContent, places: pd.DataFrame, network: WalkNetwork) -> pd.DataFrame:
    """Where `places` (then/…) were entered then, joined to the network of now."""
    named = walk.entrances.assign(place_id="then/" + walk.entrances["place_id"])
    own = named[named["place_id"].isin(places["place_id"]) & (named["edge"] >= 0)]
    found = snap(_points_on(walk.network, own["edge"].to_numpy(), own["offset_m"].to_numpy()), network)
    return own.assign(
        edge=found.edge, offset_m=found.offset_m, distance_m=own["distance_m"].to_numpy() + found.distance_m
    )


def _points_on(network: WalkNetwork, edge: NDArray[np.int32], offset_m: NDArray[np.float64]) -> NDArray[np.object_]:
    """The points (RD New) so many metres along these edges."""
    if not len(edge):
        return np.array([], dtype=object)
    longest = network.length_m.max() + 1
    starts = network.segment_edge * longest + network.segment_along_m
    segment = np.searchsorted(starts, edge * longest + offset_m, side="right") - 1
    lines = network.segment_lines[segment]
    return np.asarray(shapely.line_interpolate_point(lines, offset_m - network.segment_along_m[segment]), dtype=object)
