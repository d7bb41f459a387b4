"""The page *Wat als*: places that come, close or open at other times, and who gains or loses by it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from meetingplaces.export.screen import Column, Kind, Screen
from meetingplaces.metrics.best_spot import BestSpots
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.area_map import home_legend_html, home_view
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.place_names import titled
from meetingplaces.ui.planner.scenario import Outcome, best, outcome
from meetingplaces.ui.planner.scenario_choices import add_spot, changes_told, choose_changes, kind_to_add
from meetingplaces.ui.planner.screens import screen_of
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.session import change
from meetingplaces.ui.view_state import Spot

_COLUMNS: Mapping[str, Kind] = {
    "people": "people", "gained": "people", "gained_low": "people", "gained_high": "people", "lost": "people",
    "share_before": "share", "share_after": "share", "homes_gained_count": "whole", "homes_lost_count": "whole",
}  # fmt: skip


def draw() -> None:
    """Draw the page."""
    planner_page("whatif", _draw)


def _draw(planning: Planning) -> None:
    texts = planning.texts
    choose_question(planning)
    answer = answer_of(planning)
    controls, chart = st.columns([5, 7])
    with controls:
        choose_changes(planning, answer)
    found = outcome(planning, answer)
    for problem in found.problems:
        st.error(texts.apology(problem))
    spots = best(planning, answer, found.after) if planning.state.best_count else None
    with chart:
        _draw_map(planning, answer, found, spots)
    if _nothing_changes(planning):
        st.info(texts("whatif_nothing_yet"))
    else:
        _draw_outcome(planning, found)
    _draw_best(planning, spots)


def _nothing_changes(planning: Planning) -> bool:
    state = planning.state
    return not (state.added or state.closed or state.hours)


def _draw_outcome(planning: Planning, found: Outcome) -> None:
    texts = planning.texts
    st.html(f'<h2>{texts("whatif_outcome")}</h2><p class="answer" role="status">{_sentence(planning, found)}</p>')
    if found.unfit:
        st.warning(texts("whatif_unfit", count=found.unfit))
    groups = _groups_screen(planning, found)
    st.html(table_html(groups, texts))
    downloads(planning, groups)
    screen = _areas_screen(planning, found)
    if len(screen.table) > 1:
        st.html(table_html(screen, texts, total=True))
        downloads(planning, screen, heading=False)


def _sentence(planning: Planning, found: Outcome) -> str:
    texts, group, code = planning.texts, planning.state.group, planning.state.municipality
    row = found.effects[(found.effects["group"] == group) & (found.effects["area_code"] == code)].iloc[0]
    homes = {"gained": int(row["homes_gained_count"]), "lost": int(row["homes_lost_count"])}
    if pd.isna(row["gained"]):
        return texts("whatif_answer_homes", **{name: texts.number(count) for name, count in homes.items()})
    words = {"group": texts(f"people_{group}"), "metres": texts.number(planning.budget_m)}
    shares = {name: texts.number(100 * float(row[f"share_{name}"]), 1) for name in ("before", "after")}
    told = [
        texts(f"whatif_answer_{name}", people=texts.number(float(row[name])), **words)
        for name in ("gained", "lost")
        if homes[name]
    ]
    return " ".join(
        [*(told or [texts("whatif_answer_same", **words)]), texts("whatif_answer_share", **words, **shares)]
    )


def _groups_screen(planning: Planning, found: Outcome) -> Screen:
    texts = planning.texts
    rows = found.effects[found.effects["area_code"] == planning.state.municipality]
    rows = rows.assign(name=rows["group"].map(lambda group: texts(f"group_{group}")))
    return _screen(planning, "groepen", texts("whatif_by_group"), rows, texts("question_group"))


def _areas_screen(planning: Planning, found: Outcome) -> Screen:
    """Neighbourhoods where somebody gains or loses, those with most people first, and the municipality."""
    rows = found.effects[found.effects["group"] == planning.state.group].reset_index(drop=True)
    names = [*planning.loaded.neighbourhoods["neighbourhood_name"], planning.municipality_name]
    rows = rows.assign(name=names)
    changed = (rows["homes_gained_count"] + rows["homes_lost_count"]).iloc[:-1]
    order = np.argsort(-changed.to_numpy(), kind="stable")[: int((changed > 0).sum())]
    texts, rows = planning.texts, rows.iloc[[*order, len(rows) - 1]]
    return _screen(planning, "buurten", texts("whatif_by_area"), rows, texts("column_area_name"))


def _screen(planning: Planning, name: str, title: str, rows: pd.DataFrame, first: str) -> Screen:
    texts = planning.texts
    words = {"metres": texts.number(planning.budget_m)}
    columns = [Column("name", first, "text", first)]
    columns += [
        Column(name, texts(f"whatif_{name}", **words), kind, texts(f"whatif_{name}_meaning", **words))
        for name, kind in _COLUMNS.items()
    ]
    return screen_of(
        planning, f"wat-als-{name}-{planning.state.municipality}".lower(), title, rows.reset_index(drop=True),
        tuple(columns), facts=changes_told(planning),
    )  # fmt: skip


def _spots(planning: Planning, found: BestSpots | None) -> list[dict[str, Any]]:
    """What comes, what closes, and where one more would help most, as planning.js draws it."""
    loaded, texts, state = planning.loaded, planning.texts, planning.state
    spots = [
        {"point": [one.longitude, one.latitude], "sign": number, "kind": "added",
         "label": texts("whatif_spot", number=number, kind=planning.kind_name(one.category))}
        for number, one in enumerate(state.added, 1)
    ]  # fmt: skip
    for place in sorted(state.closed):
        row = loaded.places.iloc[loaded.row_of[place]]
        label = texts("whatif_closed", place=titled(planning, place))
        spots.append({"point": [row["longitude"], row["latitude"]], "sign": 0, "kind": "closed", "label": label})
    for number, row in enumerate([] if found is None else found.chosen.to_dict("records"), 1):
        label = texts("whatif_best_label", number=number)
        spots.append({"point": [row["longitude"], row["latitude"]], "sign": number, "kind": "best", "label": label})
    return spots


def _draw_map(planning: Planning, answer: Answer, found: Outcome, best_found: BestSpots | None) -> None:
    loaded, texts = planning.loaded, planning.texts
    kept = answer.places.sure & ~loaded.places["place_id"].isin(planning.state.closed).to_numpy(bool)
    view = {
        "rows": np.flatnonzero(kept).tolist(),
        "focus": None,
        "selected": None,
        "homes": home_view(found.after.sure),
        "spots": _spots(planning, best_found),
        "pick": "spot",
    }

    def picked(message: Mapping[str, Any]) -> None:
        spot = message.get("spot")
        if isinstance(spot, list) and len(spot) == 2 and all(isinstance(one, int | float) for one in spot):
            add_spot(planning, Spot(kind_to_add(planning), round(float(spot[0]), 6), round(float(spot[1]), 6)))

    planning_map(loaded, planning.categories, texts, view, picked)
    st.html(f'<p class="note">{texts("whatif_map")}</p>{home_legend_html(texts)}')


def _draw_best(planning: Planning, spots: BestSpots | None) -> None:
    """The best spots, on top of what was changed already."""
    texts, state = planning.texts, planning.state
    st.html(f"<h2>{texts('whatif_best')}</h2>")
    st.write(texts("whatif_best_meaning"))
    with st.container(horizontal=True):
        for count in (1, 2, 3):
            st.button(
                texts(f"whatif_best_{count}"), key=f"best-{count}", on_click=change, kwargs={"best_count": count},
                type="primary" if count == state.best_count else "secondary",
            )  # fmt: skip
    if spots is None:
        return
    if not len(spots.chosen):
        st.info(texts("whatif_best_none"))
        return
    group = texts(f"people_{state.group}")
    for number, row in enumerate(spots.chosen.to_dict("records"), 1):
        people = row[state.group]
        words = {"number": number, "group": group, "homes": texts.number(row["homes_count"])}
        words |= {"people": texts("unknown") if pd.isna(people) else texts.number(float(people))}
        street = planning.loaded.street_at(row["node"]) or texts("whatif_best_nameless")
        st.html(f"<p>{texts('whatif_best_spot', street=escape(street), **words)}</p>")
        spot = Spot(kind_to_add(planning), round(row["longitude"], 6), round(row["latitude"], 6))
        st.button(
            texts("whatif_best_add", number=number), key=f"add-best-{number}", on_click=add_spot, args=(planning, spot)
        )
    bound = texts.number(100 * spots.bound_share)
    st.caption(texts("whatif_best_exact") if spots.bound_share == 1 else texts("whatif_best_bound", share=bound))
    if planning.norms.profile(state.profile).rest:
        st.caption(texts("whatif_best_rests"))
