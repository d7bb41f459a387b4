"""Stories as HTML, and which of them belong where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from meetingplaces.model.errors import InputError
from meetingplaces.model.stories import Story
from meetingplaces.ui import own_files
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import link_html
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.view_state import ViewState


def draw_stories(state: ViewState, loaded: LoadedBundle, texts: Catalogue) -> None:
    """The stories of the place or else the neighbourhood that is chosen; nothing when it has none."""
    stories, problems = own_files.stories(state.municipality)
    row = loaded.row_of.get(state.place or "")
    own = (
        stories_at(stories, loaded, row)
        if row is not None
        else [one for one in stories if state.neighbourhood is not None and one.neighbourhood == state.neighbourhood]
    )
    if own:
        st.html(f"<h3>{texts('stories_here')}</h3>{stories_html(own, loaded, texts)}")
    tell_problems(problems, texts)


def stories_at(stories: Iterable[Story], loaded: LoadedBundle, row: int) -> list[Story]:
    """Those of the place in row `row`, then those of its neighbourhoods."""
    place_id, codes = (loaded.places[name].iat[row] for name in ("place_id", "neighbourhood_codes"))
    near = [one for one in stories if one.place == place_id or one.neighbourhood in codes]
    return sorted(near, key=lambda one: one.place is None)


def stories_html(stories: Iterable[Story], loaded: LoadedBundle, texts: Catalogue) -> str:
    """A list; every text in it is escaped."""
    return f'<ul class="stories">{"".join(_story_html(one, loaded, texts) for one in stories)}</ul>'


def _story_html(story: Story, loaded: LoadedBundle, texts: Catalogue) -> str:
    title, line = (one.in_language(texts.language) for one in (story.title, story.line))
    note = escape(story_note(story, loaded, texts))
    return f'<li>{link_html(str(story.link), title)}<br>{escape(line)}<br><span class="note">{note}</span></li>'


def story_note(story: Story, loaded: LoadedBundle, texts: Catalogue) -> str:
    """What it is, where it belongs, and of when; not to be trusted."""
    facts = [texts(f"stories_kind_{story.kind}"), belongs_to(story, loaded), texts.date(story.date.isoformat())]
    return " · ".join(fact for fact in facts if fact)


def belongs_to(story: Story, loaded: LoadedBundle) -> str:
    """The name of the place, neighbourhood or municipality of a story, empty where we know none."""
    manifest = loaded.bundle.manifest
    row = loaded.row_of.get(story.place or "")
    if row is not None:
        name = loaded.places["name"].iloc[row]
        return name if isinstance(name, str) else ""
    if story.municipality == manifest.municipality_code:
        return manifest.municipality_name
    return loaded.neighbourhood_names.get(story.neighbourhood or "", "")


def tell_problems(problems: Sequence[InputError], texts: Catalogue) -> None:
    """Which file could not be read, and where in it; the page goes on without it."""
    for problem in problems:
        words = {"file": Path(problem.file).name, "where": problem.where}
        st.warning(texts("file_left_out", **{name: escape_markdown(word) for name, word in words.items()}))
