"""How fast features come out of an OSM extract, next to other tools. Run by hand; prints a Markdown table.

    python benchmarks/ingest.py --extracts FOLDER [--copies 50] [--peers-python PYTHON ...]

Every tool runs in a process of its own, on the same tags; seconds include starting that process. `--peers-python` names
the interpreter of an environment with pyrosm and/or QuackOSM and may be given more than once. The made-up country is
`kampen.osm.pbf` from the folder, copied side by side.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


def _values(text: str) -> frozenset[str]:
    return frozenset(text.split())


WISHES: Mapping[str, frozenset[str]] = {
    "leisure": _values(
        "dog_park fitness_station garden nature_reserve park picnic_table pitch playground sports_centre swimming_pool"
    ),
    "amenity": _values(
        "bar bench cafe cinema community_centre library marketplace place_of_worship pub restaurant school "
        "social_facility theatre"
    ),
    "landuse": _values("allotments recreation_ground village_green"),
    "place": _values("square"),
    "highway": _values("living_street pedestrian"),
    "shop": _values("charity second_hand"),
    "tourism": _values("museum picnic_site zoo"),
}
BIG_FILE_BYTES = 50_000_000


@dataclass(frozen=True)
class Run:
    """One run of one tool: wall seconds with process start, seconds inside Python, peak MB, features by key."""

    wall_s: float
    inside_s: float | None
    peak_mb: float
    features: Counter[str]


# --- the tools, each called in a fresh process ------------------------------------------------------------------------


def by_key(rows: Iterable[Mapping[str, object]]) -> Counter[str]:
    """How many rows match each wished key, and how many match any."""
    counts = Counter[str]()
    for tags in rows:
        keys = [k for k, values in WISHES.items() if values & {v.strip() for v in str(tags.get(k)).split(";")}]
        counts.update(keys)
        counts["any"] += bool(keys)
    return counts


def ours(path: Path) -> tuple[Callable[[], object], Callable[[object], Counter[str]]]:
    """Our reader, and how to count what it found."""
    from meetingplaces.model.provenance import Snapshot  # noqa: PLC0415 - each tool is loaded in its own process
    from meetingplaces.sources.osm_extract import read_extract  # noqa: PLC0415

    def explain(found: object) -> Counter[str]:
        print(f"  ours, {path.name}: dropped {dict(found.dropped)}, repairs {dict(found.repairs)}", file=sys.stderr)
        return by_key(found.features["tags"])

    return lambda: read_extract(Snapshot.of_file(path), WISHES), explain


def pyrosm(path: Path) -> tuple[Callable[[], object], Callable[[object], Counter[str]]]:
    """Pyrosm with its defaults, and how to count what it found."""
    from pyrosm import OSM  # noqa: PLC0415

    wishes = {key: sorted(values) for key, values in WISHES.items()}
    read = lambda: OSM(str(path), progress=False).get_data_by_custom_criteria(wishes)  # noqa: E731
    return read, lambda table: by_key(table[[key for key in WISHES if key in table]].to_dict("records"))


def quackosm(path: Path) -> tuple[Callable[[], object], Callable[[object], Counter[str]]]:
    """QuackOSM without its cache, and how to count what it found."""
    import quackosm as peer  # noqa: PLC0415

    wishes = {key: sorted(values) for key, values in WISHES.items()}
    options = {"ignore_cache": True, "working_directory": tempfile.mkdtemp(), "verbosity_mode": "silent"}
    read = lambda: peer.convert_pbf_to_geodataframe(  # noqa: E731
        path, tags_filter=wishes, keep_all_tags=True, explode_tags=False, **options
    )
    return read, lambda table: by_key(table["tags"])


PYTHON_TOOLS = {"ours": ours, "pyrosm": pyrosm, "quackosm": quackosm}


def work(tool: str, path: Path, answer: Path) -> None:
    """What the child process does: read, and leave the seconds; count only when asked (that time is not the tool's)."""
    begin = time.perf_counter()
    read, count = PYTHON_TOOLS[tool](path)
    found = read()
    inside = time.perf_counter() - begin
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    answer.write_text(json.dumps({"inside_s": inside, "done_at": time.time(), "peak_mb": used / 1024}))
    answer.with_suffix(".counts").write_text(json.dumps(count(found)))


# --- running and measuring --------------------------------------------------------------------------------------------


def spawn(command: list[str], scratch: Path) -> tuple[float, float, float]:
    """Moment of the start, wall seconds and peak MB of a command; its temporary files go to `scratch`."""
    environment = os.environ | {"TMPDIR": str(scratch)}
    begin, clock = time.time(), time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=scratch, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return begin, time.perf_counter() - clock, usage.ru_maxrss / 1024


def run_python(tool: str, python: str, path: Path) -> Run:
    """One run of a Python tool; seconds and peak are those at the moment its table was there."""
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch) / "answer.json"
        script = str(Path(__file__).resolve())
        begin, _, _ = spawn([python, script, "--work", tool, str(path), str(answer)], Path(scratch))
        said = json.loads(answer.read_text())
        counts = Counter(json.loads(answer.with_suffix(".counts").read_text()))
    return Run(said["done_at"] - begin, said["inside_s"], said["peak_mb"], counts)


