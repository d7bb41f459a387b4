"""What is told of a place on a sheet, in a booklet and in an offline page, in the language of the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from meetingplaces.export.kit import Fact, KitPlace, Symbol
from meetingplaces.export.records import osm_url
from meetingplaces.model.categories import Categories, Setting
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import dogs_told, place_title
from meetingplaces.ui.symbols import SYMBOLS

_CLOSED = ("access", "fee", "wheelchair")
# Where the number stands in the box of 24 by 24 of each symbol: the baseline of its digits.
_NUMBER_Y: Mapping[Setting, float] = {"indoor": 17.2, "outdoor": 15.4, "sheltered": 20.2}
# A triangle has room for two digits only when it fills its box.
_TRIANGLE = "M12 1.5 23.5 22H.5z"
_NEAREST_SAID_M = 50
"""Distances are told in steps of this many metres: nobody walks by the metre, and they give no front door away."""


def symbol_of(setting: Setting, *, hollow: bool) -> Symbol:
    """The symbol of a setting; hollow for a place with a threshold."""
    path = _TRIANGLE if setting == "sheltered" else SYMBOLS[setting]["path"]
    return Symbol(path, SYMBOLS[setting]["colour"], hollow, _NUMBER_Y[setting])


def kit_place(place: Any, facts: tuple[Fact, ...], categories: Categories, texts: Catalogue) -> KitPlace:
    """A row of the table of places (`itertuples`) with what is told of it."""
    setting = texts(f"map_setting_{place.setting}")
    return KitPlace(
        name=place_title(place, categories, texts),
        kind=categories.by_key[place.category].name.in_language(texts.language),
        setting=setting.lower(),
        symbol=symbol_of(place.setting, hollow=place.access in RESTRICTED_ACCESS),
        facts=facts,
        lon_lat=(place.longitude, place.latitude),
        answers={"setting": place.setting, "kind": place.category, "fee": place.fee, "wheelchair": place.wheelchair},
    )


def sheet_facts(place: Any, texts: Catalogue) -> tuple[Fact, ...]:
    """In few words: where, when, for whom, at what cost and for wheels; what is assumed or not known comes last."""
    answers = {name: getattr(place, name) for name in _CLOSED}
    sure = [name for name, answer in answers.items() if answer != "unknown" and not answer.startswith("assumed")]
    assumed = [name for name, answer in answers.items() if answer.startswith("assumed")]
    said, free = ([texts(f"kit_{one}_{answers[one]}") for one in names] for names in (sure, assumed))
    said += [] if place.dogs == "unknown" else [texts(f"kit_dogs_{place.dogs}")]
    guessed = [*([texts("kit_always_assumed")] if place.always_assumed else []), *free]
    return (
        Fact("", where_told(place, texts)),
        *hours_facts(place, texts),
        *((Fact("", ", ".join(said)),) if said else ()),
        *((Fact(texts("kit_assumed"), ", ".join(guessed)),) if guessed else ()),
        *_not_known(_unknown(place), texts),
    )


def booklet_facts(
    place: Any, distance: Fact | None, stop: tuple[str | None, float] | None, texts: Catalogue
) -> tuple[Fact, ...]:
    """In sentences: how far, where, the nearest stop, when, for whom, cost, wheels, phone; what is unknown last.

    `stop` is a name, `None` when it has none, and metres on foot from the place; `None` when no stop is known near it.
    """
    closed = [texts(f"map_{name}_{getattr(place, name)}") for name in _CLOSED if getattr(place, name) != "unknown"]
    closed += [told] if (told := dogs_told(place, texts)) else []
    phone = [Fact(texts("booklet_phone"), place.phone)] if known(place.phone) else []
    return (
        *((distance,) if distance else ()),
        Fact(texts("booklet_where"), where_told(place, texts)),
        *((_stop_fact(*stop, texts),) if stop else ()),
        *hours_facts(place, texts),
        *((Fact("", texts("booklet_always_assumed")),) if place.always_assumed else ()),
        *(Fact("", sentence) for sentence in closed),
        *phone,
        *_not_known([*_unknown(place), *([] if phone else ["phone"])], texts),
    )


def offline_facts(place: Any, texts: Catalogue) -> tuple[Fact, ...]:
    """Everything that the map page tells of the place itself."""
    no_hours = texts("booklet_always_assumed" if place.always_assumed else "details_hours_unknown")
    provided = ", ".join(texts(f"map_provides_{one}") for one in place.provides)
    facts = [
        Fact(texts("details_address"), where_told(place, texts)),
        *(hours_facts(place, texts) or (Fact(texts("details_hours"), no_hours),)),
        Fact(texts("details_access"), texts(f"map_access_{place.access}")),
        Fact(texts("details_fee"), texts(f"map_fee_{place.fee}")),
        Fact(texts("details_wheelchair"), texts(f"map_wheelchair_{place.wheelchair}")),
        Fact(texts("details_provides"), provided or texts("details_provides_unknown")),
    ]
    facts += [Fact(texts("details_dogs"), told)] if (told := dogs_told(place, texts)) else []
    facts += [
        Fact(texts(f"details_{name}"), value) for name in ("audience", "phone") if known(value := getattr(place, name))
    ]
    if known(place.website):
        facts.append(Fact(texts("details_website"), place.website, _web_address(place.website)))
    return *facts, *_records(place, texts)


def hours_facts(place: Any, texts: Catalogue) -> tuple[Fact, ...]:
    """When a place is open (`hours_told`, see `hours`); nothing when that is not known."""
    return (Fact(texts("map_hours"), place.hours_told),) if known(place.hours_told) else ()


def where_told(place: Any, texts: Catalogue) -> str:
    """The address, else the street it is near, else that neither is known."""
    if known(place.address):
        return str(place.address)
    return texts("kit_near", street=place.near_street) if known(place.near_street) else texts("map_address_unknown")


def distance_fact(metres: float, walked: bool, texts: Catalogue) -> Fact:
    """How far it is."""
    return Fact(texts("booklet_walked" if walked else "booklet_straight"), _metres(metres, texts))


def _stop_fact(name: str | None, metres: float, texts: Catalogue) -> Fact:
    told = texts("booklet_stop_at", metres=_metres(metres, texts))
    return Fact(texts("booklet_stop"), f"{name}, {told}" if name else told)


def _metres(metres: float, texts: Catalogue) -> str:
    """Rounded to steps of 50 m; never less than one step."""
    rounded = max(_NEAREST_SAID_M, round(metres / _NEAREST_SAID_M) * _NEAREST_SAID_M)
    return texts("booklet_metres", metres=texts.number(rounded))


def _unknown(place: Any) -> list[str]:
    """Names of what is not known of it."""
    hours = [] if known(place.hours_told) or place.always_assumed else ["hours"]
    return hours + [name for name in _CLOSED if getattr(place, name) == "unknown"]


def _not_known(names: list[str], texts: Catalogue) -> tuple[Fact, ...]:
    told = ", ".join(texts(f"kit_unknown_{name}") for name in names)
    return (Fact(texts("kit_not_known"), told),) if told else ()


def _records(place: Any, texts: Catalogue) -> list[Fact]:
    return [
        Fact(texts("details_source"), texts("details_improve", record=record.removeprefix("osm/")), url)
        for record in place.records
        if (url := osm_url(record))
    ]


def known(value: object) -> bool:
    """Whether a text of the table of places is there."""
    return isinstance(value, str) and bool(value)


def _web_address(written: str) -> str | None:
    """The address when a browser may open it; other schemes, such as `javascript:`, stay text."""
    try:
        parts = urlsplit(written)
    except ValueError:
        return None
    return written if parts.scheme in {"http", "https"} and parts.netloc else None
