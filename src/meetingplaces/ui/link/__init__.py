"""Links: what a visitor sees as the parameters of an address, short, in words, and readable for ever."""

from meetingplaces.ui.link.pages import PAGE_FIELDS
from meetingplaces.ui.link.parameters import (
    HOURS,
    MOST_ADDED,
    MOST_BEST,
    MOST_CLOSED,
    MOST_COMPARED,
    MOST_METRES,
    Choices,
)
from meetingplaces.ui.link.query import LONGEST, ReadLink, from_query, outgrows, share_query, to_query

__all__ = [
    "HOURS",
    "LONGEST",
    "MOST_ADDED",
    "MOST_BEST",
    "MOST_CLOSED",
    "MOST_COMPARED",
    "MOST_METRES",
    "PAGE_FIELDS",
    "Choices",
    "ReadLink",
    "from_query",
    "outgrows",
    "share_query",
    "to_query",
]
