"""Records that may be one place, for a person to decide about."""

from meetingplaces.ui import frame
from meetingplaces.ui.review import page

frame.page(page.draw)
