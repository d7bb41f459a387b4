"""White spots as stretches of street: where most people have no place within walking distance.

A stretch is one street in one neighbourhood, as far as its edges with homes out of reach join up. Together the
stretches hold every home that `metrics.coverage` counts as not reached, once.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from meetingplaces.metrics.coverage import weighted_quantile
from meetingplaces.metrics.joining import NOT_JOINED
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.network import WalkNetwork

GAP_COLUMNS = (
    "street", "street_is_near", "neighbourhood_code", "people", "people_low", "people_high", "homes_count",
    "homes_without_figures_count", "median_m", "beyond_search", "geometry",
)  # fmt: skip
# Farther from a footpath than this, a street does not tell where it is. As for the street beside a place.
_NEAR_STREET_M = 100.0
_WHISKER_M = 1e-6
_Ints = NDArray[np.int64]


def gaps(
    distance_m: NDArray[np.float32], homes: pd.DataFrame, network: WalkNetwork, group: str, budget_m: float
) -> gpd.GeoDataFrame:
    """Stretches of street with homes beyond `budget_m` metres on foot, those with most people of a group first.

    Formula: people = Σ people of the homes on the stretch with distance > budget; over all stretches of a neighbourhood
    that is its gap. The mean of a neighbourhood stands for every home, so it is not known who lives in such a home.

    Parameters
    ----------
    distance_m
        Walking distance of each home in metres, `inf` beyond the search.
    homes
        Rows as `distance_m`, with `neighbourhood_code`, `edge`, `offset_m` and the columns `group`, `group_low` and
        `group_high`.
    network
        RD New.
    group
        A group of `model.groups.GROUPS`.

    Returns
    -------
    GeoDataFrame
        `GAP_COLUMNS`, RD New. `street` is the name of the edges, else (`street_is_near`) that of the nearest street
        within 100 m, else NA; so it is for homes that no street reaches, one row per neighbourhood without geometry.
        People are NA where all figures are unknown. `median_m` is the distance at which half of the people on the
        stretch live, or half of the homes where the people are unknown; NA where that is `beyond_search`. The geometry
        is the straight pieces from the first to the last of these homes on each edge.
    """
    far = np.flatnonzero(~(distance_m <= budget_m))
    missed = homes.iloc[far][["neighbourhood_code", "edge", "offset_m"]].reset_index(drop=True)
    for name, column in (("people", group), ("people_low", f"{group}_low"), ("people_high", f"{group}_high")):
        missed[name] = homes[column].iloc[far].to_numpy("float64", na_value=np.nan)
    missed["distance_m"] = distance_m[far]
    missed = missed.merge(_streets(np.unique(missed["edge"]), network), on="edge", how="left")
    missed["stretch"] = _stretches(missed, network)
    table = _summed(missed).join(_shapes(missed, network)).reset_index(drop=True)
    order = ["people", "homes_count", "neighbourhood_code", "street"]
    table = table.sort_values(order, ascending=[False, False, True, True], kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(table[list(GAP_COLUMNS)], geometry="geometry", crs=RD_NEW)


def _summed(missed: pd.DataFrame) -> pd.DataFrame:
    """A row per stretch, without its shape."""
    stretches = missed.groupby("stretch")
    half = pd.Series({number: _half_way(rows) for number, rows in stretches}, dtype=float)
    return (
        stretches[["street", "neighbourhood_code"]]
        .first()
        .assign(
            street_is_near=stretches["street_is_near"].all(),
            **{
                name: stretches[name].sum(min_count=1).astype("Float64")
                for name in ("people", "people_low", "people_high")
            },
            homes_count=stretches.size(),
            homes_without_figures_count=missed["people"].isna().groupby(missed["stretch"]).sum(),
            median_m=half.where(np.isfinite(half)).astype("Float64"),
            beyond_search=np.isposinf(half),
        )
    )


def _half_way(rows: pd.DataFrame) -> float:
    """Metres within which half of the people live, or half of the homes where no people are known."""
    people = rows["people"].to_numpy()
    weights = people if np.nansum(people) > 0 else np.ones(len(rows))
    return weighted_quantile(rows["distance_m"].to_numpy(), weights, 0.5)


def _streets(edges: _Ints, network: WalkNetwork) -> pd.DataFrame:
    """Columns edge, street and street_is_near of these edges; `NOT_JOINED` among them has no street."""
    index = np.where(edges == NOT_JOINED, -1, network.name_index[edges] if len(network.edges) else -1)
    nameless = np.flatnonzero((index < 0) & (edges != NOT_JOINED))
    first, last = (np.searchsorted(network.segment_edge, edges[nameless], side=side) for side in ("left", "right"))
    middle = shapely.points(network.segment_xy[(first + last) // 2].mean(axis=1))
    named = np.flatnonzero(network.name_index[network.segment_edge] >= 0)
    tree = shapely.STRtree(network.segment_lines[named])
    which, found = tree.query_nearest(middle, max_distance=_NEAR_STREET_M, all_matches=False)
    index[nameless[which]] = network.name_index[network.segment_edge[named[found]]]
    is_near = np.zeros(len(edges), dtype=bool)
    is_near[nameless[which]] = True
    street = pd.Series([network.names[one] if one >= 0 else None for one in index], dtype="str")
    return pd.DataFrame({"edge": edges, "street": street, "street_is_near": is_near})


def _stretches(missed: pd.DataFrame, network: WalkNetwork) -> NDArray[np.int32]:
    """The number of the stretch of each home: edges of one street and neighbourhood that share a node are together."""
    street = missed.groupby(["neighbourhood_code", "street"], dropna=False).ngroup().to_numpy()
    edge = missed["edge"].to_numpy(np.int64)
    nodes = len(network.node_xy)
    ends = network.edges[edge] if len(network.edges) else np.zeros((len(edge), 2), dtype=np.int64)
    # Homes without an edge share a node of their own beyond those of the network.
    ends = np.where(edge[:, None] == NOT_JOINED, nodes, ends) + street[:, None] * (nodes + 1)
    _, known = np.unique(ends, return_inverse=True)
    one, two = known.reshape(-1, 2).T
    size = int(known.max(initial=-1)) + 1
    labels = connected_components(coo_array((np.ones(len(one)), (one, two)), shape=(size, size)), directed=False)[1]
    return np.asarray(labels[one], dtype=np.int32)


def _shapes(missed: pd.DataFrame, network: WalkNetwork) -> pd.Series:
    """The geometry of each stretch, as a series by its number."""
    joined = missed[missed["edge"] != NOT_JOINED]
    spans = joined.groupby(["stretch", "edge"])["offset_m"].agg(["min", "max"]).reset_index()
    start, end = (np.searchsorted(network.segment_edge, spans["edge"], side=side) for side in ("left", "right"))
    span = np.repeat(np.arange(len(spans)), end - start)
    segment = np.arange(len(span)) - np.repeat(np.cumsum(end - start) - (end - start), end - start) + start[span]
    begins = network.segment_along_m[segment]
    ends = begins + shapely.length(network.segment_lines[segment])
    # A whisker more, for homes at the very end of an edge.
    within = (begins <= spans["max"].to_numpy()[span] + _WHISKER_M) & (
        ends >= spans["min"].to_numpy()[span] - _WHISKER_M
    )
    stretch = spans["stretch"].to_numpy()[span[within]]
    numbers = np.unique(missed["stretch"])
    lines = np.full(len(numbers), shapely.MultiLineString(), dtype=object)
    shapely.multilinestrings(
        network.segment_lines[segment[within]], indices=np.searchsorted(numbers, stretch), out=lines
    )
    return pd.Series(lines, index=numbers, name="geometry")
