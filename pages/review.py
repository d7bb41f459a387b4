"""Records that may be one place, for a person to decide about."""

from meetingplaces.ui import frame, review_page

frame.page(review_page.draw)
