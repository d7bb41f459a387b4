"""Stories, lessons and groups of a place, a neighbourhood or a municipality, and for everybody."""

from meetingplaces.ui import frame, stories_page

frame.page(stories_page.draw)
