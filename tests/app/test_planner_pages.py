"""The planner's pages on the bundle that ships, run by Streamlit's own test runner: what they say, and their links."""

import re
from collections.abc import Callable

import pytest
from app_view import html_of, query, widget
from streamlit.testing.v1 import AppTest

from meetingplaces.metrics.selection import counting
from meetingplaces.model.categories import load_categories
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder, categories_path, data_folder, norms_path
from meetingplaces.ui.case import Question
from meetingplaces.ui.measure import measure_report

PAGES = ("coverage", "hours", "compare", "priorities", "gaps", "whatif", "circumstances", "over_time", "mixing")
KAMPEN, TOWN_CENTRE = "GM0166", "BU01660000"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page with a link: `page("gaps", groep="65plus")`."""
    monkeypatch.delenv(DATA_VARIABLE, raising=False)

    def open_page(name: str, **link: str) -> AppTest:
        session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=60)
        session.run()
        session.switch_page(f"pages/{name}.py")
        for key, value in link.items():
            session.query_params[key] = value
        session.run()
        assert not session.exception
        return session

    return open_page


def text(session: AppTest) -> str:
    """All that the page says, without markup."""
    written = [html_of(session), *(one.value for one in session.markdown), *(one.value for one in session.info)]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", "\n".join(written)))


def answer(session: AppTest) -> str:
    """The answer in a sentence."""
    found = re.search(r'<(p|div) class="answer" role="status">(.*?)</\1>', html_of(session))
    assert found, "there is no answer"
    return re.sub("<[^>]+>", " ", found[2])


def failed(session: AppTest) -> list[str]:
    return [one.value for one in session.error]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_opens_in_both_languages(page, name, language):
    session = page(name, taal=language)
    assert failed(session) == []
    assert "OpenStreetMap" in html_of(session)
    assert "{" not in text(session)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "link",
    [
        {"groep": "alleenwonend"},
        {"groep": "kinderen"},
        {"loper": "rollator", "groep": "65plus"},
        {"waar": "geen"},
        {"soort": "library", "niveau": "kern", "eis": "gratis.rolstoel"},
        {"moment": "zo.evening", "afstand": "1250"},
        {"buurt": "erbuiten", "drempel": "ja"},
    ],
    ids="&".join,
)
def test_every_page_answers_whatever_is_asked(page, name, link):
    session = page(name, **link)
    assert failed(session) == []
    assert query(session) == {"gemeente": KAMPEN, **link}


@pytest.mark.parametrize("name", PAGES)
def test_junk_in_a_link_is_named_and_left_out(page, name):
    session = page(name, maat="<script>", loper="x", erbij="1_2_3", met="BU1", weging="a-9", tijden="osm-n1_<b>")
    assert failed(session) == []
    assert "niet" in session.info[0].value
    assert "<script>" not in html_of(session)
    assert query(session) == {}


@pytest.mark.parametrize("group", ["residents", "residents_0_14", "residents_65_plus"])
def test_the_coverage_on_screen_is_that_of_measure(page, group):
    bundle = open_bundle(data_folder(), KAMPEN)
    question = Question("coverage", group, 500)
    report = measure_report(bundle, question, load_categories(categories_path()), load_norms(norms_path()))
    words = {"residents_0_14": "kinderen", "residents_65_plus": "65plus"}
    session = page("coverage", **({"groep": words[group]} if group in words else {}))
    assert f"({percentage(report['municipality']['share'])})" in answer(session)
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>(?:(?!</tr>).)*class="n bar"[^>]*>([^<]+)<', html_of(session)))
    assert rows == {
        row["area_name"]: percentage(row["share"])
        for row in (*report["neighbourhoods"], report["municipality"])
        if row["share"] is not None
    }


def percentage(share: float) -> str:
    return f"{100 * share:.1f}%".replace(".", ",")


@pytest.mark.parametrize("group", ["jongeren", "alleenwonend"])
def test_a_group_that_is_unknown_is_unknown_and_not_zero(page, group):
    session = page("coverage", groep=group)
    assert "niet bekend" in answer(session)
    assert '<td class="n">0</td>' not in html_of(session).split("</thead>")[1].split("</table>")[0]


def test_the_share_of_the_municipality_is_told_with_what_rounding_leaves_open(page):
    bundle = open_bundle(data_folder(), KAMPEN)
    question = Question("coverage", "residents_65_plus", 500)
    report = measure_report(bundle, question, load_categories(categories_path()), load_norms(norms_path()))
    low, high = (percentage(report["municipality"][f"share_{bound}"]) for bound in ("low", "high"))
    assert low < high
    assert f"tussen {low} en {high}" in answer(page("coverage", groep="65plus"))


def test_a_neighbourhood_that_is_chosen_has_its_own_sentence_and_a_marked_row(page):
    session = page("coverage", buurt=TOWN_CENTRE)
    assert "Binnenstad Kampen : Van de 5.245 inwoners" in answer(session)
    marked = re.findall(r'<tr class="marked" aria-current="true"><th scope="row">([^<]+)<', html_of(session))
    assert marked == ["Binnenstad Kampen"]


@pytest.mark.parametrize("measure", ["places", "space"])
def test_the_municipality_is_told_per_resident_although_some_neighbourhoods_are_unknown(page, measure):
    session = page("coverage", maat=measure)
    assert re.search(r"[\d.,]+ (m² )?per 1.000 inwoners", answer(session))
    assert "Van De Venen, Groene Hart geeft het CBS niet" in text(session)


def test_the_municipality_is_known_beside_the_neighbourhoods_compared(page):
    session = page("compare", met=f"{TOWN_CENTRE}.BU01660001")
    last = r"<caption>([^<]+)</caption>(?:(?!</table>).)*<td[^>]*>([^<]+)</td></tr></tbody>"
    told = dict(re.findall(last, html_of(session)))
    assert told["Inwoners"] == "56.180"
    assert all(told[name] != "onbekend" for name in ("Plekken per 1.000 inwoners", "Aandeel 65-plussers"))
    assert "Van De Venen, Groene Hart geeft het CBS niet" in text(session)


def test_choosing_a_measure_writes_it_to_the_link(page):
    session = page("coverage")
    widget(session, "selectbox", "measure").select("gap").run()
    assert query(session) == {"gemeente": KAMPEN, "maat": "gap"}
    assert "geen plek" in answer(session)


def test_the_rollator_has_her_own_distance_and_a_band(page):
    session = page("coverage", groep="65plus", loper="rollator")
    assert "300 m" in answer(session)
    assert "meezit" in answer(session)


def test_what_stands_out_is_told_in_words_and_not_of_sums(page):
    session = page("compare", met=f"{TOWN_CENTRE}.BU01660001")
    found = re.search(r"<h2>Wat het meest opvalt</h2><ul>(.*?)</ul>", html_of(session))
    assert found[1].count("<li>") == 3
    assert "Bereikt geen plek" not in found[1]


def test_one_neighbourhood_is_nothing_to_compare(page):
    assert "ten minste twee" in text(page("compare", met=TOWN_CENTRE))


def test_weights_decide_the_order_and_stand_in_the_link(page):
    session = page("priorities", weging="gap-5")
    order = re.findall(r'<tr><th scope="row">([^<]+)</th>', html_of(session))
    gaps = re.findall(r'<tr><th scope="row">[^<]+</th><td[^>]*>[^<]*</td><td class="n">([\d.]+)</td>', html_of(session))
    numbers = [int(one.replace(".", "")) for one in gaps]
    assert numbers == sorted(numbers, reverse=True)
    assert len(order) > 20


def test_the_people_of_the_streets_add_up_to_the_gap(page):
    told = answer(page("gaps", groep="65plus"))
    of_measure = answer(page("coverage", groep="65plus", maat="gap"))
    number = re.search(r"kunnen ([\d.]+) 65-plussers", told)[1]
    assert f"kunnen er {number} binnen" in of_measure


def test_a_place_that_comes_helps_and_taking_it_back_restores_everything(page):
    link = {"groep": "65plus", "waar": "binnen"}
    session = page("whatif", **link, erbij="5.900000_52.555000_neighbourhood_centre")
    assert "komt een plek binnen 500 m" in answer(session)
    assert re.search(r"bereikt nu 55,7% een plek, en dan 5[67],\d%", answer(session))
    next(one for one in session.button if one.key == "undo-all").click().run()
    assert query(session) == {"gemeente": KAMPEN, **link}


def test_a_place_in_the_river_is_refused_with_the_reason(page):
    session = page("whatif", erbij="5.981300_52.524650_library")
    assert any("water" in one for one in failed(session))
    assert "verandert niets" in answer(session)


@pytest.mark.parametrize("walker", ["adult", "rollator"])
def test_the_best_spot_brings_what_adding_it_brings(page, walker):
    session = page("whatif", groep="65plus", waar="binnen", beste="1", loper=walker)
    promised = re.search(r"1\. Bij [^:]+: ([\d.]+) 65-plussers", text(session))[1]
    next(one for one in session.button if one.key == "add-best-1").click().run()
    assert f"Voor {promised} 65-plussers komt een plek" in answer(session)


def test_where_a_group_lives_unknown_no_best_spot_is_made_up(page):
    told = text(page("whatif", groep="alleenwonend", beste="1"))
    assert "Waar de alleenwonenden wonen, is niet bekend." in told
    assert "geen plek die nog iemand" not in told


def test_without_indoors_outdoors_and_sheltered_no_place_is_left(page):
    session = page("coverage", waar="geen")
    assert "kunnen er 0 (0,0%)" in answer(session)
    assert "kennen we hier geen plek" in text(page("mixing", waar="geen"))


def test_a_place_that_closes_can_only_cost(page):
    session = page("whatif", waar="binnen")
    closing = widget(session, "selectbox", "closing")
    closing.select_index(1).run()
    assert "geen plek meer" in answer(session) or "verandert niets" in answer(session)
    assert "dicht" in query(session)


def test_closing_indoor_places_leaves_outdoor_ones(page):
    session = page("circumstances", omstandigheden="binnendicht", groep="65plus")
    now, left = re.search(r"van de (\d+) plekken in Kampen zijn er zeker (\d+) over", answer(session)).groups()
    assert 0 < int(left) < int(now)
    rain = page("circumstances", omstandigheden="binnendicht.regen")
    assert int(re.search(r"zijn er zeker (\d+) over", answer(rain))[1]) < int(left)


def test_without_circumstances_nothing_is_lost(page):
    assert "Kies hierboven" in answer(page("circumstances"))


def test_hours_tell_a_band_and_what_is_open_indoors_and_outdoors(page):
    session = page("hours", groep="65plus")
    assert re.search(r"Alleen plekken met bekende tijden[^:]*: \d", answer(session))
    assert "binnen" in text(session)
    assert html_of(session).count('<th scope="row">maandag</th>') == 1


def test_the_state_travels_from_page_to_page(page):
    session = page("coverage", groep="65plus", loper="wheelchair", waar="buiten")
    session.switch_page("pages/gaps.py").run()
    assert query(session) == {"gemeente": KAMPEN, "groep": "65plus", "loper": "wheelchair", "waar": "buiten"}


def test_who_can_come_to_a_place_is_what_measure_tells_of_it(page):
    bundle = open_bundle(data_folder(), KAMPEN)
    report = measure_report(
        bundle, Question("mix", "residents", 500), load_categories(categories_path()), load_norms(norms_path())
    )
    most = max(row["residents"] for row in report["places"])
    session = page("mixing")
    told = answer(session)
    assert f"{most:,.0f}".replace(",", ".") in told
    outside = set(bundle.places().loc[lambda places: places["neighbourhood_codes"].map(len) == 0, "place_id"])
    inside = [row for row in report["places"] if row["place_id"] not in outside]
    assert 0 < len(inside) < len(report["places"])
    assert f"zijn {len(inside)} plekken" in told
    rows = re.findall(r'<tr><th scope="row">', html_of(session))
    assert len(rows) == 40


def test_places_without_known_people_are_told_in_homes(page):
    told = answer(page("mixing", groep="alleenwonend"))
    assert "niet bekend" in told
    assert "woningen" in told


def test_the_places_of_one_neighbourhood_are_those_that_lie_in_it(page):
    bundle = open_bundle(data_folder(), KAMPEN)
    places = bundle.places()
    here = places[places["neighbourhood_codes"].map(lambda codes: TOWN_CENTRE in codes)]
    session = page("mixing", buurt=TOWN_CENTRE)
    rows = re.findall(r'<tr><th scope="row">([^<]+)<', html_of(session))
    assert 0 < len(rows) == int(counting(here).sum())


TABLES, SHAPES, DRAWINGS = {"xlsx", "csv"}, {"gpkg", "geojson"}, {"png", "svg"}


@pytest.mark.parametrize(
    ("name", "link", "offered"),
    [
        ("coverage", {}, {"coverage-gm0166": TABLES | SHAPES | DRAWINGS}),
        ("hours", {}, {"open-gm0166": TABLES | DRAWINGS}),
        ("compare", {}, {"vergelijken-gm0166": TABLES | DRAWINGS}),
        ("priorities", {}, {"waar-eerst-gm0166": TABLES | SHAPES | DRAWINGS}),
        ("gaps", {}, {"witte-vlekken-gm0166": TABLES | SHAPES | DRAWINGS}),
        ("mixing", {}, {"wie-treft-wie-gm0166": TABLES | SHAPES | DRAWINGS}),
        ("circumstances", {"omstandigheden": "regen"}, {"crisis-en-weer-gm0166": TABLES | SHAPES | DRAWINGS}),
        (
            "whatif",
            {"waar": "binnen", "erbij": "5.929190_52.534535_library", "beste": "2"},
            {
                "wat-als-groepen-gm0166": TABLES,
                "wat-als-buurten-gm0166": TABLES | SHAPES | DRAWINGS,
                "beste-plekken-gm0166": TABLES | SHAPES | DRAWINGS,
            },
        ),
    ],
)
def test_every_table_map_and_chart_can_be_taken_along(page, name, link, offered):
    found = {one.key.removeprefix("download-") for one in page(name, **link).get("download_button")}
    assert found == {f"{table}-{form}" for table, forms in offered.items() for form in forms}


@pytest.mark.parametrize("name", [name for name in PAGES if name != "over_time"])
def test_every_page_says_how_its_numbers_are_made_and_what_its_columns_mean(page, name):
    link = {"erbij": "5.929190_52.534535_library"} if name == "whatif" else {}
    session = page(name, **link)
    assert "Hoe is dit berekend?" in [one.label for one in session.expander]
    assert "Wat de kolommen betekenen" in text(session)
    assert "Wat het niet zegt" in text(session)


def test_where_half_live_beyond_the_search_the_legend_says_so(page):
    pattern = r'<ul class="legend" aria-label="Kleur van de buurten[^>]*>(.*?)</ul>'
    assert "verder" not in re.findall(pattern, html_of(page("coverage")))[0]
    assert "of verder dan 2.000 m" in re.findall(pattern, html_of(page("coverage", maat="distance", groep="65plus")))[0]
