"""All measures of every neighbourhood beside each other, with what is known of who lives there."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from meetingplaces.export.screen import Column, Kind
from meetingplaces.ui.planner.answers import Answer
from meetingplaces.ui.planner.measured import measured
from meetingplaces.ui.planner.need_figures import NEED, meaning_of_need, need_figures
from meetingplaces.ui.planner.page import Planning

_KINDS: Mapping[str, Kind] = {
    "residents": "whole", "people": "people", "share": "share", "gap": "people", "median_m": "metres",
    "choice_share": "share", "places_per_1000": "number", "area_m2_per_1000": "whole", **NEED,
}  # fmt: skip


def profile_table(planning: Planning, answer: Answer) -> pd.DataFrame:
    """A row per neighbourhood and for the municipality, by code: area_name, the keys of `_KINDS`; NaN where unknown."""
    walked = measured(planning, answer, "distance").table.set_index("area_code")
    supplied = measured(planning, answer, "space").table.set_index("area_code")
    choices = measured(planning, answer, "choice").table.set_index("area_code")
    columns = {
        **{name: walked[name] for name in ("area_name", "people", "share", "gap", "median_m", "extent_share")},
        **{name: supplied[name] for name in ("residents", "places_per_1000", "area_m2_per_1000")},
        "choice_share": choices["share"],
        **need_figures(planning),
    }
    return pd.DataFrame(columns)


def profile_columns(planning: Planning, rows: pd.DataFrame) -> tuple[Column, ...]:
    """The columns of which something is known in these rows."""
    texts, state = planning.texts, planning.state
    words = {"people": texts(f"people_{state.group}"), "group": texts(f"group_{state.group}")}
    words |= {"metres": texts.number(planning.budget_m), "kinds": texts.number(planning.norms.choice.kinds)}
    meanings = {name: meaning_of_need(planning, name) for name in NEED}
    first = Column("area_name", texts("column_area_name"), "text", texts("column_area_name_meaning"))
    return (
        first,
        *(
            Column(
                name, texts(f"compare_{name}", **words), kind,
                meanings.get(name) or texts(f"compare_{name}_meaning", **words),
                decimals=0 if name in NEED and kind == "number" else None,
            )
            for name, kind in _KINDS.items() if rows[name].notna().any()
        ),
    )  # fmt: skip
