"""The palette in light and dark, by WCAG 2.2 AA: 4.5:1 for text (1.4.3), 3:1 for lines, symbols and focus (1.4.11).

axe-core judges text on the pages; it sees neither canvas nor gradients, so the map and the bars are computed here.
"""

import re
import tomllib
from pathlib import Path

import pytest

from meetingplaces import ui
from meetingplaces.storage.locations import app_folder
from meetingplaces.ui.symbols import SYMBOLS

UI = Path(ui.__file__).parent
PALETTE = UI / "assets" / "palette.css"
SCHEMES = ("light", "dark")
TEXT, GRAPHICS = 4.5, 3.0
MAP = ("ground", "green", "water")


def colours(scheme):
    """The palette, and our theme of Streamlit, as `#rrggbb` by name."""
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", PALETTE.read_text(encoding="utf-8"))
    assert len(pairs) > 20
    return {name: values[SCHEMES.index(scheme)] for name, *values in pairs}


def theme(scheme):
    # What Streamlit 1.67 takes where a light theme says nothing.
    defaults = {"backgroundColor": "#ffffff", "secondaryBackgroundColor": "#f8f8f7"} if scheme == "light" else {}
    config = tomllib.loads((app_folder() / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    return {**defaults, **config["theme"][scheme]}


def luminance(colour):
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def half_white(colour):
    """What `color-mix(in srgb, colour, white)` gives."""
    return "#" + "".join(f"{round((int(colour[at : at + 2], 16) + 255) / 2):02x}" for at in (1, 3, 5))


def too_little(least, pairs):
    """The pairs of named colours with less contrast than `least`."""
    return {
        f"{one} on {other}": round(contrast(colour, ground), 2)
        for (one, colour), (other, ground) in pairs
        if contrast(colour, ground) < least
    }


def pairs_of(known, front, back):
    return [((one, known[one]), (other, known[other])) for one in front for other in back]


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_everything_it_stands_on(scheme):
    known = colours(scheme)
    ink = pairs_of(known, ["ink"], ["paper", "surface", "marked", "fresh", "aging", "old", "bar"])
    assert too_little(TEXT, ink + pairs_of(known, ["link"], ["paper", "surface", "marked"])) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_theme_of_streamlit_can_be_read(scheme):
    set_to = theme(scheme)
    grounds = ["backgroundColor", "secondaryBackgroundColor"]
    assert too_little(TEXT, pairs_of(set_to, ["textColor", "linkColor", "primaryColor"], grounds)) == {}
    assert too_little(GRAPHICS, pairs_of(set_to, ["borderColor"], grounds)) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_and_bars_stand_out_from_what_they_are_drawn_on(scheme):
    known = colours(scheme)
    lines = pairs_of(known, ["mark", "outline", "living-street", "chosen"], MAP)
    drawn = [*lines, *pairs_of(known, ["bar", "outline", "mark", "living-street"], ["paper"])]
    drawn += pairs_of(known, ["chosen"], ["chosen-rim"]) + pairs_of(known, ["hatch"], ["between-hatch"])
    assert too_little(GRAPHICS, drawn) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("setting", SYMBOLS)
def test_a_symbol_stands_out_by_its_colour_or_its_white_rim(setting, scheme):
    colour, known = SYMBOLS[setting]["colour"], colours(scheme)
    assert contrast(colour, "#ffffff") >= TEXT
    shown = colour if scheme == "light" else "#ffffff"
    assert too_little(GRAPHICS, [((setting, shown), (name, known[name])) for name in (*MAP, "paper")]) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("setting", SYMBOLS)
def test_the_edge_of_a_place_stands_out_on_the_map(setting, scheme):
    colour, known = SYMBOLS[setting]["colour"], colours(scheme)
    drawn = colour if scheme == "light" else half_white(colour)
    assert too_little(GRAPHICS, [((setting, drawn), (name, known[name])) for name in MAP]) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_palette_is_that_of_the_theme(scheme):
    known, set_to = colours(scheme), theme(scheme)
    assert (known["paper"], known["ink"]) == (set_to["backgroundColor"], set_to["textColor"])
    assert known["link"] == set_to["linkColor"]


def test_without_a_base_streamlit_follows_the_system_of_the_visitor():
    config = tomllib.loads((app_folder() / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert "base" not in config["theme"]
    assert set(SCHEMES) <= set(config["theme"])


def test_every_colour_that_is_used_is_in_the_palette_and_the_other_way_round():
    files = [path for path in UI.rglob("*") if path.suffix in {".css", ".js", ".py"} and path != PALETTE]
    used = {name for path in files for name in re.findall(r"var\(--([\w-]+)", path.read_text(encoding="utf-8"))}
    given_in_style = {"part", "line"}
    assert {name for name in used if not name.startswith("st-")} - given_in_style == set(colours("light"))
