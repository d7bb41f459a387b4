"""Source → clean → classify → deduplicate → enrich → assign → count → bundle, for one municipality."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from meetingplaces import __version__
from meetingplaces.metrics.supply import supply, supply_of
from meetingplaces.model.bundle import WALKING_COUNTS, DataExtent
from meetingplaces.model.categories import Categories, merged_wishes
from meetingplaces.model.crs import RD_NEW, WGS84
from meetingplaces.model.errors import ExtentMismatchError
from meetingplaces.model.progress import Progress, Silent
from meetingplaces.model.provenance import Provenance, Snapshot
from meetingplaces.model.walking import WalkingContent
from meetingplaces.pipeline.amenities import enrich
from meetingplaces.pipeline.assign import assign, with_near_street
from meetingplaces.pipeline.classify import classify, lost_places
from meetingplaces.pipeline.deduplicate import deduplicate
from meetingplaces.pipeline.drawing import (
    background_drawing,
    background_of,
    outline_drawing,
    place_drawing,
)
from meetingplaces.pipeline.walking import WALKING_WISHES, walking
from meetingplaces.sources.cbs_areas import CbsAreas, read_areas
from meetingplaces.sources.osm_extract import OsmExtract, read_extract
from meetingplaces.storage.bundle import Bundle, BundleContent, write_bundle

STAGES = ("areas", "extract", "classify", "deduplicate", "enrich", "assign", "walk", "draw", "write")
_BACKGROUND_MARGIN_M = 1500.0


def build(
    municipality_code: str,
    osm: Path,
    areas: Path,
    into: Path,
    categories: Categories,
    *,
    progress: Progress | None = None,
) -> Bundle:
    """Read both files and write the bundle of `municipality_code` below the folder `into`.

    Raises
    ------
    MeetingPlacesError
        An input is missing, broken or does not fit the other; nothing was written and the bundle that was there
        still is.
    """
    tell = progress or Silent()
    tell.begin("areas")
    areas_snapshot, osm_snapshot = Snapshot.of_file(areas), Snapshot.of_file(osm)
    cbs = read_areas(areas_snapshot, municipality_code)
    tell.end("areas", {"neighbourhoods": len(cbs.neighbourhoods)})

    tell.begin("extract")
    extract = read_extract(osm_snapshot, merged_wishes([categories.tag_wishes(), WALKING_WISHES]))
    neighbourhoods = _with_extent_share(cbs.neighbourhoods, extract, osm)
    tell.end("extract", {"features": len(extract.features)})

    made = _make(extract, neighbourhoods, municipality_code, categories, tell)
    facts = _manifest_facts(municipality_code, cbs, extract, neighbourhoods, made)
    facts["sources"] = (_osm_provenance(osm_snapshot, extract), _cbs_provenance(areas_snapshot, cbs))
    tell.begin("write")
    bundle = write_bundle(into, facts, made["content"])
    tell.end("write", {"bytes": sum(file.size_bytes for file in bundle.manifest.stored_files())})
    return bundle


def _with_extent_share(neighbourhoods: gpd.GeoDataFrame, extract: OsmExtract, osm: Path) -> gpd.GeoDataFrame:
    """Neighbourhoods with the share of each that lies inside the data extent, in [0, 1]."""
    extent = gpd.GeoSeries([extract.extent], crs=WGS84).to_crs(RD_NEW).iloc[0]
    outlines = neighbourhoods.geometry.to_numpy()
    # A rounding in the last decimals of a reprojected corner is not "partly outside", nor "partly inside".
    share = (shapely.area(shapely.intersection(outlines, extent)) / shapely.area(outlines)).clip(0, 1).round(4)
    if not (share > 0).any():
        raise ExtentMismatchError(
            municipality=" ".join(neighbourhoods[["municipality_name", "municipality_code"]].iloc[0]),
            municipality_bounds=_bounds(neighbourhoods.to_crs(WGS84).total_bounds),
            extract=str(osm),
            extract_bounds=_bounds(extract.extent.bounds),
        )
    return neighbourhoods.assign(extent_share=share)


def _bounds(bounds: Any) -> str:
    return " ".join(f"{value:.3f}" for value in bounds)


def _make(
    extract: OsmExtract,
    neighbourhoods: gpd.GeoDataFrame,
    municipality_code: str,
    categories: Categories,
    tell: Progress,
) -> dict[str, Any]:
    """Tables, drawings and what was dropped on the way."""
    dropped = lost_places(extract.lost, categories)
    tell.begin("classify")
    classified = classify(extract.features, categories)
    dropped += classified.dropped
    tell.end("classify", {"places": len(classified.places), "dropped": classified.dropped.total()})

    tell.begin("deduplicate")
    places, merged = deduplicate(classified.places)
    tell.end("deduplicate", {"merged": merged.total()})

    tell.begin("enrich")
    places, unfit = enrich(places, categories)
    tell.end("enrich", {"places": len(places), "dropped": unfit.total()})

    tell.begin("assign")
    places, far = assign(places, neighbourhoods, categories.thresholds.outside_margin_m)
    background = background_of(extract.features)
    streets = background[background["kind"].isin(["main_street", "street", "living_street"])]
    places = _in_order(with_near_street(places, streets), categories)
    counts = supply(places, classified.living_streets, neighbourhoods, municipality_code)
    tell.end("assign", {"places": len(places), "outside_municipality": far.total()})

    tell.begin("walk")
    walk = walking(extract.features, places, neighbourhoods, categories)
    tell.end(
        "walk", {"homes": len(walk.homes), "entrances": len(walk.entrances), "metres": walk.counts["streets_metres"]}
    )

    tell.begin("draw")
    area = shapely.box(*neighbourhoods.total_bounds).buffer(_BACKGROUND_MARGIN_M, join_style="mitre")
    content = BundleContent(
        places=places,
        neighbourhoods=neighbourhoods,
        supply=counts,
        drawings={
            "background": background_drawing(background, area),
            "outlines": outline_drawing(neighbourhoods),
            "shapes": place_drawing(places),
        },
        attribution=_ATTRIBUTION,
        walking=WalkingContent(walk.homes, walk.entrances, walk.reach, walk.network, walk.barriers),
    )
    tell.end("draw", {"bytes": sum(len(text) for text in content.drawings.values())})
    dropped += unfit + far + walk.dropped
    return {"content": content, "dropped": dropped, "merged": merged, "walking_counts": walk.counts}


def _in_order(places: gpd.GeoDataFrame, categories: Categories) -> gpd.GeoDataFrame:
    """Core first, then by kind as in `categories.yaml`, named before nameless, by name, street and identifier."""
    order = {key: number for number, key in enumerate(categories.by_key)}
    keys = places.assign(
        _weight=places["weight"].map({"core": 0, "secondary": 1, "amenity": 2}),
        _kind=places["category"].map(order),
        _name=places["name"].str.casefold(),
    )
    ranked = keys.sort_values(["_weight", "_kind", "_name", "near_street", "place_id"], na_position="last")
    return places.loc[ranked.index].reset_index(drop=True)


def _manifest_facts(
    municipality_code: str, cbs: CbsAreas, extract: OsmExtract, neighbourhoods: gpd.GeoDataFrame, made: dict[str, Any]
) -> dict[str, Any]:
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
            **{name: made["walking_counts"][name] for name in WALKING_COUNTS},
        },
        "dropped": _sorted(made["dropped"] + cbs.dropped),
        "repairs": _sorted(Counter(extract.repairs) + cbs.repairs + made["merged"]),
        "notes": cbs.notes,
    }


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return {key: int(count) for key, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))}


def _osm_provenance(snapshot: Snapshot, extract: OsmExtract) -> Provenance:
    return Provenance(
        source_id="osm",
        title="OpenStreetMap",
        publisher="OpenStreetMap contributors",
        licence="ODbL 1.0",
        licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
        attribution="© OpenStreetMap contributors",
        file=snapshot.path.name,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        retrieved_at=snapshot.retrieved_at.replace(microsecond=0),
        data_as_of=extract.data_as_of.isoformat() if extract.data_as_of else None,
    )


def _cbs_provenance(snapshot: Snapshot, cbs: CbsAreas) -> Provenance:
    year = cbs.neighbourhoods["boundary_year"].dropna()
    return Provenance(
        source_id="cbs",
        title="Wijk- en buurtkaart met kerncijfers",
        publisher="CBS, Kadaster",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        attribution="Bron: CBS, Kadaster",
        file=snapshot.path.name,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        retrieved_at=snapshot.retrieved_at.replace(microsecond=0),
        data_as_of=str(int(year.iloc[0])) if len(year) else None,
        notes=cbs.notes,
    )


_ATTRIBUTION = """\
# Where this data comes from

- Places, amenities, addresses, streets, water and green: © OpenStreetMap contributors, Open Database License (ODbL)
  1.0, https://www.openstreetmap.org/copyright. The files `places-*`, `supply-*`, `homes-*`, `entrances-*`, `reach-*`,
  `nodes-*`, `edges-*`, `segments-*`, `barriers-*`, `shapes-*` and `background-*` are derived from it
  and carry the same licence.
- Neighbourhoods and their figures: Bron: CBS, Kadaster, CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
  (files `neighbourhoods-*` and `outlines-*`, the residents behind `per_1000` in `supply-*`, and the people per home in
  `homes-*`: the mean of a neighbourhood, never the number of people who live at an address).

`bundle.json` says when each source was made, what was left out and why, and how precise the outlines are. Where it
says `outlines_approximate`, the neighbourhood borders are approximations and must not be used as official borders.
"""
