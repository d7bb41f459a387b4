"""Reading a session of the app: what it tells, and its widgets by name."""

import re
from typing import Any

from streamlit.testing.v1 import AppTest


def html_of(session: AppTest) -> str:
    """All HTML that the page sent."""
    return "\n".join(element.proto.body for element in session.get("html"))


def told(session: AppTest) -> str:
    """The heading above the list, as text."""
    found = re.search(r'<h2 class="summary">(.*?)</h2>', html_of(session))
    assert found, "there is no heading"
    return re.sub("<[^>]+>", "", found[1])


def widget(session: AppTest, kind: str, name: str) -> Any:
    """The filter widget with this name in its key."""
    return next(one for one in session.get(kind) if (one.key or "").startswith(f"filter_{name}"))


def button(session: AppTest, text: str) -> Any:
    """The button that says `text`."""
    return next(one for one in session.button if text in one.label)


def query(session: AppTest) -> dict[str, str]:
    """What is in the address bar."""
    return {name: value if isinstance(value, str) else value[0] for name, value in session.query_params.items()}
