"""What is told of one place: the way there, its hours, what is known of it, and how to find out the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from meetingplaces.export.records import osm_url
from meetingplaces.metrics.measures import minutes
from meetingplaces.metrics.near import Fit
from meetingplaces.ui import own_files
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.correction import correction
from meetingplaces.ui.details import dogs_told, place_title, provided_told
from meetingplaces.ui.near.found import Found, FoundMoving
from meetingplaces.ui.near.visit import Visit
from meetingplaces.ui.opening_words import now_told, week_told
from meetingplaces.ui.stories.telling import stories_at, story_note

_ROUTE = "https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&to={latitude:.5f}%2C{longitude:.5f}"

_APP = "geo:{latitude:.5f},{longitude:.5f}?q={latitude:.5f},{longitude:.5f}({label})"


@dataclass(frozen=True)
class Telling:
    """What the words about a place are made of."""

    visit: Visit
    found: Found

    @property
    def texts(self) -> Catalogue:
        """In her language."""
        return self.visit.texts

    def minutes_to(self, row: int) -> float | None:
        """Minutes on foot at the pace of this walker; `None` where no way is known."""
        ways = self.found.ways
        if ways is None or not ways.on_foot[row]:
            return None
        return float(minutes(ways.metres[row], self.visit.walker.speed.metres_per_second))

    def way(self, row: int) -> str:
        """How far it is, empty when nobody knows where she is."""
        ways, texts = self.found.ways, self.texts
        if ways is None:
            return ""
        metres = texts.number(round(float(ways.metres[row]), -1))
        taken = self.minutes_to(row)
        if taken is None:
            return texts("near_way_straight", metres=metres)
        return texts("near_way", metres=metres, minutes=texts.number(max(1, round(taken))))

    def hours(self, row: int) -> str:
        """Whether it is open now; with a warning when it closes before she can be there."""
        opening, now = self.found.openings[row], self.visit.now
        told = now_told(opening, now, self.texts)
        taken = self.minutes_to(row)
        if taken is None or opening.at(now) != "open":
            return told
        arrival = opening.at(now + timedelta(minutes=taken))
        return told if arrival == "open" else f"{told} {self.texts('near_too_late')}"

    def doubt(self, row: int, fit: Fit) -> str:
        """What is not known or does not fit, empty for what fits."""
        answer = self.found.answer
        names = {"yes": [], "unknown": answer.unknown(row), "no": answer.unmet(row)}[fit]
        if not names:
            return ""
        return self.texts(f"near_doubt_{fit}", conditions=", ".join(self.texts(f"condition_{one}") for one in names))


def card(row: int, telling: Telling) -> dict[str, Any]:
    """Facts as label and text, the week, and links; plain text of sources, to be set as text and nothing else."""
    loaded, texts = telling.visit.loaded, telling.texts
    place = next(loaded.places.iloc[[row]].itertuples())
    opening = telling.found.openings[row]
    week = week_told(opening, telling.visit.now, texts)
    facts = [("way", _way(row, telling)), ("stop", _stop(place, telling)), ("address", _text(place.address))]
    if opening.raw and not week:
        facts.append(("hours", texts("near_hours_as_written", hours=opening.raw)))
    facts += _attributes(place, provided_told(loaded, place, telling.visit.categories, texts), texts)
    if telling.found.answer.unknown(row):
        reachable = bool(_text(place.phone) or _text(place.website))
        name = "near_find_out_contact" if reachable else "near_find_out"
        facts.append(("find_out", texts(name, correction=texts("correction_title"))))
    return {
        "facts": _labelled(facts, texts),
        "week": [list(day) for day in week],
        "links": _links(place, telling),
        "stories": _stories(row, telling),
        "correction": _correction(row, telling),
    }


def moving_card(row: int, moving: FoundMoving, telling: Telling) -> dict[str, Any]:
    """The same of a moving place at one of its stops; `telling` is about the stops."""
    (place, stop), texts = moving.stops.stops[row], telling.texts
    known = next(moving.stops.table.iloc[[row]].itertuples())
    provided = ", ".join(texts(f"map_provides_{one}") for one in place.provides)
    facts = [("way", _way(row, telling)), ("stop_of", stop.where), *_attributes(known, provided, texts)]
    facts.append(("source", texts("moving_source", hours=place.hours_at(stop))))
    week = week_told(telling.found.openings[row], telling.visit.now, texts)
    at = {"latitude": stop.latitude, "longitude": stop.longitude}
    links = [("route", _ROUTE.format(**at)), ("app", _APP.format(**at, label=quote(place.name, safe="")))]
    links += [("website", place.website)] if place.website else []
    return {
        "facts": _labelled(facts, texts),
        "week": [[day, hours] for day, hours in week if hours != texts("clock_closed")],
        "links": [{"href": href, "text": texts(f"near_link_{name}")} for name, href in links],
    }


def _attributes(place: Any, provided: str, texts: Catalogue) -> list[tuple[str, str]]:
    return [
        ("access", texts(f"map_access_{place.access}")),
        ("fee", texts(f"map_fee_{place.fee}")),
        ("wheelchair", texts(f"map_wheelchair_{place.wheelchair}")),
        ("dogs", dogs_told(place, texts)),
        ("provides", provided),
        ("audience", _text(place.audience)),
    ]


def _labelled(facts: list[tuple[str, str]], texts: Catalogue) -> list[list[str]]:
    return [[texts(f"details_{name}"), told] for name, told in facts if told]


def _stories(row: int, telling: Telling) -> dict[str, Any] | None:
    """The stories of the place and its neighbourhoods, `None` when there are none."""
    loaded, texts = telling.visit.loaded, telling.texts
    stories = stories_at(own_files.stories(telling.visit.state.municipality)[0], loaded, row)
    if not stories:
        return None
    told = [
        {
            "href": str(one.link),
            "text": one.title.in_language(texts.language),
            "line": one.line.in_language(texts.language),
            "note": story_note(one, loaded, texts),
        }
        for one in stories
    ]
    return {"title": texts("near_stories", count=len(stories)), "members": told}


def _correction(row: int, telling: Telling) -> dict[str, Any]:
    """What can be told to whoever keeps the data, and to whom."""
    texts = telling.texts
    ready = correction(telling.visit.loaded, row, telling.visit.categories, texts)
    words = {name: texts(f"correction_{name}") for name in ("title", "meaning", "text", "copy")}
    return {"words": words, "text": ready.text, "links": [{"href": href, "text": told} for href, told in ready.links]}


def _way(row: int, telling: Telling) -> str:
    ways, texts = telling.found.ways, telling.texts
    if ways is None:
        return ""
    told = [telling.way(row), telling.visit.walker.name.in_language(texts.language).lower()]
    if ways.on_foot[row] and telling.visit.walker.rest:
        metres = texts.number(telling.visit.walker.rest.every_m)
        told.append(texts("near_rests" if ways.rested[row] else "near_rests_unknown", metres=metres))
    return ", ".join(told)


def _stop(place: Any, telling: Telling) -> str:
    """The nearest stop, empty when none is known within a kilometre."""
    found, texts = telling.visit.loaded.stops.get(place.place_id), telling.texts
    if found is None:
        return ""
    name, metres = found
    words = {"metres": texts.number(round(metres, -1))}
    return texts("near_stop", name=name, **words) if name else texts("near_stop_nameless", **words)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _links(place: Any, telling: Telling) -> list[dict[str, str]]:
    """Links that she may follow; none is followed by the page itself. The route starts where her maps app says."""
    texts = telling.texts
    at = {"latitude": place.latitude, "longitude": place.longitude}
    label = quote(place_title(place, telling.visit.categories, texts), safe="")
    links = [
        ("route", _ROUTE.format(**at)),
        ("app", _APP.format(**at, label=label)),
    ]
    numbers = re.findall(r"\+?[\d ()/.-]{6,}", _text(place.phone))
    links += [("phone", f"tel:{re.sub(r'[^+0-9]', '', number)}") for number in numbers[:1]]
    if _text(place.website):
        links.append(("website", place.website))
    links += [("osm", url) for record in place.records[:1] if (url := osm_url(record))]
    words = {"phone": numbers[0].strip() if numbers else ""}
    return [{"href": href, "text": texts(f"near_link_{name}", **words)} for name, href in links]
