"""What a portal lists: names of services, layers, datasets or files, among which meeting places may be found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from meetingplaces.model.municipal import MunicipalSource, Protocol
from meetingplaces.sources.http import Answer, Request
from meetingplaces.sources.municipal import arcgis, opendatasoft
from meetingplaces.sources.municipal.exchange import Conversation

PROMISING = re.compile(
    r"speel|bank(?:en|je)|buurt|wijk(?:centr|service|gebouw)|park(?!eer)|tuin|ontmoet|biblioth|dorpshuis|mfc|plein|picknick"
    r"|jongeren|voorziening|zitgelegen|sport|groen",
    re.IGNORECASE,
)
"""Words in the names of layers that are worth a look."""


def listing(source: MunicipalSource) -> Conversation:
    """One question that makes a portal tell what it has."""
    url, params = str(source.url), dict[str, str]()
    if source.protocol == "arcgis":
        params = {"f": "json"}
    elif source.protocol == "wfs":
        params = {"service": "WFS", "request": "GetCapabilities"}
    elif source.protocol == "opendatasoft":
        params = {"limit": "100"}
    elif source.protocol == "ckan":
        url, params = f"{url}/package_search", {"q": "speelplekken OR buurthuizen", "rows": "20"}
    return Conversation(Request(url, source.origin, params=params, hosts=source.hosts), _CHECKS[source.protocol])


def names_in(answer: Answer, source: MunicipalSource) -> list[str]:
    """The names a portal gave, sorted.

    Raises
    ------
    SourceAnswerError
        There is none.
    """
    names = sorted({name for name in _NAMES[source.protocol](answer) if name})
    if not names:
        raise answer.wrong("a list of layers or datasets", answer.kind())
    return names


def _services(answer: Answer) -> list[str]:
    content = answer.json()
    listed = [*(content.get("services") or []), *(content.get("folders") or []), *(content.get("layers") or [])]
    return [str(each["name"]) if isinstance(each, dict) else f"{each}/" for each in listed]


def _feature_types(answer: Answer) -> list[str]:
    try:
        root = ElementTree.fromstring(answer.content())  # noqa: S314  (expat bounds how far entities may grow)
    except ElementTree.ParseError as error:
        raise answer.wrong("the capabilities of a WFS", answer.kind()) from error
    types = [node for node in root.iter() if node.tag.rpartition("}")[2] == "FeatureType"]
    return [(node.text or "").strip() for kind in types for node in kind if node.tag.rpartition("}")[2] == "Name"]


def _datasets(answer: Answer) -> list[str]:
    return [str(each.get("dataset_id") or "") for each in answer.json().get("results") or []]


def _packages(answer: Answer) -> list[str]:
    return [str(each.get("name") or "") for each in (answer.json().get("result") or {}).get("results") or []]


def _catalogue(answer: Answer) -> list[str]:
    return [str(each.get("title") or "") for each in answer.json().get("dataset") or []]


_NAMES: dict[Protocol, Callable[[Answer], list[str]]] = {
    "arcgis": _services,
    "wfs": _feature_types,
    "opendatasoft": _datasets,
    "ckan": _packages,
    "file": _catalogue,
}


def _arcgis_check(answer: Answer) -> str | None:
    content: Any = answer.json()
    if isinstance(content, dict) and {"services", "layers"} & content.keys():
        return None
    return arcgis.check(answer)


def _any(answer: Answer) -> None:
    """A `Check`: `names_in` looks further."""
    return


_CHECKS = {
    "arcgis": _arcgis_check,
    "opendatasoft": opendatasoft.check_for("results"),
    "wfs": _any,
    "ckan": _any,
    "file": _any,
}
