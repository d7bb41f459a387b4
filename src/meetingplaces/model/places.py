"""The table of places: one row per place or amenity, and what its columns may hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

import geopandas as gpd
import pandas as pd

from meetingplaces.model.categories import Setting
from meetingplaces.model.table_check import held_against

if TYPE_CHECKING:
    import pandera.pandas as pa

Access = Literal["public", "assumed_public", "customers", "members", "referral", "unknown"]
PlaceWeight = Literal["core", "secondary", "amenity"]
Fee = Literal["yes", "no", "assumed_no", "unknown"]
Wheelchair = Literal["yes", "limited", "no", "unknown"]
Dogs = Literal["yes", "leashed", "outside", "no", "unknown"]

# Places for which one must buy something, be a member or be referred. Shown on request only, never as public.
RESTRICTED_ACCESS: frozenset[Access] = frozenset({"customers", "members", "referral"})
# Places where everyone may come, as far as is known.
PUBLIC_ACCESS: frozenset[Access] = frozenset({"public", "assumed_public"})

TEXT_COLUMNS = ("name", "opening_hours", "address", "near_street", "website", "phone", "audience")
LIST_COLUMNS = ("provides", "amenity_ids", "neighbourhood_codes", "records")


@cache
def place_schema() -> pa.DataFrameSchema:
    """The schema of the place table, EPSG:28992.

    Columns
    -------
    place_id
        Stable: `osm/n123`, `osm/w45`, `osm/r6`, or `osm/gn123` for a seating spot named after its lowest bench; for a
        place that only a municipality knows the `record_id` of its record.
    name, opening_hours, address, near_street, website, phone, audience
        As written at the source, missing (NaN) when unknown. `near_street` is the nearest named street within 100 m.
    category, setting, weight, access, fee, wheelchair, dogs
        Key of `categories.yaml` and closed sets; `unknown` is a value of its own. `dogs` is whether a dog may come:
        `leashed` on a lead, `outside` on the terrace of what is itself indoors.
    inferred
        The kind is our guess from a name or from neighbours.
    provides
        What there is to use: seat, table, shelter, toilet, water, light, books, coffee, play. Absence means not known.
    amenity_ids
        `place_id` of the amenities in or beside the place.
    neighbourhood_codes
        Every neighbourhood the place touches; empty for a place just outside the municipality.
    records
        `place_id` of every source record this place was made from; its own first.
    area_m2
        Square metres on the ground, NA for points.
    longitude, latitude
        A point on the place (never merely its bounding box's centre), EPSG:4326.
    last_edit_on, checked_on
        Dates of the last edit and of the last survey (`check_date`), NaT when the source does not say.
    """
    import pandera.pandas as pa  # noqa: PLC0415  (0.8 s to import, and most commands do not need it)

    def one_of(values: tuple[str, ...]) -> pa.Column:
        return pa.Column(str, pa.Check.isin(values))

    closed = {
        "setting": one_of(get_args(Setting)),
        "weight": one_of(get_args(PlaceWeight)),
        "access": one_of(get_args(Access)),
        "fee": one_of(get_args(Fee)),
        "wheelchair": one_of(get_args(Wheelchair)),
        "dogs": one_of(get_args(Dogs)),
    }
    return pa.DataFrameSchema(
        {
            "place_id": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*/[a-z0-9-]+$"), unique=True),
            "category": pa.Column(str, pa.Check.str_matches(r"^[a-z_]+$")),
            **closed,
            **{name: pa.Column(str, nullable=True) for name in TEXT_COLUMNS},
            **{name: pa.Column(object, pa.Check(_list_of_text, element_wise=True)) for name in LIST_COLUMNS},
            "inferred": pa.Column(bool),
            "area_m2": pa.Column("Float64", pa.Check.ge(0), nullable=True),
            "longitude": pa.Column(float, pa.Check.in_range(-180, 180)),
            "latitude": pa.Column(float, pa.Check.in_range(-90, 90)),
            "last_edit_on": pa.Column("datetime64[s]", nullable=True),
            "checked_on": pa.Column("datetime64[s]", nullable=True),
            "geometry": pa.Column("geometry"),
        },
        strict=True,
        unique_column_names=True,
    )


def check_places(table: gpd.GeoDataFrame, file: str) -> gpd.GeoDataFrame:
    """The same table, proven to follow `place_schema`.

    Raises
    ------
    SchemaError
        Names `file`, the row and column, what was expected and what was found.
    """
    return held_against(place_schema(), table, file, "the columns of the place table")


def list_column(values: Iterable[Iterable[str]]) -> pd.Series:
    """A column of lists of text that also is one when there are no rows."""
    return pd.Series([list(members) for members in values], dtype=object)


def _list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(member, str) for member in value)
