"""What a link restores: municipality, neighbourhood, filters, selected place and language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, get_args

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Setting
from meetingplaces.ui.catalogue import LANGUAGES, Language

T = TypeVar("T")
Level = Literal["core", "secondary", "amenity"]

ALL_SETTINGS: frozenset[Setting] = frozenset(get_args(Setting))
DEFAULT_LEVEL: Level = "secondary"

# The words in a link are Dutch whatever the language on screen: one link, one meaning.
_SETTING_WORDS: Mapping[Setting, str] = {"indoor": "binnen", "outdoor": "buiten", "sheltered": "overdekt"}
_LEVEL_WORDS: Mapping[Level, str] = {"core": "kern", "secondary": "bijkomend", "amenity": "voorzieningen"}
# Between members of a list: a sign that links do not encode.
_BETWEEN = "."
_NO_SETTING = "geen"
_OUTSIDE_WORD = "erbuiten"


@dataclass(frozen=True)
class ViewState:
    """The state of the map page.

    `neighbourhood` is a code, `OUTSIDE`, or `None` for the whole municipality; no `categories` means every kind.
    """

    municipality: str
    neighbourhood: str | None = None
    settings: frozenset[Setting] = ALL_SETTINGS
    categories: frozenset[str] = frozenset()
    level: Level = DEFAULT_LEVEL
    restricted: bool = False
    place: str | None = None
    language: Language | None = None

    def to_query(self, default_municipality: str) -> dict[str, str]:
        """The parameters of a link, defaults left out. `from_query` gives the same state back."""
        query: dict[str, str] = {}
        if self.neighbourhood is not None:
            query["buurt"] = _OUTSIDE_WORD if self.neighbourhood == OUTSIDE else self.neighbourhood
        if self.settings != ALL_SETTINGS:
            query["waar"] = _BETWEEN.join(sorted(_SETTING_WORDS[setting] for setting in self.settings)) or _NO_SETTING
        if self.categories:
            query["soort"] = _BETWEEN.join(sorted(self.categories))
        if self.level != DEFAULT_LEVEL:
            query["niveau"] = _LEVEL_WORDS[self.level]
        if self.restricted:
            query["drempel"] = "ja"
        if self.place is not None:
            query["plek"] = self.place.replace("/", "-", 1)
        if self.language is not None:
            query["taal"] = self.language
        if query or self.municipality != default_municipality:
            query = {"gemeente": self.municipality, **query}
        return query


@dataclass(frozen=True)
class Choices:
    """What may be chosen: from the bundles present and the bundle at hand."""

    municipalities: tuple[str, ...]
    neighbourhoods: Callable[[str], Collection[str]]
    places: Callable[[str], Collection[str]]
    categories: Collection[str]


@dataclass
class ReadLink:
    """A link as read: the state it stands for, and the parameters that meant nothing to us."""

    state: ViewState
    ignored: list[str] = field(default_factory=list)


def from_query(query: Mapping[str, str], choices: Choices) -> ReadLink:
    """The state a link stands for. What cannot be understood falls back to its default and is named in `ignored`."""
    read = ReadLink(ViewState(choices.municipalities[0]))
    for name, reader in _READERS.items():
        if name not in query:
            continue
        try:
            read.state = reader(read.state, query[name], choices)
        except (KeyError, ValueError):
            read.ignored.append(name)
    read.ignored += sorted(set(query) - set(_READERS) - _NOT_OURS)
    return read


# Parameters that Streamlit itself understands.
_NOT_OURS = frozenset({"embed", "embed_options"})


def _known(value: T, known: Collection[T]) -> T:
    if value not in known:
        raise ValueError(value)
    return value


def _municipality(state: ViewState, text: str, choices: Choices) -> ViewState:
    return replace(state, municipality=_known(text.upper(), choices.municipalities))


def _neighbourhood(state: ViewState, text: str, choices: Choices) -> ViewState:
    if text == _OUTSIDE_WORD:
        return replace(state, neighbourhood=OUTSIDE)
    return replace(state, neighbourhood=_known(text.upper(), choices.neighbourhoods(state.municipality)))


def _settings(state: ViewState, text: str, _: Choices) -> ViewState:
    settings = {word: setting for setting, word in _SETTING_WORDS.items()}
    words = [] if text == _NO_SETTING else text.split(_BETWEEN)
    return replace(state, settings=frozenset(settings[word] for word in words))


def _categories(state: ViewState, text: str, choices: Choices) -> ViewState:
    return replace(state, categories=frozenset(_known(key, choices.categories) for key in text.split(_BETWEEN)))


def _level(state: ViewState, text: str, _: Choices) -> ViewState:
    return replace(state, level={word: level for level, word in _LEVEL_WORDS.items()}[text])


def _restricted(state: ViewState, text: str, _: Choices) -> ViewState:
    return replace(state, restricted={"ja": True, "nee": False}[text])


def _place(state: ViewState, text: str, choices: Choices) -> ViewState:
    return replace(state, place=_known(text.replace("-", "/", 1), choices.places(state.municipality)))


def _language(state: ViewState, text: str, _: Choices) -> ViewState:
    return replace(state, language=LANGUAGES[LANGUAGES.index(text)])


_READERS: Mapping[str, Callable[[ViewState, str, Choices], ViewState]] = {
    "gemeente": _municipality,
    "buurt": _neighbourhood,
    "waar": _settings,
    "soort": _categories,
    "niveau": _level,
    "drempel": _restricted,
    "plek": _place,
    "taal": _language,
}
