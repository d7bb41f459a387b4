"""A piece of HTML with which another site shows the map."""

from meetingplaces.ui import frame
from meetingplaces.ui.sharing import embed_page

frame.page(embed_page.draw)
