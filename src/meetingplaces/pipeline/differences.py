"""What differs between two bundles of one municipality, and whether the world changed or only the map of it.

Premise: a map that volunteers draw changes for two reasons, and mostly because somebody looked better. So every
difference is put into one of three natures (`metrics.over_time.Nature`), by the first rule of `RULES` that holds, and
what no rule settles stays untold. A place that is new on the map may have been there for years, and one that is gone
from it may still be there: whether it opened or closed cannot be told from that.

Limits: a survey date is of the place as a whole, not of each fact. A record keeps its last edit date when others move
the nodes of its outline, so that date is not used for where something lies.

Source of the rules: our own proposal. That growth of OpenStreetMap is not growth of what it maps is known, see Barron,
Neis & Zipf (2014), A comprehensive framework for intrinsic OpenStreetMap quality analysis, Transactions in GIS 18(6).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from meetingplaces.metrics.over_time import Nature
from meetingplaces.pipeline.changes import changes, same_places

What = Literal[
    "added", "gone", "moved", "redrawn", "renamed", "kind", "setting", "hours", "access", "fee", "wheelchair"
]  # fmt: skip
Rule = Literal[
    "outside_data", "part_of_another", "already_mapped", "redrawn", "spelling", "became_known", "assumed",
    "seen_twice", "other_address", "appeared", "vanished", "elsewhere", "no_longer_known", "other_value",
]  # fmt: skip

RULES: Mapping[Rule, Nature] = {
    "outside_data": "mapped",
    "part_of_another": "mapped",
    "already_mapped": "mapped",
    "redrawn": "mapped",
    "spelling": "mapped",
    "became_known": "mapped",
    "assumed": "mapped",
    "seen_twice": "changed",
    "other_address": "changed",
    "appeared": "unknown",
    "vanished": "unknown",
    "elsewhere": "unknown",
    "no_longer_known": "unknown",
    "other_value": "unknown",
}
"""The nature that each rule gives, in the order in which they are tried.

outside_data
    It lies where the other bundle has no data.
part_of_another
    Its record is part of another place in the other bundle: what was one place is drawn as two, or the reverse.
already_mapped
    Its record, the only one, was last edited before the day of the earlier data: OpenStreetMap said so then too.
redrawn
    The same place by `same_places` under another number, or its old and new shapes touch.
spelling
    The names are equal but for capitals, accents, spaces and signs.
became_known
    It was unknown or assumed, and now somebody said it.
assumed
    Neither is said by anybody: our own assumption differs.
seen_twice
    Both are known and differ, the earlier one comes from a survey on the spot (`checked_on`), and so does the present
    one, by a survey after the day of the earlier data.
other_address
    It moved, and its known address became another one: two facts say the same.
appeared, vanished, elsewhere, no_longer_known, other_value
    Nothing tells whether that is so in the world.
