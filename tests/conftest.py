"""What all tests share: no network, one small bundle built by the real pipeline, and the shared data where present."""

from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts
from samples import MUNICIPALITY, all_categories, municipality_files

from meetingplaces.model.categories import Categories
from meetingplaces.pipeline.build import build
from meetingplaces.storage.bundle import Bundle

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
LOOPBACK = ["127.0.0.1", "::1"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Only this machine can be reached, unless a test is marked `live`."""
    if item.get_closest_marker("live") is None:
        socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(scope="session")
def categories() -> Categories:
    return all_categories()


@pytest.fixture(scope="session")
def built_bundle(tmp_path_factory: pytest.TempPathFactory, categories: Categories) -> Bundle:
    """The bundle of GM9999 Driedorp; its data folder is `built_bundle.folder.parent`. Not to be changed."""
    folder = tmp_path_factory.mktemp("driedorp")
    osm, areas = municipality_files(folder / "files")
    return build(MUNICIPALITY, osm, areas, folder / "data", categories)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real extracts and boundaries beside the repository; the test is skipped where it is absent."""
    folder = SHARED / "data"
    if not (folder / "README.md").is_file():
        pytest.skip("the shared data (../shared/data) is not beside the repository")
    return folder
