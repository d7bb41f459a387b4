"""What each neighbourhood keeps when indoor places close, when it rains, in the dark or in August."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import circumstances_page

frame.page(circumstances_page.draw)
