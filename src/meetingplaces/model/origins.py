"""Who says what about a place that several sources know: fields with source and date, and the pairs behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

import geopandas as gpd
import pandas as pd

from meetingplaces.model.conflation import FIELDS
from meetingplaces.model.places import list_column
from meetingplaces.model.records import check_records, records_table
from meetingplaces.model.table_check import held_against

if TYPE_CHECKING:
    import pandera.pandas as pa

Verdict = Literal["merged", "doubtful"]
Reason = Literal[
    "name_same", "name_alike", "name_other", "name_unknown", "same_address", "same_shape", "inside", "near", "far",
    "decided",
]  # fmt: skip
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
REASONS: tuple[Reason, ...] = get_args(Reason)

ORIGIN_COLUMNS = ("place_id", "field", "value", "record_id", "data_as_of", "used", "differs")
PAIR_COLUMNS = ("place_id", "record_id", "verdict", "score", "distance_m", "reasons")


@cache
def origin_schema() -> pa.DataFrameSchema:
    """What each record says about each field of the places that were made from several records.

    Columns
    -------
    place_id, field, value
        Of which place, which column of the table of places (or `email`), and what the record says, as text. A shape
        is told by a point on it, WKT in RD New. What a record does not know has no row.
    record_id, data_as_of
        Who says so, and of when that is; missing when only the date of the whole source is known.
    used
        Whether this is what the place shows. One per place and field.
    differs
        It contradicts what is shown; spelling, capitals and words for the kind of place do not count.
    """
    import pandera.pandas as pa  # noqa: PLC0415  (0.8 s to import)

    return pa.DataFrameSchema(
        {
            "place_id": pa.Column(str),
            "field": pa.Column(str, pa.Check.isin(FIELDS)),
            "value": pa.Column(str),
            "record_id": pa.Column(str),
            "data_as_of": pa.Column(str, nullable=True),
            "used": pa.Column(bool),
            "differs": pa.Column(bool),
        },
        strict=True,
        unique=["place_id", "field", "record_id"],
    )


@cache
def pair_schema() -> pa.DataFrameSchema:
    """Pairs of records that were merged, or that a person should look at.

    Columns
    -------
    place_id, record_id
        The place on the map and the record that is, or may be, the same.
    verdict
        `merged` or `doubtful`.
    score
        How likely they are one place, in [0, 1]; to sort by.
    distance_m
        Metres between the nearest points of both.
    reasons
        Codes of `REASONS`; `decided` when a person said so.
    """
    import pandera.pandas as pa  # noqa: PLC0415

    return pa.DataFrameSchema(
        {
            "place_id": pa.Column(str),
            "record_id": pa.Column(str),
            "verdict": pa.Column(str, pa.Check.isin(VERDICTS)),
            "score": pa.Column(float, pa.Check.in_range(0, 1)),
            "distance_m": pa.Column(float, pa.Check.ge(0)),
            "reasons": pa.Column(object, pa.Check(lambda codes: set(codes) <= set(REASONS), element_wise=True)),
        },
        strict=True,
        unique=["place_id", "record_id"],
    )


@dataclass(frozen=True)
class MunicipalContent:
    """What a bundle holds of municipal sources: their records as they are, and how they met the places on the map.

    `records` stay a layer of their own, with their own licence. `origins` keeps what OpenStreetMap said where an
    official value is shown, so the two can be taken apart again (`pipeline.conflate.osm_layer`).
    """

    records: gpd.GeoDataFrame
    origins: pd.DataFrame
    pairs: pd.DataFrame

    @classmethod
    def empty(cls) -> MunicipalContent:
        """No record of any municipality."""
        return cls(records_table([]), origins_table([]), pairs_table([]))

    def checked(self, file: str) -> MunicipalContent:
        """The same, proven to follow the schemas.

        Raises
        ------
        SchemaError
            Names `file`, the row and column, what was expected and what was found.
        """
        check_records(self.records, file)
        held_against(origin_schema(), self.origins, file, "the columns of the table of origins")
        held_against(pair_schema(), self.pairs, file, "the columns of the table of pairs")
        return self


def origins_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """A table of origins of these rows, with the right types also when there are none."""
    table = pd.DataFrame(rows, columns=list(ORIGIN_COLUMNS))
    return table.astype({**dict.fromkeys(ORIGIN_COLUMNS[:5], "str"), "used": bool, "differs": bool})


def pairs_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """A table of pairs of these rows, with the right types also when there are none."""
    table = pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
    texts = dict.fromkeys(("place_id", "record_id", "verdict"), "str")
    table = table.astype({**texts, "score": float, "distance_m": float})
    table["reasons"] = list_column(table["reasons"])
    return table
