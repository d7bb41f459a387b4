"""From an answer of Overpass to a table of features: ours beside OSMnx, each fetching it from a server on this machine.

    python benchmarks/overpass.py --samples ../shared/contracts/samples/overpass-kampen --osmnx-python PYTHON

The recorded answers are of the real engine over Kampen: 400 elements of meeting places, and those with 5,555 streets.
OSMnx asks in another form (`out;` with the nodes of every way), so the same elements are put in that form for it.
Each tool does it several times in a process of its own that has done its imports: from the server, and again from what
it kept of that (our snapshot, its cache). Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Elements = list[dict[str, Any]]
Wishes = dict[str, list[str] | bool]
BOX = (5.841, 52.524, 5.989, 52.584)
TIMES = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--osmnx-python", required=True)
    options = parser.parse_args()
    places = json.loads((options.samples / "answer_body_geom_qt.json").read_bytes())
    streets = json.loads(gzip.decompress((options.samples / "answer_streets.json.gz").read_bytes()))
    wishes = _wishes((options.samples / "query_body_geom_qt.ql").read_text())
    both = {(one["type"], one["id"]): one for one in [*places["elements"], *streets["elements"]]}
    print("| answer | elements | ours s | OSMnx s | OSMnx / ours | same features |\n|---|---:|---:|---:|---:|---|")
    for name, elements, tags in (
        ("places", places["elements"], wishes),
        ("places and streets", list(both.values()), {**wishes, "highway": True}),
    ):
        print(_row(name, elements, tags, options.osmnx_python))


def _row(name: str, elements: Elements, tags: Wishes, peer: str) -> str:
    with _serving({"osm3s": {}, "elements": elements}) as address:
        ours = _run([sys.executable, __file__.replace("overpass.py", "overpass_ours.py")], address, tags)
    with _serving({"elements": spelled_out(elements)}) as address:
        theirs = _run([peer, __file__.replace("overpass.py", "overpass_osmnx.py")], address, tags)
    alike = _differences(ours["features"], theirs["features"])
    return "\n".join(
        f"| {name}, {what} | {len(elements):,} | {_median(ours, how):.3f} | {_median(theirs, how):.3f} "
        f"| {_median(theirs, how) / _median(ours, how):.1f} | {alike} |"
        for how, what in (("fetched", "from a server"), ("read", "from disk"))
    )


def _median(run: dict[str, Any], how: str) -> float:
    return statistics.median(run[how])


def _run(command: list[str], address: str, tags: Wishes) -> dict[str, Any]:
    task = json.dumps({"address": address, "tags": tags, "box": BOX, "times": TIMES})
    done = subprocess.run(command, input=task, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _differences(ours: dict[str, float], theirs: dict[str, float]) -> str:
    """Features are id -> area in square degrees (0 for points and lines)."""
    shared = ours.keys() & theirs.keys()
    areas = sum(abs(ours[one] - theirs[one]) > 1e-12 for one in shared)
    return f"{len(shared):,} of {len(ours):,} and {len(theirs):,}; {areas} with another area"


def _wishes(query: str) -> Wishes:
    found: Wishes = {}
    for key, form, value in re.findall(r'\["(\w+)"(?:([~=])"([^"]*)")?\]', query):
        values = value.strip("^$()").split("|")
        if key != "area":
            found[key] = True if not form else sorted({*values, *(found.get(key) or [])})
    return found


def spelled_out(elements: Elements) -> Elements:
    """The same elements as `(._;>;);out;` gives them: nodes with positions, ways and relations with numbers only."""
    numbers: dict[tuple[float, float], int] = {}
    for one in elements:
        if one["type"] == "node":
            numbers[one["lat"], one["lon"]] = one["id"]
    nodes = {one["id"]: one for one in elements if one["type"] == "node"}
    ways: dict[int, dict[str, Any]] = {}

    def of(geometry: list[dict[str, float]]) -> list[int]:
        refs = []
        for at in geometry:
            number = numbers.setdefault((at["lat"], at["lon"]), 20_000_000_000 + len(numbers))
            nodes.setdefault(number, {"type": "node", "id": number, **at})
            refs.append(number)
        return refs

    for one in elements:
        if one["type"] == "way":
            ways[one["id"]] = {"type": "way", "id": one["id"], "nodes": of(one["geometry"]), "tags": one["tags"]}
    relations = [one for one in elements if one["type"] == "relation"]
    for member in (member for one in relations for member in one["members"] if member["type"] == "way"):
        way = {"type": "way", "id": member["ref"], "nodes": of(member["geometry"])}
        ways.setdefault(member["ref"], way)
    bare = [
        {**one, "members": [{key: member[key] for key in ("type", "ref", "role")} for member in one["members"]]}
        for one in relations
    ]
    return [*nodes.values(), *ways.values(), *bare]


@contextmanager
def _serving(content: dict[str, Any]) -> Iterator[str]:
    """A server that gives this answer to every question; the address of its /api."""
    body = json.dumps(content).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else head and body of an answer wait 40 ms for each other

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(b"Rate limit: 0\n")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(body)

        def _answer(self, text: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


if __name__ == "__main__":
    main()
