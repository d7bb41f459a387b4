"""The field names of CBS Wijken en Buurten in every dialect, and how its figures are to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

# Our word: the words of CBS, the most common one first. Underscores and capitals do not count when comparing, so
# `aantal_inwoners` (OGC API and GeoPackage) also stands for `aantalInwoners` (WFS). The short names are those of the
# 2026 edition (`bu_code`) and of the shapefiles CBS gave out before (`BU_CODE`, `AANT_INW`).
ALIASES: dict[str, tuple[str, ...]] = {
    "neighbourhood_code": ("buurtcode", "bu_code"),
    "neighbourhood_name": ("buurtnaam", "bu_naam"),
    "district_code": ("wijkcode", "wk_code"),
    "district_name": ("wijknaam", "wk_naam"),
    "municipality_code": ("gemeentecode", "gm_code"),
    "municipality_name": ("gemeentenaam", "gm_naam"),
    "year": ("jaar",),
    "year_and_code": ("jrstatcode",),
    "water": ("water", "h2o"),
    "residents_count": ("aantal_inwoners", "aant_inw"),
    "households_count": ("aantal_huishoudens", "aantal_hh"),
    "residents_0_14_percentage": ("percentage_personen_0_tot_15_jaar", "p_00_14_jr"),
    "residents_0_14_count": ("aantal_inwoners_0_15",),
    "residents_15_24_percentage": ("percentage_personen_15_tot_25_jaar", "p_15_24_jr"),
    "residents_65_plus_percentage": ("percentage_personen_65_jaar_en_ouder", "p_65_eo_jr"),
    "residents_65_plus_count": ("aantal_inwoners_65_plus",),
    "one_person_households_percentage": ("percentage_eenpersoonshuishoudens", "p_eenp_hh"),
    "land_area_ha": ("oppervlakte_land_in_ha", "opp_land"),
    # The approximate outlines of third parties say so themselves.
    "outline_kind": ("_geom",),
    "outline_accuracy_m": ("_geom_res_m",),
    "outline_ok": ("_geom_ok",),
}

# The other key figures, which only `cbs_figures` reads; the names of the shapefiles before 2021 are not among them.
FIGURES: dict[str, tuple[str, ...]] = {
    "change": ("indelingswijziging_wijken_en_buurten", "ind_wbi"),
    "origin_netherlands_percentage": ("percentage_met_herkomstland_nederland",),
    "origin_europe_percentage": ("percentage_met_herkomstland_uit_europa_excl_nl",),
    "origin_outside_europe_percentage": ("percentage_met_herkomstland_buiten_europa",),
    "income_per_resident_thousands": ("gemiddeld_inkomen_per_inwoner",),
    "wmo_clients_per_1000": ("aantal_wmo_clienten_per_1000_inwoners",),
}

# Seen in real files: -99995 (not there yet) and -99997 (kept secret); others use -99998 and -99999.
_UNKNOWN_FROM = -99990
# The type this pandas gives to text: `str` since version 3, `object` before.
_TEXT = pd.Series(["text"]).dtype
_NO_NUMBER = ("", ".", "-", "null", "none", "nan", "na", "<na>")


def find_fields(present: Iterable[str]) -> dict[str, str]:
    """Our word for each field that is there, with the name it has in the file."""
    folded = {_fold(name): name for name in present}
    known = {**ALIASES, **FIGURES}
    found = {ours: [name for name in map(_fold, theirs) if name in folded] for ours, theirs in known.items()}
    return {ours: folded[names[0]] for ours, names in found.items() if names}


def _fold(name: str) -> str:
    return name.casefold().replace("_", "")


def texts(values: pd.Series) -> pd.Series:
    """Text without spaces around it; empty text is unknown."""
    trimmed = values.astype("string").str.strip()
    return trimmed.mask(trimmed == "")


def plain(values: pd.Series) -> pd.Series:
    """Text in the type the running pandas uses for it, unknown text included."""
    return values.astype(object).where(values.notna(), None).astype(_TEXT)


def codes(values: pd.Series) -> pd.Series:
    """Area codes in capitals without spaces around them (StatLine pads them to ten characters)."""
    return texts(values).str.upper()


def numbers(values: pd.Series, repairs: Counter[str]) -> pd.Series:
    """Numbers as Float64, also when stored as text; -99990 and lower are the unknowns of CBS, 0 stays 0.

    Text that is no number becomes unknown and is counted as `not_a_number`.
    """
    if pd.api.types.is_numeric_dtype(values):
        read = values.astype("Float64")
    else:
        words = texts(values)
        read = pd.to_numeric(words, errors="coerce").astype("Float64")
        stated = words.notna() & ~words.str.casefold().isin(_NO_NUMBER)
        _count(repairs, "not_a_number", stated & read.isna())
    finite = read.notna() & (read > _UNKNOWN_FROM) & (read != float("inf"))
    return read.where(finite.fillna(False).astype(bool))


def counts(values: pd.Series, repairs: Counter[str]) -> pd.Series:
    """Whole numbers of 0 and up as Int64; anything else is unknown and counted as `impossible_count`."""
    read = numbers(values, repairs)
    impossible = read.notna() & ((read < 0) | (read % 1 != 0)).fillna(False)
    _count(repairs, "impossible_count", impossible)
    return read.mask(impossible).astype("Int64")


def areas_m2(hectares: pd.Series, repairs: Counter[str]) -> pd.Series:
    """Square metres of 0 and up from hectares; a negative area is unknown and counted as `impossible_area`."""
    read = numbers(hectares, repairs)
    impossible = read.notna() & (read < 0).fillna(False)
    _count(repairs, "impossible_area", impossible)
    return read.mask(impossible) * 10_000


def shares(percentages: pd.Series, repairs: Counter[str]) -> pd.Series:
    """Shares in [0, 1] from percentages in [0, 100]; one outside is unknown and counted as `impossible_share`."""
    read = numbers(percentages, repairs)
    impossible = read.notna() & ~read.between(0, 100).fillna(False)
    _count(repairs, "impossible_share", impossible)
    return read.mask(impossible) / 100


def shares_of(part: pd.Series, whole: pd.Series, repairs: Counter[str]) -> pd.Series:
    """Shares in [0, 1] of two counts; unknown where the whole is unknown or 0.

    CBS rounds counts to multiples of 5, so in a small neighbourhood the share is rough, and a part may even exceed its
    whole: that share is unknown and counted as `impossible_share`.
    """
    known = counts(part, repairs).astype("Float64")
    of = whole.astype("Float64")
    return shares(100 * known / of.where((of > 0).fillna(False)), repairs)


def years(table: pd.DataFrame) -> pd.Series:
    """Boundary year per row as Int64: from the year field, else from the first four digits of `jrstatcode`."""
    unknown = pd.Series(pd.NA, table.index, dtype="string")
    stated = texts(table.get("year", unknown)).str.extract(r"^((?:19|20|21)\d\d)(?:\.0*)?$")[0]
    coded = codes(table.get("year_and_code", unknown)).str.extract(r"^((?:19|20|21)\d\d)[A-Z]")[0]
    return pd.to_numeric(stated.fillna(coded)).astype("Int64")


def _count(repairs: Counter[str], what: str, where: pd.Series) -> None:
    # A counter that holds zeros would report repairs that never happened.
    if where.any():
        repairs[what] += int(where.sum())
