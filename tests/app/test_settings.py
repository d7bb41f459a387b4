"""Settings of a server, from its environment."""

import pytest

from meetingplaces.model.errors import SchemaError
from meetingplaces.ui.settings import SITE_VARIABLE, site_url


@pytest.mark.parametrize("written", ["", "  "])
def test_a_site_that_is_not_set_is_unknown(monkeypatch, written):
    monkeypatch.setenv(SITE_VARIABLE, written)
    assert site_url() is None


@pytest.mark.parametrize(
    "written", ["https://kaart.example.org", "https://kaart.example.org/", "http://host:8501/a/b/"]
)
def test_the_address_of_the_site_has_no_slash_at_its_end(monkeypatch, written):
    monkeypatch.setenv(SITE_VARIABLE, written)
    assert site_url() == written.rstrip("/")


@pytest.mark.parametrize("written", ["kaart.example.org", "javascript:alert(1)", "https://", "https://a.example/?x=1"])
def test_what_no_browser_can_open_as_a_site_is_an_error(monkeypatch, written):
    monkeypatch.setenv(SITE_VARIABLE, written)
    with pytest.raises(SchemaError) as raised:
        site_url()
    assert raised.value.file == SITE_VARIABLE
