"""Which places a view shows. Pure: the same state and bundle give the same rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.categories import Categories
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui.catalogue import Language
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.view_state import Level, ViewState

_WEIGHTS: dict[Level, tuple[str, ...]] = {
    "core": ("core",),
    "secondary": ("core", "secondary"),
    "amenity": ("core", "secondary", "amenity"),
}


@dataclass(frozen=True)
class Shown:
    """What list and map show: row numbers of places in order, and which is selected.

    `focus` is the neighbourhood the map moves to when it changes; `kinds` names the kinds among the rows by key.
    """

    rows: list[int]
    selected: int | None
    focus: str | None
    kinds: dict[str, str]


def shown(loaded: LoadedBundle, state: ViewState, categories: Categories, language: Language) -> Shown:
    """What `state` shows. A selected place that the filters leave out is not selected on list and map."""
    rows = visible_rows(loaded, state)
    selected = loaded.row_of.get(state.place or "")
    kinds = sorted(set(loaded.columns["category"][rows]))
    return Shown(
        rows=rows.tolist(),
        selected=selected if selected in rows else None,
        focus=None if state.neighbourhood == OUTSIDE else state.neighbourhood,
        kinds={key: categories.by_key[key].name.in_language(language) for key in kinds},
    )


def visible_rows(loaded: LoadedBundle, state: ViewState) -> NDArray[np.intp]:
    """Row numbers of the places that `state` shows, in the order of the table."""
    columns = loaded.columns
    shown = loaded.members[state.neighbourhood] & np.isin(columns["weight"], _WEIGHTS[state.level])
    shown &= np.isin(columns["setting"], list(state.settings))
    if state.categories:
        shown &= np.isin(columns["category"], list(state.categories))
    if not state.restricted:
        shown &= ~np.isin(columns["access"], list(RESTRICTED_ACCESS))
    return np.flatnonzero(shown)


def category_counts(loaded: LoadedBundle, state: ViewState) -> dict[str, int]:
    """How many places of each kind there would be if no kind was chosen, in the order of the kinds."""
    rows = visible_rows(loaded, replace(state, categories=frozenset()))
    return dict(Counter(loaded.columns["category"][rows]))


def place_counts(loaded: LoadedBundle, shown: Shown) -> tuple[int, int]:
    """(places, amenities) among what is shown: amenities are listed, but never counted as places."""
    amenities = int((loaded.columns["weight"][shown.rows] == "amenity").sum())
    return len(shown.rows) - amenities, amenities


def wider(loaded: LoadedBundle, state: ViewState) -> list[tuple[str, int]]:
    """For an empty result: which single step would show something, and how many places.

    Names of steps: settings, categories, level, restricted, neighbourhood.
    """
    steps = {
        "categories": replace(state, categories=frozenset()),
        "settings": replace(state, settings=ViewState(state.municipality).settings),
        "level": replace(state, level="amenity"),
        "restricted": replace(state, restricted=True),
        "neighbourhood": replace(state, neighbourhood=None),
    }
    found = [(name, len(visible_rows(loaded, wide))) for name, wide in steps.items()]
    return [(name, count) for name, count in found if count]
