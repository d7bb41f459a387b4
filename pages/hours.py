"""Who has an open place within reach, per day and part of the day."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import hours_page

frame.page(hours_page.draw)
