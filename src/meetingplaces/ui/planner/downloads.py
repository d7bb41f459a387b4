"""What is on screen as a file to take along: made when asked for, from the very description the page was drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import get_args

import streamlit as st

from meetingplaces.export.figures import ChartFigure, MapFigure
from meetingplaces.export.files import MEDIA_TYPES, DrawingFormat, TableFormat, drawing_file, table_file
from meetingplaces.export.screen import Screen
from meetingplaces.ui.planner.page import Planning

_OF_SHAPES = frozenset({"gpkg", "geojson"})


def downloads(
    planning: Planning, screen: Screen, figure: MapFigure | ChartFigure | None = None, *, heading: bool = True
) -> None:
    """A button per format: the table, with its places on the map where it has them, and the map or chart.

    Of several tables on a page the first has the `heading`.
    """
    texts = planning.texts
    if heading:
        st.html(f"<h2>{texts('download_title')}</h2><p class='note'>{texts('download_meaning')}</p>")
    with st.container(horizontal=True):
        for form, write in _writers(screen, figure).items():
            st.download_button(
                texts(f"download_{form}"), data=write, file_name=f"{screen.name}.{form}", mime=MEDIA_TYPES[form],
                key=f"download-{screen.name}-{form}", on_click="ignore",
            )  # fmt: skip


def _writers(
    screen: Screen, figure: MapFigure | ChartFigure | None
) -> Mapping[TableFormat | DrawingFormat, Callable[[], bytes]]:
    """What writes each format that goes with what is on screen."""
    writers: dict[TableFormat | DrawingFormat, Callable[[], bytes]] = {
        form: partial(table_file, screen, form)
        for form in get_args(TableFormat)
        if screen.geometry is not None or form not in _OF_SHAPES
    }
    if figure is not None:
        writers |= {form: partial(drawing_file, screen, figure, form) for form in get_args(DrawingFormat)}
    return writers
