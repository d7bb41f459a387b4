"""The map of one municipality: area and filters, list and map in step, details, figures, sources."""

from meetingplaces.ui import frame, map_page

frame.page(map_page.draw)
