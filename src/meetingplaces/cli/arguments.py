"""What several commands ask for in the same way."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from meetingplaces.model.errors import MissingFileError
from meetingplaces.storage.locations import DATA_VARIABLE, data_folder


def add_municipality(command: argparse.ArgumentParser) -> None:
    """The municipality, by its code."""
    command.add_argument("municipality", metavar="GM0166", type=municipality_code)


def add_data(command: argparse.ArgumentParser) -> None:
    """The folder of the bundles; `data_of` reads it."""
    command.add_argument(
        "--data", type=Path, metavar="DIR", help=f"folder of the bundles (default: ${DATA_VARIABLE}, else our own)"
    )


def data_of(options: argparse.Namespace) -> Path:
    """The folder of the bundles, which is there."""
    folder: Path = options.data or data_folder()
    if not folder.is_dir():
        raise MissingFileError(str(folder), "the data folder", "a folder with bundles", "no such folder")
    return folder


def municipality_code(text: str) -> str:
    """A code as CBS writes it, such as GM0166."""
    code = text.upper()
    if re.fullmatch("GM[0-9]{4}", code) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a municipality code such as GM0166")
    return code


def metres(text: str) -> float:
    """A walking distance that the kept distances can answer."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 2000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of metres above 0 and up to 2000")
    return found
