"""Maps and charts of what is on screen: they parse, tell every value to who cannot see them, and draw true sizes."""

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from screens import COLUMNS, HOSTILE, SHAPES, hostile, kampen, village, words

from meetingplaces.export.clean import clean
from meetingplaces.export.figures import (
    MOST_BANDS,
    Band,
    ChartFigure,
    MapFigure,
    Overlay,
    Panel,
    band_colours,
)
from meetingplaces.export.files import drawing_file
from meetingplaces.export.page import BODY_WIDTH, fitted_lines, text_width
from meetingplaces.export.screen import Screen
from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import ScreenError

FIFTHS = tuple(Band(step / 5, (step + 1) / 5, f"{20 * step} tot {20 * step + 20}%") for step in range(5))
DISTANCES = (Band(0, 500, "tot 500 m"), Band(500, 1000, "500 tot 1.000 m"), Band(1000, 2000, "verder dan 1.000 m"))
SHARES = MapFigure("share", "name", FIFTHS, outline=shapely.union_all(SHAPES[:3]))
CHART = ChartFigure(
    "name", (Panel("share"), Panel("people", "people_low", "people_high"), Panel("median_m", mark="dot"))
)
SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.filterwarnings("ignore:Glyph .* missing from font")  # emoji are drawn as empty boxes


def svg(screen: Screen, figure: MapFigure | ChartFigure) -> ElementTree.Element:
    return ElementTree.fromstring(drawing_file(screen, figure, "svg"))


def part(root: ElementTree.Element, gid: str) -> ElementTree.Element:
    return next(one for one in root.iter(f"{SVG}g") if one.get("id") == gid)


def titles(root: ElementTree.Element, start: str = "row-") -> list[str]:
    parts = [one for one in root.iter(f"{SVG}g") if one.get("id", "").startswith(start)]
    return [one.find(f"{SVG}title").text for one in parts]


def fill(root: ElementTree.Element, gid: str) -> str:
    return re.search(r"fill: ([^;]+)", part(root, gid).find(f".//{SVG}path").get("style")).group(1)


def corners(root: ElementTree.Element, gid: str) -> list[np.ndarray]:
    """The points of each ring of a drawn area, in points from the top left."""
    drawn = part(root, gid).find(f".//{SVG}path").get("d")
    return [np.array(re.findall(r"-?[\d.]+", ring), dtype=float).reshape(-1, 2) for ring in drawn.split("M")[1:]]


def width(root: ElementTree.Element, gid: str) -> float:
    return float(np.ptp(np.vstack(corners(root, gid))[:, 0]))


def image(screen: Screen, figure: MapFigure | ChartFigure) -> Image.Image:
    return Image.open(io.BytesIO(drawing_file(screen, figure, "png")))


# --- map --------------------------------------------------------------------------------------------------------------


def test_every_neighbourhood_on_the_map_has_its_value_as_title_and_in_the_description():
    screen, root = kampen(), svg(kampen(), SHARES_OF_KAMPEN)
    told = [f"{name}: {value}" for name, value in zip(screen.told("name"), screen.told("share"), strict=True)]
    assert len(told) == 36
    assert titles(root) == told
    described = root.find(f"{SVG}desc").text.splitlines()
    assert set(told) <= set(described)
    assert "Legenda: 0 tot 20%, 20 tot 40%, 40 tot 60%, 60 tot 80%, 80 tot 100%" in described
    assert "Loopafstand: 500 meter" in described
    assert set(screen.limits) <= set(described)
    assert any("© OpenStreetMap contributors (ODbL 1.0; peildatum 30-01-2023)" in line for line in described)


SHARES_OF_KAMPEN = replace(SHARES, outline=None)


@pytest.mark.parametrize("figure", [SHARES, CHART])
def test_a_drawing_names_itself_to_a_screen_reader(figure):
    root = svg(village(), figure)
    assert root.get("role") == "img"
    assert root.get("lang") == "nl"
    named = {root.get("aria-labelledby"): f"{SVG}title", root.get("aria-describedby"): f"{SVG}desc"}
    for identity, tag in named.items():
        assert root.find(tag).get("id") == identity
    assert root.find(f"{SVG}title").text == "Dekking in het dorp"


def test_each_class_has_its_colour_and_unknown_is_hatched():
    root = svg(village(), SHARES)
    light, _, middle, _, _ = band_colours(5)
    assert [fill(root, "row-0"), fill(root, "row-1")] == [middle, light]
    assert fill(root, "row-2").startswith("url(#h")
    assert len(titles(root)) == 3, "the total has no geometry"


def test_what_lies_beyond_the_search_is_in_the_last_class_and_not_unknown():
    root = svg(village(), replace(SHARES, column="median_m", bands=DISTANCES))
    assert fill(root, "row-1") == band_colours(3)[-1]
    assert titles(root)[1:] == ["Dorp Oost: verder dan 2.000 m", "Buitengebied: onbekend"]


