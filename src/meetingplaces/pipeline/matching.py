"""Which records of two tables are the same place: by kind, distance, shape, address and name.

Merging two places that are two is worse than leaving one place on the map twice, so a match is sure only when nothing
else comes near it. A bench is merged with a bench only when that one is clearly the nearest, both ways, and clearly
nearer than the benches of its own row: else one that a source lacks would be taken for its neighbour. What may be the
same but is not sure is for a person to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from meetingplaces.model.conflation import ConflationRules
from meetingplaces.model.plain_text import plain_words
from meetingplaces.pipeline.names import likeness, name_of

_Floats = NDArray[np.float64]
_Mask = NDArray[np.bool_]

# Of the score, only to put the surest first on screen: what the name tells, and what the place on the map.
_NAME_PART = 0.6


@dataclass(frozen=True)
class Matches:
    """Row numbers and what we know of each pair; all arrays have one value per pair.

    Attributes
    ----------
    left, right
        Row numbers in the two tables.
    distance_m
        Metres between the nearest points of both, 0 when one covers the other.
    score
        How likely they are one place, in [0, 1]; to sort by.
    sure
        They are merged; no row is in two sure pairs.
    doubtful
        A person must decide. Every row of the right table is in one sure or doubtful pair at most.
    reasons
        Codes of what speaks for and against, see `model.origins.REASONS`.
    """

    left: NDArray[np.intp]
    right: NDArray[np.intp]
    distance_m: _Floats
    score: _Floats
    sure: _Mask
    doubtful: _Mask
    reasons: list[list[str]]


def match(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, apart: set[tuple[str, str]], rules: ConflationRules
) -> Matches:
    """The pairs of rows that are, or may be, one place.

    Parameters
    ----------
    left, right
        Tables in RD New with `category`, `name`, `address`, and `place_id` or `record_id` as their index, unique and
        sorted, so that the order of the input does not matter.
    apart
        Pairs of identifiers, left and right, that a person has found to be different.
    """
    pairs = _candidates(left, right, rules)
    pairs = pairs[~_decided_apart(pairs, left, right, apart)].reset_index(drop=True)
    seen = _compared(pairs, left, right, rules)
    sure = _sure(seen, rules)
    doubtful = _worth_asking(seen, sure, rules.thresholds.renamed_share)
    kept = np.flatnonzero(sure | doubtful)
    return Matches(
        left=seen["left"].to_numpy()[kept],
        right=seen["right"].to_numpy()[kept],
        distance_m=seen["distance"].to_numpy()[kept],
        score=_score(seen)[kept],
        sure=sure[kept],
        doubtful=doubtful[kept],
        reasons=_reasons(seen.iloc[kept]),
    )


def _candidates(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, rules: ConflationRules) -> pd.DataFrame:
    """Pairs of one family within its `doubt_m`, with the distances of that family."""
    families = [side["category"].map(rules.family_of).to_numpy(object) for side in (left, right)]
    shapes = [np.asarray(side.geometry.to_numpy(), dtype=object) for side in (left, right)]
    found = []
    for name, family in rules.families.items():
        ours, theirs = (np.flatnonzero(own == name) for own in families)
        tree = shapely.STRtree(shapes[0][ours])
        two, one = tree.query(shapes[1][theirs], predicate="dwithin", distance=family.doubt_m)
        nameless = -1.0 if family.nameless_m is None else family.nameless_m
        found.append(
            pd.DataFrame({"left": ours[one], "right": theirs[two], "radius": family.radius_m, "nameless": nameless})
        )
    return pd.concat(found).sort_values(["left", "right"], ignore_index=True)


def _decided_apart(
    pairs: pd.DataFrame, left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, apart: set[tuple[str, str]]
) -> _Mask:
    if not apart:
        return np.zeros(len(pairs), dtype=bool)
    named = zip(left.index[pairs["left"]], right.index[pairs["right"]], strict=True)
    return np.array([pair in apart for pair in named], dtype=bool)


def _compared(
    pairs: pd.DataFrame, left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, rules: ConflationRules
) -> pd.DataFrame:
    """The pairs with what can be seen of them: distance, overlap, address and names."""
    one, two = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    first, second = left.geometry.to_numpy()[one], right.geometry.to_numpy()[two]
    distance = np.asarray(shapely.distance(first, second), dtype=np.float64)
    both_areas = (shapely.get_dimensions(first) == 2) & (shapely.get_dimensions(second) == 2)
    shared = _shared(first, second, both_areas)
    address = _address_codes(left["address"])[one], _address_codes(right["address"])[two]
    same_address = ((address[0] == address[1]) & (address[0] != "")).astype(bool)
    names = [_names(side["name"], rules)[rows] for side, rows in ((left, one), (right, two))]
    alike = likeness(names[0], names[1])
    spacing = np.minimum(_spacing(left, rules)[one], _spacing(right, rules)[two])
    near = np.clip(1 - distance / pairs["radius"].to_numpy(), 0, 1)
    return pairs.assign(
        distance=distance,
        spacing=spacing,
        alike=alike,
        near=np.where(same_address, 1.0, near),
        same_address=same_address,
        same_shape=both_areas & (shared >= rules.thresholds.same_shape_share),
        inside=~both_areas
        & (distance == 0)
        & ((shapely.get_dimensions(first) == 2) | (shapely.get_dimensions(second) == 2)),
        named_same=alike >= rules.thresholds.same_name,
        named_other=alike < rules.thresholds.other_name,
        nameless_here=np.where(both_areas, shared >= rules.thresholds.same_shape_share, distance <= pairs["nameless"]),
    )


def _spacing(table: gpd.GeoDataFrame, rules: ConflationRules) -> _Floats:
    """Metres from every row to the nearest other row of its family, `inf` when there is none within its `doubt_m`."""
    shapes, families = table.geometry.to_numpy(), table["category"].map(rules.family_of).to_numpy(object)
    spacing = np.full(len(table), np.inf)
    for name, family in rules.families.items():
        rows = np.flatnonzero(families == name)
        (own, _), metres = shapely.STRtree(shapes[rows]).query_nearest(
            shapes[rows], max_distance=family.doubt_m, exclusive=True, return_distance=True, all_matches=False
        )
        spacing[rows[own]] = metres
    return spacing


def _shared(first: NDArray[np.object_], second: NDArray[np.object_], both_areas: _Mask) -> _Floats:
    """The part of their joint area that two areas share, in [0, 1]; 0 for anything else."""
    shared = np.zeros(len(first))
    one, two = first[both_areas], second[both_areas]
    common = shapely.area(shapely.intersection(one, two))
    shared[both_areas] = common / (shapely.area(one) + shapely.area(two) - common)
    return shared


def _sure(seen: pd.DataFrame, rules: ConflationRules) -> _Mask:
    """Matches that nothing else comes near, by name first and then by place alone, no row in two of them."""
    limits = rules.thresholds
    by_name = seen["named_same"] & ((seen["distance"] <= seen["radius"]) | seen["same_address"])
    strength = (seen["alike"].fillna(0) + seen["near"]).where(seen["named_same"], -np.inf).to_numpy(np.float64)
    sure = by_name.to_numpy() & (strength >= _best_rival(seen, strength) + limits.clearly_better)
    taken = _taken(seen, sure)
    distance = seen["distance"].to_numpy(np.float64)
    rival = -_best_rival(seen, -distance)
    rival = np.minimum(rival, seen["spacing"].to_numpy())
    clear = (rival >= distance * limits.clearly_nearer) & (rival >= distance + limits.clearly_nearer_m)
    clear &= _evenly_counted(seen, limits.row_reach)
    by_place = seen["alike"].isna() & seen["nameless_here"] & (clear | seen["same_shape"])
    return sure | (by_place.to_numpy() & ~taken & _once(seen, by_place.to_numpy() & ~taken))


def _evenly_counted(seen: pd.DataFrame, reach: float) -> _Mask:
    """Pairs in a row, or other group of nameless records near each other, of which both tables hold as many."""
    near = (seen["alike"].isna() & (seen["distance"] <= reach * seen["nameless"])).to_numpy()
    left, right = seen["left"].to_numpy(), seen["right"].to_numpy()
    lefts = int(left.max(initial=-1)) + 1
    size = lefts + int(right.max(initial=-1)) + 1
    links = coo_array((np.ones(near.sum()), (left[near], lefts + right[near])), shape=(size, size))
    group = connected_components(links, directed=False)[1]
    balance = np.bincount(group, np.where(np.arange(size) < lefts, 1, -1))
    return near & (balance[group[left]] == 0)


def _best_rival(seen: pd.DataFrame, value: _Floats) -> _Floats:
    """For every pair the highest value among the other pairs that share a row with it, -inf without any."""
    best = np.full(len(seen), -np.inf)
    for side in ("left", "right"):
        row = seen[side].to_numpy()
        order = np.lexsort((-value, row))
        starts = np.flatnonzero(np.diff(row[order], prepend=-1))
        sizes = np.diff(starts, append=len(order))
        first = value[order[starts]]
        second = np.where(sizes > 1, value[order[np.minimum(starts + 1, len(order) - 1)]], -np.inf)
        group = np.repeat(np.arange(len(starts)), sizes)
        rival = np.where(np.isin(np.arange(len(order)), starts), second[group], first[group])
        best[order] = np.maximum(best[order], rival)
    return best


def _taken(seen: pd.DataFrame, sure: _Mask) -> _Mask:
    """Pairs of which a row is in a sure pair."""
    return (seen["left"].isin(seen["left"][sure]) | seen["right"].isin(seen["right"][sure])).to_numpy()


def _once(seen: pd.DataFrame, wanted: _Mask) -> _Mask:
    """Of the wanted pairs those that share no row with a nearer one."""
    rows = np.flatnonzero(wanted)
    left, right, distance = (seen[name].to_numpy()[rows] for name in ("left", "right", "distance"))
    kept = np.zeros(len(seen), dtype=bool)
    used: tuple[set[int], set[int]] = (set(), set())
    for number in np.lexsort((right, left, distance)).tolist():
        one, two = int(left[number]), int(right[number])
        if one not in used[0] and two not in used[1]:
            used[0].add(one)
            used[1].add(two)
            kept[rows[number]] = True
    return kept


def _worth_asking(seen: pd.DataFrame, sure: _Mask, renamed_share: float) -> _Mask:
    """For each row of the right table without a match the best pair to ask a person about.

    By place alone only when the other is free too: of five benches in a row beside three, two are simply more.
    """
    near = (seen["distance"] <= seen["radius"]) | seen["same_address"]
    unclear = ~seen["named_same"] & ~seen["named_other"] & seen["alike"].notna() & near
    here = seen["nameless_here"] | seen["inside"] | seen["same_address"] | seen["same_shape"]
    renamed = seen["named_other"] & (here | (seen["distance"] <= renamed_share * seen["radius"]))
    nameless = seen["alike"].isna() & near
    free = ~seen["left"].isin(seen["left"][sure])
    asked = (seen["named_same"] | ((unclear | renamed | nameless) & free)) & ~seen["right"].isin(seen["right"][sure])
    ranked = seen.assign(score=_score(seen))[asked].sort_values(
        ["score", "distance", "left"], ascending=[False, True, True]
    )
    best = np.zeros(len(seen), dtype=bool)
    best[ranked.index[~ranked.duplicated("right")]] = True
    return best


def _score(seen: pd.DataFrame) -> _Floats:
    named = _NAME_PART * seen["alike"] + (1 - _NAME_PART) * seen["near"]
    nameless = _NAME_PART / 2 + (1 - _NAME_PART) * seen["near"]
    return named.fillna(nameless).round(3).to_numpy(np.float64)


def _reasons(pairs: pd.DataFrame) -> list[list[str]]:
    """Per pair what its names tell, and what the map tells."""
    name = np.select(
        [pairs["alike"].isna(), pairs["named_same"], pairs["named_other"]],
        ["name_unknown", "name_same", "name_other"],
        "name_alike",
    )
    place = np.select(
        [pairs["same_address"], pairs["same_shape"], pairs["inside"], pairs["distance"] <= pairs["radius"]],
        ["same_address", "same_shape", "inside", "near"],
        "far",
    )
    return [list(both) for both in zip(name.tolist(), place.tolist(), strict=True)]


def _names(column: pd.Series, rules: ConflationRules) -> NDArray[np.object_]:
    """A `Name` per row; each different text is taken apart once."""
    codes, texts = pd.factorize(column, use_na_sentinel=False)
    names = np.empty(len(texts), dtype=object)
    names[:] = [name_of(text, rules.names) for text in texts]
    return names[codes]


def _address_codes(column: pd.Series) -> NDArray[np.object_]:
    """Street and number in one spelling per row, empty when unknown: `Oudestr. 12-A, 8261 CK Kampen` is oudestr12a."""
    codes, texts = pd.factorize(column, use_na_sentinel=False)
    found = np.empty(len(texts), dtype=object)
    found[:] = [address_code(text) for text in texts]
    return found[codes]


def address_code(text: object) -> str:
    """Street and number of a written address in one spelling; empty when there is no number in it."""
    street = text.partition(",")[0] if isinstance(text, str) else ""
    code = "".join(plain_words(re.sub(r"(?i)str(aat|\.)", "str", street)))
    return code if re.search("[0-9]", code) else ""
