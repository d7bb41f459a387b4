"""OData version 3 as CBS serves it: asking a table for some areas, and reading what comes.

Column names carry a number that differs from year to year (`AantalInwoners_5`), so they are looked up in the
`DataProperties` of the table itself.
Codes are padded with spaces to ten characters, and a filter on an unpadded one finds nothing.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from meetingplaces.model.errors import FormatError, SchemaError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.cbs_fields import codes
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.http_pages import pages_of

AREA = "WijkenEnBuurten"
_PADDED_TO = 10

Columns = Mapping[str, Sequence[str]]
"""Our word for a column, with the names it has had, without their numbers."""


def areas_filter(municipality_code: str) -> str:
    """The filter for the country, a municipality, and its districts and neighbourhoods."""
    digits = municipality_code.removeprefix("GM")
    parts = [f"startswith({AREA},'{level}{digits}')" for level in ("BU", "WK")]
    parts += [f"{AREA} eq '{code:<{_PADDED_TO}}'" for code in (municipality_code, "NL00")]
    return f"({' or '.join(parts)})"


@dataclass(frozen=True)
class TableQuery:
    """What to ask of a table: columns by our words, some of them `needed`, `dimensions`, and a `condition` on these."""

    columns: Columns
    needed: tuple[str, ...]
    condition: str
    dimensions: tuple[str, ...] = (AREA,)


class TablePages:
    """The conversation about one table: first its columns, then its rows. Good for one fetch."""

    def __init__(self, first: Request, query: TableQuery) -> None:
        self._first = first
        self._query = query
        self._asked_rows = False

    def next_page(self, answer: Answer) -> Request | str | None:
        """After the columns the rows; after rows what is left, where the service names it."""
        content = answer.json()
        if self._asked_rows:
            link = content.get("odata.nextLink") or content.get("@odata.nextLink")
            return str(link) if link else None
        self._asked_rows = True
        title = self._first.origin.title
        found = resolved(content["value"], self._query.columns, title)
        require(found, self._query.needed, self._query.columns, title)
        select = ",".join([*self._query.dimensions, *dict.fromkeys(found.values())])
        params = {"$filter": self._query.condition, "$select": select, "$format": "json"}
        return replace(self._first, url=self._first.url.replace("/DataProperties", "/TypedDataSet"), params=params)

    @staticmethod
    def check(answer: Answer) -> None:
        """A `Check`: values, and at least one. An empty list is what a wrongly padded code gets."""
        content = answer.json()
        values = content.get("value") if isinstance(content, dict) else None
        if not isinstance(values, list):
            error = content.get("odata.error", content) if isinstance(content, dict) else content
            raise answer.wrong("a list of values", str(error)[:200])
        if not values:
            raise answer.wrong("at least one row of the municipality", "an empty list")


def properties_request(table: str, origin: Any) -> Request:
    """Ask the table at the address `table` for its columns."""
    return Request(f"{table}/DataProperties", origin, params={"$format": "json"})


def resolved(properties: Iterable[Mapping[str, Any]], wanted: Columns, table: str) -> dict[str, str]:
    """The real name of each wanted column that the table has.

    Raises
    ------
    SchemaError
        A name fits several columns, so nobody can tell which one is meant.
    """
    keys = [str(each.get("Key") or "") for each in properties]
    found = {}
    for ours, names in wanted.items():
        for name in names:
            fitting = sorted({key for key in keys if re.fullmatch(rf"{re.escape(name)}(_\d+)?", key)})
            if len(fitting) > 1:
                raise SchemaError(table, f"column {name}", "one column of this name", ", ".join(fitting))
            if fitting:
                found[ours] = fitting[0]
                break
    return found


def require(found: Collection[str], needed: Iterable[str], wanted: Columns, table: str) -> None:
    """Raise SchemaError for a column that must be there and is not."""
    for ours in needed:
        if ours not in found:
            raise SchemaError(table, "columns", f"a column {' or '.join(wanted[ours])}", "none of that name")


def table_of(snapshot: Snapshot, wanted: Columns) -> pd.DataFrame:
    """The rows of a snapshot under our words, with `area_code` and the dimensions under their own, without padding.

    Columns that the table lacks are absent. The country and municipality are among the rows.

    Raises
    ------
    FormatError
        It is no conversation about a table.
    SchemaError
        A name fits several columns.
    """
    file = str(snapshot.path)
    try:
        first, *rest = [json.loads(page)["value"] for page in pages_of(snapshot)]
        rows = pd.DataFrame([row for page in rest for row in page])
        area = codes(rows[AREA])
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise FormatError(
            file, "contents", "columns and rows of a table", f"{type(error).__name__}: {error}"
        ) from error
    names = {theirs: ours for ours, theirs in resolved(first, wanted, file).items() if theirs in rows}
    text = [name for name in rows if name not in names and not pd.api.types.is_numeric_dtype(rows[name])]
    tidy = rows.assign(**{str(name): rows[name].astype("string").str.strip() for name in text})
    return tidy.rename(columns=names).assign(area_code=area)
