"""What would change if places came, closed or opened at other times."""

from meetingplaces.ui import frame
from meetingplaces.ui.planner import whatif_page

frame.page(whatif_page.draw)
