"""Where a resident can go from where she is."""

from meetingplaces.ui import frame
from meetingplaces.ui.near import page

frame.page(page.draw)
