"""`sources`: the datasets of municipalities that we know of, and whether they still answer as we think."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from meetingplaces.cli.output import print_json
from meetingplaces.model.errors import UnknownSourceError

if TYPE_CHECKING:
    from meetingplaces.model.municipal import MunicipalSource
    from meetingplaces.sources.municipal.checking import SourceCheck

_FOUND_SHOWN = 12


def add_sources(commands: Any) -> None:
    """`sources` and `sources check`."""
    sources = commands.add_parser("sources", help="datasets of municipalities; `sources check` asks each one question")
    sources.add_argument("action", nargs="?", choices=("list", "check"), default="list")
    sources.add_argument("ids", nargs="*", metavar="SOURCE", help="only these, such as zwolle_centres")
    sources.add_argument("--json", action="store_true", help="as JSON")
    sources.set_defaults(run=_sources)


def _sources(options: argparse.Namespace) -> None:
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.municipal import load_sources  # noqa: PLC0415
    from meetingplaces.storage.locations import categories_path, sources_path  # noqa: PLC0415

    registry = load_sources(sources_path(), load_categories(categories_path()))
    for wanted in options.ids:
        if wanted not in registry.by_id:
            raise UnknownSourceError(wanted, ", ".join(registry.by_id))
    chosen = [source for key, source in registry.by_id.items() if key in options.ids or not options.ids]
    if options.action == "check":
        _check(chosen, as_json=options.json)
    elif options.json:
        print_json([source.model_dump(mode="json") for source in chosen])
    else:
        for source in chosen:
            print(_line(source))


def _line(source: MunicipalSource) -> str:
    area = "all" if source.municipalities == "all" else ",".join(source.municipalities)
    seen = f"seen {source.checked_on}" if source.checked_on else "not yet seen"
    licence = source.licence or "licence unknown"
    return f"{source.source_id}  {area}  {source.use}, {source.protocol}: {source.title} ({licence}; {seen})"


def _check(sources: list[MunicipalSource], *, as_json: bool) -> None:
    """Ask one after the other, so that no server gets two questions at once, and tell of each as it comes."""
    from meetingplaces.sources.endpoints import load_endpoints  # noqa: PLC0415
    from meetingplaces.sources.http import Door  # noqa: PLC0415
    from meetingplaces.sources.municipal.checking import check_source  # noqa: PLC0415

    door = Door(load_endpoints())
    told = []
    for source in sources:
        found = check_source(source, door)
        told.append(found)
        if not as_json:
            print(_outcome(found), flush=True)
    if as_json:
        print_json([_facts(found) for found in told])


def _outcome(found: SourceCheck) -> str:
    from meetingplaces.ui.catalogue import catalogue  # noqa: PLC0415

    if found.error is not None:
        return f"{found.source_id}: failed: {catalogue('en').error(found.error)}"
    names = ", ".join(found.found[:_FOUND_SHOWN]) + (", …" if len(found.found) > _FOUND_SHOWN else "")
    told = f": {', '.join(found.differences)}" if found.differences else ""
    return f"{found.source_id}: {found.status}{told}; it has {names or 'nothing to name'}"


def _facts(found: SourceCheck) -> dict[str, Any]:
    error = None if found.error is None else {"code": found.error.code, **found.error.facts()}
    return {
        "source_id": found.source_id,
        "status": found.status,
        "differences": found.differences,
        "found": found.found,
        "error": error,
    }