def test_areas_are_drawn_to_scale_with_their_holes_and_the_bar_is_as_long_as_it_says():
    root = svg(village(), SHARES)
    outer, hole = corners(root, "row-0")
    points_per_metre = np.ptp(outer[:, 0]) / 1000
    assert np.ptp(outer[:, 1]) / 1000 == pytest.approx(points_per_metre, rel=1e-4)
    assert np.ptp(hole[:, 0]) / 300 == pytest.approx(points_per_metre, rel=1e-3)
    assert turn(outer) * turn(hole) < 0, "a hole turns the other way, else it is filled"
    assert len(corners(root, "row-1")) == 2
    (told,) = titles(root, "scale")
    assert re.fullmatch(r"(1|2|5)0* (m|km)", told)
    metres = float(told.split()[0]) * (1000 if "km" in told else 1)
    assert width(root, "scale") / points_per_metre == pytest.approx(metres, rel=1e-3)


def test_a_map_shows_the_part_that_is_on_screen():
    view = (190_000, 507_000, 190_500, 507_500)
    whole, near = svg(village(), SHARES), svg(village(), replace(SHARES, view=view))
    assert titles(whole, "scale") == ["500 m"]
    assert titles(near, "scale") == ["100 m"]
    times_nearer = np.ptp(corners(near, "row-0")[1][:, 0]) / np.ptp(corners(whole, "row-0")[1][:, 0])
    assert width(near, "scale") / width(whole, "scale") == pytest.approx(times_nearer / 5, rel=0.01)


def turn(ring: np.ndarray) -> float:
    x, y = ring.T
    return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))


def in_rd(*shapes: shapely.Geometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=RD_NEW)


def test_points_lines_and_dotted_areas_on_top_stand_in_the_legend():
    overlays = (
        Overlay("plekken", in_rd(shapely.Point(190_100, 507_100), shapely.MultiPoint([(1.9e5, 5.07e5)]))),
        Overlay("water", in_rd(shapely.LineString([(190_000, 507_500), (192_000, 507_600)]))),
        Overlay("buiten de gegevens", in_rd(SHAPES[2])),
        Overlay("niets", in_rd()),
    )  # fmt: skip
    plain, full = drawing_file(village(), SHARES, "svg"), drawing_file(
        village(), replace(SHARES, overlays=overlays), "svg"
    )  # fmt: skip
    assert full.count(b"<use ") > plain.count(b"<use ") + 3
    assert full.count(b"<pattern ") > plain.count(b"<pattern ")


@pytest.mark.parametrize(
    "shapes",
    [
        [shapely.Point(5, 5), shapely.Point(900, 10), shapely.MultiPoint([(1, 1), (300, 300)])],
        [shapely.LineString([(0, 0), (9, 9)]), None, shapely.MultiLineString([[(0, 0), (500, 9)], [(1, 2), (3, 4)]])],
        [shapely.Point(5, 5), shapely.Point(), None],
    ],
)
def test_streets_and_places_are_drawn_by_class_too(shapes):
    screen = village(table=village().table.iloc[:3], geometry=gpd.GeoSeries(shapes, crs=RD_NEW))
    present = [shape is not None and not shape.is_empty for shape in shapes]
    assert len(titles(svg(screen, replace(SHARES, outline=None)))) == sum(present)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: MapFigure("share", "name", ()), "1 to 7"),
        (lambda: MapFigure("share", "name", tuple(Band(x, x + 1, "") for x in range(8))), "1 to 7"),
        (lambda: MapFigure("share", "name", (Band(0, 1, "a"), Band(2, 3, "b"))), "a class from 1"),
        (lambda: MapFigure("share", "name", (Band(1, 1, "a"), Band(1, 3, "b"))), "a class from 1"),
        (lambda: replace(SHARES, overlays=(Overlay("plekken", in_rd().to_crs(4326)),)), "EPSG:28992"),
        (lambda: svg(village(), replace(SHARES, bands=(Band(0, 0.4, "laag"),))), "0 to 0.4"),
        (lambda: svg(village(), replace(SHARES, column="name")), "numbers"),
        (lambda: svg(village(), replace(SHARES, column="weg")), "a column weg"),
        (lambda: svg(village(geometry=None), SHARES), "at least one row with a geometry"),
        (lambda: svg(village(), ChartFigure("name", ())), "measures"),
        (lambda: svg(village(), replace(CHART, reference_row=4)), "below 4"),
        (lambda: svg(village(), ChartFigure("name", (Panel("name"),))), "numbers"),
        (lambda: svg(village(table=village().table.iloc[:0], geometry=None), CHART), "1 to 200 rows"),
    ],
)
def test_a_figure_that_does_not_go_with_the_screen_is_refused(make, told):
    with pytest.raises(ScreenError, match=re.escape(told)):
        make()


def test_the_highest_value_belongs_to_the_last_class():
    assert SHARES.band_of(1.0) == 4
    assert SHARES.band_of(0.2) == 1
    assert SHARES.band_of(0.0) == 0


@pytest.mark.parametrize("count", range(1, MOST_BANDS + 1))
def test_each_class_is_darker_than_the_one_before_so_that_it_reads_in_black_and_white(count):
    grey = [Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)) for colour in band_colours(count)]
    assert len(grey) == count
    assert all(one - other >= 15 for one, other in pairwise(grey))


