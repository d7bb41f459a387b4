"""Seconds to make each file that one brings along, on the bundle that ships.

    python benchmarks/kit.py [--runs 7]

`function` is what a button of a page waits for: the bundle is in memory. `command` is `meetingplaces sheet` in a
process of its own, from start to end. The first run, which also loads fonts, is left out of `function`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from meetingplaces.model.categories import load_categories
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder, categories_path
from meetingplaces.ui.kit.making import KitOrder, kit_file
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.view_state import ViewState

CODE, AREA, START = "GM0166", "BU01660000", (5.917, 52.557)
SITE, TODAY = "https://example.org", date(2026, 11, 22)
ORDERS = {
    "sheet, town centre (15 places)": KitOrder("sheet", ViewState(CODE, AREA), TODAY, SITE),
    "sheet, with a threshold too (66)": KitOrder(
        "sheet", ViewState(CODE, AREA, restricted=True), TODAY, SITE
    ),
    "sheet, whole municipality (132)": KitOrder("sheet", ViewState(CODE), TODAY, SITE),
    "booklet, nearest 18": KitOrder("booklet", ViewState(CODE, AREA), TODAY, SITE, START),
    "offline page, town centre": KitOrder("html", ViewState(CODE, AREA), TODAY, SITE),
    "offline page, whole municipality": KitOrder("html", ViewState(CODE), TODAY, SITE),
    "QR code": KitOrder("qr", ViewState(CODE, AREA), TODAY, SITE, image="png"),
}  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def command(kind: str, folder: Path) -> None:
    output = folder / "kit"
    arguments = ["sheet", CODE, "--neighbourhood", AREA, "--kind", kind, "--output", str(output)]
    if kind == "booklet":
        arguments += ["--from", f"{START[0]},{START[1]}"]
    subprocess.run([sys.executable, "-m", "meetingplaces.cli", *arguments], check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    loaded = LoadedBundle.of(open_bundle(app_folder() / "mapdata", CODE))
    categories = load_categories(categories_path())
    print("| file | function, s, median | worst | kB |\n|---|---:|---:|---:|")
    for name, order in ORDERS.items():
        size = len(kit_file(loaded, order, categories)) / 1000
        took = [seconds(lambda order=order: kit_file(loaded, order, categories)) for _ in range(runs)]
        print(f"| {name} | {statistics.median(took):.2f} | {max(took):.2f} | {size:.0f} |")
    print("\n| file | command, s, median of 3 |\n|---|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("sheet", "booklet", "html"):
            took = [seconds(lambda kind=kind: command(kind, Path(folder))) for _ in range(3)]
            print(f"| {kind} | {statistics.median(took):.2f} |")


if __name__ == "__main__":
    main()
