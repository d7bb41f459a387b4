"""Text in places where Streamlit reads Markdown."""

from __future__ import annotations

import re


def escape_markdown(text: str) -> str:
    """Text of a source or a visitor, for a place where Streamlit reads Markdown: every sign stands for itself."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
