"""The frame of every planner's page: title → choices → load → draw → sources line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from meetingplaces.model.categories import Categories
from meetingplaces.model.norms import Norms
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.figures import sources_html
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.view_state import ViewState


@dataclass(frozen=True)
class Planning:
    """What a planner's page works with."""

    state: ViewState
    municipalities: Mapping[str, str]
    loaded: LoadedBundle
    categories: Categories
    norms: Norms
    texts: Catalogue

    @property
    def municipality_name(self) -> str:
        """As it is in the bundle; a source wrote it."""
        return self.loaded.bundle.manifest.municipality_name

    @property
    def budget_m(self) -> float:
        """Metres on foot: chosen, else those of the profile."""
        return self.state.budget_m or self.norms.profile(self.state.profile).budget.metres

    @property
    def kinds_to_add(self) -> Mapping[str, str]:
        """Names of the kinds of place that may come, by key: those that count as a place and ask nothing of anyone."""
        language = self.texts.language
        kinds = {
            key: kind.name.in_language(language)
            for key, kind in self.categories.by_key.items()
            if kind.weight in {"core", "secondary"} and kind.access not in RESTRICTED_ACCESS
        }
        return dict(sorted(kinds.items(), key=lambda item: item[1]))

    def kind_name(self, category: str) -> str:
        """The name of a kind of place."""
        return self.categories.by_key[category].name.in_language(self.texts.language)


def planner_page(name: str, draw: Callable[[Planning], None], *, on_foot: bool = True) -> None:
    """Draw the page of this name; one that is `on_foot` says what is missing instead without homes and streets."""
    municipalities = data.municipalities()
    state = session.current_state(name, municipalities)
    texts = session.current_texts()
    page_title(texts(f"page_{name}"))
    loaded = data.load(state.municipality, state.edition)
    planning = Planning(state, municipalities, loaded, data.categories(), data.norms(), texts)
    st.write(texts(f"intro_{name}"))
    if not on_foot or (loaded.bundle.has_walking and len(loaded.walking.homes)):
        draw(planning)
    else:
        st.warning(texts("planner_no_walking", municipality=escape_markdown(planning.municipality_name)))
    st.html(sources_html(loaded, texts))
    session.keep(state, municipalities)
