"""Where one more place would bring most people within reach: exact for one spot, greedy for more.

Candidates are the junctions and ends of streets in the municipality; a spot along a street brings about what one of its
ends does. What these numbers do not know: whether there is room for a place, and who would go there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.joining import Barriers, snap
from meetingplaces.metrics.reach import metres_to_ends
from meetingplaces.metrics.spot_search import SpotSearch, spot_search
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.network import WalkNetwork

# People are compared to a millionth, so that the order in which they are added up decides nothing.
_DECIMALS = 6
# As near as makes no difference.
_SAME_M = 0.01
_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class BestSpots:
    """Where to add places.

    `ranked` has every candidate by what it would bring on its own: node, x and y (RD New), longitude and latitude
    (EPSG:4326), a column of people (mean) per group, and homes_count; sorted by the first group, then by node. Homes
    with an unknown number of people weigh nothing; a group that is unknown for all homes is NA.
    `chosen` has the same columns for the spots to take, in the order of taking, with what each adds to those before it;
    and runner_up, the people of the first group that the next best spot would add instead. It ends where one more spot
    brings nobody. `bound_share` is the part of the best possible number of people that `chosen` brings at least.
    """

    ranked: pd.DataFrame
    chosen: pd.DataFrame
    bound_share: float


def best_spots(
    metres: NDArray[np.float32],
    on_foot: OnFoot,
    candidates: _Ints,
    homes: HomesOf,
    groups: Sequence[str],
    *,
    budget_m: float,
    count: int = 1,
) -> BestSpots:
    """The spots where `count` more places bring most people of the first of `groups` within `budget_m` metres on foot.

    One spot is the very best of `candidates`. More are taken one by one, each the best after those before it; see
    `guaranteed_share`. Of equal spots the lowest node. A node that this walker does not pass brings nobody.
    For who needs rests, seats are those that are known.

    Parameters
    ----------
    metres
        Of each home to its nearest place now, `inf` beyond the search.
    on_foot
        Who walks.
    candidates
        What `candidate_nodes` says, ascending.
    """
    people = {group: homes.people(group) for group in groups}
    weights = np.column_stack([*(one.per_home[""] for one in people.values()), np.ones(len(homes))])
    search, missed = spot_search(on_foot, candidates, weights, budget_m), ~(metres <= budget_m)
    gains = search.gains(missed)[candidates].round(_DECIMALS)
    order = np.argsort(-gains[:, 0], kind="stable")
    taken = list(_greedily(search, missed, candidates, gains, count))
    known = {group: bool(one.known.any()) for group, one in people.items()}
    table = _table(
        candidates[[one.row for one in taken]], np.array([one.gain for one in taken]), known, on_foot.network
    )
    return BestSpots(
        ranked=_table(candidates[order], gains[order], known, on_foot.network),
        chosen=table.assign(runner_up=[one.runner_up for one in taken]),
        # Whoever is left out when fewer spots are taken cannot be reached from any.
        bound_share=guaranteed_share(count) if len(taken) == count else 1.0,
    )


def guaranteed_share(count: int) -> float:
    """The part of what the best set of `count` spots brings that spots taken one by one bring at least, in (0, 1].

    Formula: 1 - (1 - 1/count)^count, which is 1 for one spot, 0.75 for two, and never below 1 - 1/e = 0.63. Source:
    Nemhauser, Wolsey & Fisher (1978), An analysis of approximations for maximizing submodular set functions.
    """
    return 1 - (1 - 1 / count) ** count


def candidate_nodes(network: WalkNetwork, neighbourhoods: gpd.GeoDataFrame, barriers: Barriers) -> _Ints:
    """Nodes (ascending) where a place may be thought of: on the biggest piece of the network, in the municipality.

    Only where a place at the very spot joins the network in that node: not in tunnels, on bridges over water, or where
    one way crosses over another. All in RD New.
    """
    nodes = np.flatnonzero(network.component == 0)
    points = np.asarray(shapely.points(network.node_xy[nodes]), dtype=object)
    whole = neighbourhoods.geometry.union_all()
    shapely.prepare(whole)
    dry = shapely.intersects(whole, points) & ~barriers.hold(points)
    return nodes[dry][_joins_itself(nodes[dry], points[dry], network, barriers)]


def _joins_itself(nodes: _Ints, points: NDArray[np.object_], network: WalkNetwork, barriers: Barriers) -> _Mask:
    joined = snap(points, network, barriers)
    to_ends = metres_to_ends(network, joined)
    own = network.edges[joined.edge] == nodes[:, None]
    return np.asarray((own & (to_ends <= _SAME_M)).any(axis=1) & joined.joined, dtype=bool)


@dataclass(frozen=True)
class _Taken:
    """A row of the candidates, what it adds per column of weights, and what the next best adds to the first."""

    row: int
    gain: _Floats
    runner_up: float


def _greedily(search: SpotSearch, missed: _Mask, candidates: _Ints, gains: _Floats, count: int) -> Iterator[_Taken]:
    """The best candidates one by one, while they bring anybody.

    What a spot adds only shrinks as others are taken, so an old gain is never too low: only those that come out on top
    are worked out anew.
    """
    known, fresh = gains.copy(), np.ones(len(candidates), dtype=bool)

    def top() -> int:
        row = int(np.argmax(known[:, 0]))
        while not fresh[row]:
            left = missed & search.near(int(candidates[row]))
            known[row], fresh[row] = search.weights[left].sum(axis=0).round(_DECIMALS), True
            row = int(np.argmax(known[:, 0]))
        return row

    for _ in range(count if len(candidates) else 0):
        row = top()
        gain = known[row].copy()
        if not gain[0] > 0:
            return
        known[row] = 0.0
        yield _Taken(row, gain, float(known[top(), 0]))
        missed = missed & ~search.near(int(candidates[row]))
        fresh[:] = False


def _table(nodes: _Ints, gains: _Floats, known: Mapping[str, bool], network: WalkNetwork) -> pd.DataFrame:
    x, y = network.node_xy[nodes].T
    degrees = gpd.GeoSeries.from_xy(x, y, crs=RD_NEW).to_crs(WGS84)
    where = {"node": nodes, "x": x, "y": y, "longitude": degrees.x.to_numpy(), "latitude": degrees.y.to_numpy()}
    sums = gains.reshape(-1, len(known) + 1)
    people = {
        group: pd.array(sums[:, column] if told else np.full(len(nodes), np.nan), dtype="Float64")
        for column, (group, told) in enumerate(known.items())
    }
    return pd.DataFrame({**where, **people, "homes_count": sums[:, -1].astype(np.int64)})
