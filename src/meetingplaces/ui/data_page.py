"""The page *Gegevens*: how old each source is, how the last attempt to refresh it went, and a button to do it now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from html import escape

import streamlit as st

from meetingplaces.model.provenance import Provenance
from meetingplaces.storage.jobs import Attempt, last_job
from meetingplaces.storage.locations import data_folder
from meetingplaces.ui import data, session
from meetingplaces.ui.background import Task, jobs
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import choose_municipality
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.settings import may_refresh

_FRESH_DAYS, _AGING_DAYS = 31, 366
_EVERY_S = 2


def draw() -> None:
    """Draw the page."""
    municipalities = data.municipalities()
    state = session.current_state("data", municipalities)
    texts = session.current_texts()
    page_title(texts("page_data"))
    st.write(texts("intro_data"))
    choose_municipality(state, municipalities, texts)
    loaded = data.load(state.municipality)
    job = last_job(data_folder(), state.municipality)
    if job is not None and job.error is not None:
        st.warning(texts("data_job_failed", moment=texts.moment(job.started_at), reason=_reason(job.error, texts)))
    st.html(_sources_html(loaded, job.attempts if job else {}, texts))
    if may_refresh():
        draw_job(state.municipality, texts)
        _draw_adding(texts)
    else:
        st.caption(texts("data_refresh_off"))
    session.keep(state, municipalities)


def _sources_html(loaded: LoadedBundle, attempts: Mapping[str, Attempt], texts: Catalogue) -> str:
    manifest = loaded.bundle.manifest
    heads = ("source", "as_of", "age", "retrieved", "attempt", "outcome")
    head = "".join(f'<th scope="col">{texts(f"data_{name}")}</th>' for name in heads)
    rows = [_row_html(source, attempts.get(source.source_id), texts) for source in manifest.sources]
    present = {source.source_id for source in manifest.sources}
    rows += [
        _absent_html(source_id, attempt, texts)
        for source_id, attempt in sorted(attempts.items())
        if source_id not in present and attempt.error
    ]
    return (
        f'<div class="scroll whole" tabindex="0" role="region" aria-label="{texts("page_data")}">'
        f'<table class="figures"><caption>{escape(manifest.municipality_name)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row_html(source: Provenance, attempt: Attempt | None, texts: Catalogue) -> str:
    dates = (
        texts.date(source.data_as_of),
        _age_html(source.data_as_of, texts),
        texts.date(source.retrieved_at.isoformat()),
    )
    return _cells_html(f"{source.title} ({source.publisher})", (*dates, *_attempt(attempt, texts)))


def _absent_html(source_id: str, attempt: Attempt, texts: Catalogue) -> str:
    """A source of which the bundle has nothing, since it never answered."""
    name = (attempt.error or {}).get("source", source_id)
    return _cells_html(name, ("–", "–", texts("data_never"), *_attempt(attempt, texts)))


def _cells_html(name: str, cells: Iterable[str]) -> str:
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(name)}</th>{told}</tr>'


def _attempt(attempt: Attempt | None, texts: Catalogue) -> tuple[str, str]:
    """When a source was last asked, and what came of it."""
    if attempt is None:
        return texts("data_no_attempt"), "–"
    outcome = escape(_reason(attempt.error, texts)) if attempt.error else texts("data_went_well")
    return texts.moment(attempt.ended_at), outcome


def _age_html(data_as_of: str | None, texts: Catalogue) -> str:
    """How old the data is, in words, with a badge; a bare year is as old as its first day."""
    if not data_as_of:
        return texts("unknown")
    began = date(int(data_as_of), 1, 1) if len(data_as_of) == 4 else date.fromisoformat(data_as_of[:10])
    days = max((datetime.now(UTC).date() - began).days, 0)
    badge = "fresh" if days <= _FRESH_DAYS else "aging" if days <= _AGING_DAYS else "old"
    told = texts("data_days", count=texts.number(days)) if days < 60 else texts("data_months", count=days // 30)
    if days >= 730:
        told = texts("data_years", count=texts.number(days / 365.25, 1))
    return f'<span class="badge {badge}">{texts(f"data_{badge}")}</span> {told}'


def _reason(error: Mapping[str, str], texts: Catalogue) -> str:
    """Why something failed; a service may be named, a folder of the server may not."""
    code = error.get("code", "")
    if code.startswith("source"):
        return texts(f"error_{code}", **{name: value for name, value in error.items() if name != "code"})
    return texts("data_failed")


def draw_job(code: str, texts: Catalogue) -> None:
    """The button or, while a job runs, how far it is; that part alone is drawn again every two seconds."""
    if not _runs(code):
        st.button(texts("data_refresh"), icon=":material/sync:", key="refresh", on_click=_start, args=("refresh", code))
        return

    @st.fragment(run_every=_EVERY_S)
    def running() -> None:
        if not _runs(code):
            st.rerun()  # the whole page: there may be new data
        stage, job = jobs().stage(data_folder(), code), last_job(data_folder(), code)
        if stage is None or job is None:
            st.progress(0.0, text=texts("data_starting"))
        else:
            told = texts("data_running", stage=_stage_name(stage, texts), done=job.done, total=job.total)
            st.progress(min(job.done / max(job.total, 1), 1.0), text=told)
        if jobs().runs_here:
            st.button(texts("data_cancel"), icon=":material/cancel:", key="cancel", on_click=jobs().cancel)

    running()


def _runs(code: str) -> bool:
    return jobs().runs_here or jobs().stage(data_folder(), code) is not None


def _start(task: Task, code: str) -> None:
    jobs().start(task, code, data_folder())


def _stage_name(stage: str, texts: Catalogue) -> str:
    key = f"stage_{stage}"
    return texts(key) if key in texts.texts else stage


def _draw_adding(texts: Catalogue) -> None:
    with st.form("add", border=False):
        code = st.text_input(texts("data_add_code"), placeholder="GM0301", max_chars=6).strip().upper()
        if not st.form_submit_button(texts("data_add"), icon=":material/add_location:"):
            return
    if re.fullmatch("GM[0-9]{4}", code):
        _start("add", code)
        st.info(texts("data_adding", code=code))
    else:
        st.error(texts("data_add_wrong"))
