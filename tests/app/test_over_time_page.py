"""The page Door de tijd on two bundles of Driedorp, run by Streamlit's own test runner."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from app_view import html_of, query, widget
from samples import MUNICIPALITY
from streamlit.testing.v1 import AppTest

from meetingplaces.storage.locations import DATA_VARIABLE, app_folder
from meetingplaces.ui import data as loads


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open the page on a data folder, with a link."""

    def open_page(data: Path, **link: str) -> AppTest:
        monkeypatch.setenv(DATA_VARIABLE, str(data))
        session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=60)
        session.run()
        session.switch_page("pages/over_time.py")
        for key, value in link.items():
            session.query_params[key] = value
        session.run()
        assert not session.exception
        assert [one.value for one in session.error] == []
        return session

    return open_page


def answer(session: AppTest) -> str:
    return re.search(r'<p class="answer" role="status">(.*?)</p>', html_of(session))[1]


@pytest.mark.parametrize(("language", "told"), [("nl", "Niet te zeggen: 2"), ("en", "Cannot be told: 2")])
def test_the_page_answers_in_both_languages(page, two_times, language, told):
    session = page(two_times, taal=language)
    assert told in answer(session)
    assert "{" not in re.sub("<style.*?</style>", "", html_of(session))


def test_what_came_and_went_is_listed_with_its_rule_and_a_link_and_hostile_names_stay_text(page, two_times):
    html = html_of(page(two_times))
    assert 'href="https://www.openstreetmap.org/node/901"' in html
    assert 'href="https://www.openstreetmap.org/node/10"' in html
    assert "staat er nu wel" in html
    assert "staat er niet meer" in html
    assert "&lt;b&gt;Nieuwe&lt;/b&gt;" in html
    assert "<b>Nieuwe" not in html


def test_hours_that_became_known_are_only_the_map(page, two_times):
    session = page(two_times)
    assert "Zeker alleen beter op de kaart: 1." in answer(session)
    assert "Zeker echt veranderd: 0." in answer(session)
    assert "nu pas bekend" in html_of(session)


def test_choices_narrow_the_differences(page, two_times):
    session = page(two_times, soort="park")
    assert "geen verschil" in answer(session)
    assert query(session) == {"gemeente": MUNICIPALITY, "soort": "park"}


def test_no_earlier_data_says_how_to_keep_them_and_stays_out_of_the_menu(page, built_bundle):
    session = page(built_bundle.folder.parent)
    assert f"meetingplaces keep {MUNICIPALITY}" in session.info[0].value
    assert not loads.any_earlier()


def test_an_earlier_bundle_puts_the_page_in_the_menu(page, two_times):
    page(two_times)
    assert loads.any_earlier()


def test_which_earlier_data_is_in_the_link_and_what_is_not_there_is_named(page, two_times, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(two_times, folder)
    (kept,) = (folder / "earlier").iterdir()
    shutil.copytree(kept, folder / "earlier" / "2019-05-01")
    session = page(folder, eerder="2019-05-01")
    assert "01-05-2019" in widget(session, "selectbox", "earlier").options
    assert query(session) == {"gemeente": MUNICIPALITY, "eerder": "2019-05-01"}
    assert "niet" in page(folder, eerder="2018-01-01").info[0].value


@pytest.mark.parametrize("what", ["manifest", "table"])
def test_broken_earlier_data_are_told_and_harm_no_other(page, two_times, tmp_path, what):
    folder = tmp_path / "data"
    shutil.copytree(two_times, folder)
    (kept,) = (folder / "earlier").iterdir()
    older = folder / "earlier" / "2019-05-01" / MUNICIPALITY
    shutil.copytree(kept / MUNICIPALITY, older)
    broken = older / "bundle.json" if what == "manifest" else next(older.glob("places-*.parquet"))
    broken.write_bytes(b"junk")
    session = page(folder, **({} if what == "manifest" else {"eerder": "2019-05-01"}))
    assert "01-05-2019" in session.warning[0].value
    assert str(tmp_path) not in session.warning[0].value
    assert ("answer" in html_of(session)) == (what == "manifest")


def test_every_table_can_be_taken_along(page, two_times):
    names = {one.proto.id for one in page(two_times).get("download_button")}
    for table in ("verschillen", "verschillen-per-plek", "dekking-toen-en-nu", "kaart-toen-en-nu"):
        assert any(f"download-{table}-gm9999-xlsx" in name for name in names)
