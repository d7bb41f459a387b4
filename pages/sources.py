"""Where the data comes from: sources, licences, dates, extent, what was left out and why."""

from meetingplaces.ui import frame, sources_page

frame.page(sources_page.draw)
