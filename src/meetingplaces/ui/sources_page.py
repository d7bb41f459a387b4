"""The page *Bronnen*."""

from __future__ import annotations

from html import escape

import streamlit as st

from meetingplaces.model.bundle import Manifest
from meetingplaces.model.provenance import Provenance
from meetingplaces.ui import data, session
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.details import link_html
from meetingplaces.ui.frame import page_title
from meetingplaces.ui.markdown import escape_markdown
from meetingplaces.ui.sayings import licence_name


def draw() -> None:
    """Title → choose → load → draw."""
    municipalities = data.municipalities()
    state = session.current_state("sources", municipalities)
    texts = session.current_texts()
    page_title(texts("page_sources"))
    st.write(texts("bronnen_intro"))
    for code, name in municipalities.items():
        st.header(escape_markdown(name), anchor=False)
        _draw_manifest(data.load(code).bundle.manifest, texts)
    session.keep(state, municipalities)


def _draw_manifest(manifest: Manifest, texts: Catalogue) -> None:
    for source in manifest.sources:
        st.html(_source_html(source, texts))
    st.html(_extent_html(manifest, texts))
    st.html(_counts_html("bronnen_counts", "count", manifest.counts, texts))
    st.html(_counts_html("bronnen_dropped", "dropped", manifest.dropped, texts))
    st.html(_counts_html("bronnen_repairs", "repair", manifest.repairs, texts))
    st.caption(
        texts(
            "bronnen_built",
            at=f"{texts.date(manifest.built_at.isoformat())} {manifest.built_at:%H:%M} UTC",
            by=manifest.built_with,
        )
    )


def _source_html(source: Provenance, texts: Catalogue) -> str:
    facts = [
        ("publisher", escape(source.publisher)),
        ("attribution", escape(source.attribution)),
        ("licence", licence_html(source, texts)),
        ("as_of", texts.date(source.data_as_of)),
        ("retrieved", texts.date(source.retrieved_at.isoformat())),
        ("file", f"{escape(source.file)} ({texts.number(source.size_bytes / 1000)} kB)"),
        ("sha256", f"<code>{escape(source.sha256[:16])}…</code>"),
    ]
    rows = "".join(f"<dt>{texts(f'bronnen_{name}')}</dt><dd>{value}</dd>" for name, value in facts)
    return f'<div class="details"><h3>{escape(source.title)}</h3><dl class="facts">{rows}</dl></div>'


def licence_html(source: Provenance, texts: Catalogue) -> str:
    """The licence of a source, as a link where it has an address."""
    name = licence_name(source, texts)
    return link_html(source.licence_url, name) if source.licence_url else escape(name)


def _extent_html(manifest: Manifest, texts: Catalogue) -> str:
    west, south, east, north = (f"{value:.3f}" for value in manifest.extent.bounds)
    told = [
        texts(
            "bronnen_extent", west=west, south=south, east=east, north=north,
            percentage=texts.number(100 * manifest.extent.covers_municipality_share),
            partly=manifest.counts["neighbourhoods_partly_outside_extent"],
            outside=manifest.counts["neighbourhoods_outside_extent"],
        )
    ]  # fmt: skip
    if manifest.outlines_approximate:
        metres = manifest.outline_accuracy_m
        told.append(texts("sources_approximate", metres=texts("unknown") if metres is None else texts.number(metres)))
    return f"<h3>{texts('bronnen_extent_title')}</h3><p>{' '.join(told)}</p>"


def _counts_html(title: str, prefix: str, counts: dict[str, int], texts: Catalogue) -> str:
    if not counts:
        return f"<h3>{texts(title)}</h3><p>{texts('bronnen_none')}</p>"
    rows = "".join(
        f'<tr><th scope="row">{_reason(prefix, key, texts)}</th><td class="n">{texts.number(count)}</td></tr>'
        for key, count in counts.items()
    )
    return (
        f'<h3>{texts(title)}</h3><table class="figures"><thead><tr><th scope="col">{texts("bronnen_what")}</th>'
        f'<th scope="col">{texts("figures_count")}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _reason(prefix: str, key: str, texts: Catalogue) -> str:
    """The sentence for a reason; one made of a kind's name has no sentence of its own and is shown as it is."""
    name = f"{prefix}_{key}"
    return texts(name) if name in texts.texts else f"<code>{escape(key)}</code>"
