"""Files of what is on screen, by format; each writer is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from meetingplaces.export.figures import ChartFigure, MapFigure
from meetingplaces.export.screen import Screen

TableFormat = Literal["xlsx", "csv", "gpkg", "geojson"]
DrawingFormat = Literal["png", "svg"]
MEDIA_TYPES: Mapping[TableFormat | DrawingFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "png": "image/png",
    "svg": "image/svg+xml",
}
"""As registered with IANA."""


def table_file(screen: Screen, form: TableFormat) -> bytes:
    """The table on screen as a file: `screen_xlsx`, `screen_csv`, `screen_geopackage` or `screen_geojson`.

    Raises
    ------
    ScreenError
        The format cannot hold it: too many rows, or no geometry.
    """
    match form:
        case "xlsx":
            from meetingplaces.export.xlsx import screen_xlsx  # noqa: PLC0415

            return screen_xlsx(screen)
        case "csv":
            from meetingplaces.export.csv import screen_csv  # noqa: PLC0415

            return screen_csv(screen)
        case "gpkg":
            from meetingplaces.export.geopackage import screen_geopackage  # noqa: PLC0415

            return screen_geopackage(screen)
        case "geojson":
            from meetingplaces.export.geojson import screen_geojson  # noqa: PLC0415

            return screen_geojson(screen)


def drawing_file(screen: Screen, figure: MapFigure | ChartFigure, form: DrawingFormat) -> bytes:
    """The map or chart on screen as a file: `draw_map` or `draw_chart`, which import Matplotlib.

    Raises
    ------
    ScreenError
        The figure does not go with the screen.
    """
    if isinstance(figure, MapFigure):
        from meetingplaces.export.map_drawing import draw_map  # noqa: PLC0415

        return draw_map(screen, figure, form)
    from meetingplaces.export.chart_drawing import draw_chart  # noqa: PLC0415

    return draw_chart(screen, figure, form)
