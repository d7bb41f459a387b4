"""The page *Verhalen*."""

from __future__ import annotations

import streamlit as st

from meetingplaces.model.stories import Story
from meetingplaces.ui import data, own_files, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import choose_municipality, choose_neighbourhood
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.settings import may_refresh
from meetingplaces.ui.stories.telling import belongs_to, stories_html, tell_problems
from meetingplaces.ui.stories.upload import draw_upload
from meetingplaces.ui.view_state import ViewState


def draw() -> None:
    """Title → choose → load → draw."""
    municipalities = data.municipalities()
    state = session.current_state("stories", municipalities)
    texts, loaded = session.current_texts(), data.load(state.municipality, state.edition)
    page_title(texts("page_stories"))
    st.write(texts("intro_stories"))
    area, part, words = st.columns(3)
    with area:
        choose_municipality(state, municipalities, texts)
    with part:
        choose_neighbourhood(state, loaded, texts)
    with words:
        asked = st.text_input(texts("stories_search"), key="stories-search", max_chars=60)
    stories, problems = own_files.stories(state.municipality)
    tell_problems(problems, texts)
    found = [story for story in stories if asked.casefold() in _searched(story, loaded, texts)]
    _draw_groups(found, state, loaded, texts)
    if may_refresh():
        draw_upload(loaded, texts)
    session.keep(state, municipalities)


def _draw_groups(stories: list[Story], state: ViewState, loaded: LoadedBundle, texts: Catalogue) -> None:
    """Those of the area that is chosen, those for everybody, and those from elsewhere."""
    groups: dict[str, list[Story]] = {"area": [], "everybody": [], "elsewhere": []}
    for story in stories:
        groups[_group(story, state, loaded)].append(story)
    count = texts("stories_count_one" if len(stories) == 1 else "stories_count", count=len(stories))
    st.html(f'<p role="status">{count}</p>')
    for name, members in groups.items():
        if members:
            st.html(f"<h2>{texts(f'stories_of_{name}')}</h2>{stories_html(members, loaded, texts)}")
        elif name == "area":
            st.html(f"<h2>{texts('stories_of_area')}</h2><p>{texts('stories_none')}</p>")


def _group(story: Story, state: ViewState, loaded: LoadedBundle) -> str:
    codes = _codes(story, loaded)
    if not codes and story.place is None:
        return "everybody"
    return "area" if (state.neighbourhood or state.municipality) in codes else "elsewhere"


def _codes(story: Story, loaded: LoadedBundle) -> set[str]:
    """The municipality and neighbourhoods a story belongs to, also by its place."""
    row = loaded.row_of.get(story.place or "")
    if row is not None:
        return {loaded.bundle.manifest.municipality_code, *loaded.places["neighbourhood_codes"].iloc[row]}
    return {code for code in (story.municipality_code, story.neighbourhood) if code}


def _searched(story: Story, loaded: LoadedBundle, texts: Catalogue) -> str:
    parts = (story.title.in_language(texts.language), story.line.in_language(texts.language), belongs_to(story, loaded))
    return " ".join(parts).casefold()
