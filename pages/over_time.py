"""What changed between two bundles of different dates, and what only got better on the map."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import over_time_page

frame.page(over_time_page.draw)
