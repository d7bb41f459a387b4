"""Maps and charts alike: they parse, name themselves, hold hostile text as text and leave nothing behind."""

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import matplotlib
import pytest
from drawn import CHART, SHARES, SVG, in_rd, svg, titles
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from screens import HOSTILE, hostile, village, words

from meetingplaces.export.clean import clean
from meetingplaces.export.figures import Band, ChartFigure, MapFigure, Overlay, Panel
from meetingplaces.export.files import drawing_file
from meetingplaces.export.page import BODY_WIDTH, fitted_lines, text_width
from meetingplaces.export.screen import Screen
from meetingplaces.model.errors import ScreenError

pytestmark = pytest.mark.filterwarnings("ignore:Glyph .* missing from font")  # emoji are drawn as empty boxes


def image(screen: Screen, figure: MapFigure | ChartFigure) -> Image.Image:
    return Image.open(io.BytesIO(drawing_file(screen, figure, "png")))


@pytest.mark.parametrize("figure", [SHARES, CHART])
def test_a_drawing_names_itself_to_a_screen_reader(figure):
    root = svg(village(), figure)
    assert root.get("role") == "img"
    assert root.get("lang") == "nl"
    named = {root.get("aria-labelledby"): f"{SVG}title", root.get("aria-describedby"): f"{SVG}desc"}
    for identity, tag in named.items():
        assert root.find(tag).get("id") == identity
    assert root.find(f"{SVG}title").text == "Dekking in het dorp"


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
        (lambda: svg(village(), ChartFigure(("name",), ())), "measures"),
        (lambda: svg(village(), replace(CHART, reference_row=4)), "below 4"),
        (lambda: svg(village(), ChartFigure(("name",), (Panel("name"),))), "numbers"),
        (lambda: svg(village(table=village().table.iloc[:0], geometry=None), CHART), "1 to 200 rows"),
    ],
)
def test_a_figure_that_does_not_go_with_the_screen_is_refused(make, told):
    with pytest.raises(ScreenError, match=re.escape(told)):
        make()


@pytest.mark.parametrize("figure", [SHARES, CHART])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_picture_is_wide_enough_to_print_and_says_what_it_is(figure, language):
    picture = image(village(language=language, words=words(language)), figure)
    assert picture.width == 1500
    assert picture.info["Title"] == "Dekking in het dorp"
    assert picture.info["Copyright"].startswith("© OpenStreetMap contributors, ODbL 1.0")
    assert "Dorp West" in picture.info["Description"]


@pytest.mark.parametrize("figure", [replace(SHARES, outline=None), ChartFigure(("name",), (Panel("share"),))])
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
