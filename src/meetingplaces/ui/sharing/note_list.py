"""A visitor's own notes as marks on the map and as a list."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from meetingplaces.ui.catalogue import Catalogue
from meetingplaces.ui.view_state import Note


def note_spots(notes: Sequence[Note], texts: Catalogue) -> list[dict[str, Any]]:
    """A numbered mark per note, as planning.js takes it."""
    return [
        {"point": [one.longitude, one.latitude], "sign": number, "kind": "note", "label": _label(number, one, texts)}
        for number, one in enumerate(notes, 1)
    ]


def draw_notes(notes: Sequence[Note], texts: Catalogue) -> None:
    """The same notes as text; nothing when there are none."""
    if notes:
        rows = "".join(f"<li>{escape(one.text or texts('notes_empty'))}</li>" for one in notes)
        st.html(f"<h3>{texts('notes_title')}</h3><ol>{rows}</ol>")


def _label(number: int, note: Note, texts: Catalogue) -> str:
    return texts("notes_label", number=number, text=note.text or texts("notes_empty"))
