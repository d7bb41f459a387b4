"""Every field of the view state as a short parameter of a link, there and back.

Words in a link are Dutch whatever the language on screen: one link, one meaning. Lists are joined with signs that links
do not encode. Links live on paper: what is written here once must be read for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.groups import Group
from meetingplaces.ui.catalogue import LANGUAGES
from meetingplaces.ui.notes import packed, unpacked
from meetingplaces.ui.view_state import Camera, Edition, Moment, Position, Spot, ViewState

T = TypeVar("T")

_SETTINGS = {"indoor": "binnen", "outdoor": "buiten", "sheltered": "overdekt"}
_LEVELS = {"core": "kern", "secondary": "bijkomend", "amenity": "voorzieningen"}
_GROUPS: Mapping[Group, str] = {
    "residents": "inwoners", "residents_0_14": "kinderen", "residents_15_24": "jongeren",
    "residents_65_plus": "65plus", "one_person_households": "alleenwonend",
}  # fmt: skip
_NEEDS = {"free": "gratis", "wheelchair": "rolstoel"}
_WHEN = {"now": "nu", "today": "vandaag", "evening": "avond", "sunday": "zondag"}
_WISHES = {
    "no_purchase": "nietskopen", "toilet": "toilet", "seat": "zitplek", "coffee": "koffie", "play": "spelen",
    "dog": "hond",
}  # fmt: skip
_AUDIENCES = {"children": "kinderen", "young": "jongeren", "older": "ouderen"}
_WEEKDAYS = dict(enumerate(("ma", "di", "wo", "do", "vr", "za", "zo"), 1))
_CIRCUMSTANCES = {
    "indoor_closed": "binnendicht", "rain": "regen", "winter_evening": "winteravond", "august": "augustus",
}  # fmt: skip
_CLASSINGS = {"quantiles": "gelijkaantal", "equal": "gelijkbreed", "natural": "natuurlijk"}
_BETWEEN, _BETWEEN_ITEMS, _NOTHING, _OUTSIDE_WORD = ".", "~", "geen", "erbuiten"
MOST_COMPARED, MOST_ADDED, MOST_CLOSED, MOST_BEST, MOST_METRES = 6, 10, 40, 3, 2000
_PLACE_ID = re.compile(r"[a-z]{2,12}/[a-z0-9-]{2,40}")
HOURS = re.compile(r"[A-Za-z0-9 :;,+-]{1,80}")
"""Opening hours that a link may hold."""


@dataclass(frozen=True)
class Choices:
    """What may be chosen: from the bundles present, the bundle that a state is about, and the settings files."""

    municipalities: tuple[str, ...]
    neighbourhoods: Callable[[ViewState], Collection[str]]
    places: Callable[[ViewState], Collection[str]]
    categories: Collection[str]
    measures: Collection[str]
    weighed: Collection[str]
    profiles: Collection[str]
    day_parts: Collection[str]
    earlier: Callable[[str], Collection[str]]


@dataclass(frozen=True)
class Parameter:
    """One field of the state in a link. `write` gets its value; `read` the text, and raises when that means nothing."""

    field: str
    write: Callable[[Any], str]
    read: Callable[[str, ViewState, Choices], Any]


def _known(value: T, known: Collection[T]) -> T:
    if value not in known:
        raise ValueError(value)
    return value


def _whole(text: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not lowest <= int(text) <= highest:
        raise ValueError(text)
    return int(text)


def _few(items: list[T], most: int) -> list[T]:
    if len(items) > most or len(set(items)) < len(items):
        raise ValueError(items)
    return items


def _word(name: str, words: Mapping[Any, str]) -> Parameter:
    """A field with a few values, each of which has a word."""
    values = {word: value for value, word in words.items()}
    return Parameter(name, words.__getitem__, lambda text, *_: values[text])


def _words(name: str, words: Mapping[Any, str]) -> Parameter:
    """A field that is a set of such values; the empty set has a word too."""
    values = {word: value for value, word in words.items()}

    def read(text: str, *_: object) -> frozenset[Any]:
        return frozenset(values[word] for word in ([] if text == _NOTHING else text.split(_BETWEEN)))

    return Parameter(name, lambda chosen: _BETWEEN.join(sorted(words[one] for one in chosen)) or _NOTHING, read)


def _key(name: str, known: Callable[[Choices], Collection[str]]) -> Parameter:
    """A field that holds one of the keys that `known` gives."""
    return Parameter(name, str, lambda text, _, choices: _known(text, known(choices)))


def _area(code: str, state: ViewState, choices: Choices) -> str:
    return _known(code.upper(), choices.neighbourhoods(state))


def _neighbourhood(text: str, state: ViewState, choices: Choices) -> str:
    return OUTSIDE if text == _OUTSIDE_WORD else _area(text, state, choices)


def _place_text(place_id: str) -> str:
    return place_id.replace("/", "-", 1)


def _place(text: str, state: ViewState, choices: Choices) -> str:
    return _known(text.replace("-", "/", 1), choices.places(state))


def _place_or_gone(text: str, state: ViewState, choices: Choices) -> str:
    """A place we know, else one we may have known: the page says that it is gone."""
    place_id = text.replace("-", "/", 1)
    if place_id not in choices.places(state) and not _PLACE_ID.fullmatch(place_id):
        raise ValueError(text)
    return place_id


def _degrees(text: str, count: int = 2) -> tuple[float, ...]:
    """Longitude and latitude in the Netherlands and what follows them, of 4 decimals at most."""
    numbers = text.split("_")
    if len(numbers) != count or not all(re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?", number) for number in numbers):
        raise ValueError(text)
    longitude, latitude, *more = (float(number) for number in numbers)
    if not (3 <= longitude <= 8 and 50 <= latitude <= 54):
        raise ValueError(text)
    return (longitude, latitude, *more)


def _degrees_text(numbers: Iterable[float]) -> str:
    return "_".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in numbers)


def _camera(text: str, *_: object) -> Camera:
    camera = Camera(*_degrees(text, 3))
    if not 8 <= camera.zoom <= 19:
        raise ValueError(text)
    return camera


def _edition(text: str, *_: object) -> Edition:
    built_on, _between, mark = text.partition(_BETWEEN)
    if not re.fullmatch(r"[0-9a-f]{8}", mark):
        raise ValueError(text)
    return Edition(date.fromisoformat(built_on).isoformat(), mark)


def _places(text: str, state: ViewState, choices: Choices) -> frozenset[str]:
    found = [_place(one, state, choices) for one in text.split(_BETWEEN_ITEMS)]
    return frozenset(_few(found, MOST_CLOSED))


def _compared(text: str, state: ViewState, choices: Choices) -> tuple[str, ...]:
    return tuple(_few([_area(one, state, choices) for one in text.split(_BETWEEN)], MOST_COMPARED))


def _moment(text: str, _: ViewState, choices: Choices) -> Moment:
    day, _between, part = text.partition(_BETWEEN)
    weekday = {word: number for number, word in _WEEKDAYS.items()}[day]
    return Moment(weekday, _known(part, choices.day_parts))


def _position(text: str, *_: object) -> Position:
    longitude, latitude = text.split("_")
    if not all(re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{4}", number) for number in (longitude, latitude)):
        raise ValueError(text)
    return Position(float(longitude), float(latitude))


def _spot_text(spot: Spot) -> str:
    return f"{spot.longitude:.6f}_{spot.latitude:.6f}_{spot.category}"


def _spot(text: str, choices: Choices) -> Spot:
    longitude, latitude, category = text.split("_", 2)
    if not all(re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{6}", number) for number in (longitude, latitude)):
        raise ValueError(text)
    return Spot(_known(category, choices.categories), float(longitude), float(latitude))


def _spots(text: str, _: ViewState, choices: Choices) -> tuple[Spot, ...]:
    return tuple(_few([_spot(one, choices) for one in text.split(_BETWEEN_ITEMS)], MOST_ADDED))


def _hours_text(hours: tuple[tuple[str, str], ...]) -> str:
    return _BETWEEN_ITEMS.join(f"{_place_text(place)}_{told}" for place, told in hours)


def _hours(text: str, state: ViewState, choices: Choices) -> tuple[tuple[str, str], ...]:
    found = []
    for one in _few(text.split(_BETWEEN_ITEMS), MOST_CLOSED):
        place, _between, told = one.partition("_")
        if not HOURS.fullmatch(told):
            raise ValueError(told)
        found.append((_place(place, state, choices), told))
    return tuple(found)


def _weights(text: str, _: ViewState, choices: Choices) -> tuple[tuple[str, int], ...]:
    pairs = [one.rpartition("-") for one in text.split(_BETWEEN)]
    return tuple((_known(key, choices.weighed), _whole(weight, 0, 5)) for key, _between, weight in pairs)


PARAMETERS: Mapping[str, Parameter] = {
    "gemeente": Parameter("municipality", str, lambda text, _, choices: _known(text.upper(), choices.municipalities)),
    "stand": Parameter("edition", lambda one: one.name, _edition),
    "buurt": Parameter("neighbourhood", lambda code: _OUTSIDE_WORD if code == OUTSIDE else code, _neighbourhood),
    "waar": _words("settings", _SETTINGS),
    "soort": Parameter(
        "categories",
        lambda keys: _BETWEEN.join(sorted(keys)),
        lambda text, _, choices: frozenset(_known(key, choices.categories) for key in text.split(_BETWEEN)),
    ),
    "niveau": _word("level", _LEVELS),
    "drempel": _word("restricted", {True: "ja", False: "nee"}),
    "plek": Parameter("place", _place_text, _place_or_gone),
    "bij": Parameter("place_at", _degrees_text, lambda text, *_: _degrees(text)),
    "wanneer": _word("when", _WHEN),
    "wens": _words("wishes", _WISHES),
    "voor": _word("audience", _AUDIENCES),
    "vanaf": Parameter("here", lambda one: f"{one.longitude:.4f}_{one.latitude:.4f}", _position),
    "kaart": _word("with_map", {True: "ja", False: "nee"}),
    "beeld": Parameter("camera", lambda one: _degrees_text((one.longitude, one.latitude, one.zoom)), _camera),
    "keuze": _word("fixed", {True: "vast", False: "vrij"}),
    "maat": _key("measure", lambda choices: choices.measures),
    "groep": _word("group", _GROUPS),
    "afstand": Parameter("budget_m", str, lambda text, *_: _whole(text, 50, MOST_METRES)),
    "loper": _key("profile", lambda choices: choices.profiles),
    "eis": _words("needs", _NEEDS),
    "moment": Parameter("moment", lambda one: f"{_WEEKDAYS[one.weekday]}{_BETWEEN}{one.part}", _moment),
    "klassen": _word("classing", _CLASSINGS),
    "aantal": Parameter("class_count", str, lambda text, *_: _whole(text, 3, 7)),
    "met": Parameter("compared", _BETWEEN.join, _compared),
    "weging": Parameter("weights", lambda pairs: _BETWEEN.join(f"{key}-{one}" for key, one in pairs), _weights),
    "erbij": Parameter("added", lambda spots: _BETWEEN_ITEMS.join(map(_spot_text, spots)), _spots),
    "dicht": Parameter("closed", lambda ids: _BETWEEN_ITEMS.join(sorted(map(_place_text, ids))), _places),
    "tijden": Parameter("hours", _hours_text, _hours),
    "beste": Parameter("best_count", str, lambda text, *_: _whole(text, 1, MOST_BEST)),
    "omstandigheden": _words("circumstances", _CIRCUMSTANCES),
    "eerder": Parameter("earlier", str, lambda text, state, choices: _known(text, choices.earlier(state.municipality))),
    "notities": Parameter("notes", packed, lambda text, *_: unpacked(text)),
    "taal": _word("language", {language: language for language in LANGUAGES}),
}
"""By name, in the order of reading: what is known of areas and places depends on the municipality and the edition."""
