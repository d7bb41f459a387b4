"""A map of what is on screen: every value told, every class its colour, true to scale."""

import re
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from drawn import DISTANCES, SHARES, SVG, corners, fill, in_rd, svg, titles, width
from PIL import Image
from screens import SHAPES, kampen, village

from meetingplaces.export.figures import MOST_BANDS, Overlay, band_colours
from meetingplaces.export.files import drawing_file
from meetingplaces.model.crs import RD_NEW


def test_every_neighbourhood_on_the_map_has_its_value_as_title_and_in_the_description():
    screen, root = kampen(), svg(kampen(), replace(SHARES, outline=None))
    told = [f"{name}: {value}" for name, value in zip(screen.told("name"), screen.told("share"), strict=True)]
    assert len(told) == 36
    assert titles(root) == told
    described = root.find(f"{SVG}desc").text.splitlines()
    assert set(told) <= set(described)
    assert "Legenda: 0 tot 20%, 20 tot 40%, 40 tot 60%, 60 tot 80%, 80 tot 100%" in described
    assert "Loopafstand: 500 meter" in described
    assert set(screen.limits) <= set(described)
    assert any("© OpenStreetMap contributors (ODbL 1.0; peildatum 30-01-2023)" in line for line in described)


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


def test_the_highest_value_belongs_to_the_last_class():
    assert SHARES.band_of(1.0) == 4
    assert SHARES.band_of(0.2) == 1
    assert SHARES.band_of(0.0) == 0


@pytest.mark.parametrize("count", range(1, MOST_BANDS + 1))
def test_each_class_is_darker_than_the_one_before_so_that_it_reads_in_black_and_white(count):
    grey = [Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)) for colour in band_colours(count)]
    assert len(grey) == count
    assert all(one - other >= 15 for one, other in pairwise(grey))
