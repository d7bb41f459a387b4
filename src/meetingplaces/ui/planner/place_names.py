"""What a place is called where it stands alone: by its name, else by its kind and street."""

from __future__ import annotations

from meetingplaces.ui.planner.page import Planning


def place_name(planning: Planning, row: int) -> str:
    """The name of the place in this row of the table, else its kind and street."""
    place = planning.loaded.places.iloc[row]
    if isinstance(place["name"], str):
        return place["name"]
    kind, near = planning.kind_name(place["category"]), place["near_street"]
    return f"{kind}, {planning.texts('list_near', street=near)}" if isinstance(near, str) else kind


def titled(planning: Planning, place_id: str) -> str:
    """The name of a place with its kind."""
    row = planning.loaded.row_of[place_id]
    place, name = planning.loaded.places.iloc[row], place_name(planning, row)
    return f"{name} ({planning.kind_name(place['category'])})" if isinstance(place["name"], str) else name
