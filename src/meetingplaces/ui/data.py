"""Cached loads: every cache of bundles and settings is here, bounded, and keyed by the bundle's version."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from meetingplaces.metrics.coverage import HomesOf
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.mixing import co_access
from meetingplaces.metrics.near import in_rd
from meetingplaces.metrics.opening import Opening, openings, ordinary_week
from meetingplaces.metrics.opening_coverage import part_states
from meetingplaces.metrics.over_time import BothTimes, both_times
from meetingplaces.metrics.scenario import Scenario
from meetingplaces.metrics.selection import Chosen
from meetingplaces.model.categories import Categories, load_categories
from meetingplaces.model.errors import BundleBrokenError, BundleMissingError, MeetingPlacesError
from meetingplaces.model.groups import GROUPS
from meetingplaces.model.norms import Norms, Profile, load_norms
from meetingplaces.pipeline.differences import Compared, Seen, compare
from meetingplaces.sources.address_search import AddressSearch, Suggestion, asked_words
from meetingplaces.sources.endpoints import Endpoints, load_endpoints
from meetingplaces.sources.http import Door
from meetingplaces.storage.bundle import list_bundles, open_bundle
from meetingplaces.storage.earlier import EARLIER, Earlier, check_tables, earlier_bundles, list_earlier
from meetingplaces.storage.frozen import bundles_of_edition, can_freeze, edition_of, freeze
from meetingplaces.storage.locations import categories_path, data_folder, norms_path
from meetingplaces.ui import settings
from meetingplaces.ui.catalogue import Language, catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.opening_words import days_together
from meetingplaces.ui.view_state import Edition

_log = logging.getLogger("meetingplaces.ui")


@st.cache_resource(max_entries=8, show_spinner=False)
def _loaded(folder: str, municipality_code: str, version: str) -> LoadedBundle:
    bundle = open_bundle(Path(folder), municipality_code)
    if bundle.manifest.version != version:
        raise BundleBrokenError(str(bundle.folder), "version", version, bundle.manifest.version)
    return LoadedBundle.of(bundle)


def load(municipality_code: str, edition: Edition | None = None) -> LoadedBundle:
    """The bundle of one municipality: of this edition when a copy can be read, else as it is on disk now.

    A refresh replaces the files while we read: then the manifest is read once more.
    """
    folder = data_folder()
    kept = _load_kept(folder, municipality_code, edition.name) if edition else None
    if kept:
        return kept
    try:
        return _loaded(str(folder), municipality_code, open_bundle(folder, municipality_code).manifest.version)
    except BundleBrokenError:
        return _loaded(str(folder), municipality_code, open_bundle(folder, municipality_code).manifest.version)


def _load_kept(folder: Path, municipality_code: str, edition: str) -> LoadedBundle | None:
    """A copy of this edition that can be read; `None` when there is none, and when it is what is there now."""
    if edition_of(open_bundle(folder, municipality_code).manifest) == edition:
        return None
    for bundle in bundles_of_edition(folder, municipality_code, edition):
        try:
            return _loaded_earlier(str(bundle.folder.parent), municipality_code, bundle.manifest.version)
        except MeetingPlacesError as error:
            _log.warning("a kept bundle cannot be read", extra={"error": error.code, **error.facts()})
    return None


def may_freeze(municipality_code: str) -> bool:
    """Whether the data of now are kept for links, or can be."""
    return can_freeze(data_folder(), municipality_code, settings.most_frozen())


def keep_for_links(municipality_code: str) -> str:
    """The edition of the data of now, of which a copy is kept for links now, see `storage.frozen.freeze`."""
    return edition_of(freeze(data_folder(), municipality_code, settings.most_frozen()).manifest)


@st.cache_resource(max_entries=24, show_spinner=False)
def _on_foot(version: str, _loaded: LoadedBundle, profile: str, _norms: Norms) -> OnFoot:
    return OnFoot(_loaded.places, _loaded.walking, _norms.profile(profile))


def on_foot(loaded: LoadedBundle, profile: str, norms: Norms) -> OnFoot:
    """The municipality as someone of this profile walks it."""
    version = f"{loaded.bundle.manifest.version} {norms.profile(profile).model_dump_json()}"
    return _on_foot(version, loaded, profile, norms)


def earlier(municipality_code: str) -> list[Earlier]:
    """The earlier bundles of a municipality, the latest first; some may be broken."""
    return earlier_bundles(data_folder(), municipality_code)


def any_earlier() -> bool:
    """Whether any municipality has an earlier bundle that can be read."""
    return any(one.bundle for _, one in list_earlier(data_folder()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _loaded_earlier(folder: str, municipality_code: str, version: str) -> LoadedBundle:
    bundle = open_bundle(Path(folder), municipality_code)
    check_tables(bundle)
    return LoadedBundle(bundle, bundle.places(), bundle.neighbourhoods(), bundle.supply())


def load_earlier(municipality_code: str, date: str) -> LoadedBundle:
    """The earlier bundle of one municipality and date, every table of which can be read.

    Raises
    ------
    MeetingPlacesError
        It is not there, or cannot be read by what we are now.
    """
    folder = data_folder() / EARLIER / date
    version = open_bundle(folder, municipality_code).manifest.version
    return _loaded_earlier(str(folder), municipality_code, version)


@st.cache_resource(max_entries=8, show_spinner=False)
def _compared(version: str, _then: LoadedBundle, _now: LoadedBundle) -> Compared:
    return compare(*(Seen(one.places, one.bundle.manifest.extent.bounds, one.as_of) for one in (_then, _now)))


def compared(then: LoadedBundle, now: LoadedBundle) -> Compared:
    """What differs between two bundles of one municipality."""
    return _compared(f"{then.bundle.manifest.version} {now.bundle.manifest.version}", then, now)


@st.cache_resource(max_entries=8, show_spinner=False)
def _both_times(version: str, _then: LoadedBundle, _now: LoadedBundle, _profile: Profile) -> BothTimes:
    found = compared(_then, _now)
    sides = [(one.places, one.walking) for one in (_then, _now)]
    return both_times(sides[0], sides[1], found.pairs, found.differences, _profile)


def both_on_one_map(then: LoadedBundle, now: LoadedBundle, profile: Profile) -> BothTimes:
    """The places of two bundles on the streets of `now`, as someone of this profile walks them."""
    version = f"{then.bundle.manifest.version} {now.bundle.manifest.version} {profile.model_dump_json()}"
    return _both_times(version, then, now, profile)


@st.cache_resource(max_entries=16, show_spinner=False)
def _people_per_place(
    version: str, sure: bytes, perhaps: bytes, budget_m: float, _on_foot: OnFoot, _homes: HomesOf, _chosen: Chosen
) -> pd.DataFrame:
    return co_access(_on_foot, _homes, _chosen, tuple(GROUPS), budget_m)


def people_per_place(
    loaded: LoadedBundle, norms: Norms, profile: str, chosen: Chosen, budget_m: float
) -> pd.DataFrame:  # fmt: skip
    """People of each group within `budget_m` metres of each place, see `co_access`; it takes some 3 ms per place."""
    version = f"{loaded.bundle.manifest.version} {norms.profile(profile).model_dump_json()}"
    walker = on_foot(loaded, profile, norms)
    return _people_per_place(
        version, chosen.sure.tobytes(), chosen.perhaps.tobytes(), budget_m, walker, loaded.homes_of, chosen
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _openings(version: str, _loaded: LoadedBundle, _categories: Categories) -> list[Opening]:
    return openings(_loaded.places, _categories)


def opening_hours(loaded: LoadedBundle, categories: Categories) -> list[Opening]:
    """When each of the places is open, in their order."""
    return _openings(loaded.bundle.manifest.version, loaded, categories)


@st.cache_resource(max_entries=32, show_spinner=False)
def _hours_in_words(
    version: str, monday: date, language: Language, _openings: Sequence[Opening]
) -> Mapping[int, str]:  # fmt: skip
    texts = catalogue(language)
    return {row: days_together(one, monday, texts) for row, one in enumerate(_openings) if one.understood}


def hours_in_words(loaded: LoadedBundle, categories: Categories, language: Language) -> Mapping[int, str]:
    """By row, for places with hours that are understood, an ordinary week to come: the same words for days on end."""
    monday = ordinary_week(settings.now().date())
    hours = opening_hours(loaded, categories)
    return _hours_in_words(loaded.bundle.manifest.version, monday, language, hours)


@st.cache_resource(max_entries=16, show_spinner=False)
def _part_states(
    version: str, hours: tuple[tuple[str, str], ...], monday: date, _loaded: LoadedBundle, _categories: Categories,
    _norms: Norms,
) -> NDArray[np.str_]:  # fmt: skip
    places = Scenario(hours=dict(hours)).with_hours(_loaded.places)
    return part_states(openings(places, _categories), monday, _norms.day_parts)


def opening_states(
    loaded: LoadedBundle, categories: Categories, norms: Norms, hours: tuple[tuple[str, str], ...] = ()
) -> NDArray[np.str_]:
    """The `OpenState` of each place in each part of each day of an ordinary week to come: places × 7 × parts.

    `hours` are other opening hours, by `place_id`.
    """
    version = f"{loaded.bundle.manifest.version} {','.join(one.model_dump_json() for one in norms.day_parts)}"
    monday = ordinary_week(settings.now().date())
    return _part_states(version, hours, monday, loaded, categories, norms)


@st.cache_resource(max_entries=1, show_spinner=False)
def _address_search(settings: str, _endpoints: Endpoints) -> AddressSearch:
    return AddressSearch(Door(_endpoints), _endpoints.locatieserver)


def address_search() -> AddressSearch | None:
    """What finds addresses, one for all visitors; `None` where the server is set to suggest none.

    Raises
    ------
    MeetingPlacesError
        The file with the addresses of services cannot be read.
    """
    endpoints = load_endpoints()
    suggests = endpoints.locatieserver.suggest is not None
    return _address_search(endpoints.model_dump_json(), endpoints) if suggests else None


# In memory only and not for long: it is what people typed.
@st.cache_data(max_entries=256, ttl=timedelta(minutes=5), show_spinner=False)
def _suggestions(service: str, words: str, municipality_code: str, _search: AddressSearch) -> tuple[Suggestion, ...]:
    return _search.suggest(words, municipality_code)


def suggestions(search: AddressSearch, text: str, municipality_code: str) -> tuple[Suggestion, ...]:
    """What a text may mean in a municipality, asked once in five minutes. Raises as `AddressSearch.suggest`."""
    return _suggestions(search.service, asked_words(text), municipality_code, search)


@st.cache_resource(max_entries=2, show_spinner=False)
def _categories(path: str, changed_ns: int) -> Categories:
    return load_categories(Path(path))


def categories() -> Categories:
    """The kinds of place, read again when the file changes."""
    path = categories_path()
    return _categories(str(path), path.stat().st_mtime_ns)


@st.cache_resource(max_entries=2, show_spinner=False)
def _norms(path: str, changed_ns: int) -> Norms:
    return load_norms(Path(path))


def norms() -> Norms:
    """What is near, and who walks how, read again when the file changes."""
    path = norms_path()
    return _norms(str(path), path.stat().st_mtime_ns)


def municipalities() -> dict[str, str]:
    """Names by code of the bundles present, by name; one whose manifest cannot be read is left out.

    Raises
    ------
    BundleMissingError
        There is no bundle that can be read.
    """
    folder = data_folder()
    found: dict[str, str] = {}
    for code in list_bundles(folder):
        try:
            found[code] = open_bundle(folder, code).manifest.municipality_name
        except (BundleBrokenError, BundleMissingError):
            continue
    if not found:
        raise BundleMissingError("GM????", str(folder))
    return dict(sorted(found.items(), key=lambda item: item[1]))


def municipality_at(longitude: float, latitude: float, first: str) -> str | None:
    """The municipality (EPSG:4326) with a neighbourhood there, `first` asked first; `None` when no bundle has one."""
    point = in_rd(longitude, latitude)
    for code in sorted(municipalities(), key=lambda one: one != first):
        manifest = open_bundle(data_folder(), code).manifest
        if code != first and not manifest.extent.holds(longitude, latitude):
            continue
        if load(code).neighbourhood_at(point):
            return code
    return None
