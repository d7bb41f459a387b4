"""What a link to a page holds is what the page reads: each page is drawn, and what it asks of the state is noted."""

import sys
from pathlib import Path

import pytest
from app_view import button, query, widget
from streamlit.testing.v1 import AppTest

from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder, data_folder
from meetingplaces.ui.link import PAGE_FIELDS
from meetingplaces.ui.view_state import ViewState

# Who reads the whole state, or what belongs to the frame of every page, on its behalf.
_CARRIERS = {"query.py", "session.py", "frame.py", "share_link.py", "dataclasses.py", "test_page_fields.py"}
LINK = {"buurt": "BU01660000", "moment": "wo.afternoon", "omstandigheden": "regen", "plek": "osm-n4471473005"}


@pytest.fixture
def asked(monkeypatch):
    """The names of the fields that pages read from now on."""
    fields, read = frozenset(ViewState.__dataclass_fields__), set()
    plain = ViewState.__getattribute__

    def noted(state, name):
        if name in fields and Path(sys._getframe(1).f_code.co_filename).name not in _CARRIERS:
            read.add(name)
        return plain(state, name)

    monkeypatch.setattr(ViewState, "__getattribute__", noted)
    return read


@pytest.fixture
def kampen(tmp_path, monkeypatch):
    """Kampen as it ships, and as if it was so before."""
    shipped = app_folder() / "mapdata" / "GM0166"
    (tmp_path / "earlier" / "2023-01-30").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "earlier" / "2023-01-30"):
        (folder / "GM0166").symlink_to(shipped)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))


def opened(page, link):
    session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=60)
    session.run()
    session.switch_page(f"pages/{page}.py")
    for name, value in link.items():
        session.query_params[name] = value
    return session


@pytest.mark.parametrize("page", PAGE_FIELDS)
def test_a_page_reads_nothing_that_a_link_to_it_leaves_out(page, kampen, asked):
    session = opened(page, LINK)
    asked.clear()
    session.run()
    assert not session.exception
    assert [one.value for one in session.error] == []
    assert asked <= PAGE_FIELDS[page]


def test_what_a_link_cannot_carry_is_refused_and_told_and_less_always_fits(kampen):
    spots = "~".join(f"5.{910000 + n * 1371}_52.{555000 + n * 733}_neighbourhood_centre" for n in range(10))
    places = open_bundle(data_folder(), "GM0166").places()["place_id"].str.replace("/", "-")
    before = {"gemeente": "GM0166", "erbij": spots, "dicht": "~".join(sorted(places[::7][:24]))}
    session = opened("whatif", before).run()
    closing = widget(session, "selectbox", "closing")
    closing.set_value(closing.options[-1]).run()
    assert "past niet meer in een link" in session.warning[0].value
    assert query(session) == before
    button(session, "Terug: 1").click().run()
    assert not session.warning
    assert len(query(session)["erbij"].split("~")) == 9
