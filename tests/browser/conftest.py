"""The real server and real Chromium. Absent tools skip these tests, except where `CI=true`: there they fail."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from address_standin import KNOWN as KNOWN_ADDRESSES
from address_standin import AddressStandIn
from address_view import ready
from hostile import build_hostile
from map_view import DESKTOP, KAMPEN, MapView
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from serving import Server, serving

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# A busy machine is slow, not wrong.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _absent(reason: str) -> None:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        _absent("no Chromium found: install it, or name it in the variable CHROMIUM")
    return str(path)


@pytest.fixture(scope="session")
def axe_script() -> str:
    if not AXE.is_file():
        _absent("axe-core is absent: run `npm ci` in tests/browser")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium per file of tests; a playwright that lived longer would leave its event loop to other tests."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The production server with the bundles it finds by default: those that ship with the product."""
    with serving(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start another server, for this test only: `serve(data=folder)`, `serve(with_streamlit=True)`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serving(tmp_path, **options))


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Callable[..., BrowserContext]:
    """A browser context per size, locale and colour scheme; pages in it share the cache of files and nothing else."""
    opened: dict[str, BrowserContext] = {}

    def context(size: tuple[int, int] = DESKTOP, locale: str = "nl-NL", **options: Any) -> BrowserContext:
        key = repr((size, locale, options))
        if key not in opened:
            width, height = size
            touch = {"has_touch": True, "is_mobile": True} if width < 500 else {}
            opened[key] = browser.new_context(
                viewport={"width": width, "height": height}, locale=locale, **touch, **options
            )
            opened[key].set_default_timeout(PATIENCE_MS)
        return opened[key]

    return context


@pytest.fixture
def new_page(contexts: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """A fresh visitor: `new_page(size=PHONE)`. Streamlit knows a visitor by her page, not by a cookie."""
    opened: list[Page] = []

    def open_page(**options: Any) -> Page:
        opened.append(contexts(**options).new_page())
        return opened[-1]

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture
def visit(new_page: Callable[..., Page], server: Server) -> Callable[..., MapView]:
    """Open a link to the map as a fresh visitor and wait until it is drawn: `visit("/?buurt=…", size=PHONE)`."""

    def open_map(link: str = "/", at: Server | None = None, **options: Any) -> MapView:
        return MapView(new_page(**options)).goto((at or server).url + link)

    return open_map


def _printed_by(*arguments: str) -> Any:
    command = [sys.executable, "-m", "meetingplaces.cli", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)


@pytest.fixture(scope="session")
def known_places() -> list[dict[str, Any]]:
    """Properties of every place as `meetingplaces export` gives them."""
    return [one["properties"] for one in _printed_by("export", KAMPEN, "--format", "geojson")["features"]]


@pytest.fixture(scope="session")
def shown() -> Callable[..., dict[str, Any]]:
    """What `meetingplaces show --json` prints for the municipality or one neighbourhood."""

    def show(neighbourhood: str | None = None) -> dict[str, Any]:
        chosen = ("--neighbourhood", neighbourhood) if neighbourhood else ()
        return _printed_by("show", KAMPEN, "--json", *chosen)

    return show


@pytest.fixture(scope="session")
def hostile_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one bundle, built by the real pipeline, whose texts try to break out of the page."""
    return build_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def address_service() -> Iterator[AddressStandIn]:
    """The stand-in for PDOK Locatieserver."""
    with AddressStandIn() as running:
        yield running


@pytest.fixture(scope="module")
def address_site(
    address_service: AddressStandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    """A server that asks the stand-in, and the folder in which it keeps whatever it keeps, its log among it."""
    settings, kept = tmp_path_factory.mktemp("settings"), tmp_path_factory.mktemp("kept")
    folders = dict.fromkeys(("TMPDIR", "MEETINGPLACES_CACHE", "HOME"), str(kept))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**address_service.settings(settings), **folders}.items():
            patch.setenv(name, value)
        with serving(kept) as started:
            yield started, kept


@pytest.fixture
def near_address(
    new_page: Callable[..., Page], address_site: tuple[Server, Path], address_service: AddressStandIn
) -> Callable[..., Page]:
    """Open *Dichtbij* as a fresh visitor, with the service well: `near_address("?taal=en", size=PHONE)`."""
    address_service.known = KNOWN_ADDRESSES
    address_service.well()

    def open_page(link: str = "", **options: Any) -> Page:
        page = new_page(**options)
        page.goto(f"{address_site[0].url}/dichtbij{link}")
        return ready(page)

    return open_page
