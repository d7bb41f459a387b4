"""The map: everything drawable is loaded once by the browser, after that only row numbers travel."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import folium
import streamlit as st
import streamlit.components.v1 as components
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium
from xstatic.pkg import leaflet, leaflet_markercluster

from meetingplaces.model.places import RESTRICTED_ACCESS
from meetingplaces.storage.bundle import DRAWINGS
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.data import LoadedBundle
from meetingplaces.ui.filtering import Shown
from meetingplaces.ui.settings import basemap
from meetingplaces.ui.symbols import SYMBOLS

_ASSETS = Path(__file__).with_name("assets")
_HEIGHT_PX = 560


def _served(name: str, folder: Path | str) -> str:
    """Serve `folder` to browsers; the address as seen from the map's frame, which works under a base path too."""
    components.declare_component(name, path=str(folder))
    return f"../{__name__}.{name}"


def _leaflet_files() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """JavaScript and CSS of Leaflet, its clusters and ours, all from this server. folium's defaults are on CDNs."""
    of_leaflet = _served("leaflet", leaflet.BASE_DIR)
    of_clusters = _served("markercluster", leaflet_markercluster.BASE_DIR)
    ours = _served("assets", _ASSETS)
    scripts = [
        ("leaflet", f"{of_leaflet}/leaflet.js"),
        ("markercluster", f"{of_clusters}/leaflet.markercluster.js"),
        ("meetingmap", f"{ours}/meetingmap.js"),
    ]
    styles = [
        ("leaflet", f"{of_leaflet}/leaflet.css"),
        ("markercluster", f"{of_clusters}/MarkerCluster.css"),
        ("meetingmap", f"{ours}/meetingmap.css"),
    ]
    return scripts, styles


def drawing_urls(loaded: LoadedBundle) -> dict[str, str]:
    """Addresses of the drawings as seen from a component's frame. Names carry a checksum, so they may be cached."""
    bundle = loaded.bundle
    base = _served(bundle.manifest.municipality_code.lower(), bundle.folder / DRAWINGS)
    return {name: f"{base}/{Path(file.name).name}" for name, file in bundle.manifest.drawings.items()}


class _Drawn(MacroElement):
    """Creates the map's own layers, once."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        window.meetingMap = new MeetingMap({{ this._parent.get_name() }}, {{ this.settings }});
        {% endmacro %}
    """)

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Drawn"
        self.settings = _script_json(settings)


class _Shown(MacroElement):
    """Tells the map what to show now."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        window.meetingMap.show({{ this.view }});
        {% endmacro %}
    """)

    def __init__(self, view: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Shown"
        self.view = _script_json(view)


def _script_json(content: object) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def meeting_map(loaded: LoadedBundle, texts: Catalogue, shown: Shown, on_pick: Callable[[str], None]) -> None:
    """Draw the map; `on_pick` is told the identifier of a place picked on it."""
    manifest = loaded.bundle.manifest
    west, south, east, north = manifest.extent.bounds
    chart = folium.Map(
        location=[(south + north) / 2, (west + east) / 2], zoom_start=13, tiles=None, prefer_canvas=True
    )  # fmt: skip
    chart.default_js, chart.default_css = _leaflet_files()
    settings = {
        "language": texts.language,
        "texts": texts.section("map"),
        "urls": drawing_urls(loaded),
        "symbols": SYMBOLS,
        "extent": manifest.extent.bounds,
        "restricted": sorted(RESTRICTED_ACCESS),
        "attribution": texts("map_attribution"),
        "tiles": basemap(),
    }
    _Drawn(settings).add_to(chart)
    instruction = folium.FeatureGroup()
    _Shown(asdict(shown)).add_to(instruction)
    key = f"map-{manifest.version}-{texts.language}"

    def picked() -> None:
        value = st.session_state.get(key)
        if isinstance(value, dict) and isinstance(value.get("place"), str):
            on_pick(value["place"])

    st_folium(
        chart,
        key=key,
        height=_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=instruction,
        on_change=picked,
        render=False,
    )
