"""A list of places of the municipality's own: from file to source."""

from meetingplaces.ui import frame
from meetingplaces.ui.own_list import page

frame.page(page.draw)
