"""The page *Eigen lijst*: from a file of a planner to a source of the municipality, with nothing hidden on the way."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from meetingplaces.model.conflation import load_conflation
from meetingplaces.model.errors import InputError, MeetingPlacesError, PersonalColumnError
from meetingplaces.model.own_list import Address, ListReading, OwnListRules, load_own_list_rules
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.foretelling import Fate, foretell
from meetingplaces.pipeline.own_list import MOST_ADDRESSES, Finder, ListTerms, own_list_of, placed
from meetingplaces.sources.endpoints import load_endpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.locatieserver import Locatieserver
from meetingplaces.sources.own_list.reading import LIST_LIMITS, ListChoices, read_own_list
from meetingplaces.storage.decisions import decisions_path, read_decisions
from meetingplaces.storage.locations import conflation_path, data_folder, own_list_rules_path
from meetingplaces.storage.own_lists import keep_own_list, own_lists, remove_own_list
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.data_page import draw_job
from meetingplaces.ui.filters import choose_municipality
from meetingplaces.ui.frame import escape_markdown, page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.own_list.choices import choose_columns, choose_kinds, choose_terms
from meetingplaces.ui.own_list.tables import fates_html, refused_html, rows_html, sample_html
from meetingplaces.ui.settings import may_refresh

_LIMIT_MB = LIST_LIMITS.file_bytes >> 20
_FOUND, _KEPT = "own_list_found", "own_list_kept"
_log = logging.getLogger("meetingplaces.ui")


def draw() -> None:
    """Draw the page."""
    municipalities = data.municipalities()
    state = session.current_state("own_list", municipalities)
    texts = session.current_texts()
    page_title(texts("page_own_list"))
    st.write(texts("intro_own_list"))
    if may_refresh():
        choose_municipality(state, municipalities, texts)
        _draw_upload(data.load(state.municipality), texts)
        _draw_lists(state.municipality, texts)
    else:
        st.info(texts("own_off"))
    session.keep(state, municipalities)


@dataclass(frozen=True)
class _Upload:
    """A file on its way in, for one municipality. Nothing of it stays on disk unless it is accepted."""

    loaded: LoadedBundle
    snapshot: Snapshot
    name: str
    rules: OwnListRules
    texts: Catalogue

    @property
    def code(self) -> str:
        return self.loaded.bundle.manifest.municipality_code

    @property
    def key(self) -> str:
        """Of this very content for this municipality."""
        return f"{self.code}_{self.snapshot.sha256[:16]}"

    def read(self, choices: ListChoices) -> ListReading:
        """The rows as they are understood now."""
        today = datetime.now(UTC).date()
        return read_own_list(
            self.snapshot.path, choices, data.categories(), self.rules, today=today, name=self.name
        )  # fmt: skip


def _draw_upload(loaded: LoadedBundle, texts: Catalogue) -> None:
    st.header(texts("own_add"), anchor=False)
    st.write(texts("own_privacy"))
    given = st.file_uploader(
        texts("own_file", megabytes=_LIMIT_MB, rows=texts.number(LIST_LIMITS.rows)),
        type=["csv", "xlsx", "geojson", "json"], max_upload_size=_LIMIT_MB, key="own_file",
    )  # fmt: skip
    if given is None:
        return
    with tempfile.TemporaryDirectory(prefix="meetingplaces-") as folder:
        upload = _received(given, Path(folder), loaded, texts)
        try:
            _draw_steps(upload)
        except (InputError, PersonalColumnError) as error:
            _tell_unreadable(error, upload)


def _received(given: UploadedFile, folder: Path, loaded: LoadedBundle, texts: Catalogue) -> _Upload:
    path = folder / "upload"
    path.write_bytes(given.getvalue())
    rules = load_own_list_rules(own_list_rules_path())
    return _Upload(loaded, Snapshot.of_file(path), given.name, rules, texts)


def _tell_unreadable(error: InputError | PersonalColumnError, upload: _Upload) -> None:
    """What is wrong with the file, by the name that its owner knows it by."""
    texts, known = upload.texts, replace(error, file=upload.name)
    if isinstance(known, InputError):
        limits = {"megabytes": _LIMIT_MB, "rows": texts.number(LIST_LIMITS.rows)}
        st.error(texts("own_unreadable", file=escape_markdown(upload.name), **limits))
        st.caption(escape_markdown(texts.error(known)))
    else:
        reason = texts(f"personal_{known.reason}")
        st.error(escape_markdown(texts(f"error_{known.code}", **{**known.facts(), "reason": reason})))


def _draw_steps(upload: _Upload) -> None:
    texts, key = upload.texts, upload.key
    guessed = upload.read(ListChoices())
    st.header(texts("own_step_read"), anchor=False)
    st.html(sample_html(guessed, texts) + refused_html(guessed, texts))
    mapping = choose_columns(guessed, key, texts)
    changed = {wanted: one for wanted, one in mapping.items() if one} != guessed.mapping
    asked = upload.read(ListChoices(mapping)) if changed else guessed
    kinds, kind = choose_kinds(asked, key, data.categories(), upload.rules, texts)
    choices = ListChoices(mapping, kind, kinds)
    reading = upload.read(choices) if kinds or kind else asked
    st.header(texts("own_step_place"), anchor=False)
    found = _place(reading, upload, repr(choices))
    st.html(rows_html(found, data.categories(), texts))
    _draw_acceptance(found, upload, repr(choices))


def _place(reading: ListReading, upload: _Upload, chosen: str) -> ListReading:
    """The rows with positions, as far as addresses were looked up; that is done when asked, and once."""
    texts, mark = upload.texts, (upload.key, chosen)
    known = st.session_state.get(_FOUND)
    if known is None or known[0] != mark:
        waiting = len({row.address for row in reading.sound if row.point is None})
        found = _placed(reading, upload, None)
        if not waiting:
            return found
        st.write(texts("own_waiting", count=texts.number(waiting)))
        if not st.button(texts("own_look_up"), icon=":material/travel_explore:", key="own_look_up"):
            return found
        bar = st.progress(0.0, text=texts("own_looking_up"))
        find = _counted(_finder(), min(waiting, MOST_ADDRESSES), bar)
        known = st.session_state[_FOUND] = (mark, _placed(reading, upload, find))
        bar.empty()
    result: ListReading = known[1]
    if any(problem.code == "geocoder_failed" for problem in result.problems):
        st.warning(texts("own_service_down"))
        st.button(
            texts("own_look_up_again"), key="own_look_up_again", on_click=lambda: st.session_state.pop(_FOUND, None)
        )
    return result


def _placed(reading: ListReading, upload: _Upload, find: Finder | None) -> ListReading:
    margin = data.categories().thresholds.outside_margin_m
    return placed(reading, find, upload.loaded.neighbourhoods.union_all(), margin)


def _finder() -> Finder:
    endpoints = load_endpoints()
    return Locatieserver(Door(endpoints), endpoints.locatieserver.free).find


def _counted(find: Finder, total: int, bar: Any) -> Finder:
    """The same, telling how far it is."""
    done = 0

    def counting(address: Address) -> Any:
        nonlocal done
        done += 1
        bar.progress(min(done / total, 1.0))
        return find(address)

    return counting


def _draw_acceptance(found: ListReading, upload: _Upload, chosen: str) -> None:
    texts, mark = upload.texts, (upload.key, chosen)
    st.header(texts("own_step_accept"), anchor=False)
    counts = {"accepted": len(found.accepted), "left_out": len(found.rows) - len(found.accepted)}
    st.write(texts("own_counts", **counts))
    name = upload.loaded.bundle.manifest.municipality_name
    terms = choose_terms(Path(upload.name).stem, name, upload.key, texts)
    ready = bool(found.accepted) and terms.source_id != "own_"
    if st.button(texts("own_accept"), icon=":material/check:", type="primary", disabled=not ready, key="own_accept"):
        try:
            st.session_state[_KEPT] = (mark, _kept(found, upload, terms))
        except MeetingPlacesError as error:
            _log.warning("own list not kept", extra={"error": error.code, **error.facts()})
            st.error(texts("own_not_kept"))
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == mark:
        st.success(texts("own_kept", title=escape_markdown(terms.title)))
        st.html(fates_html(found, kept[1], texts))


def _kept(found: ListReading, upload: _Upload, terms: ListTerms) -> dict[int, Fate]:
    """Keep the list; what will become of each accepted row, by its number."""
    own, folder = own_list_of(found, upload.snapshot, terms), data_folder()
    decisions = read_decisions(decisions_path(folder, upload.code))
    rules = load_conflation(conflation_path())
    fates = foretell(own, upload.loaded.bundle, decisions, data.categories(), rules)
    keep_own_list(folder, upload.code, own)
    rows = zip(found.accepted, own.records["record_id"], strict=True)
    return {row.row: fates[record_id] for row, record_id in rows}


def _draw_lists(code: str, texts: Catalogue) -> None:
    """The lists that were accepted, each with a button to remove it, and the job that puts them on the map."""
    st.header(texts("own_lists"), anchor=False)
    lists = own_lists(data_folder(), code)
    if not lists:
        st.write(texts("own_no_lists"))
    for own in lists:
        told = own.provenance
        as_of = texts.date(told.data_as_of) if told.data_as_of else texts("unknown")
        facts = {"title": told.title, "file": told.file, "publisher": told.publisher, "date": as_of}
        line = texts("own_list_line", count=texts.number(len(own.records)), **facts)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", border=True):
            st.markdown(escape_markdown(line), width="content")
            _draw_removal(code, told.source_id, texts)
    st.write(texts("own_next_refresh"))
    draw_job(code, texts)


def _draw_removal(code: str, source_id: str, texts: Catalogue) -> None:
    with st.popover(texts("own_remove"), icon=":material/delete:", key=f"own_ask_{source_id}"):
        st.write(texts("own_remove_sure"))
        if st.button(texts("own_remove_yes"), key=f"own_remove_{source_id}"):
            try:
                remove_own_list(data_folder(), code, source_id)
            except MeetingPlacesError as error:
                st.error(escape_markdown(texts.error(error)))
            else:
                st.session_state.pop(_KEPT, None)
                st.rerun()
