"""Live tests ask real services one small question each; only with MEETINGPLACES_LIVE=1, and a contact set."""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    asleep = pytest.mark.skip(reason="asks real services; set MEETINGPLACES_LIVE=1 (and MEETINGPLACES_CONTACT)")
    for item in items:
        if item.get_closest_marker("live") and os.environ.get("MEETINGPLACES_LIVE") != "1":
            item.add_marker(asleep)