# --- chart ------------------------------------------------------------------------------------------------------------


def test_a_chart_tells_every_value_with_its_interval():
    assert titles(svg(village(), CHART)) == [
        "Dorp West, Dekking: 47,6%", "Dorp Oost, Dekking: 0,0%", "Het hele dorp, Dekking: 100,0%",
        "Buitengebied, Dekking: onbekend",
        "Dorp West, Niet bereikt: 759 (750 – 770)", "Dorp Oost, Niet bereikt: 0 (0 – 0)",
        "Het hele dorp, Niet bereikt: 1.234.568 (1.000.000 – 2.000.000)", "Buitengebied, Niet bereikt: onbekend",
        "Dorp West, Helft woont binnen: 412 m", "Het hele dorp, Helft woont binnen: 1.999 m",
        "Dorp Oost, Helft woont binnen: verder dan 2.000 m", "Buitengebied, Helft woont binnen: onbekend",
    ]  # fmt: skip


def test_bars_are_as_long_as_their_numbers():
    screen, root = kampen(), svg(kampen(), ChartFigure("name", (Panel("people"),)))
    numbers = screen.numbers("people")
    known = [row for row, number in enumerate(numbers) if number is not None]
    lengths = [width(root, f"row-{row}-0") for row in known]
    longest = max(range(len(known)), key=lambda at: lengths[at])
    scale = lengths[longest] / numbers[known[longest]]
    assert len(known) > 20
    assert lengths == pytest.approx([numbers[row] * scale for row in known], abs=0.01)


def test_bars_below_zero_go_the_other_way():
    table = pd.DataFrame({"name": ["meer", "minder"], "index": [30.0, -20.0]})
    screen = village(table=table, columns=(COLUMNS[0], COLUMNS[8]), geometry=None)
    more, less = (corners(svg(screen, ChartFigure("name", (Panel("index"),))), f"row-{row}-0")[0] for row in (0, 1))
    assert more[:, 0].min() == pytest.approx(less[:, 0].max(), abs=0.01)
    assert np.ptp(more[:, 0]) / np.ptp(less[:, 0]) == pytest.approx(1.5, rel=1e-3)


def test_the_row_to_compare_with_is_a_line_through_all_others():
    lines = [
        drawing_file(village(), replace(CHART, reference_row=row), "svg").count(b"stroke: #b30000")
        for row in (None, 2, 3)
    ]
    assert lines == [0, 1, 4], "nothing; the key alone, for its values are unknown; and a line in each panel"


# --- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", [SHARES, CHART])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_picture_is_wide_enough_to_print_and_says_what_it_is(figure, language):
    picture = image(village(language=language, words=words(language)), figure)
    assert picture.width == 1500
    assert picture.info["Title"] == "Dekking in het dorp"
    assert picture.info["Copyright"].startswith("© OpenStreetMap contributors, ODbL 1.0")
    assert "Dorp West" in picture.info["Description"]


@pytest.mark.parametrize("figure", [replace(SHARES, outline=None), ChartFigure("name", (Panel("share"),))])
def test_hostile_text_stays_text(figure):
    screen = hostile()
    root = svg(screen, figure)
    assert {one.tag.removeprefix(SVG) for one in root.iter() if one.tag.startswith(SVG)} <= {
        "svg", "g", "path", "defs", "use", "style", "metadata", "title", "desc", "clipPath", "rect", "pattern",
    }  # fmt: skip
    assert root.find(f"{SVG}title").text == clean(screen.title)
    told = titles(root)
    assert len(told) == 16
    assert all(any(text.startswith(clean(name)) for text in told) for name in HOSTILE)
    assert image(screen, figure).height < 4000


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=300), size=st.sampled_from([7.5, 9.0, 14.0]), most=st.integers(1, 4))
def test_a_text_never_runs_off_the_page(text, size, most):
    lines = fitted_lines(text, size, BODY_WIDTH, most=most)
    assert len(lines) <= most
    assert all(text_width(line, size) <= BODY_WIDTH for line in lines)
    whole = "".join(clean(text).split())
    assert "".join("".join(lines).split()) == whole or lines[-1].endswith("…")


def test_a_word_of_forty_thousand_wide_letters_fits_as_well():
    (line,) = fitted_lines("W" * 40_000, 14.0, 3.0, most=1, bold=True)
    assert line.endswith("…")
    assert 2.0 < text_width(line, 14.0, bold=True) <= 3.0


def test_drawings_made_at_once_are_those_made_one_by_one_and_leave_no_settings():
    before = dict(matplotlib.rcParams)
    asked = [(SHARES, "png"), (SHARES, "svg"), (CHART, "svg")]
    wanted = [drawing_file(village(), *one) for one in asked]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: drawing_file(village(), *one), asked * 2))
    assert made == wanted * 2
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_never_imported():
    asked = "import meetingplaces.export.map_drawing, meetingplaces.export.chart_drawing, sys\n"
    asked += "print('matplotlib.pyplot' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