"""

DIFFERENCES = (
    "what", "nature", "rule", "place_id", "name", "category", "weight", "before", "after", "moved_m",
    "row_before", "row_after",
)  # fmt: skip
_FACTS: Mapping[What, str] = {
    "renamed": "name", "kind": "category", "setting": "setting", "hours": "opening_hours", "access": "access",
    "fee": "fee", "wheelchair": "wheelchair",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """The places of one bundle, and what its data cover.

    `places` is checked (RD New); `bounds` are west, south, east, north of the data in degrees (EPSG:4326); `as_of` is
    the day the places describe in ISO 8601, or a year; `None` when the source does not say.
    """

    places: gpd.GeoDataFrame
    bounds: tuple[float, float, float, float]
    as_of: str | None

    def covers(self, longitude: float, latitude: float) -> bool:
        """Whether a point (EPSG:4326) is within the bounds of the data."""
        west, south, east, north = self.bounds
        return bool(west <= longitude <= east and south <= latitude <= north)


@dataclass(frozen=True)
class Compared:
    """Two bundles held against each other; row numbers are those of the tables as given.

    `pairs` are the rows `before` and `after` of what is the same place, amenities left out. `differences` has
    `DIFFERENCES`: `place_id`, `name`, `category` and `weight` as they are now, of what is gone as they were; `before`
    and `after` are what differs as the tables have it, missing where there is nothing to tell; `moved_m` in metres;
    `row_before` and `row_after`, NA where the place is not in that table.
    """

    pairs: pd.DataFrame
    differences: pd.DataFrame


def compare(then: Seen, now: Seen) -> Compared:
    """Every difference between the places of two bundles, amenities left out, with its nature and rule."""
    before, after = (np.flatnonzero(one.places["weight"] != "amenity") for one in (then, now))
    then = replace(then, places=then.places.iloc[before].reset_index(drop=True))
    now = replace(now, places=now.places.iloc[after].reset_index(drop=True))
    pairs = same_places(then.places, now.places)
    found = [
        *_alone("gone", then, now, pairs["before"], then.as_of),
        *_alone("added", now, then, pairs["after"], then.as_of),
        *_of_the_same(then, now, pairs),
    ]
    table = pd.DataFrame(found, columns=list(DIFFERENCES)).astype({"moved_m": float})
    for name, rows in (("row_before", before), ("row_after", after)):
        table[name] = pd.array([pd.NA if pd.isna(row) else rows[int(row)] for row in table[name]], dtype="Int64")
    numbers = {name: rows[pairs[name].to_numpy(int)] for name, rows in (("before", before), ("after", after))}
    return Compared(pd.DataFrame(numbers), table)


def per_area(found: pd.DataFrame, members: Sequence[Sequence[str]], areas: Sequence[str]) -> pd.DataFrame:
    """How many differences each area has: in all, of each kind and of each nature; the last row is all areas together.

    Parameters
    ----------
    found
        Rows of `DIFFERENCES`.
    members
        Per row the codes of the areas it belongs to; one on a border counts in both, and once in the last row.
    areas
        Codes of the areas, in the order of the rows.

    Returns
    -------
    DataFrame
        `differences`, `added`, `gone`, `moved`, `renamed`, `other` (of what remains), `mapped`, `changed`, `unknown`.
    """
    marks = pd.DataFrame({"differences": np.ones(len(found), dtype=int)})
    for name in ("added", "gone", "moved", "renamed"):
        marks[name] = (found["what"] == name).to_numpy(int)
    marks["other"] = 1 - marks[["added", "gone", "moved", "renamed"]].sum(axis=1)
    for name in get_args(Nature):
        marks[name] = (found["nature"] == name).to_numpy(int)
    inside = [frozenset(told) & frozenset(areas) for told in members]
    masks = [[area in told for told in inside] for area in areas] + [[bool(told) for told in inside]]
    return pd.DataFrame([marks.loc[np.array(mask, dtype=bool)].sum() for mask in masks])


def _alone(
    what: Literal["gone", "added"], own: Seen, other: Seen, paired: pd.Series, as_of: str | None
) -> Iterable[dict[str, Any]]:
    """The places of `own` that have no counterpart in `other`."""
    records = {record for told in other.places["records"] for record in told}
    for row in sorted(set(range(len(own.places))) - set(paired)):
        place = own.places.iloc[row]
        rule: Rule = "vanished" if what == "gone" else "appeared"
        if not other.covers(place["longitude"], place["latitude"]):
            rule = "outside_data"
        elif records & set(place["records"]):
            rule = "part_of_another"
        elif what == "added" and _unedited(place, as_of):
            rule = "already_mapped"
        yield _difference(what, rule, place, (row, None) if what == "gone" else (None, row))


def _of_the_same(then: Seen, now: Seen, pairs: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Differences between what a place was and is."""
    told = changes(then.places, now.places)
    moved_m = told[told["change"] == "moved"].set_index("place_id")["moved_m"].to_dict()
    for rows in zip(pairs["before"].tolist(), pairs["after"].tolist(), strict=True):
        old, new = then.places.iloc[rows[0]], now.places.iloc[rows[1]]
        if new["place_id"] in moved_m:
            rule = _rule_of_move(old, new, then.as_of)
            yield _difference("moved", rule, new, rows, moved_m=moved_m[new["place_id"]])
        elif old["place_id"] != new["place_id"]:
            yield _difference("redrawn", "redrawn", new, rows, told=(old["place_id"], new["place_id"]))
        for what, column in _FACTS.items():
            if not _equal(old[column], new[column], what):
                rule = _rule_of_fact(what, old, new, then.as_of)
                yield _difference(what, rule, new, rows, told=(old[column], new[column]))


