"""What the municipality itself knows of its places: records of its datasets, own lists, and decisions of its people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from meetingplaces.model.bundle import MUNICIPAL_COUNTS
from meetingplaces.model.categories import Categories
from meetingplaces.model.conflation import load_conflation
from meetingplaces.model.decisions import Decision
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.origins import MunicipalContent
from meetingplaces.model.provenance import Provenance
from meetingplaces.model.records import check_records
from meetingplaces.pipeline.conflate import conflate
from meetingplaces.storage.decisions import decisions_path, read_decisions
from meetingplaces.storage.locations import conflation_path
from meetingplaces.storage.own_lists import own_lists


@dataclass(frozen=True)
class LocalKnowledge:
    """Municipal records (RD New), where they come from, and what people decided about them.

    `lists` are those of `sources` that are own lists.
    """

    records: gpd.GeoDataFrame
    sources: tuple[Provenance, ...] = ()
    lists: tuple[Provenance, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Joined:
    """The places with all that is known locally; `municipal` and `counts` are empty when nothing is."""

    places: gpd.GeoDataFrame
    municipal: MunicipalContent | None
    counts: dict[str, int]
    dropped: Counter[str]


def local_knowledge(
    data_folder: Path, municipality_code: str, records: gpd.GeoDataFrame, sources: tuple[Provenance, ...]
) -> LocalKnowledge:
    """The given records of datasets together with the own lists and decisions that stand beside the bundle.

    Parameters
    ----------
    records
        Of datasets of the registry, following `record_schema`.
    sources
        Where those come from; others may be among them.

    Raises
    ------
    FormatError, SchemaError
        The file of decisions or an own list is broken, or a record has a source that `sources` does not name.
    """
    lists = own_lists(data_folder, municipality_code)
    tables = [check_records(records, "municipal records"), *(own.records for own in lists)]
    together = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    told = [own.provenance for own in lists]
    present = set(together["source_id"])
    used = tuple(one for one in (*sources, *told) if one.source_id in present)
    strange = sorted(present - {one.source_id for one in used})
    if strange:
        raise SchemaError("municipal records", "source_id", "a source with its origin", ", ".join(strange))
    decisions = read_decisions(decisions_path(data_folder, municipality_code))
    return LocalKnowledge(gpd.GeoDataFrame(together), used, tuple(told), decisions)


def with_local_knowledge(places: gpd.GeoDataFrame, known: LocalKnowledge, categories: Categories) -> Joined:
    """Places (RD New, before amenities and neighbourhoods are added) with what the municipality knows."""
    if known.records.empty and not known.decisions:
        return Joined(places, None, {}, Counter())
    found = conflate(places, known.records, known.decisions, categories, load_conflation(conflation_path()))
    if known.records.empty:
        return Joined(found.places, None, {}, found.dropped)
    counts = {name: found.counts[name] for name in MUNICIPAL_COUNTS}
    return Joined(found.places, found.municipal, counts, found.dropped)


def attribution_of(sources: tuple[Provenance, ...]) -> str:
    """What the attribution file says of the municipal sources; empty without any."""
    lines = [f"- {one.title}: {one.attribution}. Licence: {one.licence} {one.licence_url}".rstrip() for one in sources]
    if not lines:
        return ""
    return (
        "\nMunicipal sources. Their records as they are stand in `records-*`, under their own licence. `origins-*`\n"
        "says which value in `places-*` is theirs; with it the OpenStreetMap layer can be had as it was.\n\n"
        + "".join(f"{' '.join(line.split())}\n" for line in lines)
    )
