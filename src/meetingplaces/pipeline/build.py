"""Source → clean → classify → deduplicate → enrich → assign → count → bundle, for one municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from meetingplaces.metrics.supply import supply
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
from meetingplaces.pipeline.facts import ATTRIBUTION, cbs_provenance, manifest_facts, osm_provenance
from meetingplaces.pipeline.figures import figures, with_figures
from meetingplaces.pipeline.municipal import (
    LocalKnowledge,
    attribution_of,
    local_knowledge,
    with_local_knowledge,
)
from meetingplaces.pipeline.municipal_sources import GatheredRecords
from meetingplaces.pipeline.walking import WALKING_WISHES, Walking, walking
from meetingplaces.sources.cbs_areas import CbsAreas, read_areas
from meetingplaces.sources.cbs_figures import SourceFigures, read_figures
from meetingplaces.sources.osm_extract import OsmExtract, TagWishes, read_extract
from meetingplaces.storage.bundle import Bundle, BundleContent, write_bundle

STAGES = ("areas", "extract", "classify", "deduplicate", "conflate", "enrich", "assign", "walk", "draw", "write")
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
    extract = read_extract(osm_snapshot, extract_wishes(categories))
    tell.end("extract", {"features": len(extract.features)})
    sources = (osm_provenance(osm_snapshot, extract), cbs_provenance(areas_snapshot, cbs))
    told = read_figures(areas_snapshot, municipality_code)
    ingredients = Ingredients(municipality_code, cbs, extract, sources, (told,))
    return make_bundle(ingredients, into, categories, tell)


@dataclass(frozen=True)
class Ingredients:
    """What a bundle is made of, read and checked, and where it comes from."""

    municipality_code: str
    areas: CbsAreas
    osm: OsmExtract
    sources: tuple[Provenance, ...]
    """That of `osm` first."""
    figures: tuple[SourceFigures, ...] = ()
    """The first that has a figure of the newest year wins."""
    figures_failed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sources that could not be read, with the indicators that nobody else has."""
    municipal: GatheredRecords = field(default_factory=GatheredRecords)
    """Records of municipal datasets; their origin is among `sources`."""


def extract_wishes(categories: Categories) -> TagWishes:
    """What to read of an extract for a bundle with everything in it."""
    return merged_wishes([categories.tag_wishes(), WALKING_WISHES])


def make_bundle(
    ingredients: Ingredients, into: Path, categories: Categories, tell: Progress, *, with_walking: bool = True
) -> Bundle:
    """Write the bundle below the folder `into`; without walking when the features hold no homes and no paths.

    Raises
    ------
    MeetingPlacesError
        The ingredients do not fit each other; the bundle that was there still is.
    """
    code, cbs, extract = ingredients.municipality_code, ingredients.areas, ingredients.osm
    table = figures(cbs.neighbourhoods, ingredients.figures, ingredients.figures_failed)
    filled = with_figures(cbs.neighbourhoods, table)
    neighbourhoods = _with_extent_share(filled, extract, ingredients.sources[0].file)
    known = local_knowledge(into, code, ingredients.municipal.table, ingredients.sources)
    made = _make(extract, neighbourhoods, code, categories, tell, known=known, with_walking=with_walking)
    made["content"] = replace(made["content"], figures=table)
    made["dropped"] += ingredients.municipal.dropped
    made["merged"] += ingredients.municipal.repairs
    facts = manifest_facts(code, cbs, extract, neighbourhoods, made)
    facts["sources"] = (*ingredients.sources, *known.lists)
    tell.begin("write")
    bundle = write_bundle(into, facts, made["content"])
    tell.end("write", {"bytes": sum(file.size_bytes for file in bundle.manifest.stored_files())})
    return bundle


def _with_extent_share(neighbourhoods: gpd.GeoDataFrame, extract: OsmExtract, osm: str) -> gpd.GeoDataFrame:
    """Neighbourhoods with the share of each that lies inside the data extent, in [0, 1]."""
    extent = gpd.GeoSeries([extract.extent], crs=WGS84).to_crs(RD_NEW).iloc[0]
    outlines = neighbourhoods.geometry.to_numpy()
    # A rounding in the last decimals of a reprojected corner is not "partly outside", nor "partly inside".
    share = (shapely.area(shapely.intersection(outlines, extent)) / shapely.area(outlines)).clip(0, 1).round(4)
    if not (share > 0).any():
        raise ExtentMismatchError(
            municipality=" ".join(neighbourhoods[["municipality_name", "municipality_code"]].iloc[0]),
            municipality_bounds=_bounds(neighbourhoods.to_crs(WGS84).total_bounds),
            extract=osm,
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
    *,
    known: LocalKnowledge,
    with_walking: bool,
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

    tell.begin("conflate")
    joined = with_local_knowledge(places, known, categories)
    places = joined.places
    tell.end("conflate", {"places": len(places), **joined.counts})

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

    walk = _walk(extract, places, neighbourhoods, categories, tell) if with_walking else None

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
        attribution=ATTRIBUTION + attribution_of(known.sources),
        walking=_kept(walk) if walk else None,
        municipal=joined.municipal,
    )
    tell.end("draw", {"bytes": sum(len(text) for text in content.drawings.values())})
    dropped += joined.dropped + unfit + far + (walk.dropped if walk else Counter())
    return {
        "content": content,
        "dropped": dropped,
        "merged": merged,
        "walking_counts": walk.counts if walk else None,
        "municipal_counts": joined.counts,
    }


def _walk(
    extract: OsmExtract,
    places: gpd.GeoDataFrame,
    neighbourhoods: gpd.GeoDataFrame,
    categories: Categories,
    tell: Progress,
) -> Walking:
    tell.begin("walk")
    walk = walking(extract.features, places, neighbourhoods, categories)
    tell.end(
        "walk", {"homes": len(walk.homes), "entrances": len(walk.entrances), "metres": walk.counts["streets_metres"]}
    )
    return walk


def _kept(walk: Walking) -> WalkingContent:
    return WalkingContent(walk.homes, walk.entrances, walk.reach, walk.network, walk.barriers, walk.stops)


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
