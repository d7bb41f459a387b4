"""Who can come to each place: the mix of groups within walking distance."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import mixing_page

frame.page(mixing_page.draw)
