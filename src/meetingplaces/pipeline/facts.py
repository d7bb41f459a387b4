"""What the manifest says of a bundle: sources, counts, losses, repairs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import pandas as pd

from meetingplaces import __version__
from meetingplaces.metrics.supply import supply_of
from meetingplaces.model.bundle import WALKING_COUNTS, DataExtent
from meetingplaces.model.provenance import Provenance, Snapshot
from meetingplaces.pipeline.figures import NEIGHBOURHOOD_FIGURES
from meetingplaces.sources.cbs_areas import CbsAreas
from meetingplaces.sources.cbs_download import CBS
from meetingplaces.sources.osm_extract import OsmExtract
from meetingplaces.sources.osm_origin import OSM


def manifest_facts(
    municipality_code: str, cbs: CbsAreas, extract: OsmExtract, neighbourhoods: gpd.GeoDataFrame, made: dict[str, Any]
) -> dict[str, Any]:
    """The fields of `Manifest` that are known before the files are written, but for `sources`."""
    walking_counts: Counter[str] | None = made["walking_counts"]
    counted = supply_of(made["content"].supply, municipality_code)
    outside = made["content"].places["neighbourhood_codes"].map(len) == 0
    year = neighbourhoods["boundary_year"].dropna()
    accuracy = neighbourhoods["outline_accuracy_m"].max()
    weighted = neighbourhoods["extent_share"] * neighbourhoods.area
    return {
        "municipality_code": municipality_code,
        "municipality_name": str(neighbourhoods["municipality_name"].iloc[0]),
        "boundary_year": int(year.iloc[0]) if len(year) else None,
        "built_at": datetime.now(UTC).replace(microsecond=0),
        "built_with": f"meetingplaces {__version__}",
        "extent": DataExtent(
            bounds=extract.extent.bounds,
            covers_municipality_share=round(float(weighted.sum() / neighbourhoods.area.sum()), 4),
        ),
        "outlines_approximate": bool(neighbourhoods["outline_accuracy_m"].notna().any()),
        "outline_accuracy_m": None if pd.isna(accuracy) else float(accuracy),
        "counts": {
            "places": counted.places_count,
            "core": counted.core_count,
            "restricted": sum(counted.restricted.values()),
            "amenities": sum(counted.amenities.values()),
            "outside": int(outside.sum()),
            "neighbourhoods": len(neighbourhoods),
            "neighbourhoods_partly_outside_extent": int(neighbourhoods["extent_share"].between(0, 1, "neither").sum()),
            "neighbourhoods_outside_extent": int((neighbourhoods["extent_share"] == 0).sum()),
            **({name: walking_counts[name] for name in WALKING_COUNTS} if walking_counts is not None else {}),
            **made["municipal_counts"],
        },
        "dropped": _sorted(made["dropped"] + cbs.dropped),
        "repairs": _sorted(Counter(extract.repairs) + cbs.repairs + made["merged"]),
        "notes": _notes(cbs, neighbourhoods),
    }


def _notes(cbs: CbsAreas, neighbourhoods: gpd.GeoDataFrame) -> tuple[str, ...]:
    """The notes of the areas; a figure that their file lacks is not absent when another source has it."""
    filled = {f"figure_absent:{name}" for name in NEIGHBOURHOOD_FIGURES if neighbourhoods[name].notna().any()}
    return tuple(note for note in cbs.notes if note not in filled)


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return {key: int(count) for key, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))}


def osm_provenance(snapshot: Snapshot, extract: OsmExtract) -> Provenance:
    """Where the OpenStreetMap side of a bundle comes from."""
    return Provenance(
        **OSM.model_dump(),
        file=snapshot.path.name,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        retrieved_at=snapshot.retrieved_at.replace(microsecond=0),
        data_as_of=extract.data_as_of.isoformat() if extract.data_as_of else None,
        url=snapshot.url,
    )


def cbs_provenance(snapshot: Snapshot, cbs: CbsAreas) -> Provenance:
    """Where the neighbourhoods of a bundle come from."""
    year = cbs.neighbourhoods["boundary_year"].dropna()
    return Provenance(
        **CBS.model_dump(),
        file=snapshot.path.name,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        retrieved_at=snapshot.retrieved_at.replace(microsecond=0),
        data_as_of=str(int(year.iloc[0])) if len(year) else None,
        notes=cbs.notes,
        url=snapshot.url,
    )


ATTRIBUTION = """\
# Where this data comes from

- Places, amenities, addresses, streets, water and green: © OpenStreetMap contributors, Open Database License (ODbL)
  1.0, https://www.openstreetmap.org/copyright. The files `places-*`, `supply-*`, `homes-*`, `entrances-*`, `reach-*`,
  `nodes-*`, `edges-*`, `segments-*`, `barriers-*`, `stops-*`, `shapes-*` and `background-*` are derived from it
  and carry the same licence.
- Neighbourhoods and their figures: Bron: CBS, Kadaster, CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
  (files `neighbourhoods-*` and `outlines-*`, the residents behind `per_1000` in `supply-*`, and the people per home in
  `homes-*`: the mean of a neighbourhood, never the number of people who live at an address).
- Key figures (files `figures-*`; each row names its source and year): Bron: CBS, Kadaster; CBS StatLine, Kerncijfers
  wijken en buurten; Gezondheidsmonitor Volwassenen en Ouderen, GGD'en, CBS en RIVM (estimates of a model). CC BY 4.0.

`bundle.json` says when each source was made, what was left out and why, and how precise the outlines are. Where it
says `outlines_approximate`, the neighbourhood borders are approximations and must not be used as official borders.
"""