def _rule_of_move(old: pd.Series, new: pd.Series, as_of: str | None) -> Rule:
    if old["place_id"] != new["place_id"] or shapely.intersects(old["geometry"], new["geometry"]):
        return "redrawn"
    if _surveyed_twice(old, new, as_of):
        return "seen_twice"
    addresses = old["address"], new["address"]
    if all(isinstance(one, str) for one in addresses) and _plain(addresses[0]) != _plain(addresses[1]):
        return "other_address"
    return "elsewhere"


def _rule_of_fact(what: What, old: pd.Series, new: pd.Series, as_of: str | None) -> Rule:
    column = _FACTS[what]
    said = [_said(one, column) for one in (old, new)]
    if what == "renamed" and all(said) and _plain(old["name"]) == _plain(new["name"]):
        return "spelling"
    if _unedited(new, as_of) and old["place_id"] == new["place_id"]:
        return "already_mapped"
    match said:
        case [False, True]:
            return "became_known"
        case [False, False]:
            return "assumed"
        case [True, False]:
            return "no_longer_known"
    return "seen_twice" if _surveyed_twice(old, new, as_of) else "other_value"


def _said(place: pd.Series, column: str) -> bool:
    """Whether somebody said it: it is not missing, unknown, assumed or guessed."""
    value = place[column]
    if not isinstance(value, str) or value == "unknown" or value.startswith("assumed_"):
        return False
    return not (column == "category" and place["inferred"])


def _unedited(place: pd.Series, as_of: str | None) -> bool:
    """Whether the one record of a place, in OpenStreetMap, was last edited before the day, or year, `as_of`."""
    edited, records = place["last_edit_on"], place["records"]
    alone = len(records) == 1 and records[0].startswith("osm/")
    return bool(as_of and alone and pd.notna(edited) and edited < pd.Timestamp(as_of))


def _surveyed_twice(old: pd.Series, new: pd.Series, as_of: str | None) -> bool:
    checked = old["checked_on"], new["checked_on"]
    return bool(as_of and pd.notna(checked[0]) and pd.notna(checked[1]) and checked[1] > _end(as_of))


def _end(as_of: str) -> pd.Timestamp:
    """The last day of a day or year."""
    return pd.Timestamp(f"{as_of}-12-31" if re.fullmatch("[0-9]{4}", as_of) else as_of)


def _equal(one: object, other: object, what: str) -> bool:
    """Whether a fact is the same; opening hours are whatever the capitals and spaces."""
    if not isinstance(one, str) or not isinstance(other, str):
        return not isinstance(one, str) and not isinstance(other, str)
    return one == other or (what == "hours" and "".join(one.split()).casefold() == "".join(other.split()).casefold())


def _plain(text: str) -> str:
    """A name without what people write differently: capitals, accents, spaces and signs."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", "", bare).casefold()


def _difference(
    what: What,
    rule: Rule,
    place: pd.Series,
    rows: tuple[int | None, int | None],
    *,
    told: tuple[object, object] = (None, None),
    moved_m: float = np.nan,
) -> dict[str, Any]:
    before, after = (one if isinstance(one, str) else None for one in told)
    known = {name: place[name] for name in ("place_id", "name", "category", "weight")}
    return {
        "what": what, "nature": RULES[rule], "rule": rule, **known, "before": before, "after": after,
        "moved_m": moved_m, "row_before": rows[0], "row_after": rows[1],
    }  # fmt: skip
