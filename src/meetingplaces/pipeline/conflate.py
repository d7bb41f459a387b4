"""Municipal records and the places of OpenStreetMap become one map, on which both stay known.

The records of one source after the other meet what is on the map by then. A sure match shares a place, a doubtful one
is put on the list for a person, and the rest become places of their own. What a person decided goes before all else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from scipy.cluster.hierarchy import DisjointSet

from meetingplaces.model.categories import Categories, Category
from meetingplaces.model.conflation import ConflationRules
from meetingplaces.model.decisions import Decision, Standing, standing
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.origins import MunicipalContent, pairs_table
from meetingplaces.model.places import list_column
from meetingplaces.pipeline.attributes import attributes_of
from meetingplaces.pipeline.classify import places_table
from meetingplaces.pipeline.matching import Matches, match
from meetingplaces.pipeline.origins import origins_of, with_osm_only, with_used


@dataclass(frozen=True)
class Conflated:
    """The places of all sources together, RD New, with what stands behind them.

    Attributes
    ----------
    places
        Following `place_schema`; those that only a municipality knows come last.
    municipal
        The records themselves, who says what, and the pairs that were merged or are doubtful.
    counts
        Of records: `municipal_records`, `municipal_merged`, `municipal_added`, `municipal_doubtful`; of fields that
        sources contradict each other on: `municipal_conflicts`.
    dropped
        Rows that were left out, by reason.
    """

    places: gpd.GeoDataFrame
    municipal: MunicipalContent
    counts: Counter[str]
    dropped: Counter[str]


def conflate(
    places: gpd.GeoDataFrame,
    records: gpd.GeoDataFrame,
    decisions: Iterable[Decision],
    categories: Categories,
    rules: ConflationRules,
) -> Conflated:
    """Places (RD New, before amenities and neighbourhoods are added) joined with municipal records.

    Without records, and without anything hidden, the places are what they were. The order of rows does not matter.

    Parameters
    ----------
    records
        Of any number of sources, following `record_schema`.
    decisions
        What people decided, in any order; a decision about a record that is not there now waits for it.

    Raises
    ------
    SchemaError
        A record is of a kind that `categories.yaml` does not know.
    """
    decided = standing(decisions)
    dropped: Counter[str] = Counter()
    ours, theirs = _shown(places, records, decided, dropped)
    theirs = _fit_for_the_map(theirs, categories, dropped)
    theirs = theirs.rename(columns={"kind": "category"})  # as the table of places calls it
    meeting = _Meeting(ours.set_index("place_id", drop=False), decided, categories, rules)
    for _, source in theirs.groupby("source_id", sort=True):
        meeting.join(source.set_index("record_id", drop=False).sort_index())
    return _conclusion(ours, theirs, meeting, rules, dropped)


def osm_layer(places: gpd.GeoDataFrame, origins: pd.DataFrame) -> gpd.GeoDataFrame:
    """The places of OpenStreetMap as they were before any municipal record was merged into them."""
    table = places[places["place_id"].str.startswith("osm/")].set_index("place_id", drop=False)
    table = with_osm_only(table, origins).reset_index(drop=True)
    own = [[one for one in members if one.startswith("osm/")] for members in table["records"]]
    return table.assign(records=list_column(own))


class _Meeting:
    """The map while one source after the other joins it."""

    def __init__(
        self, places: gpd.GeoDataFrame, decided: Standing, categories: Categories, rules: ConflationRules
    ) -> None:
        self.table = places.sort_index()
        self.decided = decided
        self.categories = categories
        self.rules = rules
        self.place_of = {one: place for place, own in self.table["records"].items() for one in own}
        self.pairs: list[dict[str, object]] = []

    def join(self, source: gpd.GeoDataFrame) -> None:
        """Match the records of one source (sorted, by `record_id`) and add what is new to the map."""
        leaders = _leaders(self.decided.accepted, {*self.place_of, *source.index}, set(self.place_of))
        led = [one for one in source.index if leaders.get(one, one) != one]
        taken = {self.place_of[leaders[one]] for one in led if leaders[one] in self.place_of}
        free = source.drop(index=led)
        open_to_all = self.table.drop(index=list(taken)).sort_index()
        found = match(open_to_all, free, self._apart(set(free.index)), self.rules)
        self._note(found, open_to_all, free)
        new = free.drop(index=free.index[found.right[found.sure]])
        self._add(new)
        for one in led:
            self._accept(one, self.place_of[leaders[one]], source)

    def _apart(self, arriving: set[str]) -> set[tuple[str, str]]:
        """Pairs of a place on the map and an arriving record that a person found to be different."""
        found = set()
        for pair in self.decided.apart:
            for record in pair & arriving:
                (other,) = pair - {record}
                if other in self.place_of:
                    found.add((self.place_of[other], record))
        return found

    def _note(self, found: Matches, left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> None:
        for row, reasons in enumerate(found.reasons):
            place, record = left.index[found.left[row]], right.index[found.right[row]]
            verdict = "merged" if found.sure[row] else "doubtful"
            if verdict == "merged":
                self.place_of[record] = place
            told = {"score": found.score[row], "distance_m": found.distance_m[row].round(1), "reasons": reasons}
            self.pairs.append({"place_id": place, "record_id": record, "verdict": verdict, **told})

    def _accept(self, record: str, place: str, source: gpd.GeoDataFrame) -> None:
        self.place_of[record] = place
        metres = self.table.geometry[place].distance(source.geometry[record])
        told = {"score": 1.0, "distance_m": round(metres, 1), "reasons": ["decided"]}
        self.pairs.append({"place_id": place, "record_id": record, "verdict": "merged", **told})

    def _add(self, records: gpd.GeoDataFrame) -> None:
        if len(records):
            new = _as_places(records, self.categories).set_index("place_id", drop=False)
            self.table = pd.concat([self.table, new])
            self.place_of |= dict(zip(new.index, new.index, strict=True))


def _leaders(accepted: Iterable[tuple[str, str]], present: set[str], on_map: set[str]) -> Mapping[str, str]:
    """For each record in an accepted pair the one it goes with: what is on the map first, then the lowest."""
    groups = DisjointSet()
    for one, two in sorted(accepted):
        if one in present and two in present:
            groups.add(one)
            groups.add(two)
            groups.merge(one, two)
    leaders: dict[str, str] = {}
    for members in groups.subsets():
        leader = min(members, key=lambda one: (one not in on_map, not one.startswith("osm/"), one))
        leaders |= {one: leader for one in members if one not in on_map}
    return leaders


def _shown(
    places: gpd.GeoDataFrame, records: gpd.GeoDataFrame, decided: Standing, dropped: Counter[str]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    if not decided.hidden:
        return places, records
    hidden = [not decided.hidden.isdisjoint(own) for own in places["records"]]
    kept = places[[not one for one in hidden]].reset_index(drop=True)
    off = records["record_id"].isin(decided.hidden)
    dropped.update(+Counter({"hidden_by_decision": sum(hidden) + int(off.sum())}))
    return kept, records[~off].reset_index(drop=True)


def _fit_for_the_map(records: gpd.GeoDataFrame, categories: Categories, dropped: Counter[str]) -> gpd.GeoDataFrame:
    """The records that have a place on the map and are of a kind we show."""
    strange = ~records["kind"].isin(list(categories.by_key))
    if strange.any():
        record = records[strange].iloc[0]
        known = ", ".join(categories.by_key)
        raise SchemaError(record["source_id"], f"{record['record_id']}, kind", f"one of {known}", record["kind"])
    left_out = [key for key, kind in categories.by_key.items() if kind.weight in {"excluded", "context"}]
    unfit = records["kind"].isin(left_out)
    nowhere = records.geometry.isna() & ~unfit
    dropped.update(+Counter(municipal_kind_not_shown=int(unfit.sum()), municipal_without_position=int(nowhere.sum())))
    return records[~(unfit | nowhere)].reset_index(drop=True)


def _as_places(records: gpd.GeoDataFrame, categories: Categories) -> gpd.GeoDataFrame:
    """Places (RD New) that only the municipality knows of."""
    return places_table([_place(record, categories.by_key[record.category]) for record in records.itertuples()])


def _place(record: Any, category: Category) -> dict[str, Any]:
    area = record.geometry.area
    return {
        **attributes_of({}, category),
        "place_id": record.record_id,
        "category": category.key,
        "weight": category.weight,
        # What OpenStreetMap holds and nobody calls public is private; what a municipality lists is merely unknown.
        "access": "unknown" if category.access == "private" else category.access,
        "inferred": False,
        **{name: getattr(record, name) for name in ("name", "opening_hours", "address", "website", "phone")},
        "near_street": None,
        "amenity_ids": [],
        "neighbourhood_codes": [],
        "records": [record.record_id],
        "area_m2": area if area else pd.NA,
        "last_edit_on": None,
        "geometry": record.geometry,
    }


def _conclusion(
    ours: gpd.GeoDataFrame,
    theirs: gpd.GeoDataFrame,
    meeting: _Meeting,
    rules: ConflationRules,
    dropped: Counter[str],
) -> Conflated:
    pairs = pairs_table(meeting.pairs)
    merged = pairs[pairs["verdict"] == "merged"]
    several = set(merged["place_id"])
    links = pd.Series(
        {one: meeting.place_of[one] for one in theirs["record_id"] if meeting.place_of[one] in several}, dtype="str"
    )
    origins = origins_of(
        ours.set_index("place_id", drop=False), theirs.set_index("record_id", drop=False), links, rules
    )
    added = meeting.table.drop(index=ours["place_id"]).sort_index()
    table = pd.concat([ours.set_index("place_id", drop=False), added])
    table = with_used(table, origins)
    more: dict[str, list[str]] = {}
    for record, place in sorted(zip(merged["record_id"], merged["place_id"], strict=True)):
        more.setdefault(place, []).append(record)
    known = [[*own, *more.get(place, [])] for place, own in table["records"].items()]
    counts = Counter(
        municipal_records=len(theirs),
        municipal_merged=len(merged),
        municipal_added=len(added),
        municipal_doubtful=len(pairs) - len(merged),
        municipal_conflicts=len(origins[origins["differs"]].drop_duplicates(["place_id", "field"])),
    )
    places = table.reset_index(drop=True).assign(records=list_column(known))
    records = theirs.rename(columns={"category": "kind"})
    return Conflated(places, MunicipalContent(records, origins, _surest_first(pairs)), counts, dropped)


def _surest_first(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs.sort_values(
        ["verdict", "score", "place_id", "record_id"], ascending=[True, False, True, True], ignore_index=True
    )
