"""What all tests share: no network, one small bundle built by the real pipeline, and the shared data where present."""

from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts
from samples import BUURTEN, MUNICIPALITY, MUNICIPALITY_OPL, all_categories, areas_file, municipality_files, opl_file

from meetingplaces.model.categories import Categories
from meetingplaces.pipeline.build import build
from meetingplaces.storage.bundle import Bundle
from meetingplaces.storage.earlier import keep

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
LOOPBACK = ["127.0.0.1", "::1"]
# No test is about time: a busy machine is no fault of ours.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


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
def two_times(tmp_path_factory: pytest.TempPathFactory, categories: Categories) -> Path:
    """A data folder with Driedorp as it was kept and as it is. Not to be changed.

    Since then the library in the west went from the map, one with a hostile name came, and a centre's hours were told.
    """
    folder = tmp_path_factory.mktemp("two_times")
    areas = areas_file(folder / "driedorp.geojson", *BUURTEN)
    library = next(line for line in MUNICIPALITY_OPL.splitlines() if line.startswith("n10 "))
    came = "n901 x5.8955 y52.4965 Tamenity=library,name=<b>Nieuwe</b>%20%Bieb"
    hours = ("wheelchair=limited", "wheelchair=limited,opening_hours=24/7")
    for text in (MUNICIPALITY_OPL, MUNICIPALITY_OPL.replace(library, came).replace(*hours)):
        build(MUNICIPALITY, opl_file(folder / "driedorp.opl", text), areas, folder / "data", categories)
        if text == MUNICIPALITY_OPL:
            keep(folder / "data", MUNICIPALITY)
    return folder / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real extracts and boundaries beside the repository; the test is skipped where it is absent."""
    folder = SHARED / "data"
    if not (folder / "README.md").is_file():
        pytest.skip("the shared data (../shared/data) is not beside the repository")
    return folder
