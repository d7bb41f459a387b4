"""A file that a CKAN portal, such as data.overheid.nl, says where to find.

`url` is the address of its API (`…/api/3/action`), `layer` the dataset and `version` the format or name of the file
within it. Files mostly lie on another host: only hosts that the registry names are gone to.
"""

from __future__ import annotations

from typing import Any

from meetingplaces.model.municipal import MunicipalSource
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.municipal import files
from meetingplaces.sources.municipal.exchange import Bounds, Conversation

read = files.read


def conversation(source: MunicipalSource, bounds: Bounds | None, limit: int = 0) -> Conversation:
    """Ask where the file is, then for the file itself."""
    asked_file = False

    def check(answer: Answer) -> str | None:
        if not asked_file:
            return _last_change(_resource(answer, source))
        files.check(answer)
        return None

    def next_page(answer: Answer) -> Request | None:
        nonlocal asked_file
        if asked_file:
            return None
        asked_file = True
        return Request(str(_resource(answer, source)["url"]), source.origin, hosts=source.hosts)

    params = {"id": str(source.layer)}
    first = Request(f"{source.url}/package_show", source.origin, params=params, hosts=source.hosts)
    return Conversation(first, check, next_page)


def _resource(answer: Answer, source: MunicipalSource) -> dict[str, Any]:
    """The one file of the dataset that is meant."""
    content = answer.json()
    if not isinstance(content, dict) or content.get("success") is not True:
        error = content.get("error") if isinstance(content, dict) else content
        raise answer.wrong("a dataset", str(error)[:200])
    resources = [each for each in content["result"].get("resources") or [] if each.get("url")]
    wanted = (source.version or "").casefold()
    chosen = [each for each in resources if wanted in (_format(each), str(each.get("name", "")).casefold())]
    if len(chosen) != 1:
        found = ", ".join(f"{each.get('name')} ({_format(each)})" for each in resources) or "no files"
        raise answer.wrong(f"one file {source.version or ''}".strip(), found[:200])
    return chosen[0]


def _format(resource: dict[str, Any]) -> str:
    """The format in small letters; data.overheid.nl writes it as an address that ends in it."""
    return str(resource.get("format") or "").rstrip("/").rpartition("/")[2].casefold()


def _last_change(resource: dict[str, Any]) -> str | None:
    changed = str(resource.get("last_modified") or "")[:10]
    return changed or None
