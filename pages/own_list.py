"""A list of places of the municipality's own: from file to source."""

from meetingplaces.ui import frame, own_list_page

frame.page(own_list_page.draw)
