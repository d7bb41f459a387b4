"""Which record has the word on each field of a place, and which records contradict it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces.model.conflation import ConflationRules, NameWords
from meetingplaces.model.origins import origins_table
from meetingplaces.pipeline.matching import address_code
from meetingplaces.pipeline.names import name_of

_PLACE_TEXTS = ("name", "address", "opening_hours", "website", "phone", "audience", "category")
_PLACE_STATES = ("access", "fee", "wheelchair")
_RECORD_TEXTS = ("name", "address", "opening_hours", "website", "phone", "email", "category")
SHOWN = ("name", "address", "opening_hours", "website", "phone")
"""Columns of the table of places in which an official value may stand."""


def origins_of(
    places: gpd.GeoDataFrame, records: gpd.GeoDataFrame, links: pd.Series, rules: ConflationRules
) -> pd.DataFrame:
    """What every record says of the places that have several, following `origin_schema`.

    Parameters
    ----------
    places
        Places of OpenStreetMap, RD New, by `place_id`.
    records
        Municipal records, RD New, by `record_id`.
    links
        `place_id` by `record_id`, for all records of places that have several.
    """
    ours = places.loc[places.index.isin(links)]
    theirs = records.loc[links.index]
    said = pd.concat([_said_by_places(ours), _said_by_records(theirs, links)], ignore_index=True)
    if said.empty:
        return origins_table([])
    official = said["field"].isin(rules.official_first)
    is_osm = said["record_id"].str.startswith("osm/")
    said = said.assign(_second=is_osm == official, _is_known=said["data_as_of"].notna())
    said = said.sort_values(
        ["place_id", "field", "_second", "_is_known", "data_as_of", "record_id"],
        ascending=[True, True, True, False, False, True],
        ignore_index=True,
    )
    said["used"] = ~said.duplicated(["place_id", "field"])
    compared = [_plain(*one, rules.names) for one in zip(said["field"], said["value"], strict=True)]
    plain = pd.Series(compared, index=said.index, dtype="str")
    said["differs"] = plain != plain.groupby([said["place_id"], said["field"]]).transform("first")
    return said.drop(columns=["_second", "_is_known"])[list(origins_table([]).columns)]


def with_used(places: gpd.GeoDataFrame, origins: pd.DataFrame) -> gpd.GeoDataFrame:
    """Places (by `place_id`) that show the values that are used."""
    return _filled(places, origins[origins["used"]])


def with_osm_only(places: gpd.GeoDataFrame, origins: pd.DataFrame) -> gpd.GeoDataFrame:
    """Places of OpenStreetMap (by `place_id`) that show what OpenStreetMap itself says, unknown where it does not."""
    by_osm = origins[origins["record_id"].str.startswith("osm/")]
    official = origins[origins["used"] & ~origins["record_id"].str.startswith("osm/")]
    table = places.copy()
    for field in SHOWN:
        overwritten = official.loc[official["field"] == field, "place_id"]
        table.loc[table.index.isin(overwritten), field] = None
    return _filled(table, by_osm)


def _filled(places: gpd.GeoDataFrame, said: pd.DataFrame) -> gpd.GeoDataFrame:
    table = places.copy()
    for field in SHOWN:
        values = said[said["field"] == field].set_index("place_id")["value"]
        rows = table.index.intersection(values.index)
        table.loc[rows, field] = values[rows]
    return table


def _said_by_places(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """What OpenStreetMap says; what we only assume from a kind of place (`assumed_public`) nobody said."""
    told = {name: places[name] for name in _PLACE_TEXTS}
    for name in _PLACE_STATES:
        assumed = (places[name] == "unknown") | places[name].str.startswith("assumed_")
        told[name] = places[name].mask(assumed)
    identity = pd.Series(places.index, index=places.index)
    return _long(told, places, identity, identity, places["last_edit_on"].dt.strftime("%Y-%m-%d"))


def _said_by_records(records: gpd.GeoDataFrame, links: pd.Series) -> pd.DataFrame:
    told = {name: records[name] for name in _RECORD_TEXTS}
    identity = pd.Series(records.index, index=records.index)
    return _long(told, records, links.loc[records.index], identity, records["data_as_of"])


def _long(
    told: Mapping[str, pd.Series], table: gpd.GeoDataFrame, place: pd.Series, record: pd.Series, as_of: pd.Series
) -> pd.DataFrame:
    """One row per thing told: the columns of `told` below each other, and a point on each shape."""
    points = shapely.point_on_surface(table.geometry.to_numpy())
    columns = {**told, "geometry": pd.Series(shapely.to_wkt(points, rounding_precision=1), index=table.index)}
    frames = [
        pd.DataFrame({"place_id": place, "field": field, "value": values, "record_id": record, "data_as_of": as_of})
        for field, values in columns.items()
    ]
    long = pd.concat(frames, ignore_index=True)
    return long[long["value"].notna()].astype("str")


def _plain(field: str, value: str, words: NameWords) -> str:
    """A value without what does not matter when two sources are compared: of a name the words that are its own."""
    if field == "name":
        return name_of(value, words).own or value.casefold()
    return _PLAIN.get(field, str)(value)


def _digits(value: str) -> str:
    return re.sub(r"^(0031|31)", "0", re.sub("[^0-9]", "", value.replace("(0)", "")))


_PLAIN: Mapping[str, Callable[[str], str]] = {
    "address": lambda value: address_code(value) or value,
    "opening_hours": lambda value: re.sub(r"\s", "", value).casefold(),
    "website": lambda value: re.sub(r"^https?://(www\.)?|/$", "", value.casefold()),
    "phone": _digits,
    "email": str.casefold,
    "geometry": lambda _: "",  # two points on one place are never the same, and no contradiction
}
