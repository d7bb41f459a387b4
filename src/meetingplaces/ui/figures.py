"""Figures, legend and sources line of the map page, as escaped HTML."""

from __future__ import annotations

from html import escape
from typing import get_args

import pandas as pd

from meetingplaces.metrics.supply import OUTSIDE, AreaSupply, per_1000
from meetingplaces.model.categories import Categories, Setting, StudyKind
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.sayings import licence_name
from meetingplaces.ui.symbols import symbol_image


def legend_html(texts: Catalogue) -> str:
    """What the symbols and lines on the map mean."""
    settings = [f"<li>{symbol_image(one)} {texts(f'map_setting_{one}')}</li>" for one in get_args(Setting)]
    lines = [
        ("var(--living-street)", "solid", "legend_living_street"),
        ("var(--mark)", "dashed", "legend_extent"),
        ("var(--outline)", "dotted", "legend_outline"),
    ]
    drawn = [
        f'<li><span class="line" style="border-top-color:{colour};border-top-style:{style}"></span>{texts(key)}</li>'
        for colour, style, key in lines
    ]
    hollow = f"<li>{symbol_image('indoor', hollow=True)} {texts('legend_restricted')}</li>"
    return f'<ul class="legend" aria-label="{texts("legend_label")}">{"".join([*settings, hollow, *drawn])}</ul>'


def study_html(counted: AreaSupply, categories: Categories, texts: Catalogue) -> str:
    """The five outdoor kinds of the study, by name, with what is known of each; zero known is said, not hidden."""
    told = []
    for study in get_args(StudyKind):
        keys = [key for key, kind in categories.by_key.items() if kind.study == study]
        count = sum(counted.by_category.get(key, 0) for key in keys)
        told.append(f"<li>{_study_text(study, count, counted, texts)}</li>")
    return f"<h2>{texts('study_title')}</h2><ul class='study'>{''.join(told)}</ul>"


def _study_text(study: StudyKind, count: int, counted: AreaSupply, texts: Catalogue) -> str:
    name = texts(f"study_{study}")
    told = _pavement(counted, texts) if study == "stoep" else texts.number(count) if count else ""
    return texts("study_count", name=name, count=told) if told else texts("study_none", name=name)


def _pavement(counted: AreaSupply, texts: Catalogue) -> str:
    """What stands for the pavement: benches, seating spots and terraces, and living streets in metres."""
    known = {
        "benches": counted.amenities.get("bench", 0),
        "spots": counted.by_category.get("seating_spot", 0),
        "terraces": counted.restricted.get("terrace", 0) + counted.by_category.get("terrace", 0),
        "metres": round(counted.living_street_m),
    }
    return ", ".join(
        texts(f"study_pavement_{name}", count=texts.number(count)) for name, count in known.items() if count
    )


def figures_html(
    loaded: LoadedBundle, neighbourhood: str | None, counted: AreaSupply, categories: Categories, texts: Catalogue
) -> str:
    """Counts by setting and kind, per 1,000 residents where these are known: the numbers of `meetingplaces show`."""
    residents = _residents(loaded, neighbourhood)
    rows = [_row(texts("figures_all"), counted.places_count, residents, texts)]
    rows.append(_row(texts("figures_core"), counted.core_count, residents, texts))
    rows += [
        _row(texts(f"map_setting_{one}"), counted.by_setting.get(one, 0), residents, texts) for one in get_args(Setting)
    ]
    names = {key: kind.name.in_language(texts.language) for key, kind in categories.by_key.items()}
    kinds = [
        _row(names[key], counted.by_category[key], residents, texts) for key in names if key in counted.by_category
    ]
    apart = [
        (title, [_row(names[key], counts[key], None, texts) for key in names if key in counts])
        for title, counts in (("figures_restricted", counted.restricted), ("figures_amenities", counted.amenities))
    ]
    parts = [("figures_by_setting", rows), ("figures_by_kind", kinds), *apart]
    tables = "".join(_table(texts(key), rows, texts) for key, rows in parts if rows)
    return f"<p>{_residents_text(residents, loaded, texts)}</p>{tables}<p>{texts('figures_limits')}</p>"


def _residents(loaded: LoadedBundle, neighbourhood: str | None) -> int | None:
    table = loaded.neighbourhoods
    known = (
        table.loc[table["neighbourhood_code"] == neighbourhood, "residents_count"]
        if neighbourhood
        else table["residents_count"]
    )
    if neighbourhood == OUTSIDE or known.isna().any():
        return None
    return int(known.sum())


def _residents_text(residents: int | None, loaded: LoadedBundle, texts: Catalogue) -> str:
    year = loaded.bundle.manifest.boundary_year
    if residents is None:
        return texts("figures_residents_unknown")
    return texts("figures_residents", count=texts.number(residents), year=year if year else texts("unknown"))


def _row(name: str, count: int, residents: int | None, texts: Catalogue) -> tuple[str, str, str]:
    rate = per_1000(count, residents)
    return escape(name), texts.number(count), "–" if rate is None else texts.number(rate, 2)


def _table(caption: str, rows: list[tuple[str, str, str]], texts: Catalogue) -> str:
    head = "".join(
        f'<th scope="col">{texts(key)}</th>' for key in ("figures_kind", "figures_count", "figures_per_1000")
    )
    body = "".join(
        f'<tr><th scope="row">{name}</th><td class="n">{count}</td><td class="n">{rate}</td></tr>'
        for name, count, rate in rows
    )
    titled = f"<caption>{caption}</caption><thead><tr>{head}</tr></thead>"
    return f'<table class="figures">{titled}<tbody>{body}</tbody></table>'


def sources_html(loaded: LoadedBundle, texts: Catalogue) -> str:
    """One line under the page: sources, their dates and their limits."""
    manifest = loaded.bundle.manifest
    told = [
        texts(
            "sources_line",
            attribution=escape(source.attribution),
            date=texts.date(source.data_as_of),
            licence=escape(licence_name(source, texts)),
        )
        for source in manifest.sources
    ]
    if manifest.outlines_approximate:
        accuracy = manifest.outline_accuracy_m
        told.append(
            texts(
                "sources_approximate",
                metres=texts("unknown") if accuracy is None or pd.isna(accuracy) else texts.number(accuracy),
            )
        )
    told.append(texts("sources_completeness"))
    return f'<p class="sources">{" ".join(told)}</p>'
