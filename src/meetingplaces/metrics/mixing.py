"""Who may meet at a place: how many people of each group can walk to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.selection import Chosen

_Mask = NDArray[np.bool_]


def co_access(on_foot: OnFoot, homes: HomesOf, chosen: Chosen, groups: Sequence[str], budget_m: float) -> pd.DataFrame:
    """People of each group within `budget_m` metres on foot of each chosen place, a row per place.

    Premise: people who can walk to the same place may meet there. Formula: Σ people of the group in the homes with
    distance to the place ≤ budget. Limits: it tells who could come, not who does, and within a neighbourhood all homes
    have the same mix, so only places between neighbourhoods show more than the mean. Source: co-accessibility as in
    CTwalk Map (Milias and Psyllidis, TU Delft), there with places of all kinds and age groups.

    Parameters
    ----------
    chosen
        Masks over the place table that `on_foot` was made for; the places are those chosen perhaps.
    groups
        Of `model.groups.GROUPS`.

    Returns
    -------
    DataFrame
        place_id, homes_reached_count and, per group, people with `_low` and `_high`, NA where unknown; with
        ``perhaps_`` before it the same as if there were a seat wherever one is needed.
    """
    kept = ["homes_reached_count", *(f"{group}{bound}" for group in groups for bound in ("", "_low", "_high"))]
    rows = []
    for row in np.flatnonzero(chosen.perhaps):
        only = np.arange(len(chosen.perhaps)) == row
        metres = on_foot.to_points(on_foot.entrances(only))
        sure, perhaps = (_people(homes, reach <= budget_m, groups) for reach in (metres.sure, metres.perhaps))
        rows.append(
            {
                "place_id": on_foot.place_ids[row],
                **sure,
                **{f"perhaps_{name}": value for name, value in perhaps.items()},
            }
        )
    return pd.DataFrame(rows, columns=["place_id", *kept, *(f"perhaps_{name}" for name in kept)])


def _people(homes: HomesOf, reached: _Mask, groups: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {"homes_reached_count": int(reached.sum())}
    for group in groups:
        people = homes.people(group)
        unknown = not (people.known[reached].any() if reached.any() else people.known.any())
        found |= {
            f"{group}{bound}": np.nan if unknown else float(one[reached].sum())
            for bound, one in people.per_home.items()
        }
    return found
