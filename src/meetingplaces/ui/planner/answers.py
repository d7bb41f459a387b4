"""What the state asks, answered: which places, and how far they are from every home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import Distances, OnFoot
from meetingplaces.metrics.opening_coverage import COUNTED
from meetingplaces.metrics.selection import Chosen, Selection, chosen
from meetingplaces.ui import data
from meetingplaces.ui.planner.page import Planning
from meetingplaces.ui.view_state import ViewState


@dataclass(frozen=True)
class Answer:
    """Which places the state asks for, how far they are from every home, and who walks."""

    places: Chosen
    distances: Distances
    homes: HomesOf
    walker: OnFoot

    def kinds(self, bound: Literal["sure", "perhaps"]) -> NDArray[np.float32]:
        """Metres from every home to each kind of place: homes × kinds."""
        found = [getattr(one, bound) for one in self.walker.to_kinds(self.places).values()]
        return np.column_stack(found) if found else np.full((len(self.homes), 1), np.inf, dtype=np.float32)


def selection_of(state: ViewState) -> Selection:
    """What the state asks of a place."""
    return Selection(
        settings=state.settings,
        categories=state.categories,
        core_only=state.level == "core",
        free_only="free" in state.needs,
        wheelchair_only="wheelchair" in state.needs,
    )


def open_then(planning: Planning, hours: tuple[tuple[str, str], ...] = ()) -> Chosen | None:
    """Which places are open at the moment the state asks for, with other `hours`; `None` when it asks for none."""
    moment = planning.state.moment
    if moment is None:
        return None
    states = data.opening_states(planning.loaded, planning.categories, planning.norms, hours)
    part = [one.key for one in planning.norms.day_parts].index(moment.part)
    then = states[:, moment.weekday - 1, part]
    return Chosen(np.isin(then, COUNTED["open_or_assumed"]), np.isin(then, COUNTED["open_or_unknown"]))


def places_of(planning: Planning) -> Chosen:
    """Which places the state asks for."""
    return chosen(planning.loaded.places, selection_of(planning.state), open_then(planning))


def answer_of(planning: Planning) -> Answer:
    """The answer to what the state asks."""
    loaded, places = planning.loaded, places_of(planning)
    walker = data.on_foot(loaded, planning.state.profile, planning.norms)
    return Answer(places, walker.to_places(places), loaded.homes_of, walker)
