"""Own marks on the map with a text, to take along in a link or a file."""

from meetingplaces.ui import frame
from meetingplaces.ui.sharing import notes_page

frame.page(notes_page.draw)
