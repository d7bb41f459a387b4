"""The app without a browser: one session of the real scripts on the small bundle of the tests."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from meetingplaces.storage.bundle import Bundle
from meetingplaces.storage.locations import DATA_VARIABLE, app_folder


@pytest.fixture
def opened(built_bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a link: `opened(buurt=WEST, waar="binnen")`."""
    monkeypatch.setenv(DATA_VARIABLE, str(built_bundle.folder.parent))

    def open_app(**query: str) -> AppTest:
        session = AppTest.from_file(str(app_folder() / "app.py"), default_timeout=30)
        for name, value in query.items():
            session.query_params[name] = value
        return session.run()

    return open_app
