"""Where most people have no place within reach, street by street."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import gaps_page

frame.page(gaps_page.draw)
