"""How much of an area our data covers, in words."""

from __future__ import annotations

from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.loaded import LoadedBundle


def extent_note(loaded: LoadedBundle, neighbourhood: str | None, texts: Catalogue) -> str | None:
    """What to know before reading anything into a lack of places; `None` where the data covers the whole area."""
    if neighbourhood in {None, OUTSIDE}:
        share = loaded.bundle.manifest.extent.covers_municipality_share
    else:
        table = loaded.neighbourhoods
        share = float(table.loc[table["neighbourhood_code"] == neighbourhood, "extent_share"].iloc[0])
    if share >= 1:
        return None
    # A sliver more or less than all or nothing is neither.
    percentage = min(max(round(100 * share), 1), 99)
    return texts("extent_none") if share == 0 else texts("extent_partly", percentage=texts.number(percentage))
