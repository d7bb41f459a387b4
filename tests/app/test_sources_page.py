from app_view import html_of, query, widget
from own_list_samples import origin
from samples import WEST

from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.sources_page import licence_html


def sources_page(session):
    return session.switch_page("pages/sources.py").run()


def test_both_sources_are_told_with_licence_and_date(opened, built_bundle):
    page = html_of(sources_page(opened()))
    assert len(built_bundle.manifest.sources) == 2
    for source in built_bundle.manifest.sources:
        assert source.licence in page
        assert source.licence_url in page
        assert source.attribution in page
        assert source.sha256[:12] in page
        assert f"{source.retrieved_at:%d-%m-%Y}" in page
    assert "ODbL" in page
    assert "CC BY 4.0" in page


def test_a_licence_that_nobody_has_read_is_unknown_and_no_link():
    told = licence_html(origin(), catalogue("nl"))
    assert told == "onbekend"


def test_every_reason_for_leaving_something_out_is_told_with_its_number(opened, built_bundle):
    page = html_of(sources_page(opened()))
    texts = catalogue("nl")
    assert built_bundle.manifest.dropped
    for reason, number in built_bundle.manifest.dropped.items():
        assert f'{texts(f"dropped_{reason}")}</th><td class="n">{number}<' in page


def test_every_repair_and_count_has_a_sentence(opened, built_bundle):
    page = html_of(sources_page(opened()))
    texts = catalogue("nl")
    for prefix, counts in (("repair", built_bundle.manifest.repairs), ("count", built_bundle.manifest.counts)):
        assert all(texts(f"{prefix}_{name}") in page for name in counts)


def test_the_extent_of_the_data_is_told(opened, built_bundle):
    west = built_bundle.manifest.extent.bounds[0]
    page = html_of(sources_page(opened()))
    assert f"{west:.3f}" in page.replace(",", ".")
    assert "Waar we gegevens hebben" in page


def test_the_page_speaks_english_too(opened):
    session = sources_page(opened(taal="en"))
    assert session.title[0].value == "Sources"
    assert "Left out" in html_of(session)


def test_the_filters_of_the_map_survive_a_visit_to_the_sources(opened):
    session = opened(buurt=WEST, waar="binnen")
    sources_page(session)
    session.switch_page("pages/map.py").run()
    assert query(session)["buurt"] == WEST
    assert widget(session, "button_group", "settings").value == ["indoor"]
