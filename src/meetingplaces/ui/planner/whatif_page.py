"""The page *Wat als*: places that come, close or open at other times, and who gains or loses by it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from meetingplaces.metrics.best_spot import BestSpots
from meetingplaces.ui.meeting_map import planning_map
from meetingplaces.ui.planner.answers import Answer, answer_of
from meetingplaces.ui.planner.area_map import home_legend_html, home_view
from meetingplaces.ui.planner.choices import choose_question
from meetingplaces.ui.planner.downloads import downloads
from meetingplaces.ui.planner.explain import explain
from meetingplaces.ui.planner.page import Planning, planner_page
from meetingplaces.ui.planner.place_names import titled
from meetingplaces.ui.planner.scenario import Outcome, best, outcome
from meetingplaces.ui.planner.scenario_choices import add_spot, choose_changes, kind_to_add
from meetingplaces.ui.planner.surroundings import with_surroundings
from meetingplaces.ui.planner.tables import table_html
from meetingplaces.ui.planner.whatif_tables import (
    areas_figure,
    areas_screen,
    best_figure,
    best_screen,
    groups_screen,
)
from meetingplaces.ui.session import change
from meetingplaces.ui.view_state import Spot


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
        _draw_outcome(planning, answer, found)
    _draw_best(planning, answer, spots)


def _nothing_changes(planning: Planning) -> bool:
    state = planning.state
    return not (state.added or state.closed or state.hours)


def _draw_outcome(planning: Planning, answer: Answer, found: Outcome) -> None:
    texts = planning.texts
    st.html(f'<h2>{texts("whatif_outcome")}</h2><p class="answer" role="status">{_sentence(planning, found)}</p>')
    if found.unfit:
        st.warning(texts("whatif_unfit", count=found.unfit))
    groups, areas = groups_screen(planning, found), areas_screen(planning, found)
    st.html(table_html(groups, texts))
    if len(areas.table) > 1:
        st.html(table_html(areas, texts, total=True))
    explain(planning, areas)
    downloads(planning, groups)
    if len(areas.table) > 1:
        figure = with_surroundings(planning, areas_figure(planning, areas), _kept(planning, answer), _changed(planning))
        st.html(f"<p class='note'>{escape(areas.title)}</p>")
        downloads(planning, areas, figure, heading=False)


def _sentence(planning: Planning, found: Outcome) -> str:
    texts, group, code = planning.texts, planning.state.group, planning.state.municipality
    row = found.effects[(found.effects["group"] == group) & (found.effects["area_code"] == code)].iloc[0]
    homes = {"gained": int(row["homes_gained_count"]), "lost": int(row["homes_lost_count"])}
    if pd.isna(row["gained"]) and any(homes.values()):
        return texts("whatif_answer_homes", **{name: texts.number(count) for name, count in homes.items()})
    words = {"group": texts(f"people_{group}"), "metres": texts.number(planning.budget_m)}
    if pd.isna(row["share_after"]):
        return texts("whatif_answer_same", **words)
    shares = {name: texts.number(100 * float(row[f"share_{name}"]), 1) for name in ("before", "after")}
    told = [
        texts(f"whatif_answer_{name}", people=texts.number(float(row[name])), **words)
        for name in ("gained", "lost")
        if homes[name]
    ]
    return " ".join(
        [*(told or [texts("whatif_answer_same", **words)]), texts("whatif_answer_share", **words, **shares)]
    )


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


def _kept(planning: Planning, answer: Answer) -> NDArray[np.bool_]:
    """Which places stay."""
    return answer.places.sure & ~planning.loaded.places["place_id"].isin(planning.state.closed).to_numpy(bool)


def _changed(planning: Planning) -> dict[str, list[tuple[float, float]]]:
    """Where places come and close, by what the legend of a map calls them."""
    texts, places = planning.texts, planning.loaded.places.set_index("place_id")
    closed = places.loc[sorted(planning.state.closed), ["longitude", "latitude"]]
    return {
        texts("whatif_add"): [(one.longitude, one.latitude) for one in planning.state.added],
        texts("whatif_close"): list(closed.itertuples(index=False, name=None)),
    }


def _draw_map(planning: Planning, answer: Answer, found: Outcome, best_found: BestSpots | None) -> None:
    loaded, texts = planning.loaded, planning.texts
    view = {
        "rows": np.flatnonzero(_kept(planning, answer)).tolist(),
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


def _draw_best(planning: Planning, answer: Answer, spots: BestSpots | None) -> None:
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
    group = texts(f"people_{state.group}")
    if not len(spots.chosen):
        unknown = spots.ranked[state.group].isna().all()
        st.info(texts("whatif_best_unknown", group=group) if unknown else texts("whatif_best_none"))
        return
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
    screen = best_screen(planning, spots)
    downloads(
        planning,
        screen,
        with_surroundings(planning, best_figure(planning, screen), _kept(planning, answer)),
        heading=_nothing_changes(planning),
    )
