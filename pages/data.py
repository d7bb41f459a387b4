"""How fresh the data is, and refreshing it where that is allowed."""

from meetingplaces.ui import data_page, frame

frame.page(data_page.draw)
