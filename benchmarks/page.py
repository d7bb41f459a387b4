"""How long a visitor waits and what she downloads: our map page against a plain streamlit-folium page.

    python benchmarks/page.py [--changes 60]
    python benchmarks/page.py --phone

Real server, real Chromium, both pages in one run on the bundle that ships. Per page: navigation to a drawn map with a
fresh server and an empty cache (cold) and once more (warm); choosing another neighbourhood to a redrawn map; bytes
received for each, HTTP as sent and websocket frames as they are. The time of the script is measured without a browser,
which is busy drawing: over a websocket of our own, from the message that asks for a run to the one that says it has
finished. Prints Markdown.

With `--phone` our pages alone, as a resident meets them on a phone of 390×844: what a first and a second visit download
until the list is there, and how long that takes on this machine and on a slow line.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Playwright, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from websockets.sync.client import ClientConnection, connect

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
# With 15, 10, 17 and 8 places, and all 132: two with the same number would look alike to `wait_until_drawn`.
NEIGHBOURHOODS = ("Binnenstad Kampen", "Brunnepe", "Cellesbroek", "Trekvaart")
WHOLE = "Hele gemeente"
PLAIN = [sys.executable, "-m", "streamlit", "run", str(HERE / "plain_page.py"), "--server.headless=true",
         "--browser.gatherUsageStats=false", "--server.fileWatcherType=none", "--runner.postScriptGC=true",
         "--server.port"]  # fmt: skip
OURS = [sys.executable, "-m", "meetingplaces.cli", "serve", "--no-browser", "--port"]
# What is true in the map's frame once it shows the places of the heading: ours tells, the plain one has its markers.
DRAWN = {
    "ours": "(count) => document.documentElement.dataset.drawn === count",
    "plain": "(count) => String(document.querySelectorAll('.leaflet-marker-icon').length) === count",
}
COUNT = {
    "ours": "() => (document.querySelector('.summary')?.textContent.match(/\\d+/) ?? ['0'])[0]",
    "plain": "() => ([...document.querySelectorAll('[data-testid=stMarkdown] p')].at(-1)?.textContent.match(/\\d+/)"
    " ?? [''])[0]",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "nl-NL"}
# What Chromium's own tools call a slow 4G line. It is not applied to websockets.
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1.44e6 / 8, "uploadThroughput": 675e3 / 8}
LINES = {
    "this machine": {**SLOW_4G, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    "slow 4G": SLOW_4G,
}


@dataclass
class Traffic:
    """Bytes received by a page, headers too, and as they were before packing; set `received` to 0 to start anew."""

    received: int = 0
    unpacked: int = 0
    over_websocket: int = 0
    requests: int = 0

    def listen(self, session: CDPSession) -> None:
        session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        session.on("Network.dataReceived", self._data)
        session.on("Network.webSocketFrameReceived", self._frame)
        session.send("Network.enable")

    def _data(self, event: dict) -> None:
        self.unpacked += event["dataLength"]

    def _add(self, count: float) -> None:
        self.received += int(count)
        self.requests += count > 0

    def _frame(self, event: dict) -> None:
        count = len(base64.b64decode(event["response"]["payloadData"]))
        self.received += count
        self.over_websocket += count


@contextmanager
def served(command: list[str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.25)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def wait_until_drawn(page: Page, kind: str, changed_from: str | None = None) -> str:
    """The number of places on screen once the map shows just as many."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        count = page.evaluate(COUNT[kind])
        frames = [frame for frame in page.frames if "st_folium" in frame.url]
        if count and count != changed_from and frames:
            try:
                if frames[-1].evaluate(DRAWN[kind], count):
                    return count
            except Exception:  # noqa: BLE001  (the frame was replaced while we looked)
                continue
        page.wait_for_timeout(10)
    raise TimeoutError(f"{kind}: no map with {count} places within 60 s")


def choose(page: Page, name: str) -> float:
    """Type a neighbourhood's name and press Enter; when that was."""
    box = page.get_by_role("combobox", name="Buurt")
    box.click()
    box.fill(name)
    page.wait_for_timeout(250)
    began = time.perf_counter()
    box.press("Enter")
    return began


def script_ms(url: str, changes: int) -> list[float]:
    """Milliseconds of a script run for each change of neighbourhood, the first ones left out."""
    address = url.replace("http", "ws") + "_stcore/stream"
    with connect(address, subprotocols=["streamlit"], origin=url.rstrip("/"), max_size=None) as stream:
        chooser, _ = _run(stream, None)
        chosen = [(chooser.id, chooser.options[1 + turn % 8]) for turn in range(changes + 3)]
        return [_run(stream, choice)[1] for choice in chosen][3:]


