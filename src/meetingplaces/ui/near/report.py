"""Where somebody can go from where she is, as `meetingplaces near` tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.joining import Barriers
from meetingplaces.metrics.measures import minutes
from meetingplaces.metrics.moments import open_then
from meetingplaces.metrics.near import FITS, Answer, Asked, Ways, answer, area_at, in_rd, ways_from
from meetingplaces.metrics.opening import openings, states_at
from meetingplaces.model.categories import Categories
from meetingplaces.model.errors import NoMunicipalityHereError
from meetingplaces.model.norms import Norms, Profile
from meetingplaces.storage.bundle import Bundle, list_bundles, open_bundle
from meetingplaces.ui.case import sources_told


def bundle_at(folder: Path, longitude: float, latitude: float) -> Bundle:
    """The bundle of the municipality that a position (EPSG:4326) lies in.

    Raises
    ------
    NoMunicipalityHereError
        It lies in none of those in `folder`.
    """
    point = in_rd(longitude, latitude)
    for code in list_bundles(folder):
        bundle = open_bundle(folder, code)
        if area_at(point, bundle.neighbourhoods()):
            return bundle
    raise NoMunicipalityHereError(longitude, latitude, str(folder))


def near_report(
    bundle: Bundle, at: tuple[float, float], asked: Asked, categories: Categories, norms: Norms, *,
    moment: datetime | None = None, profile: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The answer, ready to be written as JSON; the README lists its keys.

    Parameters
    ----------
    at
        Longitude and latitude, EPSG:4326.
    moment
        When she wants to go, with a time zone; `None` when it does not matter.
    profile
        A profile of the norms; `None` for the default one.

    Raises
    ------
    UnknownProfileError
        The norms know of no such profile.
    """
    walker, places, neighbourhoods = norms.profile(profile), bundle.places(), bundle.neighbourhoods()
    point = in_rd(*at)
    states = states_at(openings(places, categories), moment) if moment else None
    ways = _ways(bundle, point, places, walker)
    found = answer(places, asked, categories, None if states is None else open_then(states), ways)
    area = area_at(point, neighbourhoods)
    stops = _stops(bundle)
    names = dict(zip(neighbourhoods["neighbourhood_code"], neighbourhoods["neighbourhood_name"], strict=True))
    return {
        "municipality_code": bundle.manifest.municipality_code,
        "municipality_name": bundle.manifest.municipality_name,
        "longitude": at[0],
        "latitude": at[1],
        "neighbourhood_code": area,
        "neighbourhood_name": names.get(area),
        "open_at": moment.isoformat() if moment else None,
        "profile": profile or norms.default_profile,
        "settings": sorted(asked.settings) or None,
        "free_only": asked.free,
        "wheelchair_only": asked.wheelchair,
        "wishes": sorted(asked.wishes) or None,
        "counts": {fit: len(found.rows[fit]) for fit in FITS},
        "places": [
            {"fit": fit, **_place(places.iloc[row], row, found, ways, walker),
             **dict(zip(("stop_name", "stop_m"), stops.get(places["place_id"].iat[row], (None, None)), strict=True)),
             "open": None if states is None else str(states[row])}
            for fit in FITS
            for row in found.rows[fit]
        ],
        **sources_told(bundle),
    }  # fmt: skip


def near_lines(report: dict[str, Any]) -> Iterator[str]:
    """The same for reading: the three groups, nearest first."""
    where = report["neighbourhood_name"] or "outside the neighbourhoods"
    yield f"{report['municipality_name']}, {where}; {report['profile']}, {report['open_at'] or 'any time'}"
    for fit in FITS:
        yield f"{fit}: {report['counts'][fit]}"
        for place in (one for one in report["places"] if one["fit"] == fit):
            taken = f"{place['minutes']:.0f} min" if place["on_foot"] else "as the crow flies"
            doubts = ", ".join([*place["unknown"], *(f"not {one}" for one in place["unmet"])])
            name = f"{place['name'] or '-'} ({place['category']})"
            yield f"  {place['metres']:6.0f} m  {taken:>17}  {name}" + (f"  [{doubts}]" if doubts else "")


def _ways(bundle: Bundle, point: Any, places: Any, walker: Profile) -> Ways:
    if not bundle.has_walking:
        return ways_from(point, places)
    walk = bundle.walking()
    return ways_from(point, places, OnFoot(places, walk, walker), Barriers(walk.barriers.geometry.to_numpy()))


def _stops(bundle: Bundle) -> dict[str, tuple[str | None, float]]:
    """Name and metres on foot of the nearest stop by `place_id`, as far as known."""
    table = bundle.stops()
    rows = zip(table["place_id"], table["name"], table["distance_m"], strict=True)
    return {place: (name if isinstance(name, str) else None, round(float(metres), 1)) for place, name, metres in rows}


def _place(place: Any, row: int, found: Answer, ways: Ways, walker: Profile) -> dict[str, Any]:
    on_foot = bool(ways.on_foot[row])
    metres = float(ways.metres[row])
    taken = float(minutes(ways.metres[row], walker.speed.metres_per_second)) if on_foot else None
    return {
        "place_id": place["place_id"],
        "name": place["name"] if isinstance(place["name"], str) else None,
        "category": place["category"],
        "setting": place["setting"],
        "unknown": found.unknown(row),
        "unmet": found.unmet(row),
        "metres": round(metres, 1),
        "on_foot": on_foot,
        "minutes": None if taken is None else round(taken, 1),
        "rested": bool(ways.rested[row]),
        "opening_hours": place["opening_hours"] if isinstance(place["opening_hours"], str) else None,
        "longitude": float(place["longitude"]),
        "latitude": float(place["latitude"]),
    }
