"""The map: everything drawable is loaded once by the browser, after that only row numbers travel."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium
from xstatic.pkg import leaflet, leaflet_markercluster

from meetingplaces.model.categories import Categories
from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.storage.bundle import DRAWINGS
from meetingplaces.ui import data
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.filtering import Shown
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.served import FROM_FRAME, asset, generated, served
from meetingplaces.ui.settings import basemap
from meetingplaces.ui.symbols import SYMBOLS
from meetingplaces.ui.view_state import Camera

_HEIGHT_PX, _LARGE_PX = 560, 720


_PARTS = ("mapparts", "background", "planning", "labels", "meetingmap")


def _files(settings: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """JavaScript and CSS of Leaflet, its clusters and ours, all from this server. folium's defaults are on CDNs."""
    of_leaflet = FROM_FRAME + served("leaflet", leaflet.BASE_DIR)
    of_clusters = FROM_FRAME + served("markercluster", leaflet_markercluster.BASE_DIR)
    scripts = [
        ("leaflet", f"{of_leaflet}/leaflet.js"),
        ("markercluster", f"{of_clusters}/leaflet.markercluster.js"),
        ("settings", FROM_FRAME + generated("map", "js", settings)),
        *((part, FROM_FRAME + asset(f"{part}.js")) for part in _PARTS),
    ]
    styles = [
        ("leaflet", f"{of_leaflet}/leaflet.css"),
        ("markercluster", f"{of_clusters}/MarkerCluster.css"),
        ("palette", FROM_FRAME + asset("palette.css")),
        ("meetingmap", FROM_FRAME + asset("meetingmap.css")),
    ]
    return scripts, styles


def drawing_addresses(loaded: LoadedBundle) -> dict[str, str]:
    """Addresses of the drawings, see `served`. Names carry a checksum, so they may be cached for ever."""
    bundle = loaded.bundle
    name = f"{bundle.manifest.municipality_code.lower()}-{crc32(str(bundle.folder).encode()):08x}"
    folder = served(name, bundle.folder / DRAWINGS)
    return {name: f"{folder}/{Path(file.name).name}" for name, file in bundle.manifest.drawings.items()}


class _Drawn(MacroElement):
    """Creates the map's own layers, once."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        window.meetingMap = new MeetingMap({{ this._parent.get_name() }}, window.meetingMapSettings);
        {% endmacro %}
    """)

    def __init__(self) -> None:
        super().__init__()
        self._name = "Drawn"


class _Shown(MacroElement):
    """Tells the map what to show now."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        window.meetingMap.show({{ this.view }});
        {% endmacro %}
    """)

    def __init__(self, view: Mapping[str, Any]) -> None:
        super().__init__()
        self._name = "Shown"
        self.view = _script_json(view)


def _settings(loaded: LoadedBundle, categories: Categories, texts: Catalogue, urls: Mapping[str, str]) -> str:
    """All that the map needs to know of this bundle and language, as a script that is fetched once."""
    manifest = loaded.bundle.manifest
    settings: dict[str, Any] = {
        "language": texts.language,
        "texts": texts.section("map"),
        "kinds": {key: category.name.in_language(texts.language) for key, category in categories.by_key.items()},
        "urls": {name: FROM_FRAME + address for name, address in {**drawing_addresses(loaded), **urls}.items()},
        "symbols": SYMBOLS,
        "extent": manifest.extent.bounds,
        "restricted": sorted(RESTRICTED_ACCESS),
        "attribution": texts("map_attribution"),
        "hours": data.hours_in_words(loaded, categories, texts.language),
        "tiles": basemap(),
    }
    return f"window.meetingMapSettings = {_script_json(settings)};\n"


def _script_json(content: object) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def meeting_map(
    loaded: LoadedBundle,
    categories: Categories,
    texts: Catalogue,
    shown: Shown,
    on_pick: Callable[[str], None],
    *,
    camera: Camera | None = None,
    spots: Sequence[Mapping[str, Any]] = (),
    large: bool = False,
) -> None:
    """Draw the map of places; `on_pick` is told the identifier of a place picked on it.

    `camera` is what it first shows instead of all places; `spots` are marks besides them, as planning.js takes them;
    `large` is to be read from the back of a room.
    """

    def told(message: Mapping[str, Any]) -> None:
        if isinstance(message.get("place"), str):
            on_pick(message["place"])

    view = {
        "rows": shown.rows,
        "focus": shown.focus,
        "selected": shown.selected,
        "camera": [camera.latitude, camera.longitude, camera.zoom] if camera else None,
        "spots": list(spots),
        "large": large,
    }
    _draw(
        loaded,
        _files(_settings(loaded, categories, texts, {})),
        view,
        f"map-{texts.language}",
        told,
        large=large,
    )


def planning_map(
    loaded: LoadedBundle,
    categories: Categories,
    texts: Catalogue,
    view: Mapping[str, Any],
    on_message: Callable[[Mapping[str, Any]], None],
) -> None:
    """Draw the map of a planner's page: `view` as planning.js takes it, besides rows, focus and selected.

    `on_message` is told what is picked: `{"area": code}`, `{"spot": [longitude, latitude]}` or `{"stretch": id}`.
    Whatever it holds comes from a browser, and is not to be trusted. Homes can be drawn where they are known.
    """
    urls = {"homes": generated("homes", "json", loaded.home_dots)} if loaded.bundle.has_walking else {}
    files = _files(_settings(loaded, categories, texts, urls))
    _draw(loaded, files, view, f"planning-{texts.language}", on_message)


def _draw(
    loaded: LoadedBundle,
    files: tuple[list[tuple[str, str]], list[tuple[str, str]]],
    view: Mapping[str, Any],
    name: str,
    on_message: Callable[[Mapping[str, Any]], None],
    *,
    large: bool = False,
) -> None:
    manifest, height_px = loaded.bundle.manifest, _LARGE_PX if large else _HEIGHT_PX
    west, south, east, north = manifest.extent.bounds
    chart = folium.Map(
        location=[(south + north) / 2, (west + east) / 2], zoom_start=13, tiles=None, prefer_canvas=True
    )  # fmt: skip
    chart.default_js, chart.default_css = files
    _Drawn().add_to(chart)
    instruction = folium.FeatureGroup()
    _Shown(view).add_to(instruction)
    key = f"{name}-{height_px}-{manifest.version}"

    def picked() -> None:
        message = st.session_state.get(key)
        if isinstance(message, dict):
            on_message(message)

    st_folium(
        chart,
        key=key,
        height=height_px,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=instruction,
        on_change=picked,
        render=False,
    )