def _run(stream: ClientConnection, choice: tuple[str, str] | None) -> tuple[Selectbox, float]:
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    if choice:
        widget = asked.rerun_script.widget_states.widgets.add()
        widget.id, widget.string_value = choice
    began, chooser = time.perf_counter(), None
    stream.send(asked.SerializeToString())
    while (told := ForwardMsg.FromString(stream.recv())).WhichOneof("type") != "script_finished":
        if told.delta.new_element.selectbox.label == "Buurt":
            chooser = told.delta.new_element.selectbox
    return chooser, 1000 * (time.perf_counter() - began)


def measure(kind: str, command: list[str], changes: int) -> dict[str, float]:
    found: dict[str, float] = {}
    with served(command) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
        for visit in ("cold", "warm"):
            page, traffic = context.new_page(), Traffic()
            traffic.listen(context.new_cdp_session(page))
            began = time.perf_counter()
            page.goto(url)
            count = wait_until_drawn(page, kind)
            found[f"{visit} s"] = time.perf_counter() - began
            page.wait_for_timeout(1500)
            found[f"{visit} kB"] = traffic.received / 1000
        seconds: dict[bool, list[float]] = {True: [], False: []}
        sizes: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(changes):
            name = WHOLE if turn % 5 == 4 else NEIGHBOURHOODS[turn // 5 % 4 - turn % 5]
            traffic.received = 0
            began = choose(page, name)
            count = wait_until_drawn(page, kind, count)
            seconds[name == WHOLE].append(time.perf_counter() - began)
            page.wait_for_timeout(800)
            sizes[name == WHOLE].append(traffic.received / 1000)
        browser.close()
        runs = script_ms(url, 60)
    return found | {
        "change of neighbourhood s": statistics.median(seconds[False]),
        "change of neighbourhood s, 90th percentile": statistics.quantiles(seconds[False], n=10)[-1],
        "change of neighbourhood kB": statistics.median(sizes[False]),
        "to the whole municipality s": statistics.median(seconds[True]),
        "to the whole municipality kB": statistics.median(sizes[True]),
        "script ms, median": statistics.median(runs),
        "script ms, 90th percentile": statistics.quantiles(runs, n=10)[-1],
    }


def phone_visits(playwright: Playwright, url: str, line: str) -> Iterator[tuple[str, float, Traffic]]:
    """`first` and `second`, with the seconds until the list is there and what was received until all is quiet."""
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    context = browser.new_context(**PHONE)
    for visit in ("first", "second"):
        page, traffic = context.new_page(), Traffic()
        session = context.new_cdp_session(page)
        traffic.listen(session)
        session.send("Network.emulateNetworkConditions", LINES[line])
        began = time.perf_counter()
        page.goto(url, timeout=120_000, wait_until="commit")
        page.locator("[data-count] li").first.wait_for(timeout=120_000)
        seconds = time.perf_counter() - began
        page.wait_for_load_state("networkidle", timeout=120_000)
        page.wait_for_timeout(1500)
        yield visit, seconds, traffic
        page.close()
    browser.close()


def measure_phone() -> None:
    print("| page | visit | line | s to the list | kB received | of which websocket | kB unpacked | requests |")
    print("|---|---|---|---:|---:|---:|---:|---:|")
    with served(OURS) as url, sync_playwright() as playwright:
        # The server has answered before: the first visitor of all waits for imports.
        list(phone_visits(playwright, url, "this machine"))
        for path, line in product(("dichtbij", ""), LINES):
            for visit, seconds, traffic in phone_visits(playwright, url + path, line):
                sizes = (traffic.received, traffic.over_websocket, traffic.unpacked)
                figures = " | ".join(f"{size / 1000:.0f}" for size in sizes)
                print(f"| /{path} | {visit} | {line} | {seconds:.1f} | {figures} | {traffic.requests} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=60, help="how often to change neighbourhood")
    parser.add_argument("--phone", action="store_true", help="a resident's visit on a phone, and nothing else")
    asked = parser.parse_args()
    if asked.phone:
        measure_phone()
        return
    changes = asked.changes
    ours, plain = measure("ours", OURS, changes), measure("plain", PLAIN, changes)
    print("| | ours | plain page | ours / plain |\n|---|---:|---:|---:|")
    for name in ours:
        print(f"| {name} | {ours[name]:.2f} | {plain[name]:.2f} | {ours[name] / plain[name]:.2f} |")


if __name__ == "__main__":
    main()
