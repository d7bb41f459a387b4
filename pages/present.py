"""One neighbourhood or place at a time, large, for a room."""

from meetingplaces.ui import frame
from meetingplaces.ui.sharing import present_page

frame.page(present_page.draw)
