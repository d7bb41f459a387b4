"""What the state would change, worked out: distances before and after, who gains and loses, and the best spots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from meetingplaces.metrics.best_spot import BestSpots, best_spots
from meetingplaces.metrics.distances import Distances
from meetingplaces.metrics.joining import Snapped
from meetingplaces.metrics.scenario import Added, Scenario, distances_after, effects, fitting_added, join_added
from meetingplaces.metrics.selection import chosen
from meetingplaces.model.errors import MeetingPlacesError
from meetingplaces.model.groups import GROUPS
from meetingplaces.ui.planner.answers import Answer, open_then, selection_of
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.view_state import Spot


@dataclass(frozen=True)
class Outcome:
    """`after` is as it would be; `effects` tells who gains and loses, per group and area."""

    after: Distances
    effects: pd.DataFrame
    unfit: int
    """How many of the places that come are not what the filters ask for, and so change nothing."""
    problems: tuple[MeetingPlacesError, ...]
    """Why some of them cannot come where they are; those change nothing either."""


def scenario_of(planning: Planning, spots: Sequence[Spot]) -> Scenario:
    """What the state would change, with places at these spots."""
    added = tuple(Added(one.category, one.longitude, one.latitude) for one in spots)
    return Scenario(added, planning.state.closed, dict(planning.state.hours))


def outcome(planning: Planning, answer: Answer) -> Outcome:
    """What comes of it."""
    loaded, selection = planning.loaded, selection_of(planning.state)
    spots, joined, problems = _join(planning, planning.state.added)
    scenario = scenario_of(planning, spots)
    fits = fitting_added(scenario.added, selection, planning.categories)
    then = chosen(loaded.places, selection, open_then(planning, planning.state.hours)).within(
        scenario.stays(loaded.places)
    )
    after = distances_after(answer.distances, answer.walker, answer.places, then, joined.of(fits))
    table = effects(answer.distances.sure, after.sure, answer.homes, tuple(GROUPS), planning.budget_m)
    return Outcome(after, table, int((~fits).sum()), problems)


def problem_of(planning: Planning, spot: Spot) -> MeetingPlacesError | None:
    """Why a place cannot come here; `None` when it can."""
    try:
        _joined(planning, [spot])
    except MeetingPlacesError as error:
        return error
    return None


def _join(planning: Planning, spots: Sequence[Spot]) -> tuple[Sequence[Spot], Snapped, tuple[MeetingPlacesError, ...]]:
    """The spots where a place can come, where these join the network, and why it cannot at the others."""
    try:
        return spots, _joined(planning, spots), ()
    except MeetingPlacesError:
        found = {spot: problem_of(planning, spot) for spot in spots}
        can = [spot for spot, problem in found.items() if problem is None]
        return can, _joined(planning, can), tuple(one for one in found.values() if one is not None)


def _joined(planning: Planning, spots: Sequence[Spot]) -> Snapped:
    return join_added(scenario_of(planning, spots).added, planning.loaded.walking.network, planning.loaded.barriers)


def best(planning: Planning, answer: Answer, metres: Distances) -> BestSpots:
    """The spots where `best_count` more places bring most people of the group of the state within reach."""
    groups = (planning.state.group, *(group for group in GROUPS if group != planning.state.group))
    return best_spots(
        metres.sure, answer.walker, planning.loaded.candidates, answer.homes, groups,
        budget_m=planning.budget_m, count=planning.state.best_count,
    )  # fmt: skip
