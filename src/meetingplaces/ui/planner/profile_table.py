"""All measures of every neighbourhood beside each other, with what is known of who lives there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from meetingplaces.export.screen import Column, Kind
from meetingplaces.ui.planner.answers import Answer
from meetingplaces.ui.planner.measured import measured
from meetingplaces.ui.planner.page import Planning

_KINDS: Mapping[str, Kind] = {
    "residents": "whole", "people": "people", "share": "share", "gap": "people", "median_m": "metres",
    "choice_share": "share", "places_per_1000": "number", "area_m2_per_1000": "whole",
    "residents_65_plus_share": "share", "one_person_households_share": "share",
}  # fmt: skip
_NEED = ("residents_65_plus_share", "one_person_households_share")


def profile_table(planning: Planning, answer: Answer) -> pd.DataFrame:
    """A row per neighbourhood and for the municipality, by code: area_name, the keys of `_KINDS`; NaN where unknown."""
    walked = measured(planning, answer, "distance").table.set_index("area_code")
    supplied = measured(planning, answer, "space").table.set_index("area_code")
    choices = measured(planning, answer, "choice").table.set_index("area_code")
    columns = {
        **{name: walked[name] for name in ("area_name", "people", "share", "gap", "median_m", "extent_share")},
        **{name: supplied[name] for name in ("residents", "places_per_1000", "area_m2_per_1000")},
        "choice_share": choices["share"],
        **_need_figures(planning),
    }
    return pd.DataFrame(columns)


def _need_figures(planning: Planning) -> dict[str, pd.Series]:
    """Shares of groups in every neighbourhood, and in all of those together where they are known."""
    areas = planning.loaded.neighbourhoods.set_index("neighbourhood_code")
    weights = {"residents_65_plus_share": "residents_count", "one_person_households_share": "households_count"}
    found = {}
    for name in _NEED:
        share, weight = (areas[one].astype("Float64").to_numpy(float, na_value=np.nan) for one in (name, weights[name]))
        told = ~np.isnan(share) & (weight > 0)
        whole = np.average(share[told], weights=weight[told]) if told.any() else np.nan
        found[name] = pd.Series([*share, whole], [*areas.index, planning.state.municipality])
    return found


def profile_columns(planning: Planning, rows: pd.DataFrame) -> tuple[Column, ...]:
    """The columns of which something is known in these rows."""
    texts, state = planning.texts, planning.state
    words = {"people": texts(f"people_{state.group}"), "group": texts(f"group_{state.group}")}
    words |= {"metres": texts.number(planning.budget_m), "kinds": texts.number(planning.norms.choice.kinds)}
    first = Column("area_name", texts("column_area_name"), "text", texts("column_area_name_meaning"))
    known = [name for name in _KINDS if rows[name].notna().any()]
    return (
        first,
        *(
            Column(name, texts(f"compare_{name}", **words), _KINDS[name], texts(f"compare_{name}_meaning", **words))
            for name in known
        ),
    )
