"""Parts of Streamlit that every page of ours is drawn with, fetched while the page still connects.

Streamlit asks for them only when its first message names them, one slow line later.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from streamlit import file_util

_DRAWN_WITH = ("BidiComponent", "Button", "ButtonGroup", "Checkbox", "Html", "PageLink", "Selectbox")
_IMPORTED = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')
_EARLY = b'<link rel="modulepreload"'


def with_modules(document: bytes) -> bytes:
    """Streamlit's document with those parts behind the ones that it names itself; any other document as it is."""
    return document.replace(b"</head>", _links() + b"</head>", 1) if _EARLY in document else document


@cache
def _links() -> bytes:
    static = Path(file_util.get_static_dir())
    named = (static / "index.html").read_text("utf-8")
    names = sorted(name for name in _needed(static / "static" / "js") if name not in named)
    return b"".join(_EARLY + f' crossorigin href="./static/js/{name}">'.encode() for name in names)


def _needed(folder: Path) -> set[str]:
    """The files of those parts, and of all that they import."""
    waiting = {path.name for part in _DRAWN_WITH for path in folder.glob(f"{part}.*.js")}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(_IMPORTED.findall((folder / name).read_text("utf-8"))) - found
    return found
