"""Some neighbourhoods beside each other and beside the municipality."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import compare_page

frame.page(compare_page.draw)
