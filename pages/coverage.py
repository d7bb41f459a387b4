"""Who can reach a place on foot, per neighbourhood: map, table and files."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import coverage_page

frame.page(coverage_page.draw)
