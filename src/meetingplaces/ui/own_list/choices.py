"""What a planner chooses about a list: which column is what, which kind of place, and what the list is called."""

from __future__ import annotations

import streamlit as st

from meetingplaces.model.categories import Categories
from meetingplaces.model.own_list import LIST_FIELDS, ListField, ListReading, OwnListRules
from meetingplaces.pipeline.own_list import ListTerms
from meetingplaces.sources.own_list.kinds import KindGuess
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.frame import escape_markdown

# More questions than this nobody answers; the rest get one kind together.
_MOST_QUESTIONS = 12
_WIDTH = 220
_LONGEST_TITLE = 80


def choose_columns(guessed: ListReading, key: str, texts: Catalogue) -> dict[ListField, str]:
    """The heading of each field, `""` for none; as guessed until someone chooses otherwise. Refused columns are out."""
    usable = ["", *(one for one in guessed.columns if one not in guessed.refused)]
    chosen: dict[ListField, str] = {}
    with st.expander(texts("own_columns"), expanded="name" not in guessed.mapping), st.container(horizontal=True):
        for wanted in LIST_FIELDS:
            chosen[wanted] = st.selectbox(
                texts(f"own_field_{wanted}"), usable, index=usable.index(guessed.mapping.get(wanted, "")),
                format_func=lambda one: one or texts("own_no_column"), key=f"own_{wanted}_{key}", width=_WIDTH,
            )  # fmt: skip
    return chosen


def choose_kinds(
    reading: ListReading, key: str, categories: Categories, rules: OwnListRules, texts: Catalogue
) -> tuple[dict[str, str], str | None]:
    """The kind by the words that say too little, and that of all other rows that do not tell theirs."""
    asked = list(dict.fromkeys(problem.found for problem in reading.problems if problem.code == "kind_unknown"))
    if not asked:
        return {}, None
    names = {
        kind: categories.by_key[kind].name.in_language(texts.language) for kind in KindGuess(categories, rules).keys
    }
    options = ["", *sorted(names, key=names.__getitem__)]

    def choose(label: str, number: int | None) -> str:
        return st.selectbox(
            label, options, format_func=lambda one: names.get(one, texts("own_kind_none")),
            key=f"own_kind_{number}_{key}", width=_WIDTH,
        )  # fmt: skip

    st.write(texts("own_kinds", count=len(asked)))
    with st.container(horizontal=True):
        few = asked[:_MOST_QUESTIONS]
        chosen = {
            words: choose(escape_markdown(words[:60]) or texts("own_kind_wordless"), number)
            for number, words in enumerate(few)
        }
        rest = choose(texts("own_kind_rest"), None) if len(asked) > len(few) else ""
    return {words: kind for words, kind in chosen.items() if kind}, rest or None


def choose_terms(title: str, publisher: str, key: str, texts: Catalogue) -> ListTerms:
    """What the list is called, who made it, on what terms and of when it is."""
    with st.container(horizontal=True):
        return ListTerms(
            title=_line(texts("own_title"), title, f"own_title_{key}"),
            publisher=_line(texts("own_publisher"), publisher, f"own_publisher_{key}") or publisher,
            licence=_line(texts("own_licence"), "", f"own_licence_{key}") or "unknown",
            data_as_of=st.date_input(
                texts("own_as_of"), value=None, format="DD-MM-YYYY", max_value="today", key=f"own_as_of_{key}",
                width=_WIDTH,
            ),
        )  # fmt: skip


def _line(label: str, value: str, key: str) -> str:
    written: str = st.text_input(label, value[:_LONGEST_TITLE], max_chars=_LONGEST_TITLE, key=key, width=_WIDTH)
    return " ".join(written.split())
