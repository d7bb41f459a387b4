"""Settings of a server, from its environment."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from meetingplaces.metrics.opening import AMSTERDAM
from meetingplaces.model.errors import SchemaError
from meetingplaces.sources.endpoints import load_endpoints

BASEMAP_VARIABLE = "MEETINGPLACES_BASEMAP"
SITE_VARIABLE = "MEETINGPLACES_URL"
NOW_VARIABLE = "MEETINGPLACES_NOW"
REPORT_VARIABLE = "MEETINGPLACES_REPORT_TO"
EMBED_VARIABLE = "MEETINGPLACES_EMBED_ORIGINS"
FROZEN_VARIABLE = "MEETINGPLACES_FROZEN"
_MOST_FROZEN = 20
_ADDRESS = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_ORIGIN = r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?"

# PDOK BRT-Achtergrondkaart: zoom 6-19, bounds and attribution as its terms ask.
_PDOK = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/{style}/EPSG:3857/{{z}}/{{x}}/{{y}}.png"
_BASEMAPS = {"pdok-grijs": _PDOK.format(style="grijs"), "pdok-standaard": _PDOK.format(style="standaard")}
REFRESH_VARIABLE = "MEETINGPLACES_REFRESH"
TILE_HOST = "https://service.pdok.nl"


def now() -> datetime:
    """The moment that pages take for now, Europe/Amsterdam: the real one, or the one this server is set to show.

    Raises
    ------
    SchemaError
        The setting is not a date and time in ISO 8601.
    """
    told = os.environ.get(NOW_VARIABLE)
    return dutch_moment(told, f"${NOW_VARIABLE}") if told else datetime.now(AMSTERDAM)


def dutch_moment(text: str, where: str) -> datetime:
    """A date and time in ISO 8601; without a zone it is Dutch time. `where` is named when it is something else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SchemaError(where, "the moment", "a date and time such as 2026-11-22T15:00", text) from error
    return moment.astimezone(AMSTERDAM) if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def basemap() -> dict[str, Any] | None:
    """The tile layer this server is set to use, or `None`: then the map is drawn from the bundle alone."""
    url = _BASEMAPS.get(os.environ.get(BASEMAP_VARIABLE, ""))
    if url is None:
        return None
    return {
        "url": url,
        "attribution": 'Kaartgegevens &copy; <a href="https://www.kadaster.nl">Kadaster</a>',
        "min_zoom": 6,
        "max_zoom": 19,
        "bounds": [[50.5, 3.25], [54, 7.6]],
    }


def may_refresh() -> bool:
    """Whether visitors may start a refresh: only where `MEETINGPLACES_REFRESH` is `on`, so never on a public server."""
    return os.environ.get(REFRESH_VARIABLE, "") == "on"


def site_url() -> str | None:
    """The address of this site as others reach it, without a slash at the end; `None` when it is not set.

    Raises
    ------
    SchemaError
        It is not an address that a browser can open.
    """
    written = os.environ.get(SITE_VARIABLE, "").strip()
    if not written:
        return None
    parts = urlsplit(written)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SchemaError(SITE_VARIABLE, "the environment", "an address such as https://example.org", repr(written))
    return written.rstrip("/")


def most_frozen() -> int:
    """How many editions of the data of each municipality are kept for links; 0: none, and it is not offered.

    Raises
    ------
    SchemaError
        The setting is no whole number up to 9999.
    """
    told = os.environ.get(FROZEN_VARIABLE, "").strip() or str(_MOST_FROZEN)
    if not re.fullmatch("[0-9]{1,4}", told):
        raise SchemaError(FROZEN_VARIABLE, "the environment", "a whole number such as 20", repr(told))
    return int(told)


def report_address(municipality_code: str) -> str | None:
    """Where reports about places go: the address of this municipality, else that of all, else `None`.

    Raises
    ------
    SchemaError
        What the server is set to is no list of addresses such as `GM0166=report@example.org other@example.org`.
    """
    told = {}
    for one in _listed(REPORT_VARIABLE, rf"(GM[0-9]{{4}}=)?{_ADDRESS}", "GM0166=report@example.org"):
        code, _, address = one.rpartition("=")
        told[code] = address
    return told.get(municipality_code, told.get(""))


def embed_origins() -> tuple[str, ...]:
    """Sites that may show this one in a frame, besides itself.

    Raises
    ------
    SchemaError
        What the server is set to is no list of origins such as `https://www.example.org https://*.example.org`.
    """
    return _listed(EMBED_VARIABLE, _ORIGIN, "https://www.example.org")


def check_settings() -> None:
    """Raise `InputError` when the server is set to what it cannot use: better at the start than on a page."""
    load_endpoints()
    site_url()
    report_address("")
    most_frozen()
    embed_origins()


def _listed(variable: str, pattern: str, example: str) -> tuple[str, ...]:
    """The members of a setting, between spaces or commas."""
    members = tuple(re.findall(r"[^\s,]+", os.environ.get(variable, "")))
    for member in members:
        if not re.fullmatch(pattern, member):
            raise SchemaError(variable, "the environment", f"a list such as {example}", repr(member))
    return members
