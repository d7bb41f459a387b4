"""What is on screen as a file to take along: made when asked for, from the very description the page was drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from meetingplaces.export.figures import ChartFigure, MapFigure
from meetingplaces.export.screen import Screen
from meetingplaces.ui.planner.page import Planning

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def downloads(planning: Planning, screen: Screen, figure: MapFigure | ChartFigure | None = None) -> None:
    """A button per format: the table, its places on the map where it has them, and the map or chart."""
    texts = planning.texts
    st.html(f"<h2>{texts('download_title')}</h2><p class='note'>{texts('download_meaning')}</p>")
    with st.container(horizontal=True):
        for form, write in _writers(screen, figure).items():
            st.download_button(
                texts(f"download_{form}"),
                data=write,
                file_name=f"{screen.name}.{form}",
                mime=_TYPES[form],
                key=f"download-{screen.name}-{form}",
                on_click="ignore",
            )


def _writers(screen: Screen, figure: MapFigure | ChartFigure | None) -> Mapping[str, Callable[[], bytes]]:
    """What writes each format. The libraries behind them are loaded when a file is asked for."""

    def drawn(form: str) -> Callable[[], bytes]:
        def write() -> bytes:
            if isinstance(figure, ChartFigure):
                from meetingplaces.export.chart_drawing import draw_chart  # noqa: PLC0415

                return draw_chart(screen, figure, form)
            from meetingplaces.export.map_drawing import draw_map  # noqa: PLC0415

            return draw_map(screen, figure, form)

        return write

    writers = {"xlsx": _xlsx, "csv": _csv} | ({"gpkg": _gpkg, "geojson": _geojson} if screen.geometry is not None else {})
    bound = {form: (lambda write=write: write(screen)) for form, write in writers.items()}
    return bound | ({form: drawn(form) for form in ("png", "svg")} if figure is not None else {})


def _xlsx(screen: Screen) -> bytes:
    from meetingplaces.export.xlsx import screen_xlsx  # noqa: PLC0415

    return screen_xlsx(screen)


def _csv(screen: Screen) -> bytes:
    from meetingplaces.export.csv import screen_csv  # noqa: PLC0415

    return screen_csv(screen)


def _gpkg(screen: Screen) -> bytes:
    from meetingplaces.export.geopackage import screen_geopackage  # noqa: PLC0415

    return screen_geopackage(screen)


def _geojson(screen: Screen) -> bytes:
    from meetingplaces.export.geojson import screen_geojson  # noqa: PLC0415

    return screen_geojson(screen)
