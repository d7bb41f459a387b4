"""How long the server works for a change on the planner's pages.

    python benchmarks/planner.py [--changes 15]

Real server on the bundle that ships. The time of the script is measured without a browser, over a websocket of our own:
from the message that asks for a run with another link to the one that says it has finished. Each change is asked for in
two forms by turns, the first two are left out; on a busy machine the least is what the server needs. After that a first
visit to each page in Chromium, with an empty cache. Prints Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Iterator

from page import FLAGS, OURS, Traffic, served
from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

FRAME = 'iframe[src*="st_folium"]'
_LIBRARY = "waar=binnen&erbij={}_library"
CHANGES = {
    "*Dekking*, kinds of place": ("dekking", 50, "soort=library", "soort=park.playground"),
    "*Dekking*, indoors or outdoors": ("dekking", 50, "waar=binnen", "waar=buiten"),
    "*Dekking*, free or wheelchair": ("dekking", 200, "eis=gratis", "eis=rolstoel"),
    "*Dekking*, another walker": ("dekking", 200, "loper=rollator", "loper=wheelchair"),
    "*Dekking*, open at a moment": ("dekking", 200, "moment=zo.evening", "moment=di.morning"),
    "*Dekking*, another measure": ("dekking", None, "maat=choice", "maat=space"),
    "*Open en dicht*, another group": ("open-en-dicht", None, "groep=65plus", "waar=binnen"),
    "*Vergelijken*, others": ("vergelijken", None, "met=BU01660000.BU01660001", "met=BU01660002.BU01660003"),
    "*Waar eerst*, other weights": ("waar-eerst", None, "weging=gap-5", "weging=share-3"),
    "*Witte vlekken*, group or distance": ("witte-vlekken", None, "groep=65plus", "afstand=300"),
    "*Wie treft wie*, seen before": ("wie-treft-wie", None, "groep=65plus", "buurt=BU01660000"),
    "*Wat als*, add a place": (
        "wat-als", 100, _LIBRARY.format("5.929190_52.534535"), _LIBRARY.format("5.922528_52.547363")),
    "*Wat als*, best spot for one": ("wat-als", 5000, "waar=binnen&beste=1", "waar=binnen&beste=1&groep=65plus"),
    "*Wat als*, best spots for three": ("wat-als", None, "waar=binnen&beste=3", "waar=binnen&beste=3&groep=65plus"),
    "*Crisis en weer*, another switch": ("crisis-en-weer", None, "omstandigheden=regen", "omstandigheden=binnendicht"),
}  # fmt: skip
"""What is changed: its page, the aim in milliseconds, and two links."""


def run_ms(stream: ClientConnection, page: str, query: str) -> tuple[float, int]:
    """Milliseconds of one run of the script, and the bytes sent."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = page
    began, received = time.perf_counter(), 0
    stream.send(asked.SerializeToString())
    while True:
        message = stream.recv()
        received += len(message)
        if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
            return 1000 * (time.perf_counter() - began), received


def runs(url: str, page: str, links: list[str], changes: int) -> Iterator[tuple[float, int]]:
    """Milliseconds and bytes of every change but the first two."""
    address = url.replace("http", "ws") + "_stcore/stream"
    with connect(address, subprotocols=["streamlit"], origin=url.rstrip("/"), max_size=None) as stream:
        run_ms(stream, page, "")
        found = [run_ms(stream, page, links[turn % 2]) for turn in range(changes + 2)]
        yield from found[2:]


def first_load(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds to a page at rest with an empty cache, and kB received by then."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    page, traffic = context.new_page(), Traffic()
    traffic.listen(context.new_cdp_session(page))
    began = time.perf_counter()
    page.goto(url)
    page.locator(".sources").first.wait_for()
    if page.locator(FRAME).count():
        page.frame_locator(FRAME).locator("html[data-drawn]").wait_for()
    seconds = time.perf_counter() - began
    page.wait_for_timeout(1500)
    context.close()
    return seconds, traffic.received / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=15, help="how often to make each change")
    changes = parser.parse_args().changes
    print("| change | least ms | median | 90th percentile | aim | kB sent |\n|---|---:|---:|---:|---:|---:|")
    with served(OURS) as url:
        for name, (page, aim, *links) in CHANGES.items():
            found = list(runs(url, page, links, changes))
            times = [one for one, _ in found]
            middle, most = statistics.median(times), statistics.quantiles(times, n=10)[-1]
            sent = statistics.median(size for _, size in found) / 1000
            print(f"| {name} | {min(times):.0f} | {middle:.0f} | {most:.0f} | {aim or ''} | {sent:.1f} |", flush=True)
        print("\n| first visit to | s | kB |\n|---|---:|---:|")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for page in dict.fromkeys(page for page, *_ in CHANGES.values()):
                seconds, received = first_load(browser, url + page)
                print(f"| {page} | {seconds:.1f} | {received:.0f} |", flush=True)
            browser.close()


if __name__ == "__main__":
    main()
