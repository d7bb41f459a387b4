"""Where the app, its categories and the data that ships with it are: in a checkout, or inside an installed wheel."""

from __future__ import annotations

import os
from pathlib import Path

DATA_VARIABLE = "MEETINGPLACES_DATA"
CACHE_VARIABLE = "MEETINGPLACES_CACHE"
SOURCES_VARIABLE = "MEETINGPLACES_SOURCES"


def app_folder() -> Path:
    """The folder of `app.py`, `pages/` and `mapdata/`."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_app"
    return packaged if packaged.is_dir() else package.parents[1]


def categories_path() -> Path:
    """The rules that say what is a meeting place."""
    return app_folder() / "mapdata" / "categories.yaml"


def sources_path() -> Path:
    """The datasets of municipalities: the file named in the environment, else the one that ships with the product."""
    named = os.environ.get(SOURCES_VARIABLE)
    return Path(named) if named else app_folder() / "mapdata" / "sources.yaml"


def norms_path() -> Path:
    """What counts as near, with its source."""
    return app_folder() / "mapdata" / "norms.yaml"


def conflation_path() -> Path:
    """When two records are the same place, and whose word counts."""
    return app_folder() / "mapdata" / "conflation.yaml"


def own_list_rules_path() -> Path:
    """How an uploaded list of places is read."""
    return app_folder() / "mapdata" / "own_list.yaml"


def stories_paths(municipality_code: str | None) -> list[Path]:
    """The files of stories there are: those that ship with the product, a municipality's own, and uploaded ones."""
    shipped = app_folder() / "mapdata" / "stories.yaml"
    if municipality_code is None:
        return [shipped]
    own = data_folder() / f"{municipality_code}.stories.yaml"
    return [shipped, *([own] if own.is_file() else []), *sorted(story_uploads(municipality_code).glob("*.yaml"))]


def story_uploads(municipality_code: str) -> Path:
    """The folder of the uploaded stories of a municipality; it need not be there."""
    return data_folder() / "local" / municipality_code / "stories"


def moving_path(municipality_code: str) -> Path | None:
    """The file of a municipality's moving places, beside its bundle; `None` when it has none."""
    path = data_folder() / f"{municipality_code}.moving.yaml"
    return path if path.is_file() else None


def data_folder() -> Path:
    """The folder of the bundles: the one named in the environment, else the one that ships with the product."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else app_folder() / "mapdata"


def cache_folder() -> Path:
    """The folder of what was fetched from the network; all of it can be fetched again."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path.home() / ".cache" / "meetingplaces"
