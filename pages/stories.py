"""Stories, lessons and groups of a place, a neighbourhood or a municipality, and for everybody."""

from meetingplaces.ui import frame
from meetingplaces.ui.stories import page

frame.page(page.draw)
