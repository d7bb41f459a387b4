"""The page with the age of the data: what it tells of the last attempt, and who may refresh."""

import pytest
from app_view import html_of
from samples import MUNICIPALITY

from meetingplaces.model.errors import MissingFileError
from meetingplaces.model.progress import Silent
from meetingplaces.model.source_errors import SourceUnreachableError
from meetingplaces.storage.jobs import recorded
from meetingplaces.ui.settings import REFRESH_VARIABLE


@pytest.fixture
def data_page(opened):
    def open_page(**query):
        return opened(**query).switch_page("pages/data.py").run()

    return open_page


@pytest.fixture
def job(built_bundle, tmp_path_factory):
    """Record a job on the bundle of the tests; the record goes with the test."""
    folder = built_bundle.folder.parent

    def record(source_id, error=None):
        with recorded(folder, MUNICIPALITY, 10, Silent()) as told:
            told.begin("areas")
            told.tried(source_id, error)

    yield record
    (folder / ".jobs" / f"{MUNICIPALITY}.json").unlink(missing_ok=True)


def test_every_source_is_told_with_its_dates(data_page, built_bundle):
    page = html_of(data_page())
    assert all(source.title in page for source in built_bundle.manifest.sources)
    assert page.count("Nog niet geprobeerd") == len(built_bundle.manifest.sources)


def test_old_data_is_called_old(data_page):
    assert 'class="badge old"' in html_of(data_page())


def test_a_source_that_could_not_be_reached_is_told_in_plain_words(data_page, job):
    job("cbs", SourceUnreachableError("CBS", "https://example.org/<b>", "connection refused"))
    page = html_of(data_page())
    assert "CBS (https://example.org/&lt;b&gt;) is niet te bereiken" in page
    assert "Wat er was, is er nog" in page


def test_a_failure_on_the_server_itself_names_no_folder(data_page, job):
    job("osm", MissingFileError("/srv/secret", "x", "y", "z"))
    page = html_of(data_page())
    assert "/srv/secret" not in page
    assert "Mislukt" in page


def test_a_good_attempt_is_told(data_page, job):
    job("osm")
    assert "Goed gegaan" in html_of(data_page())


def test_a_source_that_never_answered_is_told_as_well(data_page, job):
    job("kampen_benches", SourceUnreachableError("Banken <b>", "https://example.org", "connection refused"))
    page = html_of(data_page())
    assert '<th scope="row">Banken &lt;b&gt;</th><td>–</td><td>–</td><td>nooit gelukt</td>' in page


def test_a_job_that_failed_is_told_above_the_table(data_page, built_bundle, job):
    job("osm")
    with recorded(built_bundle.folder.parent, MUNICIPALITY, 10, Silent()) as told:
        told.begin("write")
        told.failed(MissingFileError("/srv/secret", "x", "y", "No space left on device"))
    page = data_page()
    assert "is niet gelukt. Mislukt" in page.warning[0].value
    assert "/srv/secret" not in page.warning[0].value


def test_a_public_server_offers_no_refresh(data_page, monkeypatch):
    monkeypatch.delenv(REFRESH_VARIABLE, raising=False)
    assert data_page().button == []


def test_a_code_that_is_none_is_refused(data_page, monkeypatch):
    monkeypatch.setenv(REFRESH_VARIABLE, "on")
    session = data_page()
    session.text_input[0].set_value("--x").run()
    next(one for one in session.button if "toevoegen" in one.label).click().run()
    assert "vier cijfers" in session.error[0].value
