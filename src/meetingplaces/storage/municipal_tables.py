"""Municipal records, who says what, and matched pairs as plain tables, so that they can be stored as Parquet."""

from __future__ import annotations

import json
from typing import Literal

import geopandas as gpd
import pandas as pd

from meetingplaces.model.origins import MunicipalContent
from meetingplaces.model.places import list_column

MunicipalTable = Literal["records", "origins", "pairs"]


def municipal_tables_of(content: MunicipalContent) -> dict[MunicipalTable, pd.DataFrame]:
    """The three tables. The words of a source become text: Parquet would make one structure of all their keys."""
    said = [json.dumps(words, ensure_ascii=False) for words in content.records["said"]]
    return {"records": content.records.assign(said=said), "origins": content.origins, "pairs": content.pairs}


def municipal_from(records: gpd.GeoDataFrame, origins: pd.DataFrame, pairs: pd.DataFrame) -> MunicipalContent:
    """The content that `municipal_tables_of` made these tables of."""
    words = pd.Series([json.loads(said) for said in records["said"]], index=records.index, dtype=object)
    return MunicipalContent(records.assign(said=words), origins, pairs.assign(reasons=list_column(pairs["reasons"])))
