"""The page *Gegevens*: how old each source is, how the last attempt to refresh it went, and a button to do it now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import escape

import streamlit as st

from meetingplaces.model.provenance import Provenance
from meetingplaces.storage.jobs import LastJob, Stage, last_job
from meetingplaces.storage.locations import data_folder
from meetingplaces.ui import data, session
from meetingplaces.ui.background import Task, jobs
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filters import choose_municipality
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.settings import may_refresh

# Which stages of a job fetch which source, by the start of its identifier; the last that ran tells.
_STAGES = {"osm": ("overpass", "province"), "cbs_statline": ("figures",), "rivm": ("figures",), "cbs": ("areas",)}
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
    st.html(_sources_html(loaded, job, texts))
    if may_refresh():
        draw_job(state.municipality, texts)
        _draw_adding(texts)
    else:
        st.caption(texts("data_refresh_off"))
    session.keep(state, municipalities)


def _sources_html(loaded: LoadedBundle, job: LastJob | None, texts: Catalogue) -> str:
    heads = ("source", "as_of", "age", "retrieved", "attempt", "outcome")
    head = "".join(f'<th scope="col">{texts(f"data_{name}")}</th>' for name in heads)
    rows = "".join(_row_html(source, job, texts) for source in loaded.bundle.manifest.sources)
    name = escape(loaded.bundle.manifest.municipality_name)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{texts("page_data")}"><table class="figures">'
        f"<caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row_html(source: Provenance, job: LastJob | None, texts: Catalogue) -> str:
    stage = _attempt(source.source_id, job)
    cells = (
        texts.date(source.data_as_of),
        _age_html(source.data_as_of, texts),
        texts.date(source.retrieved_at.isoformat()),
        texts.moment(stage.ended_at) if stage else texts("data_no_attempt"),
        _outcome(stage, texts),
    )
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(source.title)} ({escape(source.publisher)})</th>{told}</tr>'


def _attempt(source_id: str, job: LastJob | None) -> Stage | None:
    """How the last attempt to fetch a source ended."""
    if job is None:
        return None
    names = next((stages for start, stages in _STAGES.items() if source_id.startswith(start)), ("municipal",))
    tried = [job.stages[name] for name in names if name in job.stages]
    return max(tried, key=lambda stage: stage.ended_at, default=None)


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


def _outcome(stage: Stage | None, texts: Catalogue) -> str:
    """What came of an attempt; a service may be named, a folder of the server may not."""
    if stage is None:
        return "–"
    if stage.error is None:
        return texts("data_went_well")
    code = stage.error.get("code", "")
    if code.startswith("source"):
        return escape(texts(f"error_{code}", **{name: value for name, value in stage.error.items() if name != "code"}))
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
