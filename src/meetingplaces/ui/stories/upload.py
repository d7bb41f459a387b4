"""Adding stories on the page *Verhalen*: a file is read and shown, kept, and taken back."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from meetingplaces.model.errors import InputError
from meetingplaces.model.own_list import load_own_list_rules
from meetingplaces.model.settings_file import Mistake, mistakes
from meetingplaces.model.stories import StoriesFile, Story, load_stories
from meetingplaces.sources.own_list.personal import personal_in
from meetingplaces.storage.locations import own_list_rules_path
from meetingplaces.storage.story_files import forget_stories, keep_stories, kept_path, kept_stories
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.stories.telling import stories_html

_LIMIT_MB = 1
_MOST_TOLD = 20
_FORM = """\
version: 1
stories:
  - kind: story  # story, lesson, group
    title: {nl: "Soep in de wijk", en: "Soup in the neighbourhood"}
    line: {nl: "Elke week eten buren samen.", en: "Neighbours eat together every week."}
    link: https://example.org/soep
    date: 2026-11-01
    neighbourhood: BU01660000  # place: osm/n123, municipality: GM0166
"""
_log = logging.getLogger("meetingplaces.ui")


def draw_upload(loaded: LoadedBundle, texts: Catalogue) -> None:
    """The form of a file, the upload with what is wrong or what it holds, and the files that were kept."""
    with st.expander(texts("stories_add"), icon=":material/add:"):
        st.write(texts("stories_add_meaning"))
        st.code(_FORM, language="yaml", wrap_lines=True)  # what scrolls sideways would need the focus
        given = st.file_uploader(
            texts("stories_file", megabytes=_LIMIT_MB), type=["yaml", "yml"], max_upload_size=_LIMIT_MB,
            key="stories-file",
        )  # fmt: skip
        if given is not None:
            with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
                path = Path(folder) / "upload.yaml"
                path.write_bytes(given.getvalue())
                _draw_received(path, given.name, loaded, texts)
        _draw_kept(loaded.bundle.manifest.municipality_code, texts)


def _draw_received(path: Path, name: str, loaded: LoadedBundle, texts: Catalogue) -> None:
    try:
        found = mistakes(path, StoriesFile)
    except InputError as error:
        st.error(texts("stories_no_yaml", file=escape_markdown(name)))
        st.caption(escape_markdown(texts.error(replace(error, file=name))))
        return
    told = [_mistake_told(one, texts) for one in found] if found else _personal(load_stories(path), texts)
    if told:
        _tell_wrong(told, name, texts)
        return
    stories = load_stories(path)
    st.html(f"<h3>{texts('stories_preview', count=len(stories))}</h3>{stories_html(stories, loaded, texts)}")
    for line in _homeless(stories, loaded, texts):
        st.warning(escape_markdown(line))
    code = loaded.bundle.manifest.municipality_code
    if kept_path(code, path.read_bytes()).is_file():
        st.success(texts("stories_kept"))
    elif st.button(texts("stories_keep"), icon=":material/check:", type="primary", key="stories-keep"):
        _change(lambda: keep_stories(code, path), texts)


def _tell_wrong(told: list[str], name: str, texts: Catalogue) -> None:
    """Each on a line of its own; of very many the first, and how many more there are."""
    st.error(texts("stories_wrong", file=escape_markdown(name), count=len(told)))
    more = [texts("stories_wrong_more", count=len(told) - _MOST_TOLD)] if len(told) > _MOST_TOLD else []
    st.html(f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in [*told[:_MOST_TOLD], *more])}</ul>")


def _mistake_told(mistake: Mistake, texts: Catalogue) -> str:
    """Which story and line, what is wrong, and what stands there."""
    numbers = [part for part in mistake.key if isinstance(part, int)]
    words = [part for part in mistake.key if isinstance(part, str) and (part != "stories" or not numbers)]
    where = texts("stories_nr", number=numbers[0] + 1) if numbers else texts("stories_whole_file")
    name = f"mistake_{mistake.code}"
    wrong = texts(name) if name in texts.texts else mistake.message
    facts = {"line": mistake.line or 1, "part": ".".join(words) or "–", "found": mistake.found}
    return texts("stories_mistake", where=where, wrong=wrong, **facts)


def _personal(stories: Iterable[Story], texts: Catalogue) -> list[str]:
    """Stories with what may be the number or address of a person, which does not belong on a public page."""
    rules = load_own_list_rules(own_list_rules_path())
    told = []
    for number, story in enumerate(stories, 1):
        words = (story.title.nl, story.title.en, story.line.nl, story.line.en, str(story.link))
        if found := next((one for text in words if (one := personal_in(text, rules))), None):
            told.append(texts("stories_personal", number=number, reason=texts(f"personal_{found}")))
    return told


def _homeless(stories: Iterable[Story], loaded: LoadedBundle, texts: Catalogue) -> list[str]:
    """Stories of a place or neighbourhood that this municipality does not have: kept, but on no card."""
    return [
        texts("stories_unknown_where", title=story.title.in_language(texts.language), where=where)
        for story in stories
        if (where := story.place or story.neighbourhood)
        and where not in loaded.row_of
        and where not in loaded.neighbourhood_names
    ]


def _change(change: Callable[[], object], texts: Catalogue) -> None:
    """Change something on disk and draw the page anew."""
    try:
        change()
    except InputError as error:
        _log.warning("stories not changed", extra={"error": error.code, **error.facts()})
        st.error(texts("stories_not_changed"))
    else:
        st.rerun()


def _draw_kept(code: str, texts: Catalogue) -> None:
    """The files that were kept, each with a button to take it back."""
    for path in kept_stories(code):
        try:
            stories = load_stories(path)
        except InputError:
            stories = ()  # changed by hand; the page says so above
        first = stories[0].title.in_language(texts.language) if stories else path.name
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", border=True):
            st.markdown(escape_markdown(texts("stories_kept_line", count=len(stories), title=first)), width="content")
            if st.button(texts("stories_forget"), icon=":material/undo:", key=f"stories-forget-{path.stem}"):
                _change(partial(forget_stories, path), texts)
