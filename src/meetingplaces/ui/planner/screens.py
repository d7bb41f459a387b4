"""What is on screen, described once with all that belongs to it, for the page and for every file made from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd
import streamlit as st

from meetingplaces.export.screen import Column, Screen
from meetingplaces.export.words import Words
from meetingplaces.metrics.selection import ANY_SETTING
from meetingplaces.model.categories import Setting
from meetingplaces.ui.link import to_query
from meetingplaces.ui.planner.page import Planning

_NAMED = 5
_PARTS = ("premise", "formula", "limits", "source")
Method = tuple[tuple[str, str], ...]


def screen_of(
    planning: Planning,
    name: str,
    title: str,
    table: pd.DataFrame,
    columns: tuple[Column, ...],
    *,
    geometry: gpd.GeoSeries | None = None,
    facts: tuple[tuple[str, str], ...] = (),
    notes: tuple[str, ...] = (),
    method: Method = (),
) -> Screen:
    """A table with what was asked, where it comes from and what it does not know.

    `facts` come after the usual ones, and `notes` after the usual limits.
    """
    texts = planning.texts
    return Screen(
        name=name,
        title=f"{title}: {planning.municipality_name}",
        language=texts.language,
        table=table,
        columns=columns,
        facts=(*asked(planning), *facts),
        sources=planning.loaded.bundle.manifest.sources,
        limits=(*limits(planning), *notes),
        link=link_of(planning),
        made_at=datetime.now(UTC),
        words=Words.of(texts.texts),
        method=method,
        geometry=geometry,
    )


def method_of(planning: Planning, measure: str) -> Method:
    """What the measure with this key rests on, how it is made, what it does not say, and whose idea it is."""
    texts = planning.texts
    return tuple((texts(f"explain_{part}"), texts(f"measure_{measure}_{part}")) for part in _PARTS)


def link_of(planning: Planning) -> str:
    """The address of this view."""
    query = urlencode(to_query(planning.state, next(iter(planning.municipalities))))
    address = (st.context.url or "").partition("?")[0]
    return f"{address}?{query}" if query else address


def asked(planning: Planning) -> tuple[tuple[str, str], ...]:
    """What was chosen, as label and value; filters that leave everything in are left out."""
    state, texts = planning.state, planning.texts
    norm = planning.norms.of_budget(planning.budget_m)
    told = [
        (texts("filter_municipality"), f"{planning.municipality_name} ({state.municipality})"),
        (texts("question_group"), texts(f"group_{state.group}")),
        (texts("question_distance"), texts("question_metres", metres=texts.number(planning.budget_m))),
        (texts("question_norm"), norm.source if norm else texts("question_own")),
        (texts("question_profile"), planning.norms.profile(state.profile).name.in_language(texts.language)),
    ]
    if state.settings != ANY_SETTING:
        shown = [texts(f"map_setting_{one}") for one in get_args(Setting) if one in state.settings]
        told.append((texts("filter_settings"), ", ".join(shown) or texts("circumstances_none")))
    if state.categories:
        kinds = [
            one.name.in_language(texts.language)
            for key, one in planning.categories.by_key.items()
            if key in state.categories
        ]
        told.append((texts("filter_categories"), ", ".join(kinds)))
    if state.level == "core":
        told.append((texts("filter_level"), texts("filter_level_core")))
    if state.needs:
        told.append((texts("question_needs"), ", ".join(texts(f"need_{one}") for one in sorted(state.needs))))
    if state.moment:
        told.append((texts("question_weekday"), moment_text(planning)))
    return tuple(told)


def moment_text(planning: Planning) -> str:
    """The moment chosen, such as tuesday, evening (17:00-22:00)."""
    moment, texts = planning.state.moment, planning.texts
    if moment is None:
        return texts("question_any_day")
    part = next(one for one in planning.norms.day_parts if one.key == moment.part)
    return f"{texts(f'weekday_{moment.weekday}')}, {part.name.in_language(texts.language)} ({part.begins}-{part.ends})"


def limits(planning: Planning) -> tuple[str, ...]:
    """What the numbers of every planner's page do not know."""
    texts, manifest = planning.texts, planning.loaded.bundle.manifest
    told = [texts("limit_completeness"), texts("limit_spread"), texts("limit_threshold"), *withheld(planning)]
    if manifest.extent.covers_municipality_share < 1:
        inside = round(100 * manifest.extent.covers_municipality_share)
        told.append(texts("planner_outside", percentage=texts.number(inside)))
    if manifest.outlines_approximate and manifest.outline_accuracy_m is not None:
        told.append(texts("sources_approximate", metres=texts.number(manifest.outline_accuracy_m)))
    if planning.norms.profile(planning.state.profile).closed:
        told.append(texts("limit_profile"))
    if planning.state.moment:
        told.append(texts("limit_hours"))
    return tuple(told)


def withheld(planning: Planning) -> tuple[str, ...]:
    """Of which neighbourhoods the number of residents is unknown, and what that does to the municipality's numbers."""
    texts, names = planning.texts, planning.loaded.withheld
    if not names:
        return ()
    few = len(names) <= _NAMED
    told = ", ".join(names) if few else texts("limit_withheld_areas", count=texts.number(len(names)))
    return (texts("limit_withheld", areas=told),)
