"""Settings of a server, from its environment."""

from __future__ import annotations

import os
from typing import Any

BASEMAP_VARIABLE = "MEETINGPLACES_BASEMAP"

# PDOK BRT-Achtergrondkaart: zoom 6-19, bounds and attribution as its terms ask.
_PDOK = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/{style}/EPSG:3857/{{z}}/{{x}}/{{y}}.png"
_BASEMAPS = {"pdok-grijs": _PDOK.format(style="grijs"), "pdok-standaard": _PDOK.format(style="standaard")}
REFRESH_VARIABLE = "MEETINGPLACES_REFRESH"
TILE_HOST = "https://service.pdok.nl"


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