def run_osmium(path: Path) -> Run:
    """`osmium tags-filter` and `osmium export` one after the other; it writes GeoJSON, not a table in memory."""
    expressions = [f"nwr/{key}={','.join(sorted(values))}" for key, values in WISHES.items()]
    with tempfile.TemporaryDirectory() as scratch:
        small, out = f"{scratch}/small.osm.pbf", Path(scratch) / "out.geojsonseq"
        _, first, peak = spawn(["osmium", "tags-filter", "-o", small, str(path), *expressions], Path(scratch))
        _, second, other = spawn(
            ["osmium", "export", "-u", "type_id", "-f", "geojsonseq", "-o", str(out), small], Path(scratch)
        )
        with out.open() as lines:
            rows = [json.loads(line.lstrip("\x1e")) for line in lines]
    # A closed way comes as a line and as an area: count the object once, as the other tools do.
    counts = by_key({of_object(row["id"]): row["properties"] for row in rows}.values())
    return Run(first + second, None, max(peak, other), counts)


def of_object(feature_id: str) -> str:
    """The object that a feature of osmium export is about; area ids are those of way (even) or relation, doubled."""
    number = int(feature_id[1:])
    return f"{'wr'[number % 2]}{number // 2}" if feature_id.startswith("a") else feature_id


def interpreter_with(module: str, pythons: list[str]) -> str | None:
    """The first interpreter that has the module; looked up without importing it."""
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return next(
        (python for python in pythons if subprocess.run([python, "-c", probe], check=False).returncode == 0), None
    )


def tools(peers: list[str]) -> dict[str, Callable[[Path], Run] | None]:
    """Every tool by name, None where it is not installed."""
    pythons = {"ours": sys.executable if importlib.util.find_spec("meetingplaces") else None}
    pythons |= {tool: interpreter_with(tool, peers) for tool in ("pyrosm", "quackosm")}
    found: dict[str, Callable[[Path], Run] | None] = {
        tool: (lambda path, tool=tool, python=python: run_python(tool, python, path)) if python else None
        for tool, python in pythons.items()
    }
    return found | {"osmium tags-filter + export": run_osmium if shutil.which("osmium") else None}


def measure(runner: Callable[[Path], Run], path: Path) -> Run:
    """The median of three runs, or a single run on a big file."""
    runs = [runner(path) for _ in range(1 if path.stat().st_size > BIG_FILE_BYTES else 3)]
    inside = [run.inside_s for run in runs if run.inside_s is not None]
    return Run(
        statistics.median(run.wall_s for run in runs),
        statistics.median(inside) if inside else None,
        statistics.median(run.peak_mb for run in runs),
        runs[0].features,
    )


# --- the report -------------------------------------------------------------------------------------------------------


def report(path: Path, title: str, runners: Mapping[str, Callable[[Path], Run] | None]) -> None:
    """Measure every tool on one file and print its rows."""
    base = None
    for tool, runner in runners.items():
        if runner is None:
            print(f"| {title} | {tool} | absent | | | | | |", flush=True)
            continue
        run = measure(runner, path)
        base = base or run
        inside = "" if run.inside_s is None else f"{run.inside_s:.2f}"
        groups = " ".join(f"{key} {run.features[key]}" for key in WISHES)
        row = [title, tool, f"{run.wall_s:.2f}", inside, f"{run.wall_s / base.wall_s:.2f}", f"{run.peak_mb:.0f}"]
        print("| " + " | ".join([*row, str(run.features["any"]), groups]) + " |", flush=True)


EXPLANATION = """
Features are counted after the fact by one rule for all: distinct objects that carry a wished tag. Object by object the
tools agree on both real extracts but for torn rings, which we drop and count: an open way with the tags of a surface,
which the others give as a line (Liechtenstein), and two relations whose rings the crop cut open, which pyrosm alone
gives as areas (Kampen). osmium export writes a closed way without `area` twice, as a line and as an area; it counts
once here. osmium ends with GeoJSON on disk, the others with a table in memory.
"""


def main() -> None:
    """Measure, or do the work of one measured process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extracts", type=Path, help="folder with kampen.osm.pbf and other .osm.pbf files")
    parser.add_argument("--copies", type=int, default=50, help="size of the made-up country")
    parser.add_argument("--peers-python", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--work", nargs=3, metavar=("TOOL", "FILE", "ANSWER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        tool, path, answer = options.work
        return work(tool, Path(path), Path(answer))
    if options.extracts is None:
        parser.error("--extracts is needed")
    return compare(options.extracts.resolve(), options.copies, options.peers_python)


def compare(extracts: Path, copies: int, peers: list[str]) -> None:
    """Print the table: every extract of the folder, then our growth with size and the made-up country."""
    # Imported late: the processes that are measured run this script too and must not load osmium for it.
    from country import write_country  # noqa: PLC0415

    runners = tools(peers)
    print("| extract | tool | wall s | in Python s | wall / ours | peak MB | features | by key |")
    print("|---|---|---|---|---|---|---|---|")
    for path in sorted(extracts.glob("*.osm.pbf")):
        report(path, f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)", runners)
    with tempfile.TemporaryDirectory() as scratch:
        for count in sorted({10, copies}):
            country = Path(scratch) / f"kampen-x{count}.osm.pbf"
            write_country(extracts / "kampen.osm.pbf", country, count)
            wanted = runners if count == copies else {"ours": runners["ours"]}
            report(country, f"Kampen × {count} ({country.stat().st_size / 1e6:.0f} MB)", wanted)
    print(EXPLANATION)


if __name__ == "__main__":
    main()
