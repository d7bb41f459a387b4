"""Does memory level off? 200 interactions in one browser session, server and browser measured every 20.

    python benchmarks/soak.py [--interactions 200]

Neighbourhood, setting and a place from the list by turns, in the real server and real Chromium. The browser's heap is
measured after a garbage collection, with its numbers of nodes and listeners. Prints Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from pathlib import Path

from page import FLAGS, NEIGHBOURHOODS, OURS, choose, served, wait_until_drawn
from playwright.sync_api import CDPSession, Page, sync_playwright


def resident_mb(port: str) -> float:
    """Resident memory of the server that listens on `port`."""
    pattern = rf"meetingplaces\.cli serve .*--port {port}$"
    process = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=True).stdout.split()[0]
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def interact(page: Page, turn: int) -> None:
    if turn % 3 == 0:
        choose(page, NEIGHBOURHOODS[(turn // 3) % len(NEIGHBOURHOODS)])
    elif turn % 3 == 1:
        entries = page.locator("button.entry")
        if entries.count():
            entries.first.click()
    else:
        page.get_by_role("button", name="Binnen", exact=True).first.click()
    page.wait_for_timeout(700)
    wait_until_drawn(page, "ours")


def measured(page: Page, session: CDPSession, turn: int, port: str) -> str:
    session.send("HeapProfiler.collectGarbage")
    heap = page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6
    counters = session.send("Memory.getDOMCounters")
    return (
        f"| {turn} | {resident_mb(port):.0f} | {heap:.1f} | {counters['nodes']} | {counters['jsEventListeners']} "
        f"| {counters['documents']} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interactions", type=int, default=200)
    interactions = parser.parse_args().interactions
    print("| interactions | server MB | browser heap MB | nodes | listeners | documents |")
    print("|---:|---:|---:|---:|---:|---:|")
    with served(OURS) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL").new_page()
        session = page.context.new_cdp_session(page)
        page.goto(url)
        wait_until_drawn(page, "ours")
        port = url.rstrip("/").rsplit(":", 1)[1]
        for turn in range(interactions + 1):
            if turn % 20 == 0:
                print(measured(page, session, turn, port), flush=True)
            interact(page, turn)
        browser.close()


if __name__ == "__main__":
    main()
