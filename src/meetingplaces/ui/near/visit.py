"""What the parts of the page *Dichtbij* share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetingplaces.model.categories import Categories
from meetingplaces.model.norms import Norms, Profile
from meetingplaces.sources.address_search import FoundAddress
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.view_state import Position, ViewState


@dataclass(frozen=True)
class Visit:
    """Who asks what, where and when. `here` is `None` while nobody knows where she is; `now` is Europe/Amsterdam.

    `address` is what `here` was found by, if it was found by one.
    """

    state: ViewState
    here: Position | None
    now: datetime
    loaded: LoadedBundle
    categories: Categories
    norms: Norms
    texts: Catalogue
    address: FoundAddress | None = None

    @property
    def walker(self) -> Profile:
        """How she walks."""
        return self.norms.profile(self.state.profile)

    @property
    def selected(self) -> int | None:
        """The row of the place that is open, `None` without one."""
        return self.loaded.row_of.get(self.state.place or "")
