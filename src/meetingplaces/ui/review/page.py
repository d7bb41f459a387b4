"""The page *Nakijken*: records that may be one place, side by side, and what people decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from meetingplaces.model.decisions import Decision, Verb
from meetingplaces.storage.decisions import decide, decisions_path, read_decisions, undo
from meetingplaces.storage.locations import data_folder
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.data_page import draw_job
from meetingplaces.ui.filters import choose_municipality
from meetingplaces.ui.frame import escape_markdown, page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.report import data_as_of
from meetingplaces.ui.review.pair_map import doubt, pair_map_html
from meetingplaces.ui.review.report import review_report
from meetingplaces.ui.sayings import source_name
from meetingplaces.ui.settings import may_refresh

_AT_ONCE = 10
_LONGEST_WHY = 200
_ICONS: Mapping[Verb, str] = {
    "accept": ":material/merge:",
    "apart": ":material/call_split:",
    "hide": ":material/visibility_off:",
}


def draw() -> None:
    """Draw the page."""
    municipalities = data.municipalities()
    state = session.current_state("review", municipalities)
    texts = session.current_texts()
    page_title(texts("page_review"))
    st.write(texts("intro_review"))
    if may_refresh():
        choose_municipality(state, municipalities, texts)
        _draw_review(data.load(state.municipality), texts)
    else:
        st.info(texts("review_off"))
    session.keep(state, municipalities)


def _draw_review(loaded: LoadedBundle, texts: Catalogue) -> None:
    code = loaded.bundle.manifest.municipality_code
    decisions = read_decisions(decisions_path(data_folder(), code))
    report = review_report(loaded.bundle, decisions)
    _draw_pairs(report["doubtful"], loaded, texts)
    _draw_decisions(decisions, _names(loaded), code, texts)
    st.write(texts("review_next_refresh"))
    draw_job(code, texts)


def _draw_pairs(pairs: list[dict[str, Any]], loaded: LoadedBundle, texts: Catalogue) -> None:
    st.header(texts("review_doubtful", count=texts.number(len(pairs))), anchor=False)
    if not pairs:
        st.write(texts("review_nothing"))
        return
    shown = st.session_state.get("review_shown", _AT_ONCE)
    for pair in pairs[:shown]:
        with st.container(border=True):
            _draw_pair(pair, loaded, texts)
            _draw_verbs(pair, loaded, texts)
    if len(pairs) > shown and st.button(texts("review_more"), key="review_more"):
        st.session_state["review_shown"] = shown + _AT_ONCE
        st.rerun()


def _draw_pair(pair: dict[str, Any], loaded: LoadedBundle, texts: Catalogue) -> None:
    place, record = loaded.places.iloc[loaded.row_of[pair["place_id"]]], loaded.municipal_records.loc[pair["record_id"]]
    words, chart = st.columns([3, 2])
    with words:
        st.html(_pair_html(pair, loaded, texts))
    with chart:
        st.html(pair_map_html(place, record, loaded.ground, texts))


def _draw_verbs(pair: dict[str, Any], loaded: LoadedBundle, texts: Catalogue) -> None:
    """Why, and the three things to say about a pair; each is written down at once."""
    place = loaded.places.iloc[loaded.row_of[pair["place_id"]]]
    both = (_record_of(place), pair["record_id"])
    records: Mapping[Verb, tuple[str, ...]] = {"accept": both, "apart": both, "hide": both[1:]}
    why = st.text_input(
        texts("review_why"), key=f"review_why_{pair['place_id']}_{pair['record_id']}", max_chars=_LONGEST_WHY
    )
    with st.container(horizontal=True):
        for verb, about in records.items():
            key = f"review_{verb}_{pair['place_id']}_{pair['record_id']}"
            if st.button(texts(f"review_do_{verb}"), icon=_ICONS[verb], key=key):
                path = decisions_path(data_folder(), loaded.bundle.manifest.municipality_code)
                decide(path, verb, about, why.strip(), datetime.now(UTC).date())
                st.rerun()


def _record_of(place: pd.Series) -> str:
    """The record by which a place is known; one that was put together goes by its first."""
    own = list(place["records"])
    return place["place_id"] if place["place_id"] in own else own[0]


def _pair_html(pair: dict[str, Any], loaded: LoadedBundle, texts: Catalogue) -> str:
    """The place and the record beside each other, with how far apart they are and what speaks for and against."""
    place = _side_of_place(loaded.places.iloc[loaded.row_of[pair["place_id"]]], loaded, texts)
    record = _side_of_record(pair["record_id"], loaded, texts)
    title = texts("review_pair", place=place["name"], record=record["name"])
    head = "".join(f'<th scope="col">{texts(name)}</th>' for name in ("review_what", "review_on_map", "review_theirs"))
    rows = "".join(
        f'<tr><th scope="row">{texts(f"review_row_{name}")}</th><td>{place[name]}</td><td>{record[name]}</td></tr>'
        for name in place
    )
    table = f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">{table}</div>'
    return f"<h3>{title}</h3><p>{doubt(pair, texts)}</p>{region}"


def _side_of_place(place: pd.Series, loaded: LoadedBundle, texts: Catalogue) -> dict[str, str]:
    near = place["near_street"]
    by_street = texts("details_near", street=escape(near)) if isinstance(near, str) else texts("unknown")
    sources = dict.fromkeys(one.partition("/")[0] for one in place["records"])
    dates = [texts.date(data_as_of(loaded.bundle.manifest, one)) for one in sources]
    return {
        "name": _known(place["name"], texts("review_nameless")),
        "kind": _kind(place["category"], texts),
        "address": _known(place["address"], by_street),
        "source": ", ".join(source_name(one, loaded.bundle.manifest) for one in sources),
        "date": ", ".join(dates),
    }


def _side_of_record(record_id: str, loaded: LoadedBundle, texts: Catalogue) -> dict[str, str]:
    record = loaded.municipal_records.loc[record_id]
    manifest = loaded.bundle.manifest
    as_of = record["data_as_of"] if isinstance(record["data_as_of"], str) else data_as_of(manifest, record["source_id"])
    return {
        "name": _known(record["name"], texts("review_nameless")),
        "kind": _kind(record["kind"], texts),
        "address": _known(record["address"], texts("unknown")),
        "source": source_name(record["source_id"], manifest),
        "date": texts.date(as_of),
    }


def _known(value: object, otherwise: str) -> str:
    return escape(value) if isinstance(value, str) and value else otherwise


def _kind(category: str, texts: Catalogue) -> str:
    return escape(data.categories().by_key[category].name.in_language(texts.language))


def _names(loaded: LoadedBundle) -> dict[str, str]:
    """What records are called, as far as the bundle knows them; text of a source."""
    ours = {one: name for own, name in zip(loaded.places["records"], loaded.places["name"], strict=True) for one in own
            if isinstance(name, str)}  # fmt: skip
    theirs = loaded.municipal_records["name"].dropna()
    return {**ours, **{str(one): str(name) for one, name in theirs.items()}}


def _draw_decisions(decisions: tuple[Decision, ...], names: Mapping[str, str], code: str, texts: Catalogue) -> None:
    """Everything that was decided, the last first; what still holds can be undone."""
    st.header(texts("review_decisions", count=texts.number(len(decisions))), anchor=False)
    if not decisions:
        st.write(texts("review_no_decisions"))
    for one in reversed(decisions):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", border=True):
            st.markdown(escape_markdown(_line(one, names, texts)), width="content")
            label, key = texts("review_undo", number=one.number), f"review_undo_{one.number}"
            if one.undone_on is None and st.button(label, icon=":material/undo:", key=key):
                undo(decisions_path(data_folder(), code), one.number, datetime.now(UTC).date())
                st.rerun()


def _line(one: Decision, names: Mapping[str, str], texts: Catalogue) -> str:
    def called(record: str) -> str:
        return f"{names[record]} ({record})" if record in names else record

    second = called(one.second) if one.second else ""
    told = texts(f"review_said_{one.decision}", first=called(one.first), second=second)
    undone = texts("review_undone", date=texts.date(one.undone_on.isoformat())) if one.undone_on else ""
    when = texts("review_decision", number=one.number, date=texts.date(one.decided_on.isoformat()))
    return " ".join(part for part in (when, told, one.why, undone) if part)
