"""Which places somebody looks for, and which of them surely fit or only perhaps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from meetingplaces.model.categories import Provision, Setting
from meetingplaces.model.places import RESTRICTED_ACCESS

ANY_SETTING: frozenset[Setting] = frozenset(get_args(Setting))
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Selection:
    """What is asked of a place; the default asks nothing."""

    settings: frozenset[Setting] = ANY_SETTING
    """Indoor, outdoor, sheltered; with none of these no place fits."""
    categories: frozenset[str] = frozenset()
    """Keys of kinds of place; empty for any."""
    core_only: bool = False
    free_only: bool = False
    wheelchair_only: bool = False
    dry_only: bool = False
    """Indoors, under a roof, or with a known shelter. A kind that is outdoors is taken to be wet unless it has one."""


@dataclass(frozen=True)
class Chosen:
    """Two masks over the rows of the place table: what fits for certain, and that with all that may fit."""

    sure: _Mask
    perhaps: _Mask

    def __and__(self, other: Chosen) -> Chosen:
        return Chosen(self.sure & other.sure, self.perhaps & other.perhaps)

    def within(self, mask: _Mask) -> Chosen:
        """Only those that are in the mask too."""
        return Chosen(self.sure & mask, self.perhaps & mask)


def chosen(places: pd.DataFrame, selection: Selection, opening: Chosen | None = None) -> Chosen:
    """The places that count as reached and fit the selection; what is unknown fits only perhaps.

    Parameters
    ----------
    places
        Checked table.
    opening
        Which places are surely and which are perhaps open at the moment meant; `None` when it does not matter.
    """
    return fitting(places, selection, opening).within(counting(places))


def fitting(places: pd.DataFrame, selection: Selection, opening: Chosen | None = None) -> Chosen:
    """As `chosen`, those with a threshold included. Amenities are no places and never fit."""
    everywhere = np.ones(len(places), dtype=bool)
    fits = Chosen(everywhere, everywhere) if opening is None else opening
    fits = fits.within(_of_kind(places, selection))
    if selection.free_only:
        fits = fits & free_of_charge(places)
    if selection.wheelchair_only:
        fits = fits & enterable_with_wheelchair(places)
    return fits


def counting(places: pd.DataFrame) -> _Mask:
    """Which places count as reached: not amenities, nor where one must buy something, be a member or be referred.

    A place of which nobody knows who may come does count, as in the numbers of places.
    """
    return np.asarray((places["weight"] != "amenity") & ~places["access"].isin(RESTRICTED_ACCESS), dtype=bool)


def free_of_charge(places: pd.DataFrame) -> Chosen:
    """Where one does not pay; perhaps also where nothing is known of it."""
    return known(places["fee"], {"no", "assumed_no"}, {"unknown"})


def enterable_with_wheelchair(places: pd.DataFrame) -> Chosen:
    """Where one can come with a wheelchair; perhaps also where only in part, or nothing is known of it."""
    return known(places["wheelchair"], {"yes"}, {"limited", "unknown"})


def provides(places: pd.DataFrame, what: Provision) -> _Mask:
    """Where something is known to be offered; elsewhere it is not known."""
    return np.array([what in told for told in places["provides"]], dtype=bool)


def _of_kind(places: pd.DataFrame, selection: Selection) -> _Mask:
    fits = places["weight"] == "core" if selection.core_only else places["weight"] != "amenity"
    fits = fits & places["setting"].isin(selection.settings)
    if selection.categories:
        fits = fits & places["category"].isin(selection.categories)
    if selection.dry_only:
        fits = fits & ((places["setting"] != "outdoor") | provides(places, "shelter"))
    return np.asarray(fits, dtype=bool)


def known(values: pd.Series, sure: Collection[str], perhaps: Collection[str] = ()) -> Chosen:
    """Surely those with a value that is `sure`; perhaps also those with one that is `perhaps`."""
    return Chosen(np.asarray(values.isin(sure), dtype=bool), np.asarray(values.isin({*sure, *perhaps}), dtype=bool))
