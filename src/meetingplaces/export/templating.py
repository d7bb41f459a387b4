"""The templates of this folder, with every value escaped for HTML, XML and SVG."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from meetingplaces.export.printable import printable


def template_text(name: str) -> str:
    """A file of `templates/` as it is."""
    return files("meetingplaces.export").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(template_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["printable"] = printable
    return environment


def template(name: str) -> Template:
    """A template in which nothing that is missing passes silently."""
    return _environment().get_template(name)
