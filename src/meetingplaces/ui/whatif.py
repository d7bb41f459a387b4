"""What would change if places came or closed, and where one more would help most, as `meetingplaces whatif` tells."""

from __future__ import annotations

from typing import Any

import numpy as np

from meetingplaces.metrics.best_spot import best_spots, candidate_nodes
from meetingplaces.metrics.distances import Distances
from meetingplaces.metrics.joining import Barriers
from meetingplaces.metrics.scenario import (
    EFFECT_COLUMNS,
    Added,
    Scenario,
    distances_after,
    effects,
    fitting_added,
    join_added,
)
from meetingplaces.model.categories import Categories
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import Norms
from meetingplaces.storage.bundle import Bundle
from meetingplaces.ui.case import Case, Question, case_of, case_told, municipality_told, plain, sources_told

EFFECT_OF_AREA = ("area_code", "area_name", "extent_share", *EFFECT_COLUMNS[2:])
"""What is told of an area, in this order."""


def whatif_report(
    bundle: Bundle, question: Question, scenario: Scenario, categories: Categories, norms: Norms, *, spots: int = 0
) -> dict[str, Any]:
    """The answer, ready to be written as JSON; the README lists its keys.

    Parameters
    ----------
    question
        Its measure does not matter.
    spots
        For how many more places the best spots are sought, once the scenario has come about; 0 for none.

    Raises
    ------
    NoWalkingError, UnknownCategoryError, UnknownProfileError
        As `ui.case.case_of`; also when a place comes of a kind that we do not know.
    UnknownPlaceError
        A place that closes is not in the bundle.
    PlaceInWaterError, NoStreetNearError
        A place comes where nobody can walk to.
    """
    case = case_of(bundle, question, categories, norms)
    scenario.check(case.places)
    barriers = Barriers(case.walk.barriers.geometry.to_numpy())
    fits = fitting_added(scenario.added, question.selection, categories)
    joined = join_added(scenario.added, case.walk.network, barriers)
    before = case.on_foot.to_places(case.chosen)
    then = case.chosen.within(scenario.stays(case.places))
    after = distances_after(before, case.on_foot, case.chosen, then, joined.of(fits))
    return {
        **municipality_told(bundle),
        "group": question.group,
        **case_told(case, norms),
        "added": [_added(*one) for one in zip(scenario.added, fits, joined.distance_m, strict=True)],
        "closed": _closed(scenario, case),
        "effects": _effects(before, after, case),
        "best": _best(after, case, barriers, spots) if spots else None,
        **sources_told(bundle),
    }


def whatif_lines(report: dict[str, Any]) -> list[str]:
    """The answer for reading: what changes, for whom and where, and the best spots."""
    lines = [
        f"what if, within {report['budget_m']:g} m on foot of {report['places_count']} places without a threshold "
        f"({report['restricted_count']} with one are left out)"
    ]
    lines += [f"comes: {one['category']} at {_where(one)}{_unfit(one)}" for one in report["added"]]
    lines += [f"closes: {one['place_id']} {one['name'] or one['category']}{_unfit(one)}" for one in report["closed"]]
    if report["added"] or report["closed"]:
        lines += _effect_lines(report["effects"], report["group"])
    return lines + (_best_lines(report) if report["best"] else [])


def _added(one: Added, fits: np.bool_, street_m: float) -> dict[str, Any]:
    where = {"longitude": one.longitude, "latitude": one.latitude}
    return {"category": one.category, **where, "fits": bool(fits), "street_m": plain(street_m)}


def _closed(scenario: Scenario, case: Case) -> list[dict[str, Any]]:
    table = case.places.assign(fits=case.chosen.perhaps)
    rows = table.loc[table["place_id"].isin(scenario.closed), ["place_id", "name", "category", "fits"]]
    return [{str(key): plain(value) for key, value in row.items()} for row in rows.to_dict("records")]


