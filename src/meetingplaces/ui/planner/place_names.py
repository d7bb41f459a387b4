"""What a place is called where it stands alone: by its name, else by its kind and street."""

from __future__ import annotations

from meetingplaces.ui.planner.page import Planning


def place_name(planning: Planning, row: int) -> str:
    """The name of the place in this row of the table, else its kind and street."""
    name, category, near = (planning.loaded.columns[one][row] for one in ("name", "category", "near_street"))
    if isinstance(name, str):
        return name
    kind = planning.kind_name(category)
    return f"{kind}, {planning.texts('list_near', street=near)}" if isinstance(near, str) else kind


def titled(planning: Planning, place_id: str) -> str:
    """The name of a place with its kind."""
    row = planning.loaded.row_of[place_id]
    name, columns = place_name(planning, row), planning.loaded.columns
    named = isinstance(columns["name"][row], str)
    return f"{name} ({planning.kind_name(columns['category'][row])})" if named else name
