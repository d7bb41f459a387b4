"""Loneliness, means and care beside the supply: told with year, margin and whose figure it is; never made up."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from app_view import html_of, widget
from streamlit.testing.v1 import AppTest

from meetingplaces.model.figures import FIGURE_COLUMNS
from meetingplaces.storage.bundle import BundleContent, open_bundle, write_bundle
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder, data_folder

KAMPEN, DISTRICT, TOWN_CENTRE, BRUNNEPE = "GM0166", "WK016600", "BU01660000", "BU01660001"
LINK = {"met": f"{TOWN_CENTRE}.{BRUNNEPE}"}


def lonely(area: str, share: float, level: str | None = None) -> tuple:
    """A row of the table of figures: an estimate of 2024 that may be 4 percentage points off."""
    status = "suppressed" if level else "known"
    return (area, "lonely_share", share, share - 0.04, share + 0.04, "share", 2024, level or area, status, "rivm")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page on Kampen where the centre has a figure of its own and Brunnepe that of its district."""
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    kampen = open_bundle(data_folder(), KAMPEN)
    rows = [lonely(TOWN_CENTRE, 0.5), lonely(BRUNNEPE, 0.45, DISTRICT), lonely(DISTRICT, 0.45), lonely(KAMPEN, 0.4)]
    numbers = {"value": "Float64", "low": "Float64", "high": "Float64", "year": "Int64"}
    figures = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS)).astype(numbers)
    content = BundleContent(
        places=kampen.places(),
        neighbourhoods=kampen.neighbourhoods(),
        supply=kampen.supply(),
        drawings={name: kampen.drawing_path(name).read_text("utf-8") for name in kampen.manifest.drawings},
        attribution="",
        walking=kampen.walking(),
        figures=figures,
    )
    write_bundle(tmp_path, kampen.manifest.model_dump(exclude={"tables", "drawings", "attribution"}), content)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))

    def open_page(name: str, **link: str) -> AppTest:
        session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=60)
        session.run()
        session.switch_page(f"pages/{name}.py")
        for key, value in link.items():
            session.query_params[key] = value
        return session.run()

    return open_page


def text(session: AppTest) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html_of(session)))


def test_loneliness_stands_beside_the_supply_of_each_neighbourhood_and_the_municipality(page):
    card = html_of(page("compare", **LINK)).split("<caption>Aandeel dat eenzaam is</caption>")[1].split("</table>")[0]
    assert re.findall(r"<td[^>]*>([^<]+)</td>", card) == ["50,0%", "45,0%", "40,0%"]


def test_a_figure_that_a_wider_area_lent_says_so(page):
    told = text(page("compare", **LINK))
    assert "Aandeel dat eenzaam is: van Brunnepe is het cijfer van de buurt zelf niet bekend." in told
    assert "Het cijfer is van 2024. Het echte aandeel kan tot 4,0 procentpunt hoger of lager zijn." in told


def test_the_planner_gives_loneliness_its_weight_and_unknown_has_no_score(page):
    session = page("priorities")
    assert widget(session, "slider", "weight_lonely_share").value == 0
    weighed = page("priorities", weging="lonely_share-5")
    scores = dict(re.findall(r'<th scope="row">([^<]+)</th><td[^>]*>([^<]+)</td>', html_of(weighed)))
    assert (scores["Binnenstad Kampen"], scores["Brunnepe"], scores["Cellesbroek"]) == ("1,00", "0,00", "onbekend")


def test_where_there_are_no_such_figures_the_page_says_so(monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=60).run()
    told = text(session.switch_page("pages/compare.py").run())
    assert "Over eenzaamheid, inkomen en zorg hebben we van Kampen nog geen cijfers." in told
    assert "Aandeel dat eenzaam is" not in told