def _effects(before: Distances, after: Distances, case: Case) -> dict[str, Any]:
    """Per group the municipality and its neighbourhoods, as `EFFECT_OF_AREA`."""
    table = effects(before.sure, after.sure, case.homes, list(GROUPS), case.budget_m)
    told = {}
    for group, rows in table.groupby("group"):
        areas = rows.assign(area_name=case.area_names, extent_share=case.homes.extent_share)[list(EFFECT_OF_AREA)]
        plain_rows = [{str(key): plain(value) for key, value in row.items()} for row in areas.to_dict("records")]
        told[str(group)] = {"municipality": plain_rows[-1], "neighbourhoods": plain_rows[:-1]}
    return {group: told[group] for group in GROUPS}


def _best(after: Distances, case: Case, barriers: Barriers, count: int) -> dict[str, Any]:
    """The best spots once the scenario has come about, and who gains when all are taken."""
    own = case.question.group
    groups = [own, *(group for group in GROUPS if group != own)]
    candidates = candidate_nodes(case.walk.network, case.neighbourhoods, barriers)
    found = best_spots(after.sure, case.on_foot, candidates, case.homes, groups, budget_m=case.budget_m, count=count)
    spots = [_spot(row) for row in found.chosen.to_dict("records")]
    taken = [Added("", spot["longitude"], spot["latitude"]) for spot in spots]
    joined = join_added(taken, case.walk.network, barriers)
    both = distances_after(after, case.on_foot, case.chosen, case.chosen, joined)
    return {
        "spots": spots,
        "bound_share": round(found.bound_share, 4),
        "candidates_count": len(candidates),
        "effects": _effects(after, both, case),
    }


def _spot(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        # A ten-millionth of a degree is a centimetre, and what OpenStreetMap keeps.
        "longitude": round(row["longitude"], 7),
        "latitude": round(row["latitude"], 7),
        "homes_count": plain(row["homes_count"]),
        "people": {group: plain(row[group]) for group in GROUPS},
        "runner_up": plain(row["runner_up"]),
    }


def _where(one: dict[str, Any]) -> str:
    return f"{one['longitude']:.5f}, {one['latitude']:.5f}"


def _unfit(one: dict[str, Any]) -> str:
    return "" if one["fits"] else " (not among the places asked for: changes nothing here)"


def _effect_lines(told: dict[str, Any], own: str) -> list[str]:
    """A line per group for the municipality, and one per neighbourhood where something changes for the group asked."""
    lines = [_effect_line(rows["municipality"], group) for group, rows in told.items()]
    changed = [row for row in told[own]["neighbourhoods"] if row["homes_gained_count"] or row["homes_lost_count"]]
    return lines + [_effect_line(row, own) for row in changed]


def _effect_line(row: dict[str, Any], group: str) -> str:
    shares = [f"{row[name]:.1%}" if row[name] is not None else "unknown" for name in ("share_before", "share_after")]
    told = [_who(row, name, verb) for name, verb in (("gained", "gain"), ("lost", "lose"))]
    change = ", ".join(one for one in told if one) or "nothing changes"
    return f"{row['area_code']:10}  {row['area_name'][:34]:34}  {group}: {shares[0]} to {shares[1]}, {change}"


def _who(row: dict[str, Any], name: str, verb: str) -> str:
    homes = row[f"homes_{name}_count"]
    if not homes or row[name] is None:
        return f"unknown in {homes:,} homes {verb}" if homes else ""
    return f"{row[name]:,.0f} ({row[f'{name}_low']:,.0f}-{row[f'{name}_high']:,.0f}) in {homes:,} homes {verb}"


def _best_lines(report: dict[str, Any]) -> list[str]:
    best, own = report["best"], report["group"]
    if not best["spots"]:
        known = best["effects"][own]["municipality"]["people"] is not None
        why = "no spot brings anybody of this group within reach" if known else "where this group lives is unknown"
        return [f"best spot: none, {why}"]
    lines = [
        f"best spot {number}: {_where(one)}, {one['people'][own]:,.0f} {own} in {one['homes_count']:,} homes; "
        f"the next best brings {one['runner_up']:,.0f}"
        for number, one in enumerate(best["spots"], start=1)
    ]
    if len(lines) > 1:
        lines.append(f"taken one by one; together at least {best['bound_share']:.0%} of the best possible")
    return lines + _effect_lines(best["effects"], own)
