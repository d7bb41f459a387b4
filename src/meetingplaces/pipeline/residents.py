"""Residents of a neighbourhood spread over its homes, with the rounding of CBS carried as an interval.

CBS rounds numbers to a multiple of 5, above or below by lot (so each may be 4 off), and gives shares as whole
percentages (half a percentage point off) or as two such numbers; see `sources.cbs_numbers`. Within a neighbourhood
nothing tells one home from another, so each gets the same: a home's figure is a mean, never the number of people who
live there.
"""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd

from meetingplaces.model.groups import GROUPS, MadeOf
from meetingplaces.sources.cbs_numbers import COUNT_ROUNDING, PERCENTAGE_ROUNDING

# With fewer homes than this share of its households, a neighbourhood is taken to have homes that the extract does not
# know, as new estates have: their residents must not be pressed into the few that it does know. Our own proposal.
_MOSTLY_MAPPED_SHARE = 0.5


def with_residents(homes: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """The homes with `RESIDENT_COLUMNS` of `model.groups` (Float64, people or households per home, NA where unknown).

    A neighbourhood that lies wholly inside the data extent spreads its figures over the homes found. One that is partly
    outside, or has fewer homes than half its households, must not press all its residents into those homes: its figures
    are divided by the number of its households when that is more than the homes found. Partly outside and without a
    number of households, they are unknown.

    Returns
    -------
    tuple
        The table, and counts: homes; homes_without_figures; neighbourhoods_without_homes (with residents) and
        residents_without_homes in them; residents_not_placed, whose homes are outside the extent or not mapped.
    """
    areas = neighbourhoods.set_index("neighbourhood_code")
    found = homes["neighbourhood_code"].value_counts().reindex(areas.index, fill_value=0)
    divisor = _divisor(areas, found)
    code = homes["neighbourhood_code"]
    columns = {}
    for group, source in GROUPS.items():
        for bound, figure in _bounds(areas, source).items():
            columns[f"{group}{bound}"] = code.map(figure / divisor).astype("Float64")
    table = homes.assign(**columns)
    return table, _counts(table, areas, found)


def _divisor(areas: pd.DataFrame, found: pd.Series) -> pd.Series:
    """By how many homes the figures of each neighbourhood are divided, NA where that cannot be known or is none."""
    homes = found.astype("Float64").where(found > 0)
    households = areas["households_count"].astype("Float64")
    few = (homes < _MOSTLY_MAPPED_SHARE * households).fillna(False)
    at_least = homes.where(homes >= households, households)
    return homes.where(~((areas["extent_share"] < 1) | few), at_least)


def _bounds(areas: pd.DataFrame, source: MadeOf) -> dict[str, pd.Series]:
    """The figure of each neighbourhood and the lowest and highest it may have been before rounding.

    Of a share nobody tells here whether it was a whole percentage of true numbers or one rounded number over another:
    the bounds allow for both.
    """
    count = areas[source.count].astype("Float64")
    share = areas[source.share].astype("Float64") if source.share else 1.0
    off = COUNT_ROUNDING + (count * PERCENTAGE_ROUNDING / 100 if source.share else 0)
    people = count * share
    high = (people + off).clip(upper=count + COUNT_ROUNDING)
    return {"": people, "_low": (people - off).clip(lower=0), "_high": high}


def _counts(table: pd.DataFrame, areas: pd.DataFrame, found: pd.Series) -> Counter[str]:
    residents = areas["residents_count"].astype("Float64").fillna(0)
    without = (found == 0) & (residents > 0)
    placed = table.groupby("neighbourhood_code")["residents"].sum(min_count=1).reindex(areas.index)
    left = (residents - placed).clip(lower=0)
    return Counter(
        homes=len(table),
        homes_without_figures=int(table["residents"].isna().sum()),
        neighbourhoods_without_homes=int(without.sum()),
        residents_without_homes=int(residents[without].sum()),
        residents_not_placed=int(np.rint(left.fillna(0).sum())),
    )
