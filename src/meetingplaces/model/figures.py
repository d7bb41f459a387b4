"""Key figures of areas: which there are, and the tidy table that holds them with their year, level and interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from meetingplaces.model.errors import SchemaError

if TYPE_CHECKING:
    import pandera.pandas as pa

Unit = Literal["count", "share", "per_1000", "euro"]
FigureStatus = Literal["known", "suppressed", "unpublished", "boundary_changed", "failed"]


@dataclass(frozen=True)
class Indicator:
    """One key figure. A mean of a wider area may stand in for one that is kept secret (`cascades`), a count may not.

    Below `least_residents` a figure is not shown for the area itself: model estimates say too little there.
    """

    unit: Unit
    cascades: bool = True
    least_residents: int = 0


# RIVM and GGD estimate with a model; for fewer residents than this its interval is as wide as the scale.
_ESTIMATED = Indicator("share", least_residents=200)

INDICATORS: dict[str, Indicator] = {
    "residents_count": Indicator("count", cascades=False),
    "households_count": Indicator("count", cascades=False),
    "residents_0_14_share": Indicator("share"),
    "residents_15_24_share": Indicator("share"),
    "residents_65_plus_share": Indicator("share"),
    "one_person_households_share": Indicator("share"),
    "origin_netherlands_share": Indicator("share"),
    "origin_europe_share": Indicator("share"),
    "origin_outside_europe_share": Indicator("share"),
    "income_per_resident": Indicator("euro"),
    "wmo_clients_per_1000": Indicator("per_1000"),
    "lonely_share": _ESTIMATED,
    "strongly_lonely_share": _ESTIMATED,
    "emotionally_lonely_share": _ESTIMATED,
    "socially_lonely_share": _ESTIMATED,
    "lonely_65_plus_share": _ESTIMATED,
    "strongly_lonely_65_plus_share": _ESTIMATED,
    "informal_carers_share": _ESTIMATED,
    "volunteers_share": _ESTIMATED,
}
"""Every key figure by its name: age, living alone, diversity, means, care and loneliness."""

AREA_CODE = r"(?:BU[0-9]{4}[0-9A-Z]{4}|WK[0-9]{4}[0-9A-Z]{2}|GM[0-9]{4}|NL00)"
FIGURE_COLUMNS = (
    "area_code", "indicator", "value", "low", "high", "unit", "year", "level_code", "status", "source_id"
)  # fmt: skip
OBSERVATION_COLUMNS = (
    "area_code", "indicator", "value", "low", "high", "year", "boundary_year", "status", "source_id"
)  # fmt: skip
"""What a reader of one source gives: `status` known, suppressed or unpublished, nothing yet chosen or borrowed."""


@cache
def figure_schema() -> pa.DataFrameSchema:
    """The schema of the table of figures: one row per area and indicator.

    Columns
    -------
    area_code
        Neighbourhood, district or municipality of the bundle.
    indicator, unit
        Key of `INDICATORS`; a share lies in [0, 1], `euro` is a mean per year.
    value, low, high
        The figure and what it lies between, by rounding or as the 95% interval of an estimate; NA when unknown.
    year
        The year the figure is about; NA when there is none.
    level_code
        The area the value describes: `area_code` itself, or the wider one it was borrowed from; missing without value.
    status
        Of the figure of the area itself. known; suppressed (kept secret or too few people) and unpublished (no source
        gives it for this area, or not yet), where a wider area may have lent its value;
        boundary_changed (figures only of an area that had this code in another edition); failed (the source could not
        be read, so nobody knows).
    source_id
        Who says so; missing when there is no value.
    """
    import pandera.pandas as pa  # noqa: PLC0415  (0.8 s to import, and most commands do not need it)

    return pa.DataFrameSchema(
        {
            "area_code": pa.Column(str, pa.Check.str_matches(f"^{AREA_CODE}$")),
            "indicator": pa.Column(str, pa.Check.isin(INDICATORS)),
            "value": pa.Column("Float64", pa.Check.ge(0), nullable=True),
            "low": pa.Column("Float64", pa.Check.ge(0), nullable=True),
            "high": pa.Column("Float64", pa.Check.ge(0), nullable=True),
            "unit": pa.Column(str, pa.Check.isin(get_args(Unit))),
            "year": pa.Column("Int64", pa.Check.in_range(1900, 2199), nullable=True),
            "level_code": pa.Column(str, pa.Check.str_matches(f"^{AREA_CODE}$"), nullable=True),
            "status": pa.Column(str, pa.Check.isin(get_args(FigureStatus))),
            "source_id": pa.Column(str, nullable=True),
        },
        checks=[
            pa.Check(lambda table: table["value"].isna() == table["level_code"].isna(), name="a value has its level"),
            pa.Check(_ordered, name="low, value and high in this order"),
            pa.Check(_shares_up_to_1, name="a share is at most 1"),
        ],
        unique=["area_code", "indicator"],
        strict=True,
    )


def _ordered(table: pd.DataFrame) -> pd.Series[bool]:
    value = table["value"]
    return (table["low"].fillna(value) <= value).fillna(True) & (table["high"].fillna(value) >= value).fillna(True)


def _shares_up_to_1(table: pd.DataFrame) -> pd.Series[bool]:
    return (table["unit"] != "share") | (table["high"].fillna(table["value"]).fillna(0) <= 1)


def check_figures(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """The same table, proven to follow `figure_schema`.

    Raises
    ------
    SchemaError
        Names `file`, the column and row, what was expected and what was found.
    """
    import pandera.errors  # noqa: PLC0415

    try:
        figure_schema().validate(table, lazy=True)
    except pandera.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        where = f"column {first['column']}, row {first['index']}"
        raise SchemaError(file, where, str(first["check"]), repr(first["failure_case"])[:120]) from error
    return table


def observed(
    codes: pd.Series, indicator: str, numbers: pd.DataFrame, *, year: int, boundary_year: int, source_id: str
) -> pd.DataFrame:
    """Rows of `OBSERVATION_COLUMNS` for one indicator.

    Parameters
    ----------
    codes
        Area codes, without spaces.
    numbers
        `value`, `low`, `high` (Float64) and `status`, on the index of `codes`.
    """
    table = numbers.assign(
        area_code=codes, indicator=indicator, year=year, boundary_year=boundary_year, source_id=source_id
    )
    return table[list(OBSERVATION_COLUMNS)].reset_index(drop=True)
