"""What is left to go to in a crisis, in bad weather, on a dark evening and in the summer holidays.

Premise: only what is known is taken to stay or to go; what is not known may stay, and is told apart. Each switch is our
own proposal; "binnen dicht" is the Netherlands of spring 2020. What these numbers do not know: whether people dare or
wish to go there then, and holidays that are not written in a place's opening hours, such as those of a school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf, people_reached
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.selection import Chosen, provides
from meetingplaces.model.network import EdgeFlag, WalkNetwork
from meetingplaces.model.norms import Timed

Switch = Literal["indoor_closed", "rain", "winter_evening", "august"]
SWITCHES: tuple[Switch, ...] = get_args(Switch)
TIMED: tuple[Timed, ...] = get_args(Timed)
"""Switches that need to know what is open at the moment of the norms."""

_REACHED = ("reached", "reached_low", "reached_high", "share", "share_low", "share_high")
LEFT_COLUMNS = (
    "area_code", "people", "people_low", "people_high",
    *(f"places_{name}_count" for name in ("now", "sure", "perhaps")),
    *(f"{column}_{name}" for name in ("now", "sure", "perhaps") for column in _REACHED),
)  # fmt: skip
_Mask = NDArray[np.bool_]


def left(switches: Iterable[Switch], places: pd.DataFrame, unlit: _Mask, open_then: Mapping[Timed, Chosen]) -> Chosen:
    """Which places are left when all of the switches are on, surely or perhaps; without any, all are.

    - indoor_closed: what is not indoors.
    - rain: what is indoors or sheltered; an outdoor place with a shelter perhaps.
    - winter_evening: what is open then, if it is indoors or has light; without known light perhaps, unless `unlit`.
    - august: what is open then.

    Parameters
    ----------
    places
        Columns setting and provides of `place_schema`.
    unlit
        Places that can only be reached in the dark, see `unlit_places`.
    open_then
        For each of the `TIMED` among the switches what is open at its moment of the norms: sure by its hours or because
        it is always open, perhaps also where the hours are not known.
    """
    everything, on = np.ones(len(places), dtype=bool), set(switches)
    indoor, outdoor = ((places["setting"] == setting).to_numpy(bool) for setting in ("indoor", "outdoor"))
    bright = indoor | provides(places, "light")
    rules: dict[Switch, Chosen] = {
        "indoor_closed": Chosen(~indoor, ~indoor),
        "rain": Chosen(~outdoor, ~outdoor | provides(places, "shelter")),
        "winter_evening": Chosen(bright, bright | ~unlit),
    }
    kept = [rules[switch] for switch in rules if switch in on]
    return reduce(
        and_, [*kept, *(open_then[switch] for switch in TIMED if switch in on)], Chosen(everything, everything)
    )


def unlit_places(places: pd.DataFrame, entrances: pd.DataFrame, network: WalkNetwork) -> _Mask:
    """Which of `places` have only ways in along edges that are known to have no light; not known is not unlit.

    Parameters
    ----------
    entrances
        Columns place_id and edge, as `pipeline.walking.Walking.entrances`.
    """
    edge = entrances["edge"].to_numpy(np.int64)
    joined = edge >= 0
    dark = np.zeros(len(edge), dtype=bool)
    dark[joined] = network.flags[edge[joined]] & EdgeFlag.UNLIT > 0
    every = pd.Series(dark).groupby(entrances["place_id"].to_numpy()).all()
    return places["place_id"].isin(every.index[every]).to_numpy(bool)


def left_per_area(
    now: Chosen, stays: Chosen, places: pd.DataFrame, on_foot: OnFoot, homes: HomesOf, *, group: str, budget_m: float
) -> pd.DataFrame:
    """What each neighbourhood and the municipality keep of their places, and of their people within walking distance.

    Parameters
    ----------
    now
        The places that are chosen as it is.
    stays
        Which are left, from `left`.
    places, on_foot, homes
        Of one bundle.
    group
        A group of `model.groups.GROUPS`.

    Returns
    -------
    DataFrame
        `LEFT_COLUMNS`, the last row is the municipality. `now` is as it is, surely; `sure` with what is left for sure;
        and `perhaps` with all that may be left: the truth lies between the last two. A place that touches two
        neighbourhoods counts in both, and once in the municipality; those just outside can be walked to and count
        nowhere. People and shares are NA where unknown.
    """
    then = now & stays
    places_of, before, after = (
        {"now": now.sure, "sure": then.sure, "perhaps": then.perhaps},
        *(on_foot.to_places(one) for one in (now, then)),
    )
    metres = {"now": before.sure, "sure": after.sure, "perhaps": after.perhaps}
    columns = {}
    for name, mask in places_of.items():
        table = people_reached(metres[name] <= budget_m, homes, group)
        columns[f"places_{name}_count"] = pd.Series(_places(mask, places, homes.area_codes))
        columns |= {f"{column}_{name}": table[column] for column in _REACHED}
    people = table[["area_code", "people", "people_low", "people_high"]]
    return people.assign(**columns)[list(LEFT_COLUMNS)]


def _places(mask: _Mask, places: pd.DataFrame, area_codes: list[str]) -> list[int]:
    """Numbers of places per neighbourhood, and in the municipality."""
    codes = places.loc[mask, "neighbourhood_codes"]
    per_area = codes.explode().value_counts().reindex(area_codes[:-1], fill_value=0)
    return [*(int(count) for count in per_area), int((codes.map(len) > 0).sum())]
