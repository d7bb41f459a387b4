"""Files that browsers fetch from this server, once, instead of getting them with every run of a page."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import streamlit.components.v1 as components
from streamlit import runtime

_ASSETS = Path(__file__).with_name("assets")
FROM_PAGE, FROM_FRAME = "component/", "../"
"""What stands before an address: seen from a page, and from the frame of a component."""


def served(name: str, folder: Path | str) -> str:
    """Serve `folder` to browsers; its address, to be put behind `FROM_PAGE` or `FROM_FRAME`.

    Both are relative, so that they work under a base path too.
    """
    _declare(name, str(folder), runtime.get_instance() if runtime.exists() else None)
    return f"{__name__}.{name}"


@lru_cache(maxsize=64)
def _declare(name: str, folder: str, _: runtime.Runtime | None) -> None:
    """Once per server: declaring looks through the call stack, which takes a millisecond."""
    components.declare_component(name, path=folder)


def asset(file: str) -> str:
    """The address of one of our own files, with a mark that changes when its content does."""
    return f"{served('assets', _ASSETS)}/{file}?{_mark(file)}"


@cache
def _generated_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="meetingplaces-")


def generated(stem: str, suffix: str, content: str) -> str:
    """The address of a file with this content, written once in the life of the server."""
    folder = Path(_generated_folder().name)
    path = folder / f"{stem}-{crc32(content.encode()):08x}.{suffix}"
    if not path.exists():
        path.write_text(content, encoding="utf-8")
    return f"{served('generated', folder)}/{path.name}"


@cache
def _mark(file: str) -> str:
    return f"{crc32((_ASSETS / file).read_bytes()):08x}"


def loader(file: str) -> str:
    """JavaScript of a component whose real module is `file`, with a default export as Streamlit asks.

    Streamlit sends a component's inline code again with every run; this is short.
    """
    address = f"{FROM_PAGE}{__name__}.assets/{file}?{_mark(file)}"
    # In lines, because Streamlit takes code on a single line for the name of a file.
    return f"""\
const loaded = import(new URL("{address}", document.baseURI).href);
export default (component) => {{
  let end, ended = false;
  loaded.then((module) => {{ if (!ended) end = module.default(component); }});
  return () => {{ ended = true; end?.(); }};
}};
"""
