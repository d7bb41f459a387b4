"""Neighbourhoods in an order of need, by weights that are chosen and shown."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import priorities_page

frame.page(priorities_page.draw)
